"""VIP: the routes by which it is read, given and ended."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import AfterValidator, Field, WithJsonSchema
from starlette.requests import Request
from starlette.responses import Response

from besitos.core.member import PROFILE, MemberType
from besitos.core.view import View
from besitos.game.units import DURATION, Duration
from besitos.mechanics.vip import VIP
from besitos.mechanics.vip.decide import as_of, over
from besitos.mechanics.vip.model import EndVip, GiveVip
from besitos.store.reads import Card
from besitos.surfaces.http.call import Call, answer
from besitos.surfaces.http.documented import Documented
from besitos.surfaces.http.faults import refuse_value
from besitos.surfaces.http.keys import Scope
from besitos.surfaces.http.models import Body, MemberId, NoteText, Read
from besitos.surfaces.http.profile import ProfilePart

router = APIRouter(tags=["vip"])


def _duration(value: object) -> int:
    try:
        lasts = Duration.read(value).value
    except ValueError:
        lasts = None
    if lasts is None:
        refuse_value("request.not_a_duration")
    return int(lasts.total_seconds())


Lasts = Annotated[
    Any,
    Field(description="How long, as in the game document.", examples=["30d"]),
    AfterValidator(_duration),
    WithJsonSchema({"type": "string", "pattern": f"^{DURATION}$"}),
]


class VipBody(Body, json_schema_extra={"examples": [{"lasts": "30d", "reason": "Ganó el sorteo"}]}):
    """VIP time for a member."""

    lasts: Lasts
    reason: NoteText = ""


class EndBody(Body, json_schema_extra={"examples": [{"reason": "Pago devuelto"}]}):
    """Why VIP time ends."""

    reason: NoteText = ""


class VipRead(Read):
    """Whether a member is VIP, and for how long."""

    member_id: MemberId
    type: MemberType
    until: datetime | None = Field(description="When VIP time ends; none where there is none, or no end to it.")
    over_at: datetime | None = Field(description="When the grace after it is over, and the member is free again.")


class VipPart(Read):
    """What a profile says of VIP time."""

    type: MemberType
    vip_until: datetime | None = Field(description="When VIP time ends; none where there is none, or no end to it.")


@router.get(
    "/members/{member}/vip",
    operation_id="get_vip",
    summary="Read a member's VIP time",
    **Documented.of_member(VipRead).arguments(),
)
async def get_vip(request: Request) -> Response:
    """Whether a member is VIP now, and until when."""
    call = await Call.open(request, Scope.READ)
    member_id = await call.member()
    [(_, vip)] = VIP.compile(call.service.engine.game.document)

    def question(view: View) -> VipRead:
        profile = as_of(view.get(PROFILE.of(member_id)), view.now, vip)
        over_at = over(profile, vip)
        return VipRead(member_id=str(member_id), type=profile.type, until=profile.vip_until, over_at=over_at)

    return answer(await call.service.engine.look(member_id, question))


@router.post(
    "/members/{member}/vip",
    operation_id="give_vip",
    summary="Give VIP time",
    **Documented.order(Scope.MEMBERS, body=VipBody).arguments(),
)
async def give_vip(request: Request) -> Response:
    """Add VIP time after the present end. A free member becomes VIP."""
    call = await Call.open(request, Scope.MEMBERS)
    body = await call.body(VipBody)
    common = call.common(call.required_key(), await call.member())
    return await call.decide(GiveVip(**common, lasts=body.lasts, reason=body.reason))


@router.post(
    "/members/{member}/vip/end",
    operation_id="end_vip",
    summary="End VIP time",
    **Documented.order(Scope.MEMBERS, body=EndBody).arguments(),
)
async def end_vip(request: Request) -> Response:
    """End VIP time now, without grace. 409 `vip.not_vip` where there is none."""
    call = await Call.open(request, Scope.MEMBERS)
    body = await call.body(EndBody)
    common = call.common(call.required_key(), await call.member())
    return await call.decide(EndVip(**common, reason=body.reason))


def vip_part(call: Call, view: View, card: Card) -> VipPart:
    """The type of a member in a profile."""
    [(_, vip)] = VIP.compile(call.service.engine.game.document)
    profile = as_of(view.get(PROFILE.of(card.member_id)), view.now, vip)
    return VipPart(type=profile.type, vip_until=profile.vip_until)


PART = ProfilePart(VipPart, vip_part)
