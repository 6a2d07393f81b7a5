"""Filters against a slow and obvious model of what `where` says."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from besitos.core.activity import Scalar
from besitos.game.catalogue import AttributeType
from besitos.game.filter import Filter, Match
from besitos.game.units import Range
from besitos.game.written import Dec, Int

TYPES: Mapping[str, AttributeType] = {"word": "text", "count": "number", "flag": "boolean", "at": "time"}
WORDS = st.sampled_from(["a", "b", "10", "10+", "true", "m1", "👎"])
NUMBERS = st.integers(-5, 12) | st.decimals(-5, 12, places=1)
RANGES = (
    st.builds(lambda a, b: f"{min(a, b)}..{max(a, b)}", NUMBERS, NUMBERS)
    | NUMBERS.map("{}+".format)
    | NUMBERS.map("..{}".format)
)
WRITTEN: Mapping[str, st.SearchStrategy[Any]] = {
    "word": WORDS,
    "count": NUMBERS | RANGES,
    "flag": st.booleans(),
    "at": st.sampled_from(["2026-12-01", "2026-12-01T18:00:00Z"]),
}
SENT: Mapping[str, st.SearchStrategy[Any]] = {**WRITTEN, "count": NUMBERS}


def matches(name: str) -> st.SearchStrategy[Any]:
    values = WRITTEN[name] | st.lists(WRITTEN[name], min_size=1, max_size=3)
    return values | values.map(lambda value: {"not": value})


WHERE = st.fixed_dictionaries({}, optional={name: matches(name) for name in TYPES})
ATTRIBUTES = st.fixed_dictionaries({}, optional=dict(SENT))


def says(written: object, value: Scalar | None) -> bool:
    """GAME-LANGUAGE §4, line by line."""
    if value is None:
        return False
    if isinstance(written, dict):
        return not says(written["not"], value)
    if isinstance(written, list):
        return any(says(one, value) for one in written)
    if isinstance(written, bool) or isinstance(value, bool):
        return written is value
    if isinstance(value, (int, Decimal)) and isinstance(written, str):
        return value in Range.read(written)
    return (
        type(written) in (int, Decimal) and written == value if isinstance(value, (int, Decimal)) else written == value
    )


def compiled(where: Mapping[str, Any]) -> Filter:
    return Filter({name: Match.read(value) for name, value in where.items()}, TYPES)


@given(WHERE, ATTRIBUTES)
def test_a_filter_holds_as_the_language_says(where: dict[str, Any], attributes: dict[str, Scalar]) -> None:
    expected = all(says(match, attributes.get(name)) for name, match in where.items())

    assert compiled(where).holds(attributes) == expected


@given(WHERE, st.dictionaries(st.sampled_from([*TYPES, "other"]), WORDS | NUMBERS | st.booleans()))
def test_a_value_of_another_type_never_raises(where: dict[str, Any], attributes: dict[str, Scalar]) -> None:
    assert compiled(where).holds(attributes) in (True, False)


@given(WHERE)
def test_a_filter_is_written_as_it_was_read(where: dict[str, Any]) -> None:
    for value in where.values():
        assert Match.read(Match.read(value).written()) == Match.read(value)


@pytest.mark.parametrize(
    ("name", "written", "value", "holds"),
    [
        ("count", "10+", True, False),
        ("count", 1, True, False),
        ("count", "1..1", Decimal("1.0"), True),
        ("count", 1, Decimal("1.0"), True),
        ("count", Dec.read("0.10"), Decimal("0.1"), True),
        ("word", Int.read("007"), "007", True),
        ("word", Int.read("007"), "7", False),
        ("word", Dec.read("1.10"), "1.10", True),
        ("word", Dec.read("1.10"), "1.1", False),
        ("word", {"not": ["a", "b"]}, "c", True),
        ("flag", True, 1, False),
        ("flag", False, 0, False),
        ("count", {"not": "5+"}, 4, True),
        ("count", ["..0", 5], 5, True),
    ],
)
def test_odd_values_mean_what_was_written(name: str, written: object, value: Scalar, holds: bool) -> None:
    assert compiled({name: written}).holds({name: value}) is holds


def test_an_absent_attribute_holds_for_nothing() -> None:
    assert not compiled({"word": {"not": "a"}}).holds({})
    assert compiled({}).holds({})


@pytest.mark.parametrize(
    ("kind", "written", "wrong"),
    [
        ("boolean", [True, "yes", 1], ["yes", 1]),
        ("number", [1, "1+", "1", "30d+", "7..3", True], ["1", "30d+", "7..3", True]),
        ("text", ["a", 7, True], [True]),
        ("time", ["2026-12-01", "2026-12-01T18:00:00+01:00", "ayer", 3], ["ayer", 3]),
    ],
)
def test_values_that_an_attribute_can_never_be_are_named(
    kind: AttributeType, written: list[Any], wrong: list[Any]
) -> None:
    assert list(Match.read(written).misfits(kind)) == wrong
