"""The profile: one picture of a member, to which each mechanic adds what it knows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from pydantic import create_model
from starlette.requests import Request
from starlette.responses import Response

from besitos.core.view import View
from besitos.store.reads import Card
from besitos.surfaces.http.call import Call, answer
from besitos.surfaces.http.documented import Documented
from besitos.surfaces.http.keys import Scope
from besitos.surfaces.http.members import MemberRead, card_of, member_read
from besitos.surfaces.http.models import Read


@dataclass(frozen=True, slots=True)
class ProfilePart:
    """What a mechanic adds: the fields, and how they are read of a member as they stand now.

    `read` is asked as a decision is, and asked again where something must be loaded first.
    """

    shape: type[Read]
    read: Callable[[Call, View, Card], Read]


def profile_router(parts: Sequence[ProfilePart]) -> APIRouter:
    """The route, whose answer has the fields of all parts."""
    router = APIRouter(tags=["members"])
    shape = _shape_of(parts)

    @router.get(
        "/members/{member}/profile",
        operation_id="get_profile",
        summary="A member's profile",
        **Documented.of_member(shape).arguments(),
    )
    async def get_profile(request: Request) -> Response:
        """Who a member is, what they have, and where they stand: one picture, as of one moment."""
        call = await Call.open(request, Scope.READ)
        card = await card_of(call, await call.member())

        def question(view: View) -> dict[str, Any]:
            said: dict[str, Any] = {}
            for part in parts:
                said |= dict(part.read(call, view, card))
            return said

        found = await call.service.engine.look(card.member_id, question)
        made: Read = shape(**dict(member_read(card)), **found)
        return answer(made)

    return router


def _shape_of(parts: Sequence[ProfilePart]) -> Any:  # noqa: ANN401 - a class that is made here has no name for mypy
    """The answer: who the member is, and the fields of all parts."""
    shapes: tuple[type[Read], ...] = (MemberRead, *(part.shape for part in parts))
    return create_model("ProfileRead", __base__=shapes, __doc__="Who a member is, and where they stand.")
