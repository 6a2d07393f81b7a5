"""The audit says nothing of a ledger that is right, and names what is wrong with one that is not."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest

from besitos.mechanics.reaction.model import AddReaction
from besitos.store.audit import ROWS_SHOWN, Report, audit, codes
from besitos.store.database import open_store
from besitos.store.protocol import Database
from besitos.surfaces.texts import LANGUAGES, codes_of
from tests.audit import plants_of_acts, plants_of_money
from tests.audit.planted import planted_in
from tests.audit.planting import Plant, first_of_next_month
from tests.audit.plants_of_acts import a_key_applied_twice
from tests.audit.town import Town, all_sealed, sealed
from tests.services.postgres import PostgresAddress
from tests.world import MONDAY, engine, happened, new_key, people

PLANTS = (*plants_of_money.PLANTS, *plants_of_acts.PLANTS)
OPERATIONS = 1_500
SEAL_ROWS = 300


@pytest.fixture(scope="module")
def town_file(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A SQLite database for all tests of this module."""
    path = tmp_path_factory.mktemp("town") / "besitos.db"
    shutil.copyfile(migrated_file, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="module")
def town_server(postgres_server: PostgresAddress, migrated_database: str) -> Iterator[str]:
    """A PostgreSQL database for all tests of this module."""
    name = f"besitos_town_{uuid4().hex[:16]}"
    yield asyncio.run(postgres_server.create(name, template=migrated_database))
    asyncio.run(postgres_server.drop(name))


@pytest.fixture(scope="module", params=["town_file", "town_server"])
def town_url(request: pytest.FixtureRequest) -> str:
    """The database of a town that has lived a while, and is sealed but for the last acts; of each kind."""
    url: str = request.getfixturevalue(request.param)
    asyncio.run(build(url))
    return url


async def build(url: str) -> None:
    store = await open_store(url)
    town = await Town.found(store)
    await town.live(OPERATIONS)
    await all_sealed(store, town.clock.moment, rows_max=SEAL_ROWS)
    await town.live(50)
    await town.leave_open()
    await store.prepare([first_of_next_month(town.clock.moment)], town.clock.moment)
    await store.close()


async def test_a_ledger_that_is_right_is_clean(database: Database) -> None:
    town = await Town.found(database, seed=2)
    await town.live(OPERATIONS)

    assert violations(await audit(database)) == {}

    assert await all_sealed(database, town.clock.moment, rows_max=SEAL_ROWS)
    await town.live(100)
    report = await audit(database)
    assert violations(report) == {}
    assert report.seals > 1


async def test_it_is_clean_while_traffic_goes_on(database: Database) -> None:
    """Every audit sees one moment: half a batch, or a seal without its totals, would be a violation."""
    town = await Town.found(database, seed=3)
    enough = asyncio.Event()

    async def go_on_living() -> None:
        while not enough.is_set():
            await town.live(50)

    living = asyncio.create_task(go_on_living())
    reports = []
    for _ in range(5):
        reports.append(await audit(database))
        await sealed(database, town.clock.moment, rows_max=SEAL_ROWS)
    enough.set()
    await living

    assert [violations(report) for report in reports] == [{}] * 5
    assert reports[-1].sealed > reports[0].sealed


async def test_what_is_remembered_of_things_and_posts_needs_no_owner(database: Database) -> None:
    game = (
        "game: {name: P}\nactivities: {photo.shared: {attributes: {post: text, topic: text}}}\n"
        "things: {post: {begins: photo.shared, keeps: [topic]}}\nreactions: {love: {emoji: ❤️}}\n"
    )
    await people(database)
    begun = happened(1, "photo.shared", post="a/b", topic="sea")
    reacted = AddReaction(key=new_key(), member_id=2, occurred_at=MONDAY, post="a/b", reaction="love")
    outcomes = await engine(database, None, game).run([begun, reacted])

    assert [outcome.accepted for outcome in outcomes] == [True, True]
    assert violations(await audit(database)) == {}


@pytest.mark.parametrize(("code", "plant"), PLANTS, ids=[plant.__name__ for _, plant in PLANTS])
async def test_each_corruption_is_caught_and_named(town_url: str, code: str, plant: Plant) -> None:
    async with planted_in(town_url) as books:
        expected = await plant(books)
        report = await audit(books)

    found = violations(report)
    assert code in found
    assert any(expected.items() <= row.items() for row in found[code]), found[code]


async def test_what_is_planted_is_rolled_back(town_url: str) -> None:
    async with planted_in(town_url) as books:
        assert violations(await audit(books)) == {}


async def test_a_key_applied_twice_is_caught_where_all_else_was_repaired(town_url: str) -> None:
    async with planted_in(town_url) as books:
        await a_key_applied_twice(books)

        assert set(violations(await audit(books))) == {"audit.activity"}


def test_every_rule_is_proven_by_a_plant() -> None:
    assert {code for code, _ in PLANTS} == set(codes())


async def test_a_report_counts_everything_and_names_the_first(town_url: str) -> None:
    async with planted_in(town_url) as books:
        await books.change("UPDATE transactions SET balance_after = balance_after + seq * seq")
        [[rows]] = await books.run("SELECT count(*) FROM transactions")
        finding = next(each for each in (await audit(books)).findings if each.code == "audit.history")

    assert len(finding.rows) == ROWS_SHOWN < finding.count <= rows


async def test_a_report_is_json(town_url: str) -> None:
    async with planted_in(town_url) as books:
        await books.change("UPDATE daily_totals SET units = units + 1")
        report = await audit(books)

    said = msgspec.json.decode(msgspec.json.encode(report))
    assert not report.is_clean
    assert [each["code"] for each in said["findings"]] == list(codes())
    [day, *_] = said["findings"][codes().index("audit.totals")]["rows"]
    assert {"day", "currency", "house", "amount", "booked"} <= day.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_is_explained(language: str) -> None:
    told = codes_of(language)

    assert [code for rule in codes() for code in (rule, f"{rule}.means", f"{rule}.do") if code not in told] == []


def violations(report: Report) -> dict[str, tuple[dict[str, object], ...]]:
    """The rows that a report names, by rule."""
    return {finding.code: finding.rows for finding in report.violations}
