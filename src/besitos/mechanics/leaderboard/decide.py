"""Leaderboards: the decisions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from besitos.core.board import period_of
from besitos.core.calendar import Calendar
from besitos.core.decision import NOTHING, Accepted, Decision, Pay, Publish, Put, Rejected, Stand
from besitos.core.event import SeasonFinished
from besitos.core.member import PROFILE
from besitos.core.metric import DURING, Season, Span
from besitos.core.number import Number
from besitos.core.state import Key
from besitos.core.transaction import TransactionType
from besitos.core.view import View
from besitos.game.asking import NOWHERE, Quantity
from besitos.game.game import Game
from besitos.game.mechanic import Reading
from besitos.game.paying import Payable
from besitos.mechanics.leaderboard.model import (
    BOARD_SETTINGS,
    PRIZE,
    REACHED,
    AwardPrize,
    BoardSettings,
    HideFromBoards,
    Leaderboard,
    LeaderboardReason,
    Prize,
    Reached,
)

FAR_OFF = datetime(2300, 1, 1, tzinfo=UTC)
"""A day on which everybody has been a member for longer than now, by the same time."""


@dataclass(frozen=True, slots=True)
class BoardAtWork:
    """One board, compiled: what it counts and in which period, and what the first of it win.

    `index` is the name that its scores are kept under: another one where it counts something else than before.
    It is over at the end of each `period`, and counts within `span`: for ever, where it shows a number of now.
    """

    key: str
    index: str
    quantity: Quantity
    period: Span
    span: Span
    is_of_age: bool
    prizes: tuple[tuple[range, Payable], ...]

    def kept_in(self, period: str) -> str:
        """The period that scores are kept under."""
        return "" if self.span.is_ever else period

    @property
    def last_rank(self) -> int:
        """The last rank that wins anything."""
        return max((ranks[-1] for ranks, _ in self.prizes), default=0)

    def prize_of(self, rank: int) -> Payable | None:
        """What a rank wins."""
        return next((pays for ranks, pays in self.prizes if rank in ranks), None)


def stand(view: View, reading: Reading, board: BoardAtWork) -> Decision:
    """Bring a board up to date about one member.

    What happens late counts in its own period while that is the member's latest or the one before it: of older
    ones we no longer know the whole.
    """
    quantity, span, member_id = board.quantity, board.span, reading.member_id
    if quantity.value and reading.value not in ("", quantity.value):
        return NOTHING
    if span.is_ever:
        return Accepted(Stand(member_id, board.index, "", _now(view, member_id, board)))
    number = span.bucket(view.calendar, view.now)
    if isinstance(span, Season) and number != DURING:
        return NOTHING
    key = REACHED.named(member_id, board.key)
    reached = view.get(key)
    latest = reached.number if reached.index == board.index else 0
    if number < latest - 1:
        return NOTHING
    value = quantity.read(view, member_id, NOWHERE)
    score = Stand(member_id, board.index, period_of(span, number), value)
    is_new = number > latest and value
    return Accepted(score, Put(key, Reached(number, board.index))) if is_new else Accepted(score)


def award(view: View, order: AwardPrize, board: BoardAtWork) -> Decision:
    """Give what a rank has won. Once for each period, however often it is asked."""
    key = _prize_key(order)
    if view.get(key).rank:
        return Rejected(LeaderboardReason.ALREADY_AWARDED)
    pays = board.prize_of(order.rank)
    if pays is None:
        return Rejected(LeaderboardReason.NO_PRIZE, rank=order.rank)
    return Accepted(
        Put(key, Prize(order.rank)),
        Pay(
            member_id=order.member_id,
            payout=pays.fixed(view.get(PROFILE.of(order.member_id)).is_vip),
            source="leaderboard",
            type=TransactionType.PRIZE,
        ),
        Publish(
            SeasonFinished(
                member_id=order.member_id,
                leaderboard=order.board,
                period=order.period,
                rank=order.rank,
                value=Decimal(order.score),
            )
        ),
    )


def award_needs(order: AwardPrize, _board: BoardAtWork) -> Iterable[Key[Any]]:
    """Whether it was given already."""
    yield _prize_key(order)


def hide(view: View, order: HideFromBoards, _rules: None) -> Decision:
    """Remember whether a member wants to be seen."""
    key = BOARD_SETTINGS.of(order.member_id)
    if view.get(key).is_hidden is order.is_hidden:
        return NOTHING
    return Accepted(Put(key, BoardSettings(order.is_hidden)))


def boards_of(game: Game) -> Mapping[str, BoardAtWork]:
    """The boards of a game by their keys."""
    return {board.key: board for board in game.handling(AwardPrize, BoardAtWork)}


def boards_in_play(game: Game, language: str) -> list[tuple[BoardAtWork, Leaderboard]]:
    """The boards of a game that are not paused, as menus in this language show them, each with how it was written."""
    written, at_work = game.document.in_order("leaderboard", Leaderboard, language), boards_of(game)
    return [(at_work[key], each) for key, each in written.items() if key in at_work and not each.paused]


def present_period(board: BoardAtWork, calendar: Calendar, now: datetime) -> str:
    """What the period is called that a board is in; nothing for one that is for ever."""
    return period_of(board.period, board.period.bucket(calendar, now))


def shown_value(board: BoardAtWork, value: Number, now: datetime) -> Number:
    """A score as people see it: of ages, how long somebody has been a member by now, in seconds."""
    return value - int((FAR_OFF - now).total_seconds()) if board.is_of_age else value


def age_at(joined_at: datetime, now: datetime) -> int:
    """How long somebody has been a member, in seconds."""
    return int((now - joined_at).total_seconds())


def _now(view: View, member_id: int, board: BoardAtWork) -> Number:
    """A number of now. Ages grow by themselves: what is kept is how old the member will be on a day far off."""
    if not board.is_of_age:
        return board.quantity.read(view, member_id, NOWHERE)  # type: ignore[no-any-return]  # metrics are numbers
    joined_at = view.get(PROFILE.of(member_id)).joined_at
    return 0 if joined_at is None else age_at(joined_at, FAR_OFF)


def _prize_key(order: AwardPrize) -> Key[Prize]:
    return PRIZE.of(order.member_id, f"{order.board}/{order.period}")
