"""Months of the logs on PostgreSQL: made when they are needed, once, without standing in anybody's way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta, timezone

import asyncpg
import pytest

from besitos.core.calendar import month_of
from besitos.store import migrate
from besitos.store.partitions import KEYS, LAST_MONTH, ensure, existing, months_from

APRIL_2004 = datetime(2004, 4, 1, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 1, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 1, tzinfo=UTC)

ADD_ACTIVITY = """
    INSERT INTO activities (key, member_id, kind, content, is_dated, outcome, game_version, occurred_at, recorded_at)
    VALUES ($1, 1, 'message.posted', '{}', true, '{}', 1, $2, '2026-11-20')
"""


@pytest.fixture
async def dsn(postgres_dsn: str) -> str:
    """The URL of a migrated database without a single month."""
    await migrate.upgrade(postgres_dsn)
    return postgres_dsn


@asynccontextmanager
async def connected(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        await connection.close()


@pytest.mark.parametrize("log", KEYS)
async def test_a_month_is_made_once_with_its_key(dsn: str, log: str) -> None:
    async with connected(dsn) as connection:
        await ensure(connection, log, [NOVEMBER, APRIL_2004])
        await ensure(connection, log, [NOVEMBER, DECEMBER])

        assert await existing(connection, log) == {APRIL_2004, NOVEMBER, DECEMBER}
        indexes = await connection.fetch("SELECT indexdef FROM pg_indexes WHERE tablename = $1", f"{log}_2026_11")

    defined = sorted(index.partition(" USING ")[2] for (index,) in indexes)
    by_key = f"btree ({KEYS[log]})"
    if log == "activities":
        assert defined == [by_key, "btree (member_id, occurred_at) WHERE (trace IS NOT NULL)"]
    else:
        assert defined == ['brin ("position")', by_key]


async def test_the_past_and_the_ends_of_time_find_their_month(dsn: str) -> None:
    last_moment = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    moments = [datetime(1, 1, 1, 0, 0, 1, tzinfo=UTC), APRIL_2004 + timedelta(days=20), last_moment]

    async with connected(dsn) as connection:
        await ensure(connection, "activities", {month_of(moment) for moment in moments})
        for moment in moments:
            await connection.execute(ADD_ACTIVITY, "key", moment)
        found = await connection.fetch("SELECT tableoid::regclass::text FROM activities ORDER BY 1")

    assert [table for (table,) in found] == ["activities_0001_01", "activities_2004_04", "activities_9999_12"]
    assert month_of(last_moment) == LAST_MONTH


async def test_a_key_is_free_again_in_another_month(dsn: str) -> None:
    async with connected(dsn) as connection:
        await ensure(connection, "activities", [NOVEMBER, DECEMBER])
        await connection.execute(ADD_ACTIVITY, "key", DECEMBER - timedelta(microseconds=1))
        await connection.execute(ADD_ACTIVITY, "key", DECEMBER)

        with pytest.raises(asyncpg.UniqueViolationError):
            await connection.execute(ADD_ACTIVITY, "key", DECEMBER + timedelta(days=30))


async def test_a_row_without_its_month_is_refused(dsn: str) -> None:
    async with connected(dsn) as connection:
        with pytest.raises(asyncpg.CheckViolationError, match="no partition"):
            await connection.execute(ADD_ACTIVITY, "key", NOVEMBER)


async def test_many_who_need_the_same_months_at_once_make_them_once(dsn: str) -> None:
    months = list(months_from(APRIL_2004, 12))

    async def make(number: int) -> None:
        async with connected(dsn) as connection:
            await ensure(connection, "events", months[number:] + months[:number])

    await asyncio.gather(*(make(number) for number in range(8)))

    async with connected(dsn) as connection:
        assert await existing(connection, "events") == set(months)


async def test_a_month_is_made_while_others_write_and_read(dsn: str) -> None:
    """Neither waits for the other: not the maker for an open batch, not a batch for an open maker."""
    async with connected(dsn) as writer, connected(dsn) as maker, asyncio.timeout(5):
        await ensure(maker, "activities", [NOVEMBER])
        async with writer.transaction():
            await writer.execute(ADD_ACTIVITY, "before", NOVEMBER)
            async with maker.transaction():
                await ensure(maker, "activities", [DECEMBER])
                await writer.execute(ADD_ACTIVITY, "beside", NOVEMBER)
                assert await writer.fetchval("SELECT count(*) FROM activities") == 2
        await writer.execute(ADD_ACTIVITY, "after", DECEMBER)


def test_a_month_begins_at_midnight_utc() -> None:
    evening_in_bogota = datetime(2026, 11, 30, 20, tzinfo=timezone(timedelta(hours=-5)))

    assert month_of(evening_in_bogota) == DECEMBER


def test_months_go_on_into_the_next_year() -> None:
    assert list(months_from(NOVEMBER + timedelta(days=29), 3)) == [NOVEMBER, DECEMBER, datetime(2027, 1, 1, tzinfo=UTC)]
