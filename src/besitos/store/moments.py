"""Moments as SQLite keeps them: microseconds since 1970, so that they sort and compare as numbers."""

from datetime import UTC, date, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def to_micros(moment: datetime) -> int:
    """Microseconds since 1970."""
    return (moment - EPOCH) // MICROSECOND


def from_micros(micros: int) -> datetime:
    """The moment so many microseconds after 1970."""
    return EPOCH + micros * MICROSECOND


def as_stored(value: object) -> object:
    """A parameter as SQLite takes it: a span of time is a difference of microseconds, a day is text."""
    if isinstance(value, datetime):
        return to_micros(value)
    if isinstance(value, date):
        return value.isoformat()
    return value // MICROSECOND if isinstance(value, timedelta) else value


def moment_of(stored: int | datetime) -> datetime:
    """A moment as either database gives it back."""
    return from_micros(stored) if isinstance(stored, int) else stored


def month_number(moment: datetime) -> int:
    """The month of UTC that `moment` belongs to, as 202611."""
    at = moment.astimezone(UTC)
    return at.year * 100 + at.month
