"""Boosts: the routes by which those that run are read, and one is started."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from besitos.mechanics.boost.decide import running_of
from besitos.mechanics.boost.model import StartBoost
from besitos.surfaces.http.call import Call, answer
from besitos.surfaces.http.documented import Documented
from besitos.surfaces.http.keys import Scope
from besitos.surfaces.http.models import Body, MemberId, NoteText, Read
from besitos.surfaces.http.wording import name_in

router = APIRouter(tags=["boosts"])


class BoostBody(Body, json_schema_extra={"examples": [{"boost": "perfume", "reason": "Gracias por ayudar"}]}):
    """A boost for a member."""

    boost: str = Field(min_length=1, max_length=60, description="The key of a boost of the game that lasts a while.")
    reason: NoteText = ""


class BoostRead(Read):
    """A boost that runs for a member."""

    boost: str = Field(examples=["perfume"])
    name: str
    factor: str = Field(description="By how much it multiplies, exactly, as it was when it began.", examples=["1.5"])
    currency: str = Field(examples=["besitos"])
    sources: list[str] = Field(description="Whose payments; `all` is every source.", examples=[["all"]])
    began_at: datetime
    ends_at: datetime


class BoostsRead(Read):
    """The boosts that run for a member, of those that somebody has to start."""

    member_id: MemberId
    boosts: list[BoostRead]


@router.get(
    "/members/{member}/boosts",
    operation_id="get_boosts",
    summary="Read a member's boosts",
    **Documented.of_member(BoostsRead).arguments(),
)
async def get_boosts(request: Request) -> Response:
    """What multiplies a member's earnings now, and until when."""
    call = await Call.open(request, Scope.READ)
    member_id = await call.member()
    running = await call.service.engine.look(member_id, lambda view: running_of(view, member_id))
    known = call.service.engine.game.document.all("boost")
    boosts = [
        BoostRead(
            boost=key,
            name=name_in(call, key, known.get(key)),
            factor=f"{each.factor.normalize():f}",
            currency=each.currency,
            sources=list(each.sources),
            began_at=each.began_at,
            ends_at=each.ends_at,
        )
        for key, each in running.items()
    ]
    return answer(BoostsRead(member_id=str(member_id), boosts=boosts))


@router.post(
    "/members/{member}/boosts",
    operation_id="start_boost",
    summary="Start a boost",
    **Documented.order(Scope.MEMBERS, body=BoostBody).arguments(),
)
async def start_boost(request: Request) -> Response:
    """Start a boost for a member, or add its time to one that runs. 409 `boost.always_on` where it has no time."""
    call = await Call.open(request, Scope.MEMBERS)
    body = await call.body(BoostBody)
    common = call.common(call.required_key(), await call.member())
    return await call.decide(StartBoost(**common, boost=body.boost, reason=body.reason))
