"""The past: what a badge or a rule would have given before it was there, and giving it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from besitos.engine.catchup import CatchUp, Gain, refusal_of
from besitos.surfaces.http.call import Call, answer
from besitos.surfaces.http.documented import Documented
from besitos.surfaces.http.keys import Scope
from besitos.surfaces.http.models import Body, Read
from besitos.surfaces.http.problem import Refused

router = APIRouter(tags=["game"])

Part = Annotated[str, Field(min_length=3, max_length=100, examples=["badge/amiga"])]


class PastBody(Body, json_schema_extra={"examples": [{"parts": ["badge/amiga", "rule/charla"], "preview": True}]}):
    """Badges and rules in force, as `badge/KEY` and `rule/KEY`."""

    parts: Annotated[list[Part], Field(min_length=1, max_length=50)]
    preview: bool = Field(True, description="Only say what it would come to.")


class GainRead(Read):
    """What one of them gives: to how many members, how often, how much of each currency."""

    part: str = Field(examples=["badge/amiga"])
    members: int
    times: int
    amounts: dict[str, int] = Field(examples=[{"besitos": 1250}])


class PastRead(Read):
    """What it comes to, and whether it was given or only reckoned."""

    preview: bool
    gains: list[GainRead]
    forgotten: dict[str, datetime] = Field(
        description="Events of which nothing is kept from before these moments, so that it did not count.",
        examples=[{"gamification.mission_expired": "2026-08-22T00:00:00Z"}],
    )


@router.post(
    "/game/past",
    operation_id="back_fill",
    summary="Give a badge or a rule for the past",
    **Documented(scope=Scope.GAME_WRITE, body=PastBody, answers={200: PastRead}, refuses=(409,)).arguments(),
)
async def back_fill(request: Request) -> Response:
    """Read the whole log for these parts, and give what they would have given; with `preview`, only say so.

    Badges are dated as they would have been; what they and rules pay is paid now, without a word to the member. It
    is safe to send again: what was given is known, and an interrupted run goes on. A long log takes a while.
    """
    call = await Call.open(request, Scope.GAME_WRITE)
    body = await call.body(PastBody)
    service = call.service
    for part in body.parts:
        refusal = refusal_of(part, service.engine.game)
        if refusal is not None:
            raise Refused(409, refusal.reason.value, refusal.details)
    catching_up = CatchUp(service.engine, service.store)
    await catching_up.bring_up_to_date(service.manager.sections)
    gains = await (catching_up.preview(body.parts) if body.preview else catching_up.back_fill(body.parts))
    return answer(PastRead(preview=body.preview, gains=_read(gains), forgotten=catching_up.forgotten))


def _read(gains: Mapping[str, Gain]) -> list[GainRead]:
    return [
        GainRead(part=part, members=len(gain.members), times=gain.times, amounts=dict(gain.amounts))
        for part, gain in gains.items()
    ]
