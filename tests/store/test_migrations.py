"""The stairway: every step up and down on both databases, and no difference between what it builds and the tables."""

import asyncio
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.schema import CreateIndex, CreateTable

from besitos.store import migrate, migrations, partitions, tables
from besitos.store.database import sqlite_path
from besitos.store.migrate import BASE, HEAD, REVISIONS, SchemaError
from besitos.store.migrations import runner
from besitos.store.protocol import UnavailableError
from tests.store.raw import run

T = TypeVar("T")

PG_CATALOGUE = {
    "columns": """
        SELECT attrelid::regclass::text, attnum, attname, format_type(atttypid, atttypmod), attnotnull, attidentity,
            attcollation::regcollation::text, pg_get_expr(adbin, adrelid)
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND attnum > 0
    """,
    "tables": """
        SELECT relname, relkind, reloptions, pg_get_partkeydef(oid) FROM pg_class
        WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'S')
    """,
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = current_schema()::regnamespace AND contype <> 'n'
    """,
    "indexes": """
        SELECT tablename, replace(indexdef, schemaname || '.', '') FROM pg_indexes WHERE schemaname = current_schema()
    """,
}
LEFT_ON_POSTGRESQL = """
    SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""

MIGRATE = "import asyncio, sys; from besitos.store import migrate; asyncio.run(migrate.upgrade(sys.argv[1]))"
LOOK = """
import asyncio, sys
from besitos.store import migrate
asyncio.run(migrate.check(sys.argv[1]))
asyncio.run(migrate.upgrade(sys.argv[1]))
print(sorted({"alembic", "sqlalchemy"} & set(sys.modules)))
"""


@pytest.fixture
def file_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'besitos.db'}"


def file_of(url: str) -> Path:
    return sqlite_path(url)


async def on_connection(url: str, ask: Callable[[Connection], T]) -> T:
    """What `ask` finds on a connection of SQLAlchemy's."""
    if url.startswith("sqlite"):
        engine = create_engine(url)
        try:
            with engine.connect() as connection:
                return ask(connection)
        finally:
            engine.dispose()

    async def connect() -> asyncpg.Connection:
        return await asyncpg.connect(url)

    async_engine = create_async_engine("postgresql+asyncpg://", async_creator=connect)
    try:
        async with async_engine.connect() as async_connection:
            return await async_connection.run_sync(ask)
    finally:
        await async_engine.dispose()


async def test_every_step_goes_up_and_down_and_up_again(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for below, step in zip((BASE, *REVISIONS), REVISIONS, strict=False):
        monkeypatch.setattr(migrate, "HEAD", step)
        await migrate.upgrade(url)
        assert await migrate.revision_of(url) == step

        await migrate.downgrade(url, below)
        assert (await migrate.revision_of(url) or BASE) == below

        await migrate.upgrade(url)
        assert await migrate.revision_of(url) == step


async def test_steps_build_what_the_tables_say(url: str) -> None:
    await migrate.upgrade(url)
    if url.startswith("postgres"):
        connection = await asyncpg.connect(url)
        for log in partitions.KEYS:
            await partitions.ensure(connection, log, [partitions.LAST_MONTH])
        await connection.close()

    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts=runner.settings_for(connection))
        return list(compare_metadata(context, tables.metadata))

    assert await on_connection(url, differences) == []


async def test_sqlite_has_the_tables_to_the_letter(file_url: str) -> None:
    """Alembic compares neither keys nor checks nor options."""
    await migrate.upgrade(file_url)

    with closing(sqlite3.connect(file_of(file_url))) as db:
        built = db.execute(
            "SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL"
        ).fetchall()

    ours = {name: tidied(sql) for name, sql in built if name not in {"alembic_version", "sqlite_sequence"}}
    assert ours == said_for_sqlite()


async def test_postgresql_has_the_tables_to_the_letter(postgres_dsn: str) -> None:
    await migrate.upgrade(postgres_dsn)

    def create_all_beside(connection: Connection) -> None:
        connection.exec_driver_sql("CREATE SCHEMA said")
        connection.exec_driver_sql("SET LOCAL search_path = said")
        tables.metadata.create_all(connection)
        connection.commit()

    await on_connection(postgres_dsn, create_all_beside)

    built, said = [await catalogue(postgres_dsn, schema) for schema in ("public", "said")]
    for what, rows in said.items():
        assert rows == {row for row in built[what] if "alembic_version" not in str(row)}, what


async def test_going_back_to_the_base_leaves_nothing(url: str) -> None:
    await migrate.upgrade(url)
    if url.startswith("postgres"):
        connection = await asyncpg.connect(url)
        await partitions.ensure(connection, "transactions", [partitions.LAST_MONTH])
        await connection.close()

    assert await migrate.downgrade(url, BASE) == HEAD

    if url.startswith("sqlite"):
        with closing(sqlite3.connect(file_of(url))) as db:
            left = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
        assert left <= {"alembic_version", "sqlite_autoindex_alembic_version_1", "sqlite_sequence"}
    else:
        connection = await asyncpg.connect(url)
        left = {name for (name,) in await connection.fetch(LEFT_ON_POSTGRESQL)}
        await connection.close()
        assert left == {"alembic_version", "alembic_version_pkc"}


def test_every_step_there_is_stands_in_the_list() -> None:
    steps = ScriptDirectory(str(Path(migrations.__file__).parent)).walk_revisions()

    assert tuple(step.revision for step in steps)[::-1] == REVISIONS


async def test_an_empty_database_is_told_from_an_old_and_from_an_unknown_one(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SchemaError, match="besitos migrate") as missing:
        await migrate.check(url)
    await migrate.upgrade(url)
    await migrate.check(url)
    with monkeypatch.context() as later:
        later.setattr(migrate, "REVISIONS", (HEAD, "9000"))
        later.setattr(migrate, "HEAD", "9000")
        with pytest.raises(SchemaError, match="besitos migrate") as old:
            await migrate.check(url)
    await run(url, "UPDATE alembic_version SET version_num = '9001'")
    with pytest.raises(SchemaError, match="use a newer one") as unknown:
        await migrate.check(url)
    with pytest.raises(SchemaError) as not_upgraded:
        await migrate.upgrade(url)

    codes = [caught.value.code for caught in (missing, old, unknown, not_upgraded)]
    assert codes == ["schema.missing", "schema.old", "schema.unknown", "schema.unknown"]
    assert unknown.value.details["found"] == "9001"


async def test_looking_at_a_database_that_is_not_there_does_not_create_it(file_url: str) -> None:
    assert await migrate.revision_of(file_url) is None
    assert not file_of(file_url).exists()


async def test_a_database_is_for_its_owner_alone_to_read(file_url: str) -> None:
    await migrate.upgrade(file_url)

    assert file_of(file_url).stat().st_mode & 0o777 == 0o600


async def test_a_current_schema_is_known_without_alembic(url: str) -> None:
    await migrate.upgrade(url)

    said = await asyncio.to_thread(subprocess.check_output, [sys.executable, "-c", LOOK, url], text=True)

    assert said.strip() == "[]"


async def test_of_several_processes_that_start_at_once_one_migrates(url: str) -> None:
    migrating = [await asyncio.create_subprocess_exec(sys.executable, "-c", MIGRATE, url) for _ in range(4)]

    assert [await process.wait() for process in migrating] == [0, 0, 0, 0]
    await migrate.check(url)


async def test_two_databases_are_migrated_at_once(file_url: str, postgres_dsn: str) -> None:
    await asyncio.gather(migrate.upgrade(file_url), migrate.upgrade(postgres_dsn))

    await migrate.check(file_url)
    await migrate.check(postgres_dsn)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql+asyncpg"])
async def test_a_url_may_name_its_driver_or_be_short(postgres_dsn: str, scheme: str) -> None:
    url = f"{scheme}://{postgres_dsn.partition('://')[2]}"

    await migrate.upgrade(url)

    assert await migrate.revision_of(url) == HEAD


async def test_a_file_has_a_write_ahead_log_before_anybody_opens_it(file_url: str) -> None:
    await migrate.upgrade(file_url)

    assert await run(file_url, "PRAGMA journal_mode") == [("wal",)]


async def test_a_failed_step_leaves_the_database_as_it_was(url: str) -> None:
    await run(url, "CREATE TABLE shared (somebody_elses integer)")

    with pytest.raises(SchemaError, match="shared") as caught:
        await migrate.upgrade(url)

    assert caught.value.code == "schema.refused"
    assert await migrate.revision_of(url) is None
    await run(url, "DROP TABLE shared")
    await migrate.upgrade(url)
    await migrate.check(url)


async def test_whoever_comes_while_another_migrates_waits_and_then_says_so(file_url: str, postgres_dsn: str) -> None:
    with closing(sqlite3.connect(file_of(file_url), isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        with pytest.raises(UnavailableError) as on_sqlite:
            await migrate.upgrade(file_url, patience=0.2)

    connection = await asyncpg.connect(postgres_dsn)
    await connection.execute(f"SELECT pg_advisory_lock({runner.MIGRATING})")
    started = time.monotonic()
    with pytest.raises(UnavailableError, match="another process") as on_postgresql:
        await migrate.upgrade(postgres_dsn, patience=0.2)
    await connection.close()

    assert time.monotonic() - started > 0.2
    assert (on_sqlite.value.reason, on_postgresql.value.reason) == ("store.busy", "store.busy")


async def test_a_table_that_somebody_holds_is_not_queued_for(
    postgres_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "LOCK_TIMEOUT", text("SET lock_timeout = '100ms'"))
    await migrate.upgrade(postgres_dsn)
    connection = await asyncpg.connect(postgres_dsn)
    async with connection.transaction():
        await connection.execute("LOCK TABLE members IN ACCESS SHARE MODE")

        with pytest.raises(UnavailableError) as caught:
            await migrate.downgrade(postgres_dsn, BASE)

    await connection.close()
    assert caught.value.reason == "store.busy"
    assert await migrate.revision_of(postgres_dsn) == REVISIONS[0], "each step stands by itself"


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda file: file.write_bytes(b"not a database at all" * 100), "store.damaged"),
        (lambda file: file.mkdir(), "store.unreachable"),
    ],
)
async def test_a_file_that_is_no_database_is_said_to_be_none(
    file_url: str, spoil: Callable[[Path], Any], reason: str
) -> None:
    spoil(file_of(file_url))

    with pytest.raises(UnavailableError) as caught:
        await migrate.check(file_url)

    assert caught.value.reason == reason


async def test_a_server_that_is_not_there_and_a_folder_that_is_not_are_said_to_be_unreachable(tmp_path: Path) -> None:
    for url in (f"postgresql://postgres@/besitos?host={tmp_path}", f"sqlite:///{tmp_path}/nowhere/besitos.db"):
        with pytest.raises(UnavailableError) as caught:
            await migrate.upgrade(url)

        assert caught.value.reason == "store.unreachable"


async def test_a_url_of_something_else_is_refused_without_its_password() -> None:
    with pytest.raises(ValueError, match="mysql") as caught:
        await migrate.revision_of("mysql://ana:secret@localhost/besitos")

    assert "secret" not in str(caught.value)


async def catalogue(dsn: str, schema: str) -> dict[str, set[tuple[Any, ...]]]:
    """Everything that PostgreSQL knows of the tables in one schema."""
    connection = await asyncpg.connect(dsn, server_settings={"search_path": schema})
    found = {
        what: {tuple(map(str, row)) for row in await connection.fetch(query)} for what, query in PG_CATALOGUE.items()
    }
    await connection.close()
    return found


def said_for_sqlite() -> dict[str, str]:
    """The statements that would create the tables on SQLite."""
    dialect = create_engine("sqlite://").dialect
    said = {}
    for table in tables.metadata.tables.values():
        said[table.name] = tidied(str(CreateTable(table).compile(dialect=dialect)))
        for index in table.indexes:
            if index.dialect_options["postgresql"]["using"] != "brin":
                said[str(index.name)] = tidied(str(CreateIndex(index).compile(dialect=dialect)))
    return said


def tidied(sql: str) -> str:
    """A statement without its layout and quotes."""
    return re.sub(r"\s*([(),])\s*", r"\1", " ".join(sql.replace('"', "").split()))
