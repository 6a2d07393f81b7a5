"""The condition of a running besitos: what its probes and meters ask the database."""

from datetime import datetime
from typing import NamedTuple

from besitos.store.migrate import REVISION
from besitos.store.moments import moment_of
from besitos.store.protocol import Query, Sql


class Condition(NamedTuple):
    """What one look at the database tells."""

    revision: str
    game_version: int
    dead_letters: int
    next_timer: datetime | None


async def look(store: Sql) -> Condition:
    """Look. `UnavailableError` if the database cannot be asked."""
    [[revision]], [[version]], [[letters]], [[due]] = await store.read(
        Query(REVISION),
        Query("SELECT coalesce(max(version), 0) FROM versions"),
        Query("SELECT count(*) FROM dead_letters"),
        Query("SELECT min(due_at) FROM timers"),
    )
    return Condition(str(revision), int(version), int(letters), None if due is None else moment_of(due))
