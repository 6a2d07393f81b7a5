"""Metrics: numbers known of a member, and how they are kept for the periods that somebody asks about.

A metric keeps its total, and for each window asked (`day`, `7d`) its buckets: of a calendar period the present one
and the one before, of a rolling window minutes, hours or days, the oldest counting whole (GAME-LANGUAGE §4, §7).
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Literal, TypeAlias
from zlib import crc32

import msgspec

from besitos.core.calendar import EPOCH, Calendar, PeriodName
from besitos.core.number import Number
from besitos.core.state import Hots, Key, Row, State
from besitos.core.view import View

Takes: TypeAlias = Literal["count", "sum", "max", "last", "distinct"]

MOST_DISTINCT = 10_000
"""Values of a member that `distinct` counts; then it stops."""

KEPT_TOGETHER = 250
"""The values that are seen first stand in one row, all later ones on shelves, by their names."""

SHELVES = 16
"""Rows of the later ones: whoever has been seen with ten thousand reads and writes a twelfth of them for one more."""

MICROSECOND = timedelta(microseconds=1)


class Span(msgspec.Struct, frozen=True):
    """The period that a question is about: a calendar period, or the last while. Neither: for ever."""

    period: PeriodName = "ever"
    window: timedelta | None = None

    @property
    def name(self) -> str:
        """Under which its buckets are kept: `day`, `604800s`."""
        return self.period if self.window is None else f"{int(self.window.total_seconds())}s"

    @property
    def is_ever(self) -> bool:
        """Whether it asks for the total."""
        return self.window is None and self.period == "ever"

    def bucket(self, calendar: Calendar, moment: datetime) -> int:
        """The number of the bucket that `moment` falls into."""
        if self.window is None:
            return calendar.period(self.period, moment)
        return calendar.bucket(self.window, moment)

    def first(self, calendar: Calendar, now: datetime) -> int:
        """The first bucket that counts at `now`."""
        if self.window is None:
            return calendar.period(self.period, now)
        return calendar.bucket(self.window, now - self.window)

    def oldest(self, calendar: Calendar, now: datetime) -> int:
        """The first bucket that is worth keeping: a late activity may still ask for the period before."""
        return self.first(calendar, now) - (1 if self.window is None else 0)


EVER = Span()

BEFORE, DURING, AFTER = 0, 1, 2

NO_BUCKETS: Mapping[int, Number] = {}


class Season(Span, frozen=True, kw_only=True):
    """A period that is in no calendar: from one moment up to another. It is called `label`."""

    key: str
    label: str
    opens: datetime
    closes: datetime

    @property
    def name(self) -> str:
        """By its beginning too: a season that is held again begins with nothing."""
        return f"{self.key}@{self.opens.isoformat()}"

    @property
    def is_ever(self) -> bool:
        """It is not."""
        return False

    def bucket(self, calendar: Calendar, moment: datetime) -> int:  # noqa: ARG002 - as of every span
        """Whether `moment` is before it, in it or after it."""
        if moment < self.opens:
            return BEFORE
        return DURING if moment < self.closes else AFTER

    def first(self, calendar: Calendar, now: datetime) -> int:  # noqa: ARG002 - as above
        """What counts is what was in it."""
        return DURING

    def oldest(self, calendar: Calendar, now: datetime) -> int:  # noqa: ARG002 - as above
        """What was before it is not kept."""
        return DURING


class Tally(State, frozen=True):
    """One metric of a member, for one value of its `per`: the total, and buckets by window and number.

    `at` is the moment of the last value, in microseconds since 1970, where the last one is what is taken.
    """

    total: Number = 0
    at: int = 0
    windows: Mapping[str, Mapping[int, Number]] = {}


class Seen(State, frozen=True):
    """The different values that were seen, and the latest moment of each in microseconds since 1970.

    `elsewhere` is how many more there are on shelves.
    """

    values: Mapping[str, int] = {}
    elsewhere: int = 0

    @property
    def count(self) -> int:
        """How many there are in all."""
        return len(self.values) + self.elsewhere


TALLY = Hots("metric", Tally)
"""By metric: those that are kept for the member as a whole."""

TALLY_AT = Row("metric", Tally)
"""By metric and value: those that are kept per an attribute."""

SEEN = Row("distinct", Seen)
"""By metric, and value if it is kept per one."""

SEEN_SHELF = Row("distinct_shelf", Seen)
"""The same, with the number of the shelf: what was seen after the values that are kept together."""


def micros(moment: datetime) -> int:
    """Microseconds since 1970."""
    return (moment - EPOCH) // MICROSECOND


def counted(tally: Tally, view: View, by: Number, spans: tuple[Span, ...]) -> Tally:
    """The tally after one more activity that adds `by`."""
    return Tally(
        tally.total + by, tally.at, _windows(tally, view, spans, lambda before: by if before is None else before + by)
    )


def risen(tally: Tally, view: View, value: Number, spans: tuple[Span, ...]) -> Tally:
    """The tally after `value`, where the greatest is taken."""
    is_first = not tally.at
    total = value if is_first else max(tally.total, value)
    return Tally(
        total,
        max(tally.at, micros(view.now)),
        _windows(tally, view, spans, lambda before: value if before is None else max(before, value)),
    )


def replaced(tally: Tally, view: View, value: Number) -> Tally:
    """The tally after `value`, where the last one by time is taken, then by arrival."""
    at = micros(view.now)
    return Tally(value, at) if at >= tally.at else tally


def _windows(
    tally: Tally, view: View, spans: tuple[Span, ...], after: Callable[[Number | None], Number]
) -> Mapping[str, Mapping[int, Number]]:
    """The buckets of every span asked, without those that have had their time.

    What nobody asks for just now stays as it is: asked for again, it lacks only what came meanwhile.
    """
    if not spans:
        return tally.windows
    calendar, now = view.calendar, view.now
    windows = dict(tally.windows)
    for span in spans:
        name, number = span.name, span.bucket(calendar, now)
        before = windows.get(name, NO_BUCKETS)
        kept = {number: after(before.get(number))}
        if len(before) != (number in before):  # most often there is none besides that of now
            oldest = span.oldest(calendar, now)
            kept |= {each: amount for each, amount in before.items() if each != number and each >= oldest}
        windows[name] = kept
    return windows


def seen(view: View, member_id: int, scope: str, value: str) -> tuple[Mapping[Key[Seen], Seen], int]:
    """What is to be remembered when a value is seen, and how many values that makes.

    Nothing is to be remembered where nothing changes that anybody could ask for.
    """
    key, at = SEEN.of(member_id, scope), micros(view.now)
    first = view.get(key)
    is_shelved = len(first.values) >= KEPT_TOGETHER and value not in first.values
    place = SEEN_SHELF.of(member_id, f"{scope}/{shelf_of(value)}") if is_shelved else key
    before = view.get(place)
    known = before.values.get(value)
    if (known is None and first.count >= MOST_DISTINCT) or (known is not None and known >= at):
        return {}, first.count
    changes = {place: Seen({**before.values, value: at}, before.elsewhere)}
    if known is not None:
        return changes, first.count
    if is_shelved:
        changes[key] = Seen(first.values, first.elsewhere + 1)
    return changes, first.count + 1


def shelf_of(value: str) -> int:
    """On which shelf a value stands that is not among the first."""
    return crc32(value.encode()) % SHELVES


def all_seen(get: Callable[[Key[Seen]], Seen], member_id: int, scope: str) -> Iterator[tuple[str, int]]:
    """Every value that was seen, with its latest moment."""
    first = get(SEEN.of(member_id, scope))
    yield from first.values.items()
    for number in range(SHELVES if first.elsewhere else 0):
        yield from get(SEEN_SHELF.of(member_id, f"{scope}/{number}")).values.items()


def joined(since: Tally, before: Tally, takes: Takes, only: tuple[str, ...] = ()) -> Tally:
    """What was counted since and what was before it, as if all had been counted from the start.

    Where `only` windows are new, the total has been counted all along.
    """
    windows: dict[str, Mapping[int, Number]] = dict(since.windows)
    for name in only or before.windows:
        older, newer = before.windows.get(name, {}), since.windows.get(name, {})
        windows[name] = {
            number: _both(older.get(number), newer.get(number), takes) for number in sorted({*older, *newer})
        }
    if only:
        return Tally(since.total, since.at, windows)
    if not since.at and not since.windows and not since.total:
        return before
    if takes == "last":
        return since if since.at >= before.at else before
    total = max(since.total, before.total) if takes == "max" and before.at and since.at else since.total + before.total
    return Tally(total, max(since.at, before.at), windows)


def _both(older: Number | None, newer: Number | None, takes: Takes) -> Number:
    if older is None or newer is None:
        return older if newer is None and older is not None else newer or 0
    return max(older, newer) if takes == "max" else older + newer


def seen_in_both(view: View, member_id: int, scope: str, before: Mapping[str, int]) -> Mapping[Key[Seen], Seen]:
    """All values that were seen, each with its latest moment, as they are to stand; no more of them than are kept."""
    both = dict(before)
    for value, at in all_seen(view.get, member_id, scope):
        both[value] = max(at, both.get(value, at))
    kept = sorted(both.items(), key=lambda each: each[1])[:MOST_DISTINCT]
    key, later = SEEN.of(member_id, scope), kept[KEPT_TOGETHER:]
    shelves: dict[int, dict[str, int]] = {number: {} for number in range(SHELVES if later else 0)}
    for value, at in later:
        shelves[shelf_of(value)][value] = at
    placed = {SEEN_SHELF.of(member_id, f"{scope}/{number}"): Seen(values) for number, values in shelves.items()}
    return {key: Seen(dict(kept[:KEPT_TOGETHER]), len(later)), **placed}


def within(tally: Tally, takes: Takes, span: Span, view: View) -> Number:
    """What the metric is in the span."""
    if span.is_ever:
        return tally.total
    calendar, now = view.calendar, view.now
    first = span.first(calendar, now)
    if takes == "last":
        moment = EPOCH + tally.at * MICROSECOND
        return tally.total if tally.at and span.bucket(calendar, moment) >= first else 0
    buckets = tally.windows.get(span.name, {})
    if span.window is None:
        return buckets.get(first, 0)
    inside = [amount for number, amount in buckets.items() if number >= first]
    return max(inside, default=0) if takes == "max" else sum(inside)


def different(view: View, member_id: int, scope: str, span: Span) -> int:
    """How many different values were seen in the span."""
    if span.is_ever:
        return view.get(SEEN.of(member_id, scope)).count
    calendar = view.calendar
    first = span.first(calendar, view.now)
    moments = (EPOCH + at * MICROSECOND for _, at in all_seen(view.get, member_id, scope))
    return sum(span.bucket(calendar, moment) >= first for moment in moments)
