"""Scores: numbers as leaderboards keep them, whole and exact, and the buckets by which a rank is found fast.

A rank is the number of those who stand higher, and one more. Buckets count members by ranges of scores: each is as
wide as a sixty-fourth of what it holds, so that most of the higher ones are counted in a few hundred rows.
"""

from datetime import date, datetime
from decimal import MAX_PREC, ROUND_FLOOR, Context, Decimal
from typing import NamedTuple

from besitos.core.calendar import DAYS_OF_WEEK, MONTHS_OF_YEAR, Calendar
from besitos.core.metric import DURING, Season, Span
from besitos.core.number import Number, exact

PLACES = 18
"""An attribute has at most so many digits behind the point."""

ONE = 10**PLACES

LARGEST = 2**63 - 1
HIDING = "boards"
"""The slot of a member's document that says whether they are hidden: what reads boards looks there."""

FINE = 64
FINE_BITS = 6

EXACT = Context(prec=MAX_PREC, rounding=ROUND_FLOOR, Emin=-999_999, Emax=999_999)


class Score(NamedTuple):
    """A number above 0 in two whole ones: what stands before the point, and behind it in parts of one."""

    whole: int
    fraction: int = 0

    @property
    def value(self) -> Number:
        """The number."""
        if not self.fraction:
            return self.whole
        return exact(EXACT.add(Decimal(self.whole), Decimal(self.fraction).scaleb(-PLACES, EXACT)).normalize(EXACT))

    @property
    def bucket(self) -> int:
        """The number of its bucket, which grows with the score."""
        return bucket_of(self.whole)


def score_of(value: Number) -> Score | None:
    """A number as a score; None if it is not above 0. What is too large to be kept is the largest there is."""
    if value <= 0:
        return None
    whole = int(value)
    if whole > LARGEST:
        return Score(LARGEST)
    score = Score(whole, int(EXACT.multiply(EXACT.subtract(Decimal(value), Decimal(whole)), Decimal(ONE))))
    return score if any(score) else None


def bucket_of(whole: int) -> int:
    """The bucket of scores that begin with this number: itself below 64, else 64 for every power of two."""
    if whole < FINE:
        return whole
    shift = whole.bit_length() - 1 - FINE_BITS
    return (shift + 1) * FINE + (whole >> shift) - FINE


def period_of(span: Span, number: int) -> str:
    """What a period is called: `2026-11-20`, `2026-W47`, `2026-11`; a season by its beginning; for ever, nothing."""
    if isinstance(span, Season):
        return span.label
    if span.period == "month":
        year, month = divmod(number, MONTHS_OF_YEAR)
        return f"{year:04}-{month + 1:02}"
    if span.period == "week":
        year, week, _ = date.fromordinal(number * DAYS_OF_WEEK + 1).isocalendar()
        return f"{year:04}-W{week:02}"
    return date.fromordinal(number).isoformat() if span.period == "day" else ""


def number_of(span: Span, period: str) -> int | None:
    """The number of the period that is called so; None if none is."""
    try:
        if isinstance(span, Season):
            return DURING if period == span.label else None
        if span.period == "month":
            year, month = period.split("-")
            return date(int(year), int(month), 1).year * MONTHS_OF_YEAR + int(month) - 1
        if span.period == "week":
            year, week = period.split("-W")
            return (date.fromisocalendar(int(year), int(week), 1).toordinal() - 1) // DAYS_OF_WEEK
        return date.fromisoformat(period).toordinal() if span.period == "day" else None
    except ValueError:
        return None


def end_of(span: Span, calendar: Calendar, number: int) -> datetime | None:
    """When a period is over; for ever never is."""
    if isinstance(span, Season):
        return span.closes
    return calendar.start(span.period, number + 1)
