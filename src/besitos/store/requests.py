"""Acts without a member, remembered by their key with the answer that a repetition gets."""

from datetime import datetime
from typing import NamedTuple

from besitos.store.protocol import Query, Raw, Sql, StoreError, UnavailableError


class Answered(NamedTuple):
    """One act: what was asked, by whom, and what was answered."""

    key: str
    content: Raw
    status: int
    body: Raw
    actor: str


async def find(store: Sql, key: str) -> Answered | None:
    """What was answered under this key."""
    [rows] = await store.read(Query(_FIND, {"key": key}))
    return Answered(*rows[0]) if rows else None


async def remember(store: Sql, answered: Answered, at: datetime, *effects: Query) -> Answered:
    """Write the answer and its effects, the answer first: who brings the same key meanwhile waits for it.

    The answer that holds: this one, or that of a rival who was first, whose effects stand instead.
    """
    try:
        await store.amend(Query(_ADD, {**answered._asdict(), "at": at}), *effects)
    except UnavailableError:
        raise
    except StoreError:
        known = await find(store, answered.key)
        if known is None:
            raise
        return known
    return answered


_FIND = "SELECT key, content, status, body, actor FROM requests WHERE key = :key"
_ADD = """
    INSERT INTO requests (key, content, status, body, actor, recorded_at)
    VALUES (:key, :content, :status, :body, :actor, :at)
"""
