"""Versions of the game: who applied one, when and why."""

from besitos.store.moments import moment_of
from besitos.store.protocol import GameVersion, Query, Store


async def version_of(store: Store, version: int) -> GameVersion | None:
    """This version; None if there is none of that number."""
    [rows] = await store.read(Query(_VERSION, {"version": version}))
    if not rows:
        return None
    [(number, applied_at, author, reason)] = rows
    return GameVersion(number, moment_of(applied_at), author, reason)


_VERSION = "SELECT version, applied_at, author, reason FROM versions WHERE version = :version"
