"""The configuration manager: from a document that somebody wrote to the next version in force."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from besitos.core.activity import HOUSE
from besitos.core.clock import Clock
from besitos.core.event import GameApplied
from besitos.engine.codec import to_raw
from besitos.game.document import Document
from besitos.game.section import OWN, Section
from besitos.game.writing import body_of, canonical
from besitos.store.protocol import GameChange, GameMovedError, Keyed, Raw, Store


class Difference(NamedTuple):
    """What parts one version from another, by kind and key."""

    added: tuple[Keyed, ...] = ()
    changed: tuple[Keyed, ...] = ()
    archived: tuple[Keyed, ...] = ()

    def __bool__(self) -> bool:
        return any(self)


class Applied(NamedTuple):
    """The version in force, and what is new in it. No difference: nothing was written."""

    version: int
    difference: Difference


class Signature(NamedTuple):
    """Who applies a version, and why."""

    author: str
    reason: str = ""


class EditedElsewhereError(Exception):
    """Somebody applied another version first. `difference` is what theirs changed."""

    def __init__(self, version: int, difference: Difference) -> None:
        super().__init__(version)
        self.version = version
        self.difference = difference


class Manager:
    """Brings documents into force. All who edit the game go through here."""

    def __init__(self, store: Store, clock: Clock, sections: Iterable[Section]) -> None:
        self._store = store
        self._clock = clock
        self._kinds = frozenset(section.kind for section in (*OWN, *sections))

    async def compare(self, document: Document) -> tuple[int, Difference]:
        """The version in force, and what `document` would change in it."""
        version = await self._store.versions.latest()
        return version, difference(self._readable(await self._store.versions.definitions(version)), document.rows)

    async def apply(self, document: Document, by: Signature, *, base: int | None = None) -> Applied:
        """Bring `document` into force as one new version, in one transaction; what disappears is archived.

        `base` is the version it was written on top of, by default the one in force now. `EditedElsewhereError`
        when another is in force by then. Rows of kinds that this program does not read stay as they are.
        """
        before = await self._store.versions.latest() if base is None else base
        stored = self._readable(await self._store.versions.definitions(before))
        found = difference(stored, document.rows)
        if not found and await self._store.versions.latest() == before:
            return Applied(before, found)
        rows: dict[Keyed, Raw | None] = {key: document.rows[key] for key in (*found.added, *found.changed)}
        rows |= dict.fromkeys(found.archived)
        now = self._clock.now()
        event = to_raw(GameApplied(member_id=HOUSE, game_version=before + 1, author=by.author))
        await self._store.prepare((), now)
        try:
            version = await self._store.versions.apply(GameChange(before, rows, now, by.author, by.reason, event))
        except GameMovedError as moved:
            theirs = self._readable(await self._store.versions.definitions(moved.version))
            raise EditedElsewhereError(moved.version, difference(stored, theirs)) from moved
        return Applied(version, found)

    def _readable(self, rows: Mapping[Keyed, Raw]) -> dict[Keyed, Raw]:
        return {key: row for key, row in rows.items() if key[0] in self._kinds}


def difference(before: Mapping[Keyed, Raw], after: Mapping[Keyed, Raw]) -> Difference:
    """What was added, changed and archived between two sets of rows, in order of kind and key."""
    return Difference(
        tuple(sorted(after.keys() - before.keys())),
        tuple(sorted(key for key in after.keys() & before.keys() if not _same(before[key], after[key]))),
        tuple(sorted(before.keys() - after.keys())),
    )


def _same(one: Raw, other: Raw) -> bool:
    """Whether two rows say the same, however a database spaced them."""
    return one == other or canonical(body_of(one)) == canonical(body_of(other))
