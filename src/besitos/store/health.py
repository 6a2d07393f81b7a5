"""Whether a database can be worked with: what `besitos doctor` asks it."""

from datetime import datetime
from typing import NamedTuple

from besitos.store.database import is_postgresql
from besitos.store.moments import moment_of
from besitos.store.protocol import Query, Sql


class Health(NamedTuple):
    """What a database says of itself. `clock` is the server's; a file has none. `newest` is the last thing recorded."""

    clock: datetime | None
    newest: datetime | None
    members: int
    letters: int


async def health_of(store: Sql, url: str) -> Health:
    """Ask it."""
    server = Query("SELECT now()") if is_postgresql(url) else Query("SELECT NULL")
    [[clock]], [[newest]], [[members]], [[letters]] = await store.read(server, *_ASKED)
    return Health(clock, None if newest is None else moment_of(newest), members, letters)


async def try_to_write(store: Sql) -> None:
    """Write something that changes nothing. Raises what the database says if it cannot."""
    await store.amend(Query("UPDATE deployment SET value = value WHERE name = 'seed'"))


_ASKED = (
    Query("SELECT max(applied_at) FROM versions"),
    Query("SELECT count(*) FROM members"),
    Query("SELECT count(*) FROM dead_letters"),
)
