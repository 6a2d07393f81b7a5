"""What waits in the database: timers until they are due, dead letters until somebody tries them again."""

from collections.abc import Collection
from datetime import datetime

from besitos.store.moments import moment_of
from besitos.store.protocol import LetterRow, Query, Sql, TimerRow


class StoredBacklog:
    """Timers and dead letters in a database."""

    def __init__(self, database: Sql) -> None:
        self._database = database

    async def due_timers(self, now: datetime, limit: int) -> list[TimerRow]:
        """The timers due by `now`, the longest due first."""
        [rows] = await self._database.read(Query(_DUE, {"now": now, "limit": limit}))
        return [TimerRow(key, moment_of(due), kind, body) for key, due, kind, body in rows]

    async def next_timer(self) -> datetime | None:
        """When the next timer is due."""
        [[[due]]] = await self._database.read(Query(_NEXT))
        return None if due is None else moment_of(due)

    async def letters(self, limit: int) -> list[LetterRow]:
        """Dead letters, the oldest first."""
        [rows] = await self._database.read(Query(_LETTERS, {"limit": limit}))
        return [LetterRow._make([*row[:4], bool(row[4]), row[5], moment_of(row[6])]) for row in rows]

    async def forget_letters(self, keys: Collection[str]) -> None:
        """Remove dead letters that have been decided after all."""
        await self._database.amend(*(Query(_FORGET, {"key": key}) for key in keys))


_DUE = "SELECT key, due_at, kind, activity FROM timers WHERE due_at <= :now ORDER BY due_at, key LIMIT :limit"
_NEXT = "SELECT min(due_at) FROM timers"
_LETTERS = """
    SELECT key, member_id, kind, content, is_dated, error, occurred_at FROM dead_letters
    ORDER BY failed_at, key LIMIT :limit
"""
_FORGET = "DELETE FROM dead_letters WHERE key = :key"
