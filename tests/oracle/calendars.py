"""Periods of a calendar, asked of the wall clock: which one an instant is in, and when it ends."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from tests.oracle.units import duration

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONGEST = {"hour": HOUR, "day": DAY, "week": 7 * DAY, "month": 31 * DAY}


@dataclass
class Calendar:
    """The clock of a game or of a member: a zone, the hour at which days begin, and the zones it moved to since.

    A period is named by the wall clock at which it begins. It never goes back: a member who moved to another zone ends
    the running period in the old one, and the one that begins then is a later one, whatever the new clock says.
    """

    zone: ZoneInfo
    day_begins: int = 0
    moves: list[tuple[datetime, ZoneInfo]] = field(default_factory=list)

    def period(self, every: str, at: datetime) -> datetime:
        return self._period(every, at, len(self.moves))

    def day(self, at: datetime) -> date:
        return self.period("day", at).date()

    def clock(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    def end(self, every: str, period: datetime) -> datetime:
        """The first second that is in a later period: looked for, so that no clock change needs a rule."""
        if not self.moves:
            return _end_in(self.zone, self.day_begins, every, period)
        return self.looked_for(every, period)

    def looked_for(self, every: str, period: datetime) -> datetime:
        before = period.replace(tzinfo=UTC) - 2 * DAY
        after = before + LONGEST[every] + 5 * DAY
        while after - before > timedelta(seconds=1):
            middle = (before + (after - before) / 2).replace(microsecond=0)
            if self.period(every, middle) > period:
                after = middle
            else:
                before = middle
        return after

    def begin(self, every: str, period: datetime) -> datetime:
        """The first second of a period."""
        return self.end(every, period - timedelta(seconds=1))

    def following(self, every: str, period: datetime) -> datetime:
        return self.period(every, self.end(every, period))

    def preceding(self, every: str, period: datetime) -> datetime:
        return _floor(every, period - HOUR)

    def bucket(self, window: str, at: datetime) -> int:
        """Minutes of UTC up to 2h, hours of UTC up to 7d, days of the game beyond."""
        if duration(window) <= 2 * HOUR:
            return int(at.timestamp()) // 60
        if duration(window) <= 7 * DAY:
            return int(at.timestamp()) // 3600
        return self.day(at).toordinal()

    def _period(self, every: str, at: datetime, moves: int) -> datetime:
        if moves == 0:
            return self._read(every, at, self.zone)
        moved_at, zone = self.moves[moves - 1]
        before = self._period(every, at, moves - 1)
        if at < moved_at:
            return before
        held = self._period(every, moved_at, moves - 1)
        return held if before <= held else max(_next(every, held), self._read(every, at, zone))

    def _read(self, every: str, at: datetime, zone: ZoneInfo) -> datetime:
        return _period_in(zone, self.day_begins, every, at)


@lru_cache(maxsize=200_000)
def _period_in(zone: ZoneInfo, day_begins: int, every: str, at: datetime) -> datetime:
    local = at.astimezone(zone).replace(tzinfo=None)
    return _floor(every, local if every == "hour" else local - day_begins * HOUR)


@lru_cache(maxsize=200_000)
def _end_in(zone: ZoneInfo, day_begins: int, every: str, period: datetime) -> datetime:
    return Calendar(zone, day_begins).looked_for(every, period)


def _next(every: str, period: datetime) -> datetime:
    return _floor(every, _floor(every, period) + LONGEST[every] + (DAY / 2 if every == "day" else HOUR / 2))


def _floor(every: str, local: datetime) -> datetime:
    if every == "hour":
        return local.replace(minute=0, second=0, microsecond=0)
    day = local.replace(hour=0, minute=0, second=0, microsecond=0)
    if every == "week":
        return day - day.weekday() * DAY
    return day.replace(day=1) if every == "month" else day
