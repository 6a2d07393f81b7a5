"""Drafts as the database keeps them: documents that are not in force, by name."""

from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from besitos.store.moments import moment_of
from besitos.store.protocol import Query, Raw, Sql


class DraftState(StrEnum):
    """What becomes of a draft."""

    OPEN = "open"
    SCHEDULED = "scheduled"
    APPLIED = "applied"
    REFUSED = "refused"


class Draft(NamedTuple):
    """A document under a name, and the version that it was written on.

    `files` is name → text, as JSON. A scheduled one has the moment at which it is applied; an applied one the
    version that it became; one that was refused then has the code of the reason, and the version in force at the time.
    """

    name: str
    base: int
    files: Raw
    author: str
    reason: str
    saved_at: datetime
    state: DraftState = DraftState.OPEN
    publish_at: datetime | None = None
    version: int | None = None
    refused: str | None = None


async def find(store: Sql, name: str) -> Draft | None:
    """The draft of this name."""
    [rows] = await store.read(Query(f"{_SELECT} WHERE name = :name", {"name": name}))
    return _draft(rows[0]) if rows else None


async def all_drafts(store: Sql) -> list[Draft]:
    """Every draft, by name, without its files."""
    [rows] = await store.read(Query(_LIST))
    return [_draft(row) for row in rows]


async def due(store: Sql, now: datetime) -> list[str]:
    """The names of those that are to be applied by `now`, the longest due first."""
    [rows] = await store.read(Query(_DUE, {"now": now}))
    return [name for (name,) in rows]


async def next_due(store: Sql) -> datetime | None:
    """When the next one is to be applied."""
    [[[at]]] = await store.read(Query(_NEXT))
    return None if at is None else moment_of(at)


def keeping(draft: Draft) -> Query:
    """The act of saving a draft, in the place of the one of that name."""
    return Query(_KEEP, draft._asdict())


def adding(draft: Draft) -> Query:
    """The act of saving a draft under a name that nobody has."""
    return Query(_ADD, draft._asdict(), must_find=True)


def turning(draft: Draft, into: Draft) -> Query:
    """The act of changing what becomes of a draft, if it is still as it was looked at."""
    was = {"was_state": draft.state, "was_saved_at": draft.saved_at}
    return Query(_TURN, {**into._asdict(), **was}, must_find=True)


def applying(draft: Draft) -> Query:
    """The act of marking a draft as the version that is written with it, if it is still as it was looked at."""
    was = {"name": draft.name, "was_state": draft.state, "was_saved_at": draft.saved_at}
    return Query(_APPLIED, was, must_find=True)


def dropping(draft: Draft) -> Query:
    """The act of forgetting a draft, if it is still as it was looked at."""
    was = {"name": draft.name, "was_state": draft.state, "was_saved_at": draft.saved_at}
    return Query(_DROP, was, must_find=True)


def _draft(row: Any) -> Draft:  # noqa: ANN401 - a row of a driver's
    name, base, files, author, reason, saved_at, state, publish_at, *rest = row
    at = None if publish_at is None else moment_of(publish_at)
    return Draft(name, base, files, author, reason, moment_of(saved_at), DraftState(state), at, *rest)


_SELECT = """
    SELECT name, base, files, author, reason, saved_at, state, publish_at, version, refused FROM drafts
"""
_LIST = """
    SELECT name, base, '{}', author, reason, saved_at, state, publish_at, version, refused FROM drafts ORDER BY name
"""
_DUE = "SELECT name FROM drafts WHERE state = 'scheduled' AND publish_at <= :now ORDER BY publish_at, name"
_NEXT = "SELECT min(publish_at) FROM drafts WHERE state = 'scheduled'"
_INSERT = """
    INSERT INTO drafts (name, base, files, author, reason, saved_at, state, publish_at, version, refused)
    VALUES (:name, :base, :files, :author, :reason, :saved_at, :state, :publish_at, :version, :refused)
"""
_ADD = f"{_INSERT} ON CONFLICT DO NOTHING RETURNING name"
_KEEP = f"""{_INSERT} ON CONFLICT (name) DO UPDATE SET
    base = excluded.base, files = excluded.files, author = excluded.author, reason = excluded.reason,
    saved_at = excluded.saved_at, state = excluded.state, publish_at = excluded.publish_at,
    version = excluded.version, refused = excluded.refused
"""
_TURN = """
    UPDATE drafts SET author = :author, reason = :reason, state = :state, publish_at = :publish_at, refused = :refused
    WHERE name = :name AND state = :was_state AND saved_at = :was_saved_at RETURNING name
"""
_APPLIED = """
    UPDATE drafts SET state = 'applied', refused = NULL, version = (SELECT max(version) FROM versions)
    WHERE name = :name AND state = :was_state AND saved_at = :was_saved_at RETURNING name
"""
_DROP = "DELETE FROM drafts WHERE name = :name AND state = :was_state AND saved_at = :was_saved_at RETURNING name"
