"""The game as the database keeps it: every definition of every version, in SQL that both databases read."""

from datetime import datetime
from typing import NamedTuple

from besitos.store.moments import moment_of
from besitos.store.protocol import GameChange, GameMovedError, Keyed, Query, Raw, Sql, StoreError, UnavailableError


class GameVersion(NamedTuple):
    """One version of the game: who applied it, when and why."""

    version: int
    applied_at: datetime
    author: str
    reason: str


class StoredVersions:
    """The versions in a database."""

    def __init__(self, database: Sql) -> None:
        self._database = database

    async def latest(self) -> int:
        """The number of the game in force, 0 before the first."""
        [[[version]]] = await self._database.read(Query(_LATEST))
        return int(version)

    async def definitions(self, version: int) -> dict[Keyed, Raw]:
        """The rows of the game as of `version`."""
        [rows] = await self._database.read(Query(_DEFINITIONS, {"version": version}))
        return {(kind, key): body for kind, key, body in rows}

    async def apply(self, change: GameChange) -> int:
        """Bring a version into force and say its number. `GameMovedError` if it builds on an old one.

        The number is the key of the table: of two who build on the same version one is refused by it.
        """
        number = change.base + 1
        version = {"version": number, "at": change.applied_at, "author": change.author, "reason": change.reason}
        queries = [Query(_ADD_VERSION, version), Query(_TELL, {**version, "number": number, "body": change.event})]
        for (kind, key), body in change.rows.items():
            named = {"kind": kind, "key": key, "version": number}
            queries.append(Query(_END, named))
            if body is not None:
                queries.append(Query(_ADD, {**named, "body": body}))
        try:
            await self._database.amend(*queries)
        except UnavailableError:
            raise
        except StoreError:
            latest = await self.latest()
            if latest == change.base:
                raise
            raise GameMovedError(latest) from None
        return number


async def version_of(database: Sql, version: int) -> GameVersion | None:
    """This version; None if there is none of that number."""
    [rows] = await database.read(Query(_VERSION, {"version": version}))
    return next((GameVersion(number, moment_of(at), author, reason) for number, at, author, reason in rows), None)


async def kept(database: Sql, name: str, value: str) -> str:
    """What is true of this installation under `name`: from now on `value`, if nothing was kept yet."""
    *_, [[found]] = await database.amend(Query(_KEEP, {"name": name, "value": value}), Query(_KEPT, {"name": name}))
    return str(found)


_LATEST = "SELECT coalesce(max(version), 0) FROM versions"
_DEFINITIONS = """
    SELECT kind, key, body FROM definitions WHERE since <= :version AND (until IS NULL OR until > :version)
"""
_VERSION = "SELECT version, applied_at, author, reason FROM versions WHERE version = :version"
_ADD_VERSION = """
    INSERT INTO versions (version, applied_at, author, reason) VALUES (:version, :at, :author, :reason)
"""
_TELL = """
    INSERT INTO events (position, member_id, member_seq, type, body, activity, game_version, occurred_at, recorded_at)
    VALUES ((SELECT position FROM next_event), 0, :number, 'admin.game_applied', :body, '', :version, :at, :at)
"""
_END = "UPDATE definitions SET until = :version WHERE kind = :kind AND key = :key AND until IS NULL"
_ADD = "INSERT INTO definitions (kind, key, since, body) VALUES (:kind, :key, :version, :body)"
_KEEP = "INSERT INTO deployment (name, value) VALUES (:name, :value) ON CONFLICT DO NOTHING"
_KEPT = "SELECT value FROM deployment WHERE name = :name"
