"""The condition of a running besitos: what its probes and meters ask the database."""

from datetime import datetime
from typing import NamedTuple

from besitos.store.audit import VERDICT, Verdict, verdict_of
from besitos.store.migrate import REVISION
from besitos.store.moments import moment_of
from besitos.store.protocol import Query, Sql


class Condition(NamedTuple):
    """What one look at the database tells."""

    revision: str
    game_version: int
    dead_letters: int
    next_timer: datetime | None
    audited: Verdict | None = None


async def look(store: Sql) -> Condition:
    """Look. `UnavailableError` if the database cannot be asked."""
    [[revision]], [[version]], [[letters]], [[due]], verdict = await store.read(
        Query(REVISION),
        Query("SELECT coalesce(max(version), 0) FROM versions"),
        Query("SELECT count(*) FROM dead_letters"),
        Query("SELECT min(due_at) FROM timers"),
        VERDICT,
    )
    timer = None if due is None else moment_of(due)
    return Condition(str(revision), int(version), int(letters), timer, verdict_of(verdict))
