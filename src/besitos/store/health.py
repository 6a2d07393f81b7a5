"""The health of a database: its pulse, which probes and meters take all the time, and the check-up of the doctor."""

from datetime import datetime
from typing import NamedTuple

from besitos.store.audit import VERDICT, Verdict, verdict_of
from besitos.store.database import is_postgresql
from besitos.store.migrate import REVISION
from besitos.store.moments import moment_of
from besitos.store.protocol import Query, Sql
from besitos.store.retention import CLEARED, Cleared, cleared_of

DEAD_LETTERS = Query("SELECT count(*) FROM dead_letters")


class Pulse(NamedTuple):
    """What one quick look tells."""

    revision: str
    game_version: int
    dead_letters: int
    next_timer: datetime | None
    audited: Verdict | None = None
    cleared: Cleared = Cleared()


class CheckUp(NamedTuple):
    """What a database says of itself. `clock` is the server's; a file has none. `newest` is the last thing recorded."""

    clock: datetime | None
    newest: datetime | None
    members: int
    dead_letters: int
    cleared: Cleared


async def pulse_of(database: Sql) -> Pulse:
    """Look. `UnavailableError` if the database cannot be asked."""
    [[revision]], [[version]], [[letters]], [[due]], verdict, gone = await database.read(
        Query(REVISION),
        Query("SELECT coalesce(max(version), 0) FROM versions"),
        DEAD_LETTERS,
        Query("SELECT min(due_at) FROM timers"),
        VERDICT,
        CLEARED,
    )
    timer = None if due is None else moment_of(due)
    return Pulse(str(revision), int(version), int(letters), timer, verdict_of(verdict), cleared_of(gone))


async def check_up(database: Sql, url: str) -> CheckUp:
    """Look at what takes longer: everybody is counted."""
    [[clock]], [[newest]], [[members]], [[letters]], gone = await database.read(
        Query("SELECT now()" if is_postgresql(url) else "SELECT NULL"),
        Query("SELECT max(applied_at) FROM versions"),
        Query("SELECT count(*) FROM members"),
        DEAD_LETTERS,
        CLEARED,
    )
    return CheckUp(clock, None if newest is None else moment_of(newest), members, letters, cleared_of(gone))


async def try_to_write(database: Sql) -> None:
    """Write something that changes nothing. Raises what the database says if it cannot."""
    await database.amend(Query("UPDATE deployment SET value = value WHERE name = 'seed'"))
