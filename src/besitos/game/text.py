"""Texts that people see: one string for everybody, or one for each language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Self, TypeAlias

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from besitos.game.problem import refuse, shown
from besitos.game.units import Unit
from besitos.game.written import raw

EVERY = "*"
"""The language of a text that was written once, for all."""


class Text(Unit, dict[str, str]):
    """Language → words; `*` for a single string, which is shown in every language. Treat it as frozen."""

    __slots__ = ()
    SHAPE: ClassVar[Mapping[str, Any]] = {
        "anyOf": [
            {"type": "string"},
            {
                "type": "object",
                "propertyNames": {"pattern": "^[a-z]{2}$"},
                "additionalProperties": {"type": "string"},
                "minProperties": 1,
            },
        ]
    }

    @classmethod
    def read(cls, value: object) -> Self:
        """The text that was written. Numbers are the digits that were written, never `true` or `false`."""
        if not isinstance(value, dict):
            return cls({EVERY: _words(value)})
        if not value:
            refuse("text.empty")
        for language in value:
            if not re.fullmatch("[a-z]{2}", language):
                refuse("text.no_language", found=shown(language))
        return cls({language: _words(words) for language, words in value.items()})

    def in_language(self, *languages: str) -> str:
        """The words in the first of these languages that it has; the game's own is always there."""
        for language in (EVERY, *languages):
            if language in self:
                return self[language]
        return next(iter(self.values()))

    def written(self) -> object:
        """A single string where it was one."""
        return self[EVERY] if EVERY in self else dict(self)


@dataclass(frozen=True, slots=True)
class AtMost:
    """Marks how many characters fit, in each language."""

    most: int

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        single, table = handler(schema)["anyOf"]
        words = {**single, "maxLength": self.most}
        return {"anyOf": [words, {**table, "additionalProperties": words}]}

    def _check(self, text: Text) -> Text:
        for words in text.values():
            if len(words) > self.most:
                refuse("text.too_long", length=len(words), most=self.most)
        return text


def _words(value: object) -> str:
    if isinstance(value, bool):
        refuse("text.boolean")
    if not isinstance(value, (str, int, Decimal)):
        refuse("text.wrong", found=shown(value))
    words = raw(value)
    if not words.strip():
        refuse("text.empty")
    return words


Name: TypeAlias = Annotated[Text, AtMost(60)]
Line: TypeAlias = Annotated[Text, AtMost(300)]
Body: TypeAlias = Annotated[Text, AtMost(4_096)]
