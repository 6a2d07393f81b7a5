"""Streaks: what the operator may write, what we remember of a run, what is asked of one, and why it may not stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Literal, NamedTuple, TypeAlias

import msgspec
from pydantic import Field

from besitos.core.activity import Activity
from besitos.core.calendar import DAYS_OF_WEEK, MONTHS_OF_YEAR, Calendar, Whose
from besitos.core.clock import ONE_DAY
from besitos.core.state import Hots, State
from besitos.game.definition import Named
from besitos.game.filter import Filter, Where
from besitos.game.lists import Kinds
from besitos.game.paying import Payable
from besitos.game.payout import Payout
from besitos.game.section import Section
from besitos.game.units import Count, Duration, numbered
from besitos.game.window import Window

Every: TypeAlias = Literal["day", "week", "month"]

Length = Annotated[int, numbered(r"[1-9][0-9]{0,4}", "streak.length")]

GRACE = timedelta(minutes=5)
"""How long after its end a period closes, so that nobody loses a streak to the delay of a message."""

HISTORY = 7
"""Periods that are remembered one by one."""

FREEZES_MOST = 100
"""Freezes that a member may hold, whatever the game says: they stand in the member's document."""

PAUSES_MOST = 10
PAUSE_LONGEST = timedelta(days=366)


OPERATOR, ITEM, OUTAGE = "operator", "item", "outage"
"""By what a run that broke was restored."""


class Streak(Named):
    """A run of days, weeks or months, in each of which the member did what qualifies."""

    when: Kinds = Field(description="Kinds of activity that qualify.")
    where: Where = Field(Where(), description="What their attributes must be; all must hold.")
    every: Every = Field("day", description="What the run is made of.")
    day: Whose = Field("game", description="Whose midnight ends the day.")
    bonuses: dict[Length, Payout] = Field({}, description="Length → what is paid each time a run reaches it.")
    freezes: Count = Field(2, description="How many freezes a member may hold.")
    repair_within: Duration = Field(Duration.read("3d"), description="How long after its loss it can be repaired.")


STREAKS_SECTION = Section("streaks", "streak", Streak, sources=lambda _: ("streak",))


class How(StrEnum):
    """What became of a period. Out of play is the streak's own doing; skipped is a date that travel left out."""

    DONE = "done"
    FROZEN = "frozen"
    PAUSED = "paused"
    OUT_OF_PLAY = "out_of_play"
    SKIPPED = "skipped"
    MISSED = "missed"


class Period(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """One day, week or month of a run, as `[number, starts_at, ends_at]`.

    It has its own beginning and end: after a journey it is longer or shorter than the calendar's.
    """

    number: int
    starts_at: datetime
    ends_at: datetime
    is_done: bool = False

    def holds(self, moment: datetime) -> bool:
        """Whether the moment belongs to it."""
        return self.starts_at <= moment < self.ends_at

    @property
    def closes_at(self) -> datetime:
        """When it is settled what became of it."""
        return self.ends_at + GRACE


@dataclass(frozen=True, slots=True)
class StreakAtWork:
    """A streak, compiled. `known` are the attributes it asks for that no activity carries itself."""

    key: str
    topics: tuple[str, ...]
    filter: Filter
    known: frozenset[str]
    every: Every
    day: Whose
    bonuses: Mapping[int, Payable]
    freezes: int
    repair_within: timedelta
    window: Window

    def has_ended(self, now: datetime) -> bool:
        """Whether the streak is over, so that there is nothing to wait for."""
        return self.window.closes is not None and self.window.closes <= now

    def excuses(self, period: Period, until: datetime | None) -> bool:
        """Whether the streak was out of play in any part of the period, or up to `until`: then nobody has missed it."""
        opens, closes = self.window.opens, self.window.closes
        if (until is not None and period.starts_at < until) or (opens is not None and period.starts_at < opens):
            return True
        return closes is not None and closes < period.ends_at


class Past(msgspec.Struct, frozen=True, array_like=True):
    """What became of a period that is settled, and how long the run was then."""

    number: int
    how: How
    length: int


class Pause(msgspec.Struct, frozen=True, array_like=True):
    """Days, the last one included, on which nothing needs to be done."""

    starts_on: date
    ends_on: date


class Loss(msgspec.Struct, frozen=True, array_like=True):
    """How long the run was that broke last, and the period that was missed."""

    length: int
    missed: Period


class RunState(State, frozen=True):
    """One member's run of one streak.

    `last` is the latest period of which it is settled what became of it. `ahead` are those after it that have begun
    and are not settled, as far as they are known already: one that was done while the one before it was still open,
    and those of before a journey. `due_at` is when the next one closes. `freezes` says since when each is held.
    Up to `excused_until` nobody could miss anything, for the streak was out of play; `is_away` while it is.
    """

    length: int = 0
    best: int = 0
    every: Every = "day"
    last: Period | None = None
    ahead: tuple[Period, ...] = ()
    due_at: datetime | None = None
    freezes: tuple[datetime, ...] = ()
    pauses: tuple[Pause, ...] = ()
    lost: Loss | None = None
    past: tuple[Past, ...] = ()
    excused_until: datetime | None = None
    is_away: bool = False


RUNS = Hots("streak", RunState, wakes=True)


class Extended(NamedTuple):
    """The run grew to `length`."""

    length: int
    best: int


class Frozen(NamedTuple):
    """A freeze was used up."""

    length: int
    left: int


class Lost(NamedTuple):
    """The run broke."""

    length: int


class Restored(NamedTuple):
    """A run that had broken stands again."""

    length: int
    by: str


Happening: TypeAlias = Extended | Frozen | Lost | Restored
Settled: TypeAlias = tuple[RunState, tuple[Happening, ...]]


class StreakOrder(Activity, frozen=True, kw_only=True):
    """Something that is asked of one streak of a member."""

    streak: str


class CloseStreak(StreakOrder, frozen=True, kw_only=True, tag="streak.close"):
    """A period may have closed. Comes from a timer, dated when it did."""


class GrantFreeze(StreakOrder, frozen=True, kw_only=True, tag="streak.freeze"):
    """Give a member freezes for the periods that they will miss."""

    count: int = 1
    reason: str = ""


class PauseStreak(StreakOrder, frozen=True, kw_only=True, tag="streak.pause"):
    """A member will be away on these days, the last one included."""

    starts_on: date
    ends_on: date


class CancelPause(StreakOrder, frozen=True, kw_only=True, tag="streak.unpause"):
    """A member will not be away after all, or is back sooner."""

    starts_on: date


class RepairStreak(StreakOrder, frozen=True, kw_only=True, tag="streak.repair"):
    """Let a run that broke stand again; `reason` is what the operator says of it, `by` who or what mended it."""

    reason: str = ""
    by: str = OPERATOR


class RestoreStreak(StreakOrder, frozen=True, kw_only=True, tag="streak.restore"):
    """Let a run stand again that broke in a period which an outage of ours fell into. No deadline holds."""

    since: datetime
    until: datetime
    reason: str = ""

    @property
    def by(self) -> str:
        """What its event says."""
        return OUTAGE


class StreakReason(StrEnum):
    """Why something asked of a streak does not stand, or an activity does not count."""

    UNKNOWN = "streak.unknown"
    LATE = "streak.late"
    FREEZES_FULL = "streak.freezes_full"
    NO_COUNT = "streak.no_count"
    PAUSE_IN_PAST = "streak.pause_in_past"
    PAUSE_BACKWARDS = "streak.pause_backwards"
    PAUSE_TOO_LONG = "streak.pause_too_long"
    PAUSE_OVERLAPS = "streak.pause_overlaps"
    TOO_MANY_PAUSES = "streak.too_many_pauses"
    NO_PAUSE = "streak.no_pause"
    NOT_BROKEN = "streak.not_broken"
    REPAIR_TOO_LATE = "streak.repair_too_late"
    NOT_IN_OUTAGE = "streak.not_in_outage"


def days_of(number: int, every: Every) -> tuple[date, date]:
    """The first and the last day of a period."""
    if every == "day":
        return date.fromordinal(number), date.fromordinal(number)
    if every == "week":
        first = date.fromordinal(number * DAYS_OF_WEEK + 1)
        return first, first + (DAYS_OF_WEEK - 1) * ONE_DAY
    year, month = divmod(number, MONTHS_OF_YEAR)
    return date(year, month + 1, 1), date(year + month // 11, (month + 1) % MONTHS_OF_YEAR + 1, 1) - ONE_DAY


def period_after(last: Period, counted_in: Every, calendar: Calendar, every: Every) -> Period:
    """The period that follows `last` in the calendar of now. It begins where that one ends, and no date comes twice."""
    number = calendar.period(every, last.ends_at)
    if counted_in == every:
        number = max(number, last.number + 1)
    ends_at = calendar.start(every, number + 1)
    assert ends_at is not None, "only `ever` has no end"
    return Period(number, last.ends_at, ends_at)


def period_begun(run: RunState, now: datetime, calendar: Calendar, every: Every) -> Period:
    """The period of now, where no run is under way. No date comes twice, whatever clocks the member has crossed."""
    number, last = calendar.period(every, now), run.last
    if last is not None and run.every == every:
        number = max(number, last.number + 1)
    starts_at, ends_at = bounds(number, calendar, every)
    if ends_at <= now:  # a clock set back over midnight: yesterday is over all the same
        starts_at, ends_at = bounds(number := number + 1, calendar, every)
    if last is not None:
        starts_at = last.ends_at if starts_at > now else max(starts_at, last.ends_at)
    return Period(number, starts_at, ends_at)


def bounds(number: int, calendar: Calendar, every: Every) -> tuple[datetime, datetime]:
    """When a period of the calendar begins and ends."""
    starts_at, ends_at = calendar.start(every, number), calendar.start(every, number + 1)
    assert starts_at is not None, "only `ever` has no beginning"
    assert ends_at is not None, "only `ever` has no end"
    return starts_at, ends_at
