"""Books with something wrong in them: a connection on which a corruption is planted, audited, and rolled back."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import msgspec

from besitos.store.database import is_postgresql, sqlite_path
from besitos.store.moments import as_stored
from besitos.store.postgres import _prepare
from besitos.store.protocol import Query
from besitos.store.statement import numbered

GUARDS = {"transactions": ("transactions_stay",), "reversals": ("reversals_stay",), "seals": ("seals_stay",)}
CHECKS = "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'c' AND conname LIKE 'ck_%'"


class Planted:
    """One transaction that is never committed, in which nothing is guarded. `audit` takes it for a store."""

    async def run(self, sql: str, **parameters: object) -> list[Sequence[Any]]:
        """The rows of one statement."""
        raise NotImplementedError

    async def read(self, *queries: Query) -> list[list[Sequence[Any]]]:
        return [await self.run(query.sql, **query.parameters) for query in queries]

    async def amend(self, *queries: Query) -> list[list[Sequence[Any]]]:
        return await self.read(*queries)

    async def one(self, sql: str, **parameters: object) -> Sequence[Any]:
        """The first row that a statement finds: a town has at least one of everything."""
        rows = await self.run(sql, **parameters)
        assert rows, f"nothing to corrupt: {sql}"
        return rows[0]

    async def change(self, sql: str, **parameters: object) -> None:
        """Carry out a corruption; one that changes nothing proves nothing."""
        assert await self.run(f"{sql} RETURNING 1", **parameters), f"changed nothing: {sql}"

    async def edit_wallets(self, member_id: int, edit: Callable[[dict[str, Any]], object]) -> None:
        """Rewrite what a member has."""
        [raw] = await self.one("SELECT wallets FROM members WHERE member_id = :member_id", member_id=member_id)
        wallets = msgspec.json.decode(raw)
        edit(wallets)
        edited = msgspec.json.encode(wallets).decode()
        assert edited != raw
        await self.change(
            "UPDATE members SET wallets = :wallets WHERE member_id = :member_id", wallets=edited, member_id=member_id
        )


class PlantedFile(Planted):
    """On SQLite."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        for trigger in [name for names in GUARDS.values() for each in names for name in (each, f"{each}_unchanged")]:
            db.execute(f"DROP TRIGGER {trigger}")

    async def run(self, sql: str, **parameters: object) -> list[Sequence[Any]]:
        bound = {name: as_stored(value) for name, value in parameters.items()}
        return self._db.execute(sql, bound).fetchall()


class PlantedServer(Planted):
    """On PostgreSQL."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def unguard(self) -> None:
        for table, triggers in GUARDS.items():
            for trigger in triggers:
                await self._connection.execute(f"DROP TRIGGER {trigger} ON {table}")
        for table, check in await self._connection.fetch(CHECKS):
            if "transactions" in table:
                await self._connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {check}")

    async def run(self, sql: str, **parameters: object) -> list[Sequence[Any]]:
        statement, arguments = numbered(Query(sql, parameters))
        return [tuple(row) for row in await self._connection.fetch(statement, *arguments)]


@asynccontextmanager
async def planted_in(url: str) -> AsyncIterator[Planted]:
    """The database behind `url`, for as long as it takes to look at a corruption."""
    if not is_postgresql(url):
        db = await asyncio.to_thread(
            lambda: sqlite3.connect(sqlite_path(url), isolation_level=None, check_same_thread=False)
        )
        db.execute("PRAGMA ignore_check_constraints = ON")
        db.execute("BEGIN")
        try:
            yield PlantedFile(db)
        finally:
            db.execute("ROLLBACK")
            db.close()
        return
    connection = await asyncpg.connect(url)
    await _prepare(connection)
    await connection.execute("BEGIN")
    try:
        planted = PlantedServer(connection)
        await planted.unguard()
        yield planted
    finally:
        await connection.close()
