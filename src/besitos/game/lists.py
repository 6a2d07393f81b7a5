"""Lists in the language: one value stands for a list of one, and nothing stands twice."""

from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from besitos.game.problem import refuse, shown
from besitos.game.reference import ActivityKind, Names, Reference, SourceName
from besitos.game.units import Key, Limit, Unit


@dataclass(frozen=True, slots=True)
class Many:
    """Marks a tuple that may be written as its only value."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401 - as pydantic has it
        distinct = core_schema.no_info_after_validator_function(_distinct, handler(source))
        return core_schema.no_info_before_validator_function(_listed, distinct)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        made = handler(schema)
        return {"anyOf": [made["items"], made]}


@dataclass(frozen=True, slots=True)
class Distinct:
    """Marks a list in which nothing may stand twice."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401 - as pydantic has it
        return core_schema.no_info_after_validator_function(_distinct, handler(source))


def _listed(value: object) -> object:
    return value if isinstance(value, (list, tuple)) else [value]


def _distinct(values: tuple[object, ...]) -> tuple[object, ...]:
    seen = set()
    for value in values:
        meaning = getattr(value, "meaning", value)
        if meaning in seen:
            refuse("list.twice", found=shown(value.written() if isinstance(value, Unit) else str(value)))
        seen.add(meaning)
    return values


Kinds: TypeAlias = Annotated[tuple[ActivityKind, ...], Field(min_length=1, max_length=20), Many()]
Limits: TypeAlias = Annotated[tuple[Limit, ...], Field(min_length=1, max_length=5), Many()]
Sources: TypeAlias = Annotated[tuple[SourceName, ...], Field(min_length=1, max_length=50), Many()]

Keys: TypeAlias = Annotated[tuple[Key, ...], Field(min_length=1, max_length=50), Distinct()]
BadgeNames: TypeAlias = Annotated[
    tuple[Annotated[Reference, Names("badge")], ...], Field(min_length=1, max_length=50), Distinct()
]
ContentNames: TypeAlias = Annotated[
    tuple[Annotated[Reference, Names("content")], ...], Field(min_length=1, max_length=50), Distinct()
]
ReactionNames: TypeAlias = Annotated[
    tuple[Annotated[Reference, Names("reaction")], ...], Field(min_length=1, max_length=20), Distinct()
]
ChannelNames: TypeAlias = Annotated[
    tuple[Annotated[Reference, Names("channel")], ...], Field(min_length=1, max_length=50), Distinct()
]
