"""Holes in templates: `{field}` in a body or a key, and what comes of them when a form fills them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from besitos.game.text import Text
from besitos.game.written import raw

EACH = "each"
ONLY_WHEN = "only_when"
KEY_HOLE = "key"
NUMBER_HOLE = "n"
PER_VALUE = 24
"""What a value costs besides its letters, of what may be made in all."""

_PIECES = re.compile(r"(\{\{)|(\}\})|\{([^{}]*)\}|(\{)")
_LANGUAGE = re.compile("[a-z]{2}")


class Hole(NamedTuple):
    """`{word}`; a brace that nothing closes has no word."""

    word: str


Piece: TypeAlias = str | Hole


class KeyTwiceError(Exception):
    """Filled in, two words of one map are the same."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class TooMuchError(Exception):
    """All that is made is more than a game may hold."""


@lru_cache(maxsize=4_096)
def pieces(text: str) -> tuple[Piece, ...]:
    """A string as words and holes; `{{` is a brace, and so is `}}`."""
    found: list[Piece] = []
    end = 0
    for match in _PIECES.finditer(text):
        found.append(text[end : match.start()])
        is_brace = match[1] is not None or match[2] is not None
        found.append(match[0][0] if is_brace else Hole(match[3] or ""))
        end = match.end()
    found.append(text[end:])
    return tuple(piece for piece in found if piece != "")


def holes(text: str) -> Iterator[Hole]:
    """The holes of a string."""
    return (piece for piece in pieces(text) if isinstance(piece, Hole))


def only_hole(text: str) -> Hole | None:
    """The hole, if the string is nothing else."""
    found = pieces(text)
    return found[0] if len(found) == 1 and isinstance(found[0], Hole) else None


def is_in_languages(value: Mapping[str, Any]) -> bool:
    """Whether a map has a string for each language, so that each line of it is filled in its own."""
    return all(_LANGUAGE.fullmatch(word) and isinstance(line, str) for word, line in value.items())


@dataclass(frozen=True, slots=True)
class Scope:
    """What fills the holes in one place: word → value. The texts of a form are `Text`, all else is plain."""

    values: Mapping[str, Any]
    language: str

    def rows(self, name: str) -> Iterator["Scope"]:
        """One scope for each row of a list: its columns, and its number from 1."""
        for number, row in enumerate(self.values[name], 1):
            columns = {f"{EACH}.{column}": value for column, value in row.items()}
            yield replace(self, values={**self.values, NUMBER_HOLE: number, **columns})

    def words(self, piece: Piece, line: str = "") -> str:
        """What stands in a string for a piece of it, in the language of its line; else in that of the game."""
        if isinstance(piece, str):
            return piece
        value = self.values[piece.word]
        return value.in_language(line, self.language) if isinstance(value, Text) else raw(value)

    def key(self, text: str) -> str:
        """A key with its holes filled."""
        return "".join(map(self.words, pieces(text)))


def repeated(row: object) -> tuple[object, str | None]:
    """A row of a list without its `each`, and the list for whose rows it stands."""
    if not isinstance(row, dict) or EACH not in row:
        return row, None
    return {word: value for word, value in row.items() if word != EACH}, row[EACH]


class Filling:
    """Fills holes until so much has been made: a small file can ask for more than any machine holds."""

    def __init__(self, most: int) -> None:
        self.left = most

    def fill(self, value: Any, scope: Scope, line: str = "") -> Any:  # noqa: ANN401 - any plain value
        """A value with its holes filled."""
        match value:
            case dict():
                return self._map(value, scope)
            case list():
                return [made for row in value for made in self._rows(row, scope)]
            case str():
                return self._string(value, scope, line)
        return self.copy(value)

    def words(self, text: str, scope: Scope, line: str = "") -> str:
        """A string with its holes filled, as words."""
        made = []
        for piece in pieces(text):
            made.append(scope.words(piece, line))
            self.spend(len(made[-1]))
        return "".join(made)

    def copy(self, value: Any) -> Any:  # noqa: ANN401 - any plain value
        """A value of the form, as it is put where it is all there is."""
        match value:
            case Text():
                return self.copy(value.written())
            case dict():
                return {self.copy(key): self.copy(inner) for key, inner in value.items()}
            case list():
                return [self.copy(inner) for inner in value]
            case str():
                self.spend(len(value))
            case _:
                self.spend(0)
        return value

    def spend(self, letters: int) -> None:
        """Count what is made, and stop when it is too much."""
        self.left -= PER_VALUE + letters
        if self.left < 0:
            raise TooMuchError

    def _map(self, value: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
        self.spend(0)
        in_languages = is_in_languages(value)
        made: dict[str, Any] = {}
        for word, inner in value.items():
            key = self.words(word, scope)
            if key in made:
                raise KeyTwiceError(key)
            made[key] = self.fill(inner, scope, key if in_languages else "")
        return made

    def _rows(self, row: Any, scope: Scope) -> Iterator[Any]:  # noqa: ANN401 - any plain value
        pattern, name = repeated(row)
        return (self.fill(pattern, inner) for inner in (scope.rows(name) if name is not None else (scope,)))

    def _string(self, text: str, scope: Scope, line: str) -> Any:  # noqa: ANN401 - a hole may hold anything
        hole = only_hole(text)
        if hole is None or (line and isinstance(scope.values[hole.word], Text)):
            return self.words(text, scope, line)
        return self.copy(scope.values[hole.word])
