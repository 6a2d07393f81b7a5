"""What parts one version of the game from another: definitions by kind and key, and of the changed ones the words."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from besitos.game.writing import body_of, canonical
from besitos.store.protocol import Keyed, Raw

Rows: TypeAlias = Mapping[Keyed, Raw]
"""A game as it is stored, by kind and key."""


class Unwritten:
    """What stands for a word that is not written at all, which is something else than any value."""

    def __repr__(self) -> str:
        return "UNWRITTEN"


UNWRITTEN = Unwritten()


class Word(NamedTuple):
    """One word of a definition that says something else than before: `pays.besitos`, 2, 3."""

    path: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Difference:
    """What was added, changed and archived, in order of kind and key. Nothing of it all is no difference."""

    added: tuple[Keyed, ...] = ()
    changed: tuple[Keyed, ...] = ()
    archived: tuple[Keyed, ...] = ()
    words: Mapping[Keyed, tuple[Word, ...]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.archived)


def name_of(key: Keyed) -> str:
    """`rule/charla`; a setting goes by the name of its section alone."""
    kind, own = key
    return kind if kind == own else f"{kind}/{own}"


def as_data(found: Difference) -> dict[str, Any]:
    """A difference as JSON has it: names, and of the changed ones the words. What is not written is left out."""
    return {
        "added": [name_of(key) for key in found.added],
        "changed": [name_of(key) for key in found.changed],
        "archived": [name_of(key) for key in found.archived],
        "words": {name_of(key): [_word_as_data(word) for word in words] for key, words in found.words.items()},
    }


def plain(value: Any) -> Any:  # noqa: ANN401 - what stands in a document
    """Numbers and texts as libraries write them: those of the reader remember their digits."""
    match value:
        case dict():
            return {key: plain(inner) for key, inner in value.items()}
        case list():
            return [plain(inner) for inner in value]
        case bool() | None | str():
            return value
        case int():
            return int(value)
        case _:
            return float(value)


def _word_as_data(word: Word) -> dict[str, Any]:
    sides = {"before": word.before, "after": word.after}
    return {"word": word.path, **{side: plain(value) for side, value in sides.items() if value is not UNWRITTEN}}


def difference(before: Rows, after: Rows) -> Difference:
    """What parts two sets of rows. Two that a database spaced differently say the same."""
    both = sorted(key for key in after.keys() & before.keys() if before[key] != after[key])
    words = {key: tuple(_words("", body_of(before[key]), body_of(after[key]))) for key in both}
    return Difference(
        added=tuple(sorted(after.keys() - before.keys())),
        changed=tuple(key for key in both if words[key]),
        archived=tuple(sorted(before.keys() - after.keys())),
        words={key: found for key, found in words.items() if found},
    )


async def differ(before: Rows, after: Rows) -> Difference:
    """The same, found in a thread: a large game takes a while, and others are waiting."""
    return await asyncio.to_thread(difference, before, after)


def same(one: Raw | None, other: Raw | None) -> bool:
    """Whether two rows say the same, however a database spaced them. None is a row that is not there."""
    if one == other or one is None or other is None:
        return one == other
    return canonical(body_of(one)) == canonical(body_of(other))


@dataclass(frozen=True)
class Merged:
    """Two changes of one game put together: the rows, and those that both have changed in different ways."""

    rows: dict[Keyed, Raw]
    conflicts: tuple[Keyed, ...]


def merge(base: Rows, mine: Rows, theirs: Rows) -> Merged:
    """What I have changed since `base` on top of what they have, definition by definition.

    A definition that only one side has changed, or both in the same way, is no conflict. In a conflict theirs stands.
    """
    rows: dict[Keyed, Raw] = {}
    conflicts = []
    for key in sorted(base.keys() | mine.keys() | theirs.keys()):
        old, my, their = base.get(key), mine.get(key), theirs.get(key)
        if not same(my, old) and not same(their, old) and not same(my, their):
            conflicts.append(key)
        taken = their if same(my, old) or key in conflicts else my
        if taken is not None:
            rows[key] = taken
    return Merged(rows, tuple(conflicts))


def _words(path: str, before: object, after: object) -> Iterator[Word]:
    """The words that differ, as deep as both sides have the same form."""
    if isinstance(before, dict) and isinstance(after, dict):
        for word in dict.fromkeys((*before, *after)):
            inner = f"{path}.{word}" if path else word
            yield from _words(inner, before.get(word, UNWRITTEN), after.get(word, UNWRITTEN))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _words(f"{path}.{number}", one, other)
    elif before is UNWRITTEN or after is UNWRITTEN or canonical(before) != canonical(after):
        yield Word(path, before, after)
