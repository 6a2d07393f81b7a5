"""Months of UTC, by which the log is kept."""

from datetime import UTC, datetime

MONTHS_OF_YEAR = 12


def first_day(moment: datetime) -> datetime:
    """The beginning of the month of `moment`."""
    return datetime(moment.year, moment.month, 1, tzinfo=UTC)


def next_month(moment: datetime) -> datetime:
    """The beginning of the month after that of `moment`."""
    if moment.month == MONTHS_OF_YEAR:
        return datetime(moment.year + 1, 1, 1, tzinfo=UTC)
    return datetime(moment.year, moment.month + 1, 1, tzinfo=UTC)
