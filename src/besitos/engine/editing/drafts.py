"""Drafts: documents under a name that are not in force, applied when somebody says so or when their moment comes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from besitos.core.clock import Clock
from besitos.engine.editing.difference import Difference, Merged, differ, merge
from besitos.engine.editing.manager import Applied, BrokenGameError, EditedElsewhereError, Manager, Signature
from besitos.game.document import Document
from besitos.game.problem import Problem
from besitos.store import drafts
from besitos.store.drafts import Draft, DraftState
from besitos.store.protocol import Database, Keyed, TransientError, UnavailableError

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")

MOVED, BROKEN = "game.moved", "game.broken"
"""Why a draft was not applied when its moment came."""


NOTHING = Difference()


class UnknownDraftError(Exception):
    """There is no draft of that name."""


class DraftNameError(Exception):
    """That is no name for a draft."""


class ScheduledError(Exception):
    """The draft is to be applied at a moment to come: cancel that first."""


class PastMomentError(Exception):
    """A draft cannot be applied at a moment that has gone by."""


class ConflictsError(Exception):
    """A draft and the version in force have changed the same definitions in different ways."""

    def __init__(self, version: int, conflicts: tuple[Keyed, ...]) -> None:
        super().__init__(version)
        self.version = version
        self.conflicts = conflicts


@dataclass(frozen=True)
class Plan:
    """What applying a draft would do to `version`, which is in force.

    `theirs` is what others have changed since the draft's `base`; where there is any, the draft is put on top of it,
    and `conflicts` are what both have changed.
    """

    version: int
    base: int
    difference: Difference
    theirs: Difference = NOTHING
    conflicts: tuple[Keyed, ...] = ()
    findings: tuple[Problem, ...] = ()


class Drafts:
    """The drafts of a house."""

    def __init__(self, store: Database, clock: Clock, manager: Manager) -> None:
        self._store = store
        self._clock = clock
        self._manager = manager

    async def all(self) -> list[Draft]:
        """Every draft, by name, without its files."""
        return await drafts.all_drafts(self._store)

    async def find(self, name: str) -> Draft:
        """The draft of this name."""
        found = await drafts.find(self._store, name)
        if found is None:
            raise UnknownDraftError(name)
        return found

    async def save(self, name: str, files: Mapping[str, str], by: Signature, *, base: int | None = None) -> Draft:
        """Keep a document, in order or not, under a name.

        A draft that is saved again stays on the version that it was begun on, unless `base` names another.
        """
        if not NAME.fullmatch(name):
            raise DraftNameError(name)
        known = await drafts.find(self._store, name)
        if known is not None and known.state is DraftState.SCHEDULED:
            raise ScheduledError(name)
        if base is None:
            is_begun = known is not None and known.state is not DraftState.APPLIED
            base = known.base if known is not None and is_begun else await self._manager.latest()
        draft = Draft(name, base, _packed(files), by.author, by.reason, self._clock.now())
        await self._store.amend(drafts.keeping(draft))
        return draft

    async def document(self, draft: Draft) -> Document:
        """What the draft says. `BrokenGameError` if it is not in order."""
        return await self._manager.read(_bytes(draft))

    async def plan(self, name: str) -> Plan:
        """What applying it would do now."""
        draft = await self.find(name)
        document, findings = await self._manager.examine(_bytes(draft))
        version = await self._manager.latest()
        present = await self._manager.rows(version)
        if draft.base == version:
            return Plan(version, draft.base, await differ(present, document.rows), findings=tuple(findings))
        merged = await self._merged(draft, document, version)
        theirs = await self._manager.between(draft.base, version)
        found = await differ(present, merged.rows)
        return Plan(version, draft.base, found, theirs, merged.conflicts, tuple(findings))

    async def apply(self, name: str, by: Signature, *, rebase: bool = False) -> Applied:
        """Bring a draft into force. `EditedElsewhereError` if its base is no longer the version in force.

        With `rebase` what others have changed meanwhile stays, and `ConflictsError` names what both have changed.
        """
        draft = await self.find(name)
        document, base = await self.document(draft), draft.base
        if rebase:
            base = await self._manager.latest()
            merged = await self._merged(draft, document, base)
            if merged.conflicts:
                raise ConflictsError(base, merged.conflicts)
            document = await self._manager.checked(merged.rows)
        by = by._replace(reason=by.reason or draft.reason)
        return await self._bring_into_force(draft, document, by, base)

    async def schedule(self, name: str, at: datetime, by: Signature) -> Draft:
        """Let a draft, which must be in order, be applied at a moment to come."""
        draft = await self.find(name)
        await self.document(draft)
        await self._manager.must_stand_at(draft.base)
        return await self._turn(draft, self._scheduled(draft, at, by))

    async def add_scheduled(
        self, files: Mapping[str, str], at: datetime, by: Signature, *, base: int | None = None
    ) -> Draft:
        """Keep a document, which must be in order, under a name of its own, to be applied at a moment to come."""
        await self._manager.read({name: text.encode() for name, text in files.items()})
        base = await self._manager.latest() if base is None else base
        await self._manager.must_stand_at(base)
        stem = f"{at.astimezone(UTC):%Y-%m-%d-%H%M}"
        for number in range(1, 1_000):
            name = stem if number == 1 else f"{stem}-{number}"
            draft = self._scheduled(Draft(name, base, _packed(files), "", "", self._clock.now()), at, by)
            if await drafts.find(self._store, name) is None:
                await self._store.amend(drafts.adding(draft))
                return draft
        raise DraftNameError(stem)

    async def cancel(self, name: str) -> Draft:
        """Let a draft that was to be applied at a moment be an ordinary one again."""
        draft = await self.find(name)
        if draft.state is not DraftState.SCHEDULED:
            return draft
        return await self._turn(draft, draft._replace(state=DraftState.OPEN, publish_at=None))

    async def delete(self, name: str) -> Draft:
        """Forget a draft."""
        draft = await self.find(name)
        await self._store.amend(drafts.dropping(draft))
        return draft

    async def publish_due(self) -> list[Draft]:
        """Apply what is due, each once however many processes try, and say what became of it."""
        names = await drafts.due(self._store, self._clock.now())
        return [done for name in names if (done := await self._publish(name)) is not None]

    async def next_due(self) -> datetime | None:
        """When the next one is to be applied."""
        return await drafts.next_due(self._store)

    async def _publish(self, name: str) -> Draft | None:
        draft = await drafts.find(self._store, name)
        if draft is None or draft.state is not DraftState.SCHEDULED:
            return None
        try:
            await self._apply_or_refuse(draft)
        except UnavailableError:
            raise
        except TransientError:
            return None  # another process was first, or somebody changed it this moment: there is a next time
        return await drafts.find(self._store, name)

    async def _apply_or_refuse(self, draft: Draft) -> None:
        by = Signature(draft.author, draft.reason)
        try:
            document = await self.document(draft)
            await self._bring_into_force(draft, document, by, draft.base)
        except EditedElsewhereError:
            await self._turn(draft, draft._replace(state=DraftState.REFUSED, refused=MOVED))
        except BrokenGameError:
            await self._turn(draft, draft._replace(state=DraftState.REFUSED, refused=BROKEN))

    async def _bring_into_force(self, draft: Draft, document: Document, by: Signature, base: int) -> Applied:
        """Apply it, and take note that it was: in the same transaction, where there is one."""
        note = drafts.applying(draft)
        applied = await self._manager.apply(document, by, base=base, along=(note,))
        if not applied.difference:
            await self._store.amend(note)
        return applied

    async def _merged(self, draft: Draft, document: Document, version: int) -> Merged:
        base, theirs = await self._manager.rows(draft.base), await self._manager.rows(version)
        return merge(base, document.rows, theirs)

    async def _turn(self, draft: Draft, into: Draft) -> Draft:
        await self._store.amend(drafts.turning(draft, into))
        return into

    def _scheduled(self, draft: Draft, at: datetime, by: Signature) -> Draft:
        if at <= self._clock.now():
            raise PastMomentError(at)
        reason = by.reason or draft.reason
        return draft._replace(
            state=DraftState.SCHEDULED, publish_at=at, author=by.author, reason=reason, refused=None, version=None
        )


def files_of(draft: Draft) -> dict[str, str]:
    """The files of a draft, by name."""
    return msgspec.json.decode(draft.files, type=dict[str, str])


def _bytes(draft: Draft) -> dict[str, bytes]:
    return {name: text.encode() for name, text in files_of(draft).items()}


def _packed(files: Mapping[str, str]) -> str:
    return msgspec.json.encode(dict(files)).decode()
