"""Levels: the routes by which they are read."""

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from besitos.core.view import View
from besitos.game.game import Game
from besitos.mechanics.level.decide import LevelsAtWork, levels_of, progress
from besitos.mechanics.level.model import Levels
from besitos.store.reads import Card
from besitos.surfaces.http.call import Call, answer
from besitos.surfaces.http.documented import Documented
from besitos.surfaces.http.keys import Scope
from besitos.surfaces.http.models import MemberId, Read
from besitos.surfaces.http.problem import Refused
from besitos.surfaces.http.profile import ProfilePart

router = APIRouter(tags=["levels"])


class LevelRead(Read):
    """One level of the game."""

    level: int
    name: str | None
    benefits: str | None
    takes: int = Field(description="What must have been earned, ever, to be on it.")


class LevelsRead(Read):
    """Every level, from the first to the top."""

    currency: str
    levels: list[LevelRead]


class LevelProgressRead(Read):
    """Where a member stands, and how far the next level is; `next` is null at the top."""

    member_id: MemberId
    currency: str
    earned: int
    level: LevelRead
    next: LevelRead | None
    missing: int | None = Field(description="What must still be earned for the next level.")


class LevelPart(Read):
    """What a profile says of levels."""

    level: LevelProgressRead | None = Field(description="Null in a game without levels.")


@router.get(
    "/levels",
    operation_id="get_levels",
    summary="The levels of the game",
    **Documented(scope=Scope.READ, answers={200: LevelsRead}, refuses=(404,)).arguments(),
)
async def get_levels(request: Request) -> Response:
    """What there is to reach. 404 `level.none` in a game without levels."""
    call = await Call.open(request, Scope.READ)
    levels = _levels(call.service.engine.game)
    found = [level_read(call, number, takes) for number, takes in zip(levels.numbers, levels.takes, strict=True)]
    return answer(LevelsRead(currency=levels.currency, levels=found))


@router.get(
    "/members/{member}/level",
    operation_id="get_level",
    summary="A member's level",
    **Documented.of_member(LevelProgressRead).arguments(),
)
async def get_level(request: Request) -> Response:
    """The level that a member is on, and the next one. 404 `level.none` in a game without levels."""
    call = await Call.open(request, Scope.READ)
    levels = _levels(call.service.engine.game)
    member_id = await call.member()
    return answer(await call.service.engine.look(member_id, lambda view: progress_read(call, view, member_id, levels)))


def progress_read(call: Call, view: View, member_id: int, levels: LevelsAtWork) -> LevelProgressRead:
    """Where a member stands, as it is told."""
    at = progress(view, member_id, levels)
    return LevelProgressRead(
        member_id=str(member_id),
        currency=levels.currency,
        earned=at.earned,
        level=level_read(call, at.level, at.takes),
        next=None if at.next is None else level_read(call, *at.next),
        missing=None if at.next is None else max(at.next[1] - at.earned, 0),
    )


def level_part(call: Call, view: View, card: Card) -> LevelPart:
    """The level in a profile."""
    levels = levels_of(call.service.engine.game)
    return LevelPart(level=None if levels is None else progress_read(call, view, card.member_id, levels))


def level_read(call: Call, number: int, takes: int) -> LevelRead:
    """A level as it is told, in the caller's language."""
    document = call.service.engine.game.document
    levels = document.find("levels", "levels", Levels)
    step = None if levels is None else levels.steps.get(number)
    name, benefits = (step.name, step.benefits) if step is not None else (None, None)
    languages = (call.language, document.about.language)
    return LevelRead(
        level=number,
        name=None if name is None else name.in_language(*languages),
        benefits=None if benefits is None else benefits.in_language(*languages),
        takes=takes,
    )


def _levels(game: Game) -> LevelsAtWork:
    levels = levels_of(game)
    if levels is None:
        raise Refused(404, "level.none")
    return levels


PART = ProfilePart(LevelPart, level_part)
