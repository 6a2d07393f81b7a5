"""Streaks: the routes by which they are read, paused, frozen and repaired."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import AfterValidator, Field, WithJsonSchema
from starlette.requests import Request
from starlette.responses import Response

from besitos.core.view import View
from besitos.mechanics.streak.decide import Seen, look_at, streaks_in
from besitos.mechanics.streak.model import (
    FREEZES_MOST,
    CancelPause,
    Every,
    GrantFreeze,
    PauseStreak,
    RepairStreak,
    StreakAtWork,
    StreakOrder,
    StreakReason,
    days_of,
)
from besitos.store.reads import Card
from besitos.surfaces.http.call import Call, answer
from besitos.surfaces.http.documented import Documented, KeyUse, in_path, key_in_path
from besitos.surfaces.http.faults import refuse_value
from besitos.surfaces.http.keys import Scope
from besitos.surfaces.http.models import Body, MemberId, NoteText, Read
from besitos.surfaces.http.problem import Refused
from besitos.surfaces.http.profile import ProfilePart

DAY_FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

router = APIRouter(tags=["streaks"])

STREAK = key_in_path("streak", "diaria")
DAY = in_path("starts_on", "The first day of the pause.", {"type": "string", "format": "date"}, example="2026-12-24")


def _read_day(text: object) -> date | None:
    """The day that is written so; None if none is."""
    if not isinstance(text, str) or DAY_FORM.fullmatch(text) is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _day(text: object) -> date:
    day = _read_day(text)
    if day is None:
        refuse_value("request.not_a_day")
    return day


Day = Annotated[
    Any,
    Field(description="A day of the streak's calendar.", examples=["2026-12-24"]),
    AfterValidator(_day),
    WithJsonSchema({"type": "string", "format": "date"}),
]


class PauseBody(Body, json_schema_extra={"examples": [{"starts_on": "2026-12-24", "ends_on": "2026-12-31"}]}):
    """Days on which the member will be away, the last one included."""

    starts_on: Day
    ends_on: Day


class FreezeBody(Body, json_schema_extra={"examples": [{"count": 1, "reason": "Gracias por ayudar"}]}):
    """Freezes for a member."""

    count: Annotated[int, Field(ge=1, le=FREEZES_MOST)] = 1
    reason: NoteText = ""


class RepairBody(Body, json_schema_extra={"examples": [{"reason": "Estuvo en el hospital"}]}):
    """Why a run that broke should stand again."""

    reason: NoteText = ""


class PauseRead(Read):
    """A pause that is not over."""

    starts_on: date
    ends_on: date


class PastPeriodRead(Read):
    """What became of a period that is settled."""

    starts_on: date
    ends_on: date
    state: Literal["done", "frozen", "paused", "out_of_play", "skipped", "missed"]
    length: int = Field(description="How long the run was then.")
    used_freeze: bool
    used_pause: bool


class StreakRead(Read):
    """One streak of a member."""

    streak: str = Field(examples=["diaria"])
    every: Every
    length: int
    best: int
    is_done: bool = Field(description="Whether the present period counts already.")
    period_start: datetime
    period_end: datetime
    expires: datetime | None = Field(
        description="When the run breaks if nothing more is done, with pauses and freezes used. None: it does not."
    )
    freezes: int = Field(description="How many are held.")
    freezes_most: int = Field(description="How many may be held.")
    pauses: list[PauseRead]
    repairable_until: datetime | None = Field(description="Until when what broke last can be repaired.")
    history: list[PastPeriodRead] = Field(
        description="The last seven periods, the oldest first, those that are settled."
    )


class StreaksPart(Read):
    """What a profile says of streaks."""

    streaks: list[StreakRead]


class StreaksRead(StreaksPart):
    """The streaks of a member."""

    member_id: MemberId


@router.get(
    "/members/{member}/streaks",
    operation_id="get_streaks",
    summary="Read a member's streaks",
    **Documented.of_member(StreaksRead).arguments(),
)
async def get_streaks(request: Request) -> Response:
    """How long each streak is now, when it breaks, what protects it, and what became of the last periods."""
    call = await Call.open(request, Scope.READ)
    member_id = await call.member()
    known = streaks_in(call.service.engine.game)

    def question(view: View) -> list[StreakRead]:
        return [streak_read(rules, look_at(view, member_id, rules)) for rules in known.values()]

    streaks = await call.service.engine.look(member_id, question)
    return answer(StreaksRead(member_id=str(member_id), streaks=streaks))


@router.post(
    "/members/{member}/streaks/{streak}/pause",
    operation_id="pause_streak",
    summary="Pause a streak",
    **Documented.order(Scope.ACTIVITIES, STREAK, body=PauseBody, key=KeyUse.OPTIONAL).arguments(),
)
async def pause_streak(request: Request) -> Response:
    """Say on which days, from today on, a member will be away. What they do meanwhile counts all the same."""
    call = await Call.open(request, Scope.ACTIVITIES)
    body = await call.body(PauseBody)
    return await _order(call, PauseStreak, starts_on=body.starts_on, ends_on=body.ends_on)


@router.delete(
    "/members/{member}/streaks/{streak}/pause/{starts_on}",
    operation_id="cancel_pause",
    summary="Take a pause back",
    **Documented.order(Scope.ACTIVITIES, STREAK, DAY, key=KeyUse.OPTIONAL).arguments(),
)
async def cancel_pause(request: Request) -> Response:
    """Take back a pause that is not over. The days of it that have gone by stay covered."""
    call = await Call.open(request, Scope.ACTIVITIES)
    starts_on = _read_day(request.path_params["starts_on"])
    if starts_on is None:
        raise Refused(422, "request.not_a_day")
    return await _order(call, CancelPause, starts_on=starts_on)


@router.post(
    "/members/{member}/streaks/{streak}/freeze",
    operation_id="grant_freeze",
    summary="Give freezes",
    **Documented.order(Scope.MEMBERS, STREAK, body=FreezeBody, key=KeyUse.OPTIONAL).arguments(),
)
async def grant_freeze(request: Request) -> Response:
    """Give a member freezes for periods to come. 409 `streak.freezes_full` where they would hold too many."""
    call = await Call.open(request, Scope.MEMBERS)
    body = await call.body(FreezeBody)
    return await _order(call, GrantFreeze, count=body.count, reason=body.reason)


@router.post(
    "/members/{member}/streaks/{streak}/repair",
    operation_id="repair_streak",
    summary="Repair a streak",
    **Documented.order(Scope.MEMBERS, STREAK, body=RepairBody, key=KeyUse.OPTIONAL).arguments(),
)
async def repair_streak(request: Request) -> Response:
    """Let a run that broke stand again, with what has grown since. It pays no bonuses."""
    call = await Call.open(request, Scope.MEMBERS)
    body = await call.body(RepairBody)
    return await _order(call, RepairStreak, reason=body.reason)


def streak_read(rules: StreakAtWork, seen: Seen) -> StreakRead:
    """A run as it is shown."""
    run, period = seen.run, seen.period
    return StreakRead(
        streak=rules.key,
        every=rules.every,
        length=run.length,
        best=run.best,
        is_done=period.is_done,
        period_start=period.starts_at,
        period_end=period.ends_at,
        expires=seen.expires_at,
        freezes=len(run.freezes),
        freezes_most=min(rules.freezes, FREEZES_MOST),
        pauses=[PauseRead(starts_on=pause.starts_on, ends_on=pause.ends_on) for pause in seen.pauses],
        repairable_until=seen.repairable_until,
        history=[
            PastPeriodRead(
                starts_on=days_of(past.number, rules.every)[0],
                ends_on=days_of(past.number, rules.every)[1],
                state=past.how.value,
                length=past.length,
                used_freeze=past.how == "frozen",
                used_pause=past.how == "paused",
            )
            for past in seen.history
        ],
    )


async def _order(call: Call, order: type[StreakOrder], **said: Any) -> Response:  # noqa: ANN401 - fields of the order
    key = call.key_of("streak")
    if key not in streaks_in(call.service.engine.game):
        raise Refused(404, StreakReason.UNKNOWN.value, {"streak": key})
    common = call.common(call.some_key(), await call.member())
    return await call.decide(order(**common, streak=key, **said))


def streaks_part(call: Call, view: View, card: Card) -> StreaksPart:
    """The streaks in a profile."""
    known = streaks_in(call.service.engine.game).values()
    return StreaksPart(streaks=[streak_read(rules, look_at(view, card.member_id, rules)) for rules in known])


PART = ProfilePart(StreaksPart, streaks_part)
