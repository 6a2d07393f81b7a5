"""What came of a member's activities, and why: the newest that paid or that had something to explain."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from besitos.core.calendar import EPOCH, FOREVER, month_of, next_month
from besitos.store.moments import moment_of
from besitos.store.protocol import Query, Sql
from besitos.store.retention import CLEARED, Cleared, cleared_of

SHOWN_MAX = 50
"""How many an application gets at once: each that paid is looked up by itself."""


class Explained(NamedTuple):
    """One activity: what was said, how it ended, and the trace of what had something to say, as JSON.

    `is_forgotten` where it is so old that its trace is gone, if it had one.
    """

    key: str
    member_id: int
    kind: str
    content: str
    outcome: str
    trace: str | None
    game_version: int
    occurred_at: datetime
    is_forgotten: bool = False


async def newest(database: Sql, member_id: int, limit: int = 10) -> list[Explained]:
    """The newest activities of a member that paid something or explained something, newest first."""
    parameters = {"member_id": member_id, "limit": limit}
    said, paid, explained = await database.read(CLEARED, Query(_PAID, parameters), Query(_EXPLAINED, parameters))
    found = {(row[0], row[-2]): row for row in explained}
    wanted = [(key, moment_of(at)) for key, at in paid]
    for key, at in wanted:
        [rows] = await database.read(Query(_ONE, {"key": key, "since": month_of(at), "until": next_month(at)}))
        found.update({(row[0], row[-2]): row for row in rows})
    made = [_explained(row, cleared_of(said)) for row in found.values()]
    return sorted(made, key=lambda each: each.occurred_at, reverse=True)[:limit]


async def of_key(database: Sql, key: str) -> list[Explained]:
    """The activities of this key, newest first: one a month at most."""
    always = {"since": EPOCH, "until": FOREVER}
    said, rows = await database.read(CLEARED, Query(_ONE, {"key": key, **always}))
    return sorted((_explained(row, cleared_of(said)) for row in rows), key=lambda each: each.occurred_at, reverse=True)


def _explained(row: Sequence[Any], gone: Cleared) -> Explained:
    *said, occurred_at, recorded_at = row
    is_old = gone.traces is not None and moment_of(recorded_at) < gone.traces
    return Explained._make([*said, moment_of(occurred_at), is_old and said[5] is None])


_COLUMNS = """
    key, member_id, kind, CAST(content AS text), CAST(outcome AS text), CAST(trace AS text), game_version, occurred_at,
    recorded_at
"""
_EXPLAINED = f"""
    SELECT {_COLUMNS} FROM activities WHERE member_id = :member_id AND trace IS NOT NULL
    ORDER BY occurred_at DESC LIMIT :limit
"""
_PAID = """
    SELECT activity, max(occurred_at) AS at FROM (
        SELECT activity, occurred_at, seq FROM transactions
        WHERE member_id = :member_id ORDER BY seq DESC LIMIT 4 * :limit
    ) AS lines GROUP BY activity ORDER BY max(seq) DESC LIMIT :limit
"""
_ONE = f"SELECT {_COLUMNS} FROM activities WHERE key = :key AND occurred_at >= :since AND occurred_at < :until"
