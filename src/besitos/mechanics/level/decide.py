"""Levels: the decisions."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import MAX_PREC, ROUND_FLOOR, Context, Decimal
from functools import cached_property
from typing import NamedTuple

from msgspec.structs import replace

from besitos.core.account import purse
from besitos.core.decision import NOTHING, Accepted, Change, Decision, Effect, Pay, Publish, Put
from besitos.core.event import LevelUp
from besitos.core.member import PROFILE
from besitos.core.standing import STANDING
from besitos.core.transaction import TransactionType
from besitos.core.view import View
from besitos.game.game import Game
from besitos.game.mechanic import Reading
from besitos.game.paying import Payable
from besitos.mechanics.level.model import PEAK, Levels, Peak, RecalculateLevel

EXACT = Context(prec=MAX_PREC, rounding=ROUND_FLOOR, Emin=-999_999, Emax=999_999)
"""Decimals without rounding: a power of a growth has as many digits as it has."""

LARGEST = 2**63 - 1
"""More than anybody can have earned: levels that take more are never reached."""

NOWHERE = (0, 0)


@dataclass(frozen=True)
class LevelsAtWork:
    """The curve, compiled: what each level takes, in order, and what reaching it pays.

    `numbers` are the levels there are: of a table, those that it has. `takes` begins with 0, for the first.
    """

    currency: str
    numbers: tuple[int, ...]
    takes: tuple[int, ...]
    pays: Payable | None
    steps: dict[int, Payable]

    def level_at(self, earned: int) -> int:
        """The level of whoever has earned so much."""
        return self.numbers[max(bisect_right(self.takes, earned) - 1, 0)]

    @cached_property
    def spans(self) -> Mapping[int, tuple[int, int]]:
        """From what on, and up to what, one is at each level."""
        ends = (*self.takes[1:], LARGEST + 1)
        return {number: (low, high) for number, low, high in zip(self.numbers, self.takes, ends, strict=True)}

    def is_at(self, level: int, earned: int) -> bool:
        """Whether that is still the level."""
        low, high = self.spans.get(level, NOWHERE)
        return low <= earned < high

    def next_after(self, level: int) -> tuple[int, int] | None:
        """The level that follows and what it takes; None at the top."""
        place = bisect_right(self.numbers, level)
        return None if place == len(self.numbers) else (self.numbers[place], self.takes[place])

    def takes_of(self, level: int) -> int:
        """What a level takes; of one that a table lacks, what the one below it takes."""
        return self.takes[max(bisect_right(self.numbers, level) - 1, 0)]


class Progress(NamedTuple):
    """Where a member stands: the level, what was earned, what this level takes, and the next one; None at the top."""

    level: int
    earned: int
    takes: int
    next: tuple[int, int] | None


def progress(view: View, member_id: int, levels: LevelsAtWork) -> Progress:
    """How far a member has come on the way to the next level."""
    earned = view.totals(purse(member_id, levels.currency))[0]
    level = view.get(STANDING.of(member_id)).level
    return Progress(level, earned, levels.takes_of(level), levels.next_after(level))


def levels_of(game: Game) -> LevelsAtWork | None:
    """The levels of a game, if it has them."""
    return next(iter(game.handling(RecalculateLevel, LevelsAtWork)), None)


def takes_each(levels: Levels) -> dict[int, int]:
    """What each level takes, by its number: the first nothing, those of a table what they say."""
    curve, numbers = levels.curve, range(2, levels.top + 1)
    if curve.linear is not None:
        return {1: 0, **{number: curve.linear * (number - 1) for number in numbers}}
    if curve.exponential is None:
        return {1: 0, **{number: step.at for number, step in sorted(levels.steps.items()) if step.at is not None}}
    found, takes = {1: 0}, Decimal(curve.exponential.base)
    for number in numbers:
        if takes > LARGEST:
            break
        found[number] = int(takes)
        takes = EXACT.multiply(takes, curve.exponential.growth)
    return found


def follow(view: View, reading: Reading, levels: LevelsAtWork) -> Decision:
    """Come to the level that what was earned makes.

    Every level that is reached for the first time is announced and paid by itself, in order. Who has fallen, because
    something was undone, is told nothing, and rises again unpaid.
    """
    member_id = reading.member_id
    earned = view.totals(purse(member_id, levels.currency))[0]
    standing = view.get(STANDING.of(member_id))
    if levels.is_at(standing.level, earned):
        return NOTHING
    level, peak = levels.level_at(earned), view.get(PEAK.of(member_id)).level
    if level == standing.level:
        return NOTHING
    effects: list[Effect] = [
        Put(STANDING.of(member_id), replace(standing, level=level)),
        Change(member_id, "level", after=level),
    ]
    if level > peak:
        effects.append(Put(PEAK.of(member_id), Peak(level)))
        for number in levels.numbers:
            if peak < number <= level:
                effects += _reach(view, member_id, number, levels)
    return Accepted(*effects)


def recalculate(view: View, order: RecalculateLevel, levels: LevelsAtWork) -> Decision:
    """Come to the level of the present curve; what it reaches is paid and announced only where that was chosen."""
    reading = Reading(order.member_id)
    if order.pays:
        return follow(view, reading, levels)
    earned = view.totals(purse(order.member_id, levels.currency))[0]
    standing, peak = view.get(STANDING.of(order.member_id)), view.get(PEAK.of(order.member_id))
    level = levels.level_at(earned)
    effects: list[Effect] = []
    if level != standing.level:
        effects.append(Put(STANDING.of(order.member_id), replace(standing, level=level)))
        effects.append(Change(order.member_id, "level", after=level))
    if level > peak.level:
        effects.append(Put(PEAK.of(order.member_id), Peak(level)))
    return Accepted(*effects) if effects else NOTHING


def _reach(view: View, member_id: int, number: int, levels: LevelsAtWork) -> list[Effect]:
    """One level: told, then paid what every level pays, and what this one pays besides."""
    is_vip = view.get(PROFILE.of(member_id)).is_vip
    effects: list[Effect] = [Publish(LevelUp(member_id=member_id, level=number))]
    for pays in (levels.pays, levels.steps.get(number)):
        if pays is not None:
            payout = pays.fixed(is_vip)
            effects.append(Pay(member_id=member_id, payout=payout, source="level", type=TransactionType.EARN_LEVEL))
    return effects
