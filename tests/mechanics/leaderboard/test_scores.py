"""Scores: exact numbers in the order of their size, buckets in the same order, and periods that keep their names."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from besitos.core.board import FINE, LARGEST, Score, bucket_of, end_of, number_of, period_of, score_of
from besitos.core.calendar import Calendar, PeriodName
from besitos.core.metric import DURING, Season, Span

NUMBERS = st.one_of(
    st.integers(-5, LARGEST),
    st.decimals("-5", "1000000000", allow_nan=False, allow_infinity=False, places=18),
)


def first_above(bucket: int) -> int:
    """The first whole number that belongs to a higher bucket."""
    if bucket < FINE:
        return bucket + 1
    shift, place = divmod(bucket, FINE)
    return min((FINE + place + 1) << (shift - 1), LARGEST)


@given(NUMBERS)
def test_a_score_is_the_number_itself_and_there_is_none_of_what_is_not_above_zero(number: int | Decimal) -> None:
    score = score_of(number)

    assert (score is None) == (number <= 0)
    assert score is None or score.value == number


@given(NUMBERS.filter(lambda each: each > 0), NUMBERS.filter(lambda each: each > 0))
def test_scores_are_ordered_as_their_numbers_and_buckets_as_scores(one: int | Decimal, other: int | Decimal) -> None:
    low, high = sorted([one, other])
    lower, higher = score_of(low), score_of(high)

    assert lower is not None
    assert higher is not None
    assert (lower == higher) == (low == high)
    assert lower <= higher
    assert lower.bucket <= higher.bucket


@given(st.integers(0, LARGEST))
def test_a_bucket_is_no_wider_than_a_sixty_fourth_of_what_is_in_it(whole: int) -> None:
    bucket = bucket_of(whole)
    above = first_above(bucket)

    assert whole < above or whole == LARGEST
    assert above - whole <= max(1, whole // 64 + 1)
    assert bucket_of(above) == bucket + 1 or above == LARGEST


def test_what_is_too_large_to_be_kept_is_the_largest_there_is() -> None:
    assert score_of(2**70) == Score(LARGEST)


BEGINNING = datetime(1990, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 100 * 366 * 86_400).map(lambda second: BEGINNING + timedelta(seconds=second))


@given(MOMENTS, st.sampled_from(["day", "week", "month"]), st.sampled_from([0, 5]))
def test_a_period_is_found_by_its_name_and_ends_where_the_next_begins(
    at: datetime, every: PeriodName, begins: int
) -> None:
    span, calendar = Span(every), Calendar("America/Mexico_City", begins)
    number = span.bucket(calendar, at)

    name, ends_at = period_of(span, number), end_of(span, calendar, number)

    assert number_of(span, name) == number
    assert ends_at is not None
    assert at < ends_at
    assert span.bucket(calendar, ends_at) == number + 1


def test_a_season_goes_by_its_name_alone() -> None:
    opens = datetime(2026, 12, 1, tzinfo=UTC)
    season = Season(key="season/feria", label="2026-12-01", opens=opens, closes=opens + timedelta(days=9))

    assert (number_of(season, "2026-12-01"), number_of(season, "2026-12")) == (DURING, None)
    assert end_of(season, Calendar(), DURING) == season.closes
