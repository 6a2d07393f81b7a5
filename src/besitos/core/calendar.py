"""The calendar of a community: which day, week or month a moment belongs to, and when the next begins."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from besitos.core.clock import ONE_DAY

PeriodName: TypeAlias = Literal["hour", "day", "week", "month", "ever"]

DAYS_OF_WEEK = 7
HOURS_OF_DAY = 24
MONTHS_OF_YEAR = 12
MONTH_MOST = timedelta(days=31)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FOREVER = datetime.max.replace(tzinfo=UTC)
"""Later than anything."""
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LONGEST_IN_MINUTES, LONGEST_IN_HOURS = timedelta(hours=2), timedelta(days=7)
"""Rolling windows up to these are kept in minutes, and in hours (GAME-LANGUAGE §7)."""

NO_ZONES = ("localtime", "posixrules", "Factory", "posix/", "right/")
"""Names beside the zones: clocks that differ from machine to machine, or count otherwise than the rest of us."""


def is_zone(name: str) -> bool:
    """Whether there are clocks by this name, the same ones on every machine."""
    if name.startswith(NO_ZONES):
        return False
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


class Calendar:
    """Days of one zone, each beginning at `day_begins` o'clock: before it, it is still yesterday.

    Periods are numbers that grow by one from each to the next, so "the one before" is a subtraction and
    no rule does arithmetic on 24 hours. The hour that a clock change repeats is one hour.
    """

    __slots__ = ("_is_plain", "_is_utc", "_last", "_shift", "day_begins", "zone")

    def __init__(self, zone: str = "UTC", day_begins: int = 0) -> None:
        self.zone = ZoneInfo(zone)
        self.day_begins = day_begins
        self._shift = timedelta(hours=day_begins)
        self._is_utc = zone == "UTC"
        self._is_plain = self._is_utc and not day_begins
        self._last: tuple[datetime, datetime] | None = None

    def day(self, moment: datetime) -> date:
        """The calendar day that `moment` belongs to."""
        return self._local(moment).date()

    def period(self, name: PeriodName, moment: datetime) -> int:
        """The number of the hour, day, ISO week or month that `moment` belongs to; `ever` is 0."""
        if name == "day":
            return (moment if self._is_plain else self._local(moment)).toordinal()
        if name == "ever":
            return 0
        if name == "hour":
            clock = moment if self._is_utc else moment.astimezone(self.zone)
            return clock.toordinal() * HOURS_OF_DAY + clock.hour
        day = self._local(moment)
        if name == "week":
            return (day.toordinal() - 1) // DAYS_OF_WEEK
        return day.year * MONTHS_OF_YEAR + day.month - 1

    def start(self, name: PeriodName, number: int) -> datetime | None:
        """When period `number` begins, in UTC; `ever` never does."""
        if name == "ever":
            return None
        if name == "hour":
            day, hour = divmod(number, HOURS_OF_DAY)
            return self._moment(date.fromordinal(day), hour)
        if name == "month":
            year, month = divmod(number, MONTHS_OF_YEAR)
            return self.start_of_day(date(year, month + 1, 1))
        ordinal = number if name == "day" else number * DAYS_OF_WEEK + 1
        return self.start_of_day(date.fromordinal(ordinal))

    def bucket(self, window: timedelta, moment: datetime) -> int:
        """The number of the minute (of windows up to 2 hours), hour (up to 7 days) or day that `moment` is in.

        Minutes and hours are those of UTC, days those of the game.
        """
        if window > LONGEST_IN_HOURS:
            return self.period("day", moment)
        return (moment - EPOCH) // (MINUTE if window <= LONGEST_IN_MINUTES else HOUR)

    def start_of_day(self, day: date) -> datetime:
        """When `day` begins, in UTC."""
        return self._moment(day, self.day_begins)

    def _local(self, moment: datetime) -> datetime:
        """The clock on the wall. Remembered for one moment: the rules of an activity all ask for the same."""
        if self._is_utc:
            return moment - self._shift
        last = self._last
        if last is None or last[0] is not moment:
            last = self._last = (moment, moment.astimezone(self.zone) - self._shift)
        return last[1]

    def _moment(self, day: date, hour: int) -> datetime:
        return datetime.combine(day, time(hour), self.zone).astimezone(UTC)


def month_of(moment: datetime) -> datetime:
    """The first day of its month in UTC, by which the logs are kept, whatever the zone of the game."""
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return datetime(utc.year, utc.month, 1, tzinfo=UTC)


def next_month(moment: datetime) -> datetime:
    """The first day of the month that follows, in UTC."""
    return month_of(month_of(moment) + MONTH_MOST)


UTC_CALENDAR = Calendar()
"""Days that turn over at midnight UTC, whatever the game's zone."""

Whose: TypeAlias = Literal["game", "utc", "member"]
"""Whose midnight ends a day."""


def calendar_of(whose: Whose, of_game: Calendar, zone: str | None) -> Calendar:
    """The days of a member of this zone, in a game of that calendar. Who has said no zone lives in the game's."""
    if whose == "utc":
        return UTC_CALENDAR
    return of_game if whose == "game" or zone is None else _calendar(zone, of_game.day_begins)


@lru_cache(maxsize=1_000)
def _calendar(zone: str, day_begins: int) -> Calendar:
    return Calendar(zone, day_begins)


def end_of_utc_day(moment: datetime) -> datetime:
    """The midnight UTC that ends the day of `moment`: bonus besitos expire at the end of their last day."""
    day = moment.astimezone(UTC).date() + ONE_DAY
    return datetime.combine(day, time(), UTC)
