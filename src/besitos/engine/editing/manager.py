"""The configuration manager: from a document that somebody wrote to the next version in force."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from besitos.core.activity import HOUSE
from besitos.core.clock import Clock
from besitos.core.event import GameApplied
from besitos.engine.codec import to_raw
from besitos.engine.editing.difference import Difference, Rows, differ
from besitos.game.document import Document
from besitos.game.exporting import files_of
from besitos.game.lint import lint
from besitos.game.problem import Problem
from besitos.game.reader import examine_texts
from besitos.game.section import OWN, Section
from besitos.store.protocol import GameChange, GameMovedError, Keyed, Query, Raw, Store


class Applied(NamedTuple):
    """The version in force, and what is new in it. No difference: nothing was written."""

    version: int
    difference: Difference


class Signature(NamedTuple):
    """Who applies a version, and why."""

    author: str
    reason: str = ""


class EditedElsewhereError(Exception):
    """Somebody applied another version first. `difference` is what theirs changed since version `base`."""

    def __init__(self, base: int, version: int, difference: Difference) -> None:
        super().__init__(version)
        self.base = base
        self.version = version
        self.difference = difference


class BrokenGameError(Exception):
    """The document is not in order. `problems` say where and why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(len(problems))
        self.problems = problems


class UnknownVersionError(Exception):
    """There is no version of that number. `latest` is the one in force."""

    def __init__(self, version: int, latest: int) -> None:
        super().__init__(version)
        self.version = version
        self.latest = latest


class NotOursError(Exception):
    """A version has definitions of kinds that this program does not read, and other ones than those in force."""

    def __init__(self, version: int, kinds: Iterable[str]) -> None:
        super().__init__(version)
        self.version = version
        self.kinds = tuple(sorted(set(kinds)))


class Manager:
    """Brings documents into force. All who edit the game go through here."""

    def __init__(self, store: Store, clock: Clock, sections: Iterable[Section]) -> None:
        self._store = store
        self._clock = clock
        self.sections = tuple(sections)
        self._kinds = frozenset(section.kind for section in (*OWN, *self.sections))

    async def read(self, files: Mapping[str, bytes]) -> Document:
        """The document in files that are in memory. `BrokenGameError` if it is not in order."""
        return (await self.examine(files))[0]

    async def examine(self, files: Mapping[str, bytes]) -> tuple[Document, list[Problem]]:
        """The same, and what is in order and worth a look all the same. Read in a thread: a large one takes a while."""
        reading = await asyncio.to_thread(examine_texts, files, self.sections)
        if reading.document is None:
            raise BrokenGameError(reading.problems)
        found = await asyncio.to_thread(lint, reading, self._clock.now())
        return reading.document, [*reading.notes, *found]

    async def latest(self) -> int:
        """The number of the version in force, 0 before the first."""
        return await self._store.versions.latest()

    async def rows(self, version: int) -> dict[Keyed, Raw]:
        """The game as of `version`, as far as this program reads it. `UnknownVersionError` if there is none such."""
        return self.readable(await self._stored(version))

    async def compare(self, document: Document) -> tuple[int, Difference]:
        """The version in force, and what `document` would change in it."""
        version = await self.latest()
        return version, await differ(await self.rows(version), document.rows)

    async def between(self, one: int, other: int) -> Difference:
        """What parts two versions."""
        return await differ(await self.rows(one), await self.rows(other))

    async def must_stand_at(self, base: int) -> None:
        """Raise `EditedElsewhereError` where another version than `base` is in force."""
        if base != (latest := await self.latest()):
            raise EditedElsewhereError(base, latest, await self.between(base, latest))

    async def apply(
        self, document: Document, by: Signature, *, base: int | None = None, along: tuple[Query, ...] = ()
    ) -> Applied:
        """Bring `document` into force as one new version, in one transaction; what disappears is archived.

        `base` is the version it was written on top of, by default the one in force now. `EditedElsewhereError`
        when another is in force by then, unless that one says the same: an apply whose answer was lost may be
        repeated. Rows of kinds that this program does not read stay as they are. What goes `along` is part of the same
        transaction: where there is no difference there is none, and it is left to the caller.
        """
        latest = await self.latest()
        before = latest if base is None else base
        if before > latest:
            raise UnknownVersionError(before, latest)
        found = await differ(await self.rows(before), document.rows)
        if before != latest:
            return await self._already(document, before, latest)
        if not found:
            return Applied(before, found)
        try:
            return Applied(await self._write(document, by, before, found, along), found)
        except GameMovedError as moved:
            return await self._already(document, before, moved.version)

    async def restore(self, version: int) -> Document:
        """The document of an older version, read and checked as if it had been written today.

        `BrokenGameError` or `NotOursError` where this program no longer takes it.
        """
        stored, present = await self._stored(version), await self._stored(await self.latest())
        strange = {key for key in stored.keys() | present.keys() if key[0] not in self._kinds}
        if differing := [kind for kind, key in strange if stored.get((kind, key)) != present.get((kind, key))]:
            raise NotOursError(version, differing)
        return await self.checked(self.readable(stored))

    async def rollback(self, version: int, by: Signature, *, base: int | None = None) -> Applied:
        """Bring an older version into force again, as a new one."""
        return await self.apply(await self.restore(version), by, base=base)

    async def checked(self, rows: Rows) -> Document:
        """The document that these rows are, checked as a whole. Problems are placed in it as it would be written."""
        files = await asyncio.to_thread(files_of, rows, self.sections)
        return await self.read({name: text.encode() for name, text in files.items()})

    def readable(self, rows: Rows) -> dict[Keyed, Raw]:
        """Those rows whose kinds this program reads."""
        return {key: row for key, row in rows.items() if key[0] in self._kinds}

    async def _stored(self, version: int) -> dict[Keyed, Raw]:
        latest = await self.latest()
        if not 0 <= version <= latest:
            raise UnknownVersionError(version, latest)
        return await self._store.versions.definitions(version)

    async def _write(
        self, document: Document, by: Signature, before: int, found: Difference, along: tuple[Query, ...]
    ) -> int:
        rows: dict[Keyed, Raw | None] = {key: document.rows[key] for key in (*found.added, *found.changed)}
        rows |= dict.fromkeys(found.archived)
        now = self._clock.now()
        event = to_raw(GameApplied(member_id=HOUSE, game_version=before + 1, author=by.author))
        await self._store.prepare((), now)
        change = GameChange(before, rows, now, by.author, by.reason, event, along)
        return await self._store.versions.apply(change)

    async def _already(self, document: Document, base: int, latest: int) -> Applied:
        """Another version is in force: all is well if it says the same."""
        theirs = await self.rows(latest)
        if not await differ(theirs, document.rows):
            return Applied(latest, Difference())
        raise EditedElsewhereError(base, latest, await differ(await self.rows(base), theirs))
