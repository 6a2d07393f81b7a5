"""Names of other things of the game. The check of the whole game looks each of them up."""

from dataclasses import dataclass
from typing import Annotated, LiteralString, TypeAlias

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from besitos.game.units import KEY, matching

DOTTED = rf"{KEY}(?:\.{KEY})+"


class Reference(str):
    """A name that must exist; `kind` says of what."""

    __slots__ = ("kind",)
    kind: str


def reference(kind: str, name: str) -> Reference:
    """The name of something of this kind."""
    made = Reference(name)
    made.kind = kind
    return made


@dataclass(frozen=True, slots=True)
class Names:
    """Marks a string as the name of something of this kind."""

    kind: str
    pattern: str = KEY
    code: LiteralString = "key.wrong"

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        read = matching(self.pattern, self.code)

        def refer(value: object) -> Reference:
            return reference(self.kind, read(value))

        writer = core_schema.plain_serializer_function_ser_schema(str)
        return core_schema.no_info_plain_validator_function(refer, serialization=writer)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "pattern": f"^{self.pattern}$"}


ActivityKind: TypeAlias = Annotated[Reference, Names("activity", DOTTED, "kind.wrong")]
SourceName: TypeAlias = Annotated[Reference, Names("source")]
"""What payments are booked under: the source of a rule, the name of a mechanic, or `all`."""
