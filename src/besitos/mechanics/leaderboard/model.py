"""Leaderboards: what we remember, what is brought about and what members choose, what the operator may write."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from besitos.core.activity import Activity
from besitos.core.board import HIDING
from besitos.core.state import Hot, Hots, Row, State
from besitos.game.checking.conditions import Asked, metric
from besitos.game.checking.scene import Scene
from besitos.game.condition import At
from besitos.game.definition import Named
from besitos.game.known import Checked
from besitos.game.payout import Payout
from besitos.game.problem import Finding
from besitos.game.section import Section
from besitos.game.units import Key, matching


class AwardPrize(Activity, frozen=True, kw_only=True, tag="leaderboard.award"):
    """A board is over for a period, and this member stood at `rank` with `score`. Dated at the end of the period."""

    board: str
    period: str
    rank: int
    score: str


class HideFromBoards(Activity, frozen=True, kw_only=True, tag="leaderboard.hide"):
    """A member does not want to be seen on boards, or does again. They see where they stand all the same."""

    is_hidden: bool


class Prize(State, frozen=True):
    """The rank for which a member was given what it wins; 0 for none."""

    rank: int = 0


class Reached(State, frozen=True):
    """The latest period in which a member has stood on a board, by its number, and under which name of its scores."""

    number: int = 0
    index: str = ""


class BoardSettings(State, frozen=True):
    """What a member has chosen."""

    is_hidden: bool = False


PRIZE = Row("prize", Prize)
"""By board and period."""

REACHED = Hots("leaderboard", Reached)
"""By board."""

BOARD_SETTINGS = Hot(HIDING, BoardSettings)


class LeaderboardReason(StrEnum):
    """Why something about a board does not stand."""

    ALREADY_AWARDED = "leaderboard.already_awarded"
    NO_PRIZE = "leaderboard.no_prize"


RANK = r"[1-9][0-9]{0,3}"
Ranks = Annotated[str, BeforeValidator(matching(rf"{RANK}(?:\.\.{RANK})?", "leaderboard.ranks"))]


class Leaderboard(Named):
    """Who has the most of a metric, in a period or ever, and what the first of them win at its end."""

    by: Key = Field(description="The metric.")
    of: Key | None = Field(None, description="Of which currency or streak.")
    at: At | None = Field(None, description="For which value, of a metric that is kept per an attribute.")
    every: Literal["ever", "month", "week", "day", "season"] = Field("ever", description="In which period.")
    shows: Annotated[int, Field(strict=True, ge=1, le=100)] = Field(10, description="How many it shows.")
    prizes: dict[Ranks, Payout] = Field({}, description="Rank (`1`, `2..3`) → what it wins at the end.")


def ranks_of(written: str) -> range:
    """The ranks that `2..3` means."""
    first, _, last = written.partition("..")
    return range(int(first), int(last or first) + 1)


def check_leaderboard(one: Checked[Leaderboard]) -> Iterator[Finding]:
    """It is by a metric that somebody keeps, a season has two ends, prizes have one, and no rank wins twice."""
    board = one.definition
    asked = Asked(board.by, "by", board.of, board.at)
    yield from metric((), asked, Scene(one.known, LEADERBOARDS_SECTION, is_whole=True, is_empty=True))
    if board.every == "season" and (board.starts is None or board.ends is None):
        yield Finding(("every",), "leaderboard.season")
    if board.every == "ever" and board.prizes:
        yield Finding(("prizes",), "leaderboard.no_end", at_key=True)
    taken: set[int] = set()
    for written in board.prizes:
        ranks = ranks_of(written)
        if not ranks or not taken.isdisjoint(ranks):
            code = "leaderboard.rank_twice" if ranks else "leaderboard.no_rank"
            yield Finding(("prizes", written), code, {"found": written}, at_key=True)
        taken.update(ranks)


LEADERBOARDS_SECTION = Section(
    "leaderboards", "leaderboard", Leaderboard, check=check_leaderboard, sources=lambda _: ("leaderboard",)
)
