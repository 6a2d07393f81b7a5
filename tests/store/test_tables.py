"""What the tables refuse, whoever writes, and what goes through their types unharmed."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import Connection, create_engine, insert, select
from sqlalchemy.ext.asyncio import create_async_engine

from besitos.store import migrate, partitions, tables
from tests.store.raw import run

NOVEMBER = datetime(2026, 11, 1, tzinfo=UTC)
NOON_IN_BOGOTA = datetime(2026, 11, 20, 12, 0, 0, 1, timezone(timedelta(hours=-5)))

REFUSED = (sqlite3.IntegrityError, asyncpg.IntegrityConstraintViolationError)

COLUMNS = (
    "position, member_id, seq, transfer_id, account, amount, balance_after, type, counter, activity, definition, "
    "game_version, details, occurred_at, recorded_at"
)


@pytest.fixture
async def database(url: str) -> str:
    """The URL of a database with room for November."""
    await migrate.upgrade(url)
    if url.startswith("postgres"):
        connection = await asyncpg.connect(url)
        for log in partitions.KEYS:
            await partitions.ensure(connection, log, [NOVEMBER])
        await connection.close()
    return url


def november(url: str) -> str:
    """A moment of November, as it is written in SQL."""
    return "1794000000000000" if url.startswith("sqlite") else "'2026-11-06'"


async def add_transaction(url: str, seq: int, amount: str = "5", balance_after: int = 5, details: str = "NULL") -> None:
    at = november(url)
    values = (
        f"{seq}, 1, {seq}, '1-{seq}', 'besitos', {amount}, {balance_after}, 'EARN_RULE', 'source:rule', 'k', 'd', 1"
    )
    await run(url, f"INSERT INTO transactions ({COLUMNS}) VALUES ({values}, {details}, {at}, {at})")


async def add_member(url: str, wallets: str) -> None:
    await run(url, f"INSERT INTO members (member_id, wallets, created_at) VALUES (1, '{wallets}', {november(url)})")


@pytest.mark.parametrize(
    "wallets",
    [
        '{"besitos":{"earned":5,"balance":-1}}',
        '{"xp": {"balance": -1}}',
        '{"besitos":{"balance":5},"besitos@auction/7":{"balance":-1}}',
    ],
)
async def test_no_purse_goes_below_zero(database: str, wallets: str) -> None:
    with pytest.raises(REFUSED, match="no_purse_below_zero"):
        await add_member(database, wallets)

    await add_member(database, wallets.replace("-", ""))


async def test_no_history_goes_below_zero(database: str) -> None:
    with pytest.raises(REFUSED, match="balance_after"):
        await add_transaction(database, 1, balance_after=-1)


async def test_a_movement_of_nothing_must_say_why(database: str) -> None:
    with pytest.raises(REFUSED, match="ck_transactions_amount"):
        await add_transaction(database, 1, amount="0")

    await add_transaction(database, 1, amount="0", details="""'{"debt": 5}'""")


async def test_one_number_of_a_member_is_given_once(database: str) -> None:
    await add_transaction(database, 1)

    with pytest.raises(REFUSED):
        await add_transaction(database, 1)


@pytest.mark.parametrize("change", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize("table", ["transactions", "transactions_2026_11", "reversals", "seals"])
async def test_what_is_booked_stays(database: str, table: str, change: str) -> None:
    if database.startswith("sqlite") and (table == "transactions_2026_11" or change.startswith("TRUNCATE")):
        return
    at = november(database)
    await add_transaction(database, 1)
    await run(database, f"INSERT INTO reversals VALUES ('1-1', '1-2', {at})")
    await run(database, f"INSERT INTO seals VALUES (1, 1, 1, 1, 'hash', '', {at})")
    column = {"reversals": "by", "seals": "hash"}.get(table, "type")

    with pytest.raises(REFUSED, match="never changed or deleted"):
        await run(database, change.format(table, column, column))

    assert await run(database, f"SELECT count(*) FROM {table}") == [(1,)]


async def test_a_definition_is_in_force_once(database: str) -> None:
    await run(
        database, "INSERT INTO definitions VALUES ('rule', 'message', 1, 2, '{}'), ('rule', 'message', 2, NULL, '{}')"
    )

    with pytest.raises(REFUSED):
        await run(database, "INSERT INTO definitions VALUES ('rule', 'message', 3, NULL, '{}')")


async def test_positions_of_events_go_on_when_every_event_is_gone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'besitos.db'}"
    await migrate.upgrade(url)
    columns = "member_id, member_seq, type, body, activity, game_version, occurred_at, recorded_at"
    add = f"INSERT INTO events ({columns}) VALUES (1, 1, 'level.reached', '{{}}', 'k', 1, 0, 0)"

    await run(url, add)
    await run(url, "DELETE FROM events")
    await run(url, add)

    assert await run(url, "SELECT position FROM events") == [(2,)]


async def test_moments_and_documents_go_through_as_they_are(database: str) -> None:
    document = '{"b": 1,  "a": "ñ"}'

    def write_and_read(connection: Connection) -> tuple[object, ...]:
        members = tables.members
        ana = {"member_id": 1, "created_at": NOON_IN_BOGOTA, "metadata": document}
        connection.execute(insert(members).values(ana))
        read = select(members.c.created_at, members.c.last_active, members.c.metadata, members.c.wallets)
        return tuple(connection.execute(read.where(members.c.created_at == NOON_IN_BOGOTA)).one())

    assert await on_connection(database, write_and_read) == (NOON_IN_BOGOTA, None, document, "{}")


async def test_a_moment_without_a_zone_is_refused(database: str) -> None:
    def write(connection: Connection) -> None:
        connection.execute(insert(tables.members).values(member_id=1, created_at=NOVEMBER.replace(tzinfo=None)))

    with pytest.raises(Exception, match="a moment without a zone"):
        await on_connection(database, write)


async def on_connection(url: str, work: Callable[[Connection], tuple[object, ...] | None]) -> tuple[object, ...] | None:
    if url.startswith("sqlite"):
        with create_engine(url).begin() as connection:
            return work(connection)

    async def connect() -> asyncpg.Connection:
        return await asyncpg.connect(url)

    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect)
    try:
        async with engine.begin() as async_connection:
            return await async_connection.run_sync(work)
    finally:
        await engine.dispose()
