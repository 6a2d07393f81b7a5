"""`where`: what the attributes of an activity must be. Written once, compiled to a few comparisons."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Self, TypeAlias

from pydantic import BeforeValidator, Field, GetCoreSchemaHandler, WithJsonSchema
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from besitos.core.activity import Scalar
from besitos.game.catalogue import AttributeType
from besitos.game.problem import refuse
from besitos.game.units import KEY, Range, Unit, matching
from besitos.game.written import Dec, Int, raw

Test: TypeAlias = Callable[[Scalar], bool]

MOST_VALUES = 100
NUMBER_FORM = re.compile(r"0|-?[1-9][0-9]*|-?(?:0|[1-9][0-9]*)\.[0-9]+")


@dataclass(frozen=True, slots=True)
class Match(Unit):
    """One entry of `where`: a value, a list, a range, or `{not: …}`. What it means the attribute's type says."""

    SHAPE: ClassVar[Mapping[str, Any]] = {
        "anyOf": [
            {"type": ["string", "number", "boolean"]},
            {
                "type": "array",
                "items": {"type": ["string", "number", "boolean"]},
                "minItems": 1,
                "maxItems": MOST_VALUES,
            },
            {"type": "object", "required": ["not"], "properties": {"not": {}}, "additionalProperties": False},
        ]
    }

    values: tuple[Scalar, ...]
    is_list: bool = False
    is_negated: bool = False

    @classmethod
    def read(cls, value: object) -> Self:
        """What was written; whether it fits the attribute is checked when the attribute is known."""
        negated = isinstance(value, dict)
        if isinstance(value, dict):
            if set(value) != {"not"}:
                refuse("where.no_filter")
            value = value["not"]
        listed = value if isinstance(value, list) else [value]
        if not 1 <= len(listed) <= MOST_VALUES:
            refuse("where.values", found=len(listed), most=MOST_VALUES)
        plain = tuple(_plain(each) for each in listed if isinstance(each, (str, int, Decimal)))
        if len(plain) < len(listed):
            refuse("where.no_filter")
        return cls(plain, isinstance(value, list), negated)

    def written(self) -> object:
        """As it was written."""
        value = list(self.values) if self.is_list else self.values[0]
        return {"not": value} if self.is_negated else value

    def misfits(self, kind: AttributeType) -> Iterator[Scalar]:
        """The values that an attribute of this type can never be."""
        return (value for value in self.values if not _fits(value, kind))

    def compiled(self, kind: AttributeType) -> Test:
        """The test that an attribute of this type must pass."""
        test = _COMPILERS[kind](self.values)
        if not self.is_negated:
            return test
        return lambda value: not test(value)


AttributeName: TypeAlias = Annotated[
    str,
    BeforeValidator(matching(rf"{KEY}(?:\.{KEY})?", "attribute.wrong")),
    WithJsonSchema({"type": "string", "pattern": rf"^{KEY}(\.{KEY})?$"}),
]


class Where(dict[str, Match]):
    """Attribute → what it must be. All must hold. Treat it as frozen."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        shape: Any = Annotated[dict[AttributeName, Match], Field(max_length=10)]
        return core_schema.no_info_after_validator_function(cls, handler.generate_schema(shape))


class Filter:
    """A `where` whose attributes are known. An absent attribute holds for nothing."""

    __slots__ = ("_tests",)

    def __init__(self, where: Mapping[str, Match], types: Mapping[str, AttributeType]) -> None:
        self._tests = tuple((name, match.compiled(types[name])) for name, match in where.items())

    def holds(self, attributes: Mapping[str, Scalar]) -> bool:
        """Whether an activity with these attributes is meant."""
        for name, test in self._tests:
            value = attributes.get(name)
            if value is None or not test(value):
                return False
        return True


def _plain(value: Scalar) -> Scalar:
    """A number as it is, unless no number is written that way: `007` can only be a text."""
    return raw(value) if isinstance(value, (Int, Dec)) and not is_number(value) else value


def _fits(value: Scalar, kind: AttributeType) -> bool:
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "number":
        return not isinstance(value, bool) and (
            _range(value) is not None if isinstance(value, str) else is_number(value)
        )
    if kind == "time":
        return isinstance(value, str) and _is_time(value)
    return not isinstance(value, bool)


def is_number(value: Scalar) -> bool:
    """Whether it is written as numbers are: `7` and `-0.50`, not `007`."""
    return NUMBER_FORM.fullmatch(raw(value)) is not None


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _range(text: str) -> Range | None:
    try:
        made = Range.read(text)
    except PydanticCustomError:
        return None
    return None if made.is_of_time else made


def _text_test(values: tuple[Scalar, ...]) -> Test:
    words = frozenset(raw(value) for value in values)
    if len(words) > 1:
        return lambda value: value in words
    word = next(iter(words))
    return lambda value: value == word


def _boolean_test(values: tuple[Scalar, ...]) -> Test:
    wanted = frozenset(values)
    return lambda value: isinstance(value, bool) and value in wanted


def _number_test(values: tuple[Scalar, ...]) -> Test:
    """A number is never `true`, though Python counts it as 1; a text is in no range."""
    exact = frozenset(value for value in values if not isinstance(value, str))
    ranges = tuple(made for value in values if isinstance(value, str) and (made := _range(value)) is not None)
    if not ranges:
        return lambda value: not isinstance(value, (bool, str)) and value in exact
    if len(ranges) == 1 and not exact:
        return _range_test(ranges[0])
    return lambda value: not isinstance(value, (bool, str)) and (value in exact or any(value in r for r in ranges))


def _range_test(wanted: Range) -> Test:
    low, high = wanted.low, wanted.high
    if high is None and low is not None:
        return lambda value: not isinstance(value, (bool, str)) and value >= low
    return lambda value: not isinstance(value, (bool, str)) and value in wanted


_COMPILERS: Mapping[AttributeType, Callable[[tuple[Scalar, ...]], Test]] = {
    "text": _text_test,
    "time": _text_test,
    "boolean": _boolean_test,
    "number": _number_test,
}
