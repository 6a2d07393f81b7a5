"""What is wrong in a game document: codes and values.

No sentence stands here: whoever shows a problem puts it into words, in the reader's language.
"""

import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import LiteralString, NoReturn, TypeAlias

from pydantic_core import PydanticCustomError

from besitos.game.written import raw

Value: TypeAlias = str | int | tuple[str, ...] | Mapping[str, str]
"""What fills a hole in a text; a map has the operator's own words, by language.

`nearest` is a word that may have been meant: "; did you mean …?", or nothing. `made` is the path of a definition
that stands in no file, because an experience makes it, and `made_at` the line of the template.
"""

Path: TypeAlias = tuple[str, ...]
"""The way to a value through sections, keys, words and numbers of a list: `("rules", "chat", "limit", "0")`."""

SHOWN = 60
"""How much of what was found stands in a problem, in characters."""

MOST_PROBLEMS = 1_000
"""More than these are not told one by one: nobody reads them, and a hostile file is full of them."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands, as editors count: lines and columns from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right: where, what (a stable code), and the values of its sentence."""

    place: Place
    path: str
    code: str
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Near:
    """A word that is not known, and those that are."""

    word: str
    words: Collection[str]


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem that a check found in a definition; its path begins inside the definition.

    It is shown at the value, or at the key where `at_key` says that the word itself is out of place. Whether
    one of the words `near` to it was meant is looked up when the problem is told.
    """

    path: Path
    code: str
    values: Mapping[str, Value] = field(default_factory=dict)
    at_key: bool = False
    near: Near | None = None


def refuse(code: LiteralString, **values: Value) -> NoReturn:
    """What a unit does with a value that it cannot read: an error of pydantic's that carries our own code."""
    raise PydanticCustomError(code, code, values)


def shown(value: object) -> str:
    """What was found, as it was written, short and on one line."""
    if isinstance(value, dict):
        return "{…}"
    if isinstance(value, (list, tuple)):
        return "[…]"
    text = raw(value)
    short = text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
    return short if short.isprintable() else "".join(c if c.isprintable() else " " for c in short)


def nearest(near: Near) -> str:
    """The one of the words that was probably meant, or nothing."""
    return next(iter(difflib.get_close_matches(near.word.lower(), near.words, n=1, cutoff=0.6)), "")
