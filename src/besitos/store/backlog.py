"""What waits in the database: timers until they are due, dead letters until somebody tries them again."""

from collections.abc import Collection
from datetime import datetime

from besitos.store.moments import moment_of
from besitos.store.protocol import Attempt, LetterRow, Query, Sql, TimerRow


class StoredBacklog:
    """Timers and dead letters in a database."""

    def __init__(self, database: Sql) -> None:
        self._database = database

    async def due_timers(self, now: datetime, limit: int, kinds: Collection[str]) -> list[TimerRow]:
        """The timers of these kinds due by `now`, the longest due first."""
        named = {f"kind{place}": kind for place, kind in enumerate(sorted(kinds))}
        chosen = _DUE.format(kinds=", ".join(f":{name}" for name in named))
        [rows] = await self._database.read(Query(chosen, {"now": now, "limit": limit, **named}))
        return [TimerRow(key, moment_of(due), kind, body) for key, due, kind, body in rows]

    async def timers(self, limit: int) -> list[TimerRow]:
        """All timers, the next due first."""
        [rows] = await self._database.read(Query(_ALL, {"limit": limit}))
        return [TimerRow(key, moment_of(due), kind, body) for key, due, kind, body in rows]

    async def next_timer(self) -> datetime | None:
        """When the next timer is due."""
        [[[due]]] = await self._database.read(Query(_NEXT))
        return None if due is None else moment_of(due)

    async def letters(self, limit: int) -> list[LetterRow]:
        """Dead letters, the oldest first."""
        [rows] = await self._database.read(Query(_LETTERS, {"limit": limit}))
        return [LetterRow._make([*row[:5], bool(row[5]), row[6], moment_of(row[7])]) for row in rows]

    async def forget_letters(self, attempts: Collection[Attempt]) -> None:
        """Remove dead letters that have been decided after all."""
        await self._database.amend(*(Query(_FORGET, {"key": key, "month": month}) for key, month in attempts))


_DUE = """
    SELECT key, due_at, kind, activity FROM timers WHERE due_at <= :now AND kind IN ({kinds})
    ORDER BY due_at, key LIMIT :limit
"""
_ALL = "SELECT key, due_at, kind, activity FROM timers ORDER BY due_at, key LIMIT :limit"
_NEXT = "SELECT min(due_at) FROM timers"
_LETTERS = """
    SELECT key, month, member_id, kind, content, is_dated, error, occurred_at FROM dead_letters
    ORDER BY failed_at, key LIMIT :limit
"""
_FORGET = "DELETE FROM dead_letters WHERE key = :key AND month = :month"
