"""Leaderboards: the routes by which they are looked at, and by which a member hides."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from besitos.core.board import end_of, number_of
from besitos.mechanics.leaderboard.decide import BoardAtWork, boards_in_play, boards_of, present_period, shown_value
from besitos.mechanics.leaderboard.model import HideFromBoards, Leaderboard
from besitos.store.boards import NOBODY, Board, Place, closings, look
from besitos.surfaces.http.call import Call, answer
from besitos.surfaces.http.documented import Documented, KeyUse, in_query, key_in_path
from besitos.surfaces.http.keys import Scope
from besitos.surfaces.http.models import Body, MemberId, Read
from besitos.surfaces.http.pages import page_of, text_in
from besitos.surfaces.http.problem import Refused
from besitos.surfaces.http.refs import ref_in_path

router = APIRouter(tags=["leaderboards"])

PLACES_MOST = 100
BESIDE_USUAL = 5
PERIODS_MOST = 200
NAME_MOST = 220

LEADERBOARD = key_in_path("leaderboard", "del_mes")
PERIOD = in_query(
    "period",
    "`2026-11`, `2026-W47`, `2026-11-20`, or the beginning of a season. Without it, the present one.",
    {"type": "string", "minLength": 1, "maxLength": 40},
    example="2026-11",
)
AROUND = in_query(
    "around",
    "A member, by our id, `tg:…` or `ext:…`: those on either side of them, `limit` each, instead of the "
    "first. Who is hidden is seen here by themselves.",
    {"type": "string", "minLength": 1, "maxLength": NAME_MOST},
)
LIMIT = in_query(
    "limit",
    "How many places; without it what the board shows, or 5 on either side.",
    {"type": "integer", "minimum": 1, "maximum": PLACES_MOST},
)


class BoardRead(Read):
    """One leaderboard of the game, and the period it is in."""

    key: str
    name: str
    by: str = Field(description="The metric.")
    of: str | None
    at: str | None
    every: str
    shows: int
    period: str = Field(description="What the present period is called; empty for one that is for ever.")
    ends_at: datetime | None
    prizes: dict[str, Any] = Field(description="Rank, or ranks, and what they win at the end of each period.")


class BoardsRead(Read):
    """Every leaderboard that is in play, in the order of menus."""

    leaderboards: list[BoardRead]


class PlaceRead(Read):
    """One member on a board."""

    rank: int = Field(description="Equals share a rank: 1, 2, 2, 4.")
    member_id: MemberId
    display_name: str | None
    username: str | None
    value: int | str = Field(description="Where it is not whole, its exact digits as a text.")


class RankingRead(Read):
    """A board: the first of it or those around a member, and where that member stands."""

    key: str
    name: str
    period: str
    is_over: bool = Field(description="Whether the period is over and its ranks are fixed.")
    ends_at: datetime | None
    members: int = Field(description="How many stand on it.")
    places: list[PlaceRead]
    own: PlaceRead | None = Field(description="The member asked about; null where they do not stand on the board.")


class PeriodRead(Read):
    """A period that is over."""

    period: str
    ends_at: datetime
    closed_at: datetime
    members: int
    paid_at: datetime | None = Field(description="When the last prize was given.")


class PeriodsRead(Read):
    """The periods of a board that are over, the latest first."""

    periods: list[PeriodRead]


class VisibilityBody(Body, json_schema_extra={"examples": [{"hidden": True}]}):
    """Whether a member is hidden from others on all boards."""

    hidden: bool


@router.get(
    "/leaderboards",
    operation_id="get_leaderboards",
    summary="The leaderboards of the game",
    **Documented(scope=Scope.READ, answers={200: BoardsRead}).arguments(),
)
async def get_leaderboards(request: Request) -> Response:
    """What there is to be first at."""
    call = await Call.open(request, Scope.READ)
    found = [board_read(call, board, made) for board, made in boards_in_play(call.service.engine.game, call.language)]
    return answer(BoardsRead(leaderboards=found))


@router.get(
    "/leaderboards/{leaderboard}",
    operation_id="get_leaderboard",
    summary="Who stands where",
    **Documented(
        scope=Scope.READ,
        answers={200: RankingRead},
        refuses=(404, 422),
        parameters=[LEADERBOARD, PERIOD, AROUND, LIMIT],
    ).arguments(),
)
async def get_leaderboard(request: Request) -> Response:
    """The first of a board, or those around a member. Every commit is shown; a period that is over stays as it was.

    Members who hide are left out, except for themselves with `around`; ranks count them all the same.
    """
    call = await Call.open(request, Scope.READ)
    board, made = _board(call)
    now = call.service.clock.now()
    period = text_in(request, "period", 40) or present_period(board, call.service.engine.game.calendar, now)
    ends_at = _ends_at(call, board, period)
    named = text_in(request, "around", NAME_MOST)
    viewer = NOBODY if named is None else await call.member_of(ref_in_path(named))
    limit = page_of(request, made.shows if named is None else BESIDE_USUAL, PLACES_MOST).limit
    at = Board(board.key, board.index, board.kept_in(period), period)
    shown = await look(call.service.store, at, limit, viewer=viewer, beside=0 if named is None else limit)
    read = RankingRead(
        key=board.key,
        name=_name(call, made),
        period=period,
        is_over=shown.closing is not None,
        ends_at=ends_at,
        members=shown.members,
        places=[place_read(place, board, now) for place in shown.places],
        own=None if shown.own is None else place_read(shown.own, board, now),
    )
    return answer(read)


@router.get(
    "/leaderboards/{leaderboard}/periods",
    operation_id="get_leaderboard_periods",
    summary="The periods that are over",
    **Documented(
        scope=Scope.READ, answers={200: PeriodsRead}, refuses=(404, 422), parameters=[LEADERBOARD]
    ).arguments(),
)
async def get_leaderboard_periods(request: Request) -> Response:
    """The latest 200 periods of a board that are over; each can be looked at for ever."""
    call = await Call.open(request, Scope.READ)
    board, _ = _board(call)
    found = await closings(call.service.store, board.key, limit=PERIODS_MOST)
    return answer(PeriodsRead(periods=[PeriodRead(**_said(each._asdict())) for each in found]))


@router.post(
    "/members/{member}/leaderboard-visibility",
    operation_id="set_leaderboard_visibility",
    summary="Hide a member from leaderboards, or show them again",
    **Documented.order(Scope.MEMBERS, body=VisibilityBody, key=KeyUse.OPTIONAL).arguments(),
)
async def set_leaderboard_visibility(request: Request) -> Response:
    """Let a member be seen by others on leaderboards, or not. Their rank, and what it wins, stay theirs."""
    call = await Call.open(request, Scope.MEMBERS)
    body = await call.body(VisibilityBody)
    common = call.common(call.some_key(), await call.member())
    return await call.decide(HideFromBoards(**common, is_hidden=body.hidden))


def board_read(call: Call, board: BoardAtWork, made: Leaderboard) -> BoardRead:
    """A board as it is told, in the caller's language."""
    period = present_period(board, call.service.engine.game.calendar, call.service.clock.now())
    prizes = made.model_dump(mode="json", by_alias=True, include={"prizes"}, exclude_defaults=True).get("prizes", {})
    return BoardRead(
        key=board.key,
        name=_name(call, made),
        by=made.by,
        of=made.of,
        at=made.at,
        every=made.every,
        shows=made.shows,
        period=period,
        ends_at=_ends_at(call, board, period),
        prizes=prizes,
    )


def place_read(place: Place, board: BoardAtWork, now: datetime) -> PlaceRead:
    """A place as it is told."""
    value = shown_value(board, place.score.value, now)
    return PlaceRead(
        rank=place.rank,
        member_id=str(place.member_id),
        display_name=place.display_name,
        username=place.username,
        value=f"{value:f}" if isinstance(value, Decimal) else value,
    )


def _board(call: Call) -> tuple[BoardAtWork, Leaderboard]:
    key = call.key_of("leaderboard")
    board = boards_of(call.service.engine.game).get(key)
    made = call.service.engine.game.document.find("leaderboard", key, Leaderboard)
    if board is None or made is None:
        raise Refused(404, "leaderboard.unknown", {"leaderboard": key})
    return board, made


def _ends_at(call: Call, board: BoardAtWork, period: str) -> datetime | None:
    """When a period is over; for ever never is. 422 for what is no period of this board."""
    if board.period.is_ever and not period:
        return None
    number = number_of(board.period, period)
    if number is None:
        raise Refused(422, "leaderboard.no_period", {"period": period})
    return end_of(board.period, call.service.engine.game.calendar, number)


def _name(call: Call, made: Leaderboard) -> str:
    return made.name.in_language(call.language, call.service.engine.game.document.about.language)


def _said(closing: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in closing.items() if name != "board"}
