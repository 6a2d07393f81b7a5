"""Seals hold everything once and in order, whoever seals and whatever is being written meanwhile."""

import asyncio
import shutil
import tempfile
from collections import defaultdict
from datetime import UTC, date, timedelta
from pathlib import Path

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from besitos.core.account import Account
from besitos.core.transaction import MAX_AMOUNT
from besitos.store.audit import audit
from besitos.store.database import open_store
from besitos.store.protocol import Database, Query, StoreError
from besitos.store.seals import NOTE, Seal, Total, rows_of, seal, seals, totals
from tests.audit.town import Town, all_sealed, sealed
from tests.world import MONDAY, grant

FIRST, LAST = date(2026, 9, 1), date(2027, 12, 31)


async def recounted(store: Database) -> list[Total]:
    """The daily totals as one would count them by hand, over every row there is."""
    sums: dict[tuple[date, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for row in (await store.export()).transactions:
        if not row.counter.startswith("member:"):
            currency = Account(row.member_id, row.account).currency
            found = sums[row.occurred_at.astimezone(UTC).date(), currency, row.counter]
            found[0] += -row.amount if row.counter.startswith("sink:") else row.amount
            found[1] += 1
    return [Total(*name, *sums[name]) for name in sorted(sums)]


async def test_where_nothing_was_booked_there_is_nothing_to_seal(database: Database) -> None:
    assert await seal(database, MONDAY) is None
    assert await totals(database, FIRST, LAST) == []


async def test_everything_is_sealed_once_and_in_order(database: Database) -> None:
    town = await Town.found(database)
    await town.live(300)

    made = await all_sealed(database, town.clock.moment, rows_max=60)

    [[(rows, last)]] = await database.read(Query("SELECT count(*), max(position) FROM transactions"))
    assert await seals(database) == made
    assert [each.number for each in made] == list(range(1, len(made) + 1))
    assert [each.first_position for each in made] == [1, *(each.last_position + 1 for each in made[:-1])]
    assert [each.previous for each in made] == ["", *(each.hash for each in made[:-1])]
    assert (sum(each.row_count for each in made), made[-1].last_position) == (rows, last)
    assert len(made) > 5
    assert await seal(database, town.clock.moment) is None


async def test_a_seal_takes_as_many_rows_as_it_may_but_never_part_of_a_batch(database: Database) -> None:
    town = await Town.found(database)
    await town.live(200)

    for made in await all_sealed(database, MONDAY, rows_max=1):
        rows = await rows_of(database, made.first_position, made.last_position)
        assert len({row[0] for row in rows}) == 1


async def test_of_two_who_seal_at_once_one_wins(database: Database) -> None:
    town = await Town.found(database)
    await town.live(300)

    made: list[Seal | None] = []
    async with asyncio.timeout(60):
        while not any(made):
            made = await asyncio.gather(*(seal(database, MONDAY + timedelta(seconds=each)) for each in range(4)))

    assert len([each for each in made if each is not None]) == 1
    assert (await audit(database)).is_clean
    assert await totals(database, FIRST, LAST) == await recounted(database)


async def test_without_its_totals_there_is_no_seal(database: Database) -> None:
    town = await Town.found(database)
    await town.live(20)
    await database.amend(Query("ALTER TABLE daily_totals RENAME TO hidden"))

    with pytest.raises(StoreError):
        await sealed(database, MONDAY)

    await database.amend(Query("ALTER TABLE hidden RENAME TO daily_totals"))
    assert await seals(database) == []
    assert (await sealed(database, MONDAY)).number == 1


@pytest.mark.parametrize("seed", [5, 6])
async def test_daily_totals_are_those_of_a_naive_recount(database: Database, seed: int) -> None:
    town = await Town.found(database, seed)
    for operations, rows_max in ((150, 40), (100, 7), (80, 1000)):
        await town.live(operations)
        assert await totals(database, FIRST, LAST) == await recounted(database)
        await all_sealed(database, town.clock.moment, rows_max=rows_max)
        assert await totals(database, FIRST, LAST) == await recounted(database)
    await town.live(30)
    assert await totals(database, FIRST, LAST) == await recounted(database)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**16), st.lists(st.tuples(st.integers(1, 60), st.integers(1, 80)), min_size=1, max_size=4))
def test_however_it_is_cut_the_totals_are_the_same(
    migrated_file: Path, seed: int, steps: list[tuple[int, int]]
) -> None:
    async def live() -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "besitos.db"
            shutil.copyfile(migrated_file, path)
            store = await open_store(f"sqlite:///{path}")
            try:
                town = await Town.found(store, seed)
                for operations, rows_max in steps:
                    await town.live(operations)
                    await seal(store, town.clock.moment, rows_max=rows_max)
                assert await totals(store, FIRST, LAST) == await recounted(store)
                assert (await audit(store)).is_clean
            finally:
                await store.close()

    asyncio.run(live())


async def test_only_the_days_that_were_asked_for(database: Database) -> None:
    town = await Town.found(database)
    await town.live(300)
    every = await totals(database, FIRST, LAST)
    days = sorted({each.day for each in every})

    some = await totals(database, days[1], days[2])

    assert some == [each for each in every if days[1] <= each.day <= days[2]]
    assert some


async def test_rows_are_sealed_when_no_row_can_come_between_them(postgres_url: str) -> None:
    """A position may be drawn long before it is committed: whoever is still writing is waited for."""
    store = await open_store(postgres_url)
    town = await Town.found(store)
    await town.live(20)
    slow = await asyncpg.connect(postgres_url)
    await slow.execute("BEGIN")
    await slow.execute("SELECT pg_current_xact_id(), nextval('transaction_positions')")
    await town.live(20)

    assert await seal(store, MONDAY) is None
    await town.live(20)
    assert await seal(store, MONDAY) is None

    await slow.execute("COMMIT")
    assert (await sealed(store, MONDAY)).number == 1
    await all_sealed(store, MONDAY)
    [[(last,)]] = await store.read(Query("SELECT max(position) FROM transactions"))
    assert (await seals(store))[-1].last_position == last
    await slow.close()
    await store.close()


async def test_after_a_restore_on_another_server_sealing_goes_on(postgres_url: str) -> None:
    """Its transactions are numbered anew, so what was noted about the old one's would be waited for in vain."""
    store = await open_store(postgres_url)
    town = await Town.found(store)
    await town.live(20)
    note = Query(
        "INSERT INTO deployment (name, value) VALUES (:name, :value)",
        {"name": NOTE, "value": '{"position": 9, "coming": 4000000000000}'},
    )
    await store.amend(note)

    assert (await sealed(store, MONDAY)).number == 1
    await store.close()


async def test_a_day_may_mint_more_than_a_row_can_hold(database: Database) -> None:
    """No balance exceeds 64 bits, and the sum over members does."""
    town = await Town.found(database)
    for member_id in (1, 2):
        for _ in range(6):
            await town.engine.run([grant(member_id, MAX_AMOUNT) for _ in range(100)])

    [before] = [each for each in await totals(database, FIRST, LAST) if each.house == "source:admin"]
    await all_sealed(database, town.clock.moment, rows_max=500)
    [after] = [each for each in await totals(database, FIRST, LAST) if each.house == "source:admin"]

    assert before == after
    assert after.amount == 1_200 * MAX_AMOUNT > 2**63
    assert (await audit(database)).is_clean
