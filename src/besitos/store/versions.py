"""The game as the database keeps it: every definition of every version, in SQL that both databases read."""

import asyncio
import json
from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from besitos.store.moments import moment_of
from besitos.store.protocol import GameChange, GameMovedError, Keyed, Query, Raw, Sql, StoreError, UnavailableError
from besitos.store.rows import as_rows


class GameVersion(NamedTuple):
    """One version of the game: who applied it, when and why."""

    version: int
    applied_at: datetime
    author: str
    reason: str


class Recorded(NamedTuple):
    """A version in the history, with how many definitions it added, changed and archived."""

    version: int
    applied_at: datetime
    author: str
    reason: str
    added: int
    changed: int
    archived: int


class StoredVersions:
    """The versions in a database. `settle` is a statement that waits for every batch that is under way."""

    def __init__(self, database: Sql, settle: str = "SELECT 1") -> None:
        self._database = database
        self._settle = settle

    async def settle(self) -> None:
        """Wait until whatever was decided under an older version is committed."""
        await self._database.amend(Query(self._settle))

    async def latest(self) -> int:
        """The number of the game in force, 0 before the first."""
        [[[version]]] = await self._database.read(Query(_LATEST))
        return int(version)

    async def definitions(self, version: int) -> dict[Keyed, Raw]:
        """The rows of the game as of `version`."""
        [rows] = await self._database.read(Query(_DEFINITIONS, {"version": version}))
        return {(kind, key): body for kind, key, body in rows}

    async def editions(self, kinds: Collection[str]) -> list[tuple[Keyed, int, Raw]]:
        """What definitions of these kinds said in any version: kind and key, since which version, in order, the row."""
        asked = as_rows(f"[{json.dumps(kind)}]" for kind in kinds)
        [rows] = await self._database.read(Query(_EDITIONS, {"kinds": asked}))
        return [((kind, key), since, body) for kind, key, since, body in rows]

    async def apply(self, change: GameChange) -> int:
        """Bring a version into force and say its number. `GameMovedError` if it builds on another than the last.

        The number is the key of the table: of two who build on the same version one is refused by it. However many
        the rows are, the statements are these.
        """
        number = change.base + 1
        version = {"version": number, "at": change.applied_at, "author": change.author, "reason": change.reason}
        ended, put = await asyncio.to_thread(_in_rows, change)
        try:
            await self._database.amend(
                Query(_STANDS_AT, {"base": change.base}, must_find=True),
                Query(_ADD_VERSION, version),
                Query(_TELL, {**version, "number": number, "body": change.event}),
                Query(_END, {"version": number, "rows": ended}),
                Query(_ADD, {"version": number, "rows": put}),
                *change.along,
            )
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


async def history(database: Sql, most: int, before: int | None = None) -> list[Recorded]:
    """The versions, the newest first: so many, older than `before`."""
    [rows] = await database.read(Query(_HISTORY, {"most": most, "before": before or _BEYOND}))
    return [Recorded(number, moment_of(at), *rest) for number, at, *rest in rows]


async def kept(database: Sql, name: str, value: str) -> str:
    """What is true of this installation under `name`: from now on `value`, if nothing was kept yet."""
    *_, [[found]] = await database.amend(Query(_KEEP, {"name": name, "value": value}), Query(_KEPT, {"name": name}))
    return str(found)


async def keep_instead(database: Sql, name: str, before: str, value: str) -> None:
    """Let `value` be true of this installation under `name` instead of `before`, unless somebody was first."""
    await database.amend(Query(_CHANGE, {"name": name, "before": before, "value": value}))


def _in_rows(change: GameChange) -> tuple[str, str]:
    """The names of what ends, and what begins with its body."""
    begins = (f"[{_named(name)},{body}]" for name, body in change.rows.items() if body is not None)
    return as_rows(f"[{_named(name)}]" for name in change.rows), as_rows(begins)


def _named(name: Keyed) -> str:
    """Kind and key as the beginning of a JSON list."""
    return ",".join(map(json.dumps, name))


_BEYOND = 2**31 - 1
"""More than the number of any version."""

_LATEST = "SELECT coalesce(max(version), 0) FROM versions"
_DEFINITIONS = """
    SELECT kind, key, body FROM definitions WHERE since <= :version AND (until IS NULL OR until > :version)
"""
_EDITIONS = """
    SELECT kind, key, since, body FROM definitions
    WHERE kind IN (SELECT value ->> 0 FROM json_each(:kinds)) ORDER BY since
"""
_VERSION = "SELECT version, applied_at, author, reason FROM versions WHERE version = :version"
_ADD_VERSION = """
    INSERT INTO versions (version, applied_at, author, reason) VALUES (:version, :at, :author, :reason)
"""
_TELL = """
    INSERT INTO events (position, member_id, member_seq, type, body, activity, game_version, occurred_at, recorded_at)
    VALUES ((SELECT position FROM next_event), 0, :number, 'admin.game_applied', :body, '', :version, :at, :at)
"""
_STANDS_AT = """
    SELECT 1 FROM (SELECT coalesce(max(version), 0) AS latest FROM versions) AS last WHERE latest = :base
"""
_END = """
    UPDATE definitions SET until = :version FROM json_each(:rows) AS row
    WHERE definitions.kind = row.value ->> 0 AND definitions.key = row.value ->> 1 AND definitions.until IS NULL
"""
_ADD = """
    INSERT INTO definitions (kind, key, since, body)
    SELECT row.value ->> 0, row.value ->> 1, CAST(:version AS integer), row.value -> 2 FROM json_each(:rows) AS row
"""
_HISTORY = """
    WITH page AS (
        SELECT version, applied_at, author, reason FROM versions WHERE version < :before
        ORDER BY version DESC LIMIT :most
    ), begun AS (
        SELECT since AS version, count(*) AS number FROM definitions
        WHERE since >= (SELECT min(version) FROM page) AND since < :before GROUP BY since
    ), ended AS (
        SELECT until AS version, count(*) AS number FROM definitions
        WHERE until >= (SELECT min(version) FROM page) AND until < :before GROUP BY until
    ), turned AS (
        SELECT later.since AS version, count(*) AS number
        FROM definitions AS later JOIN definitions AS earlier
            ON earlier.kind = later.kind AND earlier.key = later.key AND earlier.until = later.since
        WHERE later.since >= (SELECT min(version) FROM page) AND later.since < :before GROUP BY later.since
    )
    SELECT page.version, applied_at, author, reason,
        coalesce(begun.number, 0) - coalesce(turned.number, 0), coalesce(turned.number, 0),
        coalesce(ended.number, 0) - coalesce(turned.number, 0)
    FROM page LEFT JOIN begun ON begun.version = page.version LEFT JOIN ended ON ended.version = page.version
        LEFT JOIN turned ON turned.version = page.version
    ORDER BY page.version DESC
"""
_KEEP = "INSERT INTO deployment (name, value) VALUES (:name, :value) ON CONFLICT DO NOTHING"
_KEPT = "SELECT value FROM deployment WHERE name = :name"
_CHANGE = "UPDATE deployment SET value = :value WHERE name = :name AND value = :before"
