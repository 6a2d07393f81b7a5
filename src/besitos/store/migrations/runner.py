"""What really migrates. Imported only when there is a step to make: Alembic and SQLAlchemy take most of a second."""

import asyncio
import sqlite3
from functools import cache
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import asyncpg
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, NullPool, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.schema import SchemaItem

from besitos.store import postgres, sqlite, tables
from besitos.store.migrations import Way
from besitos.store.protocol import StoreError, UnavailableError

MIGRATING = 0x62657369746F73
"""The advisory lock of whoever migrates: "besitos" in ASCII."""

BUSY = "store.busy"

TRY_LOCK = text("SELECT pg_try_advisory_lock(:lock)")
LOCK_TIMEOUT = text("SET lock_timeout = '3s'")
"""Rather fail than queue for a table: whoever comes later would queue behind us, and the game would stand still."""

PARTITIONS = text("SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'")


async def walk_postgresql(dsn: str, way: Way, revision: str, patience: float) -> None:
    """Walk to `revision`, each step in a transaction of its own, after waiting `patience` seconds for others."""

    async def connect() -> asyncpg.Connection:
        return await asyncpg.connect(dsn)

    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            await _take_turn(connection, patience)
            await connection.execute(LOCK_TIMEOUT)
            await connection.commit()
            await connection.run_sync(_walk, way, revision)
    except DBAPIError as error:
        raise _refusal_by_postgresql(error) from error


def walk_sqlite(path: Path, way: Way, revision: str, patience: float) -> None:
    """Walk to `revision` in one transaction, which waits `patience` seconds for the file.

    The file is created for its owner alone to read.
    """
    _create(path)
    engine = create_engine("sqlite://", creator=lambda: _connect(path, patience), poolclass=NullPool)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with engine.begin() as connection:
            _walk(connection, way, revision)
    except DBAPIError as error:
        raise sqlite.refusal_of(_cause(error)) from error


def settings_for(connection: Connection) -> dict[str, Any]:
    """How Alembic looks at this database, in migrations and when it compares it with the tables."""
    dialect = connection.dialect.name

    @cache
    def partitions() -> frozenset[str]:
        """Asked for late: a query before the first step would begin a transaction around all of them."""
        return frozenset(connection.execute(PARTITIONS).scalars() if dialect == "postgresql" else ())

    def is_ours(item: SchemaItem, name: str | None, kind: str, *_: object) -> bool:
        if kind == "table":
            return name not in partitions()
        return item.info.get(tables.ONLY_ON) in {None, dialect}

    return {
        "target_metadata": tables.metadata,
        "include_object": is_ours,
        "render_as_batch": dialect == "sqlite",
        "transaction_per_migration": True,
    }


def _walk(connection: Connection, way: Way, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    walk = command.upgrade if way == "upgrade" else command.downgrade
    walk(config, revision)


async def _take_turn(connection: AsyncConnection, patience: float) -> None:
    """Lock out other migrations until this connection closes.

    Asked for again and again rather than waited for: a statement that waits holds a snapshot, and a step that builds an
    index concurrently would wait for that snapshot in turn.
    """
    deadline = monotonic() + patience
    while not await connection.scalar(TRY_LOCK, {"lock": MIGRATING}):
        await connection.rollback()
        if monotonic() > deadline:
            message = f"another process has been migrating for {patience:g} s"
            raise UnavailableError(message, BUSY)
        await asyncio.sleep(0.1)


def _create(path: Path) -> None:
    if path.exists():
        return
    try:
        path.touch(mode=0o600)
    except OSError as error:
        raise UnavailableError(str(error)) from error


def _connect(path: Path, patience: float) -> sqlite3.Connection:
    """A connection to a file that has a write-ahead log from now on.

    It gets one here, before there is a schema: SQLite does not wait when it is to change the journal of a file that
    others read, so several processes that begin to work at once would refuse each other.
    """
    db = sqlite3.connect(path, timeout=patience, isolation_level=None)
    deadline = monotonic() + patience
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > deadline:
                db.close()
                raise
            sleep(0.02)
        else:
            return db


def _refusal_by_postgresql(error: DBAPIError) -> StoreError:
    cause = _cause(error)
    if isinstance(cause, asyncpg.LockNotAvailableError):
        return UnavailableError(str(cause), BUSY)
    return postgres.refusal_of(cause)


def _cause(error: DBAPIError) -> Exception:
    """What the driver itself said, without SQLAlchemy around it."""
    said = error.orig if isinstance(error.orig, Exception) else error
    return said.__cause__ if isinstance(said.__cause__, Exception) else said
