"""Units of the language: what is written is what is meant, and whatever is not written like that is refused."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from besitos.game.lists import Kinds, Limits
from besitos.game.text import EVERY, Name, Text
from besitos.game.units import I64, LONGEST, PERIODS, SECONDS, Amount, Duration, Limit, Moment, Range, Share, Zone
from besitos.game.written import Dec, Int

NO_CLOCKS = ("localtime", "posixrules", "Factory", "posix/UTC", "right/UTC")
KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True)
DURATIONS = st.sampled_from("smhdw").flatmap(
    lambda unit: st.integers(1, min(999_999, LONGEST // timedelta(seconds=SECONDS[unit]))).map(lambda n: f"{n}{unit}")
)
NUMBERS = st.one_of(st.integers(-(10**17), 10**17), st.decimals(-1000, 1000, places=2))
SHARES = st.one_of(
    st.integers(-I64, I64).filter(bool),
    st.builds(lambda n, key: f"{n} per {key}", st.integers(-999, 999).filter(bool), KEYS),
    st.builds(lambda n, k, key: f"{n} per {k} {key}", st.integers(1, 999), st.integers(1, 999), KEYS),
)


def code_of(read: Callable[[Any], object], value: object) -> str:
    try:
        read(value)
    except PydanticCustomError as error:
        return error.type
    except ValidationError as error:
        return error.errors()[0]["type"]
    pytest.fail(f"{value!r} was read")


@given(DURATIONS)
def test_a_duration_is_its_number_of_units(text: str) -> None:
    duration = Duration.read(text)

    assert duration.value == timedelta(seconds=int(text[:-1]) * SECONDS[text[-1]])
    assert duration.written() == text


@pytest.mark.parametrize("text", ["36526d", "5218w", "999999w"])
def test_a_duration_is_at_most_a_hundred_years_wherever_it_stands(text: str) -> None:
    assert code_of(Duration.read, text) == "duration.too_long"
    assert code_of(Limit.read, f"3/{text}") == "duration.too_long"
    assert code_of(Range.read, f"{text}+") == "duration.too_long"
    assert code_of(Range.read, f"1d..{text}") == "duration.too_long"


@pytest.mark.parametrize(
    "text", ["0d", "7", "7 d", "7 días", "1M", "-1d", "1.5h", "1000000s", "7d\n", "٣d", 7, True, None, []]
)
def test_what_is_not_a_duration_is_refused(text: object) -> None:
    assert code_of(Duration.read, text) == "duration.wrong"


@given(NUMBERS, NUMBERS, NUMBERS)
def test_a_range_has_both_its_ends(a: int | Decimal, b: int | Decimal, value: int | Decimal) -> None:
    low, high = sorted((a, b))

    assert (value in Range.read(f"{low}..{high}")) == (low <= value <= high)
    assert (value in Range.read(f"{low}+")) == (value >= low)
    assert (value in Range.read(f"..{high}")) == (value <= high)
    assert Range.read(f"{low}..{high}").written() == f"{low}..{high}"


def test_bounds_may_be_durations_and_then_count_seconds() -> None:
    assert Range.read("30d+") == Range(30 * 86_400, None, "30d+", is_of_time=True)
    assert not Range.read("30+").is_of_time


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (Int.read("7"), "range.bare"),
        (Dec.read("2.5"), "range.bare"),
        ("7", "range.wrong"),
        ("7..3", "range.empty"),
        ("+7", "range.wrong"),
        ("3...7", "range.wrong"),
        ("..", "range.wrong"),
        ("1e3+", "range.wrong"),
        ("3..7d", "range.wrong"),
        ("7d..3d", "range.empty"),
        (f"{10**18}+", "range.wrong"),
        ("5+\n", "range.wrong"),
        (True, "range.wrong"),
        (None, "range.wrong"),
        ({}, "range.wrong"),
    ],
)
def test_what_is_not_a_range_is_refused(value: object, code: str) -> None:
    assert code_of(Range.read, value) == code


@given(
    st.integers(1, 100),
    st.none() | KEYS,
    st.sampled_from(PERIODS) | DURATIONS,
    st.none() | KEYS,
    st.booleans(),
)
def test_a_limit_is_what_its_parts_say(
    n: int, currency: str | None, period: str, per: str | None, shared: bool
) -> None:
    text = (
        f"{n}{f' {currency}' if currency else ''}/{period}{f' per {per}' if per else ''}{' for all' if shared else ''}"
    )

    limit = Limit.read(text)

    assert limit == Limit(n, currency, period, per, shared, text)
    assert limit.window == (None if period in PERIODS else Duration.read(period).value)
    assert limit.written() == text


@pytest.mark.parametrize(
    "text",
    [
        "3",
        "3/",
        "/day",
        "0/day",
        "-1/day",
        "3/days",
        "3 al día",
        "3 / day",
        "3/day per",
        "3/day for all per chat",
        "3/day  per chat",
        "3 Besitos/day",
        "3.5/day",
        "3/0d",
        "3/24",
        f"{10**18}/day",
        "3/day\n",
        3,
        True,
        None,
        {},
        [],
    ],
)
def test_what_is_not_a_limit_is_refused(text: object) -> None:
    assert code_of(Limit.read, text) == "limit.wrong"


def test_a_rolling_limit_of_times_counts_to_a_hundred() -> None:
    assert Limit.read("100/24h").number == 100
    assert Limit.read("101 besitos/24h").number == 101
    assert code_of(Limit.read, "101/24h") == "limit.too_many_moments"


def test_the_same_limit_twice_is_refused_however_it_is_written() -> None:
    read = TypeAdapter(Limits).validate_python

    assert len(read(["5/24h", "5/48h", "5 xp/24h"])) == 3
    assert code_of(read, ["5/24h", "5/1d"]) == "list.twice"


def test_one_value_stands_for_a_list_of_one() -> None:
    assert TypeAdapter(Kinds).validate_python("message.posted") == ("message.posted",)
    assert TypeAdapter(Limits).validate_python("3/day") == (Limit.read("3/day"),)


@given(SHARES)
def test_an_amount_is_the_same_for_everybody(written: int | str) -> None:
    amount = Amount.read(written)

    assert amount.of(is_vip=True) == amount.of(is_vip=False)
    assert Amount.read(amount.written()) == amount


@given(SHARES | st.just(0), SHARES | st.just(0))
def test_an_amount_for_each_type_is_the_one_of_that_type(free: int | str, vip: int | str) -> None:
    if free == vip == 0:
        assert code_of(Amount.read, {"free": free, "vip": vip}) == "amount.nothing"
        return
    amount = Amount.read({"free": free, "vip": vip})

    assert amount.of(is_vip=False) == Share.read(free, zero=True)
    assert amount.of(is_vip=True) == Share.read(vip, zero=True)
    assert Amount.read(amount.written()) == amount


def test_an_amount_per_units_has_its_step() -> None:
    assert Amount.read("2 per minutes").free == Share(2, 1, "minutes")
    assert Amount.read("1 per 5 minutes").free == Share(1, 5, "minutes")
    assert Amount.read("1 per 1 minutes").written() == "1 per minutes"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (0, "amount.out_of_range"),
        (I64 + 1, "amount.out_of_range"),
        (Dec.read("2.5"), "amount.wrong"),
        (True, "amount.wrong"),
        ("10", "amount.wrong"),
        ("0 per minutes", "amount.wrong"),
        ("1 per 0 minutes", "amount.wrong"),
        ("1 per Minutes", "amount.wrong"),
        (None, "amount.wrong"),
        ([1], "amount.wrong"),
        ({}, "amount.types"),
        ({"free": 1}, "amount.types"),
        ({"free": 1, "vip": 2, "all": 3}, "amount.types"),
        ({"free": 1, "vip": {"free": 1, "vip": 1}}, "amount.wrong"),
        ({"free": Dec.read("0.0"), "vip": 1}, "amount.wrong"),
        ({"free": False, "vip": 1}, "amount.wrong"),
    ],
)
def test_what_is_not_an_amount_is_refused(value: object, code: str) -> None:
    assert code_of(Amount.read, value) == code


def test_a_moment_is_a_clock_on_the_wall() -> None:
    moments = TypeAdapter(Moment)

    assert moments.validate_python("2026-12-01") == datetime(2026, 12, 1)  # noqa: DTZ001 - the zone is the game's
    assert moments.validate_python("2026-12-01 18:30") == datetime(2026, 12, 1, 18, 30)  # noqa: DTZ001 - as above
    assert moments.dump_python(moments.validate_python("2026-12-01 00:00")) == "2026-12-01"
    assert moments.dump_python(moments.validate_python("2026-12-01 18:30")) == "2026-12-01 18:30"


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30",
        "2026-12-01T18:00",
        "2026-12-01 24:00",
        "26-12-01",
        "0999-01-01",
        "mañana",
        "",
        2026,
        True,
        None,
        {},
    ],
)
def test_what_is_not_a_moment_is_refused(text: object) -> None:
    assert code_of(TypeAdapter(Moment).validate_python, text) == "moment.wrong"


@pytest.mark.parametrize(
    "zone", ["America/Mexico", "../../etc/passwd", "/etc/localtime", "America", "utc+1", "", "a\0b", *NO_CLOCKS]
)
def test_what_is_not_a_zone_is_refused(zone: str) -> None:
    assert code_of(TypeAdapter(Zone).validate_python, zone) == "zone.wrong"


def test_a_text_is_one_string_or_one_for_each_language() -> None:
    names = TypeAdapter(Name)

    assert names.validate_python("Hola") == {EVERY: "Hola"}
    assert names.validate_python(Int.read("007")) == {EVERY: "007"}
    assert names.validate_python(Dec.read("1.10")).in_language("en") == "1.10"
    assert names.validate_python({"es": "Hola", "en": "Hello"}).in_language("en", "es") == "Hello"
    assert names.validate_python({"es": "Hola"}).in_language("en", "es") == "Hola"
    assert Text.read({"es": "Hola"}).written() == {"es": "Hola"}
    assert Text.read("Hola").written() == "Hola"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (True, "text.boolean"),
        ("", "text.empty"),
        (" \n", "text.empty"),
        ({}, "text.empty"),
        ({"es": ""}, "text.empty"),
        ([], "text.wrong"),
        ({"es": {}}, "text.wrong"),
        ({"ES": "a"}, "text.no_language"),
        ({"*": "a"}, "text.no_language"),
        ("a" * 61, "text.too_long"),
        ({"es": "a", "en": "a" * 61}, "text.too_long"),
        (None, "text.wrong"),
    ],
)
def test_what_is_not_a_name_is_refused(value: object, code: str) -> None:
    assert code_of(TypeAdapter(Name).validate_python, value) == code
