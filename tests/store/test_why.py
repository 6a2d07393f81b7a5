"""What came of activities, found again: on each database."""

from datetime import timedelta

import pytest

from besitos.store.protocol import Database
from besitos.store.why import newest, of_key
from tests.world import ANA, BEA, MONDAY, SetClock, day, engine, happened, message

GAME = """
game: {name: Prueba}
activities: {salary.paid: {}, nothing.done: {}}
rules:
  salary: {when: salary.paid, pays: {besitos: 100}}
  charla: {when: message.posted, pays: {besitos: 1}, limit: 1/day}
"""


@pytest.fixture
def world(database: Database) -> Database:
    """A database with a game of two rules."""
    return database


async def test_the_newest_that_paid_or_explained_come_first_and_what_says_nothing_not_at_all(world: Database) -> None:
    running = engine(world, SetClock(day(40)), GAME)
    said = [
        happened(ANA, "salary.paid", MONDAY),
        message(ANA, MONDAY + timedelta(hours=1)),
        message(ANA, MONDAY + timedelta(hours=2)),
        happened(ANA, "nothing.done", MONDAY + timedelta(hours=3)),
        message(BEA, MONDAY + timedelta(hours=4)),
    ]
    for each in said:
        await running.submit(each)

    found = await newest(world, ANA)

    assert [each.key for each in found] == [each.key for each in (said[2], said[1], said[0])]
    assert [each.trace is not None for each in found] == [True, False, False]
    assert [each.kind for each in found] == ["message.posted", "message.posted", "salary.paid"]
    assert found[0].occurred_at == said[2].occurred_at
    assert [each.key for each in await newest(world, ANA, 1)] == [said[2].key]
    assert await newest(world, 19) == []


async def test_what_happened_in_several_months_is_found_in_each(world: Database) -> None:
    running = engine(world, SetClock(day(80)), GAME)
    months = [happened(ANA, "salary.paid", day(number)) for number in (0, 31, 70)]
    for each in months:
        await running.submit(each)

    assert [each.key for each in await newest(world, ANA)] == [each.key for each in reversed(months)]


async def test_an_activity_is_found_by_its_key_and_nothing_by_another(world: Database) -> None:
    running = engine(world, SetClock(day(40)), GAME)
    paid = happened(ANA, "salary.paid", MONDAY)
    await running.submit(paid)

    [found] = await of_key(world, paid.key)

    assert (found.member_id, found.kind, found.occurred_at) == (ANA, "salary.paid", MONDAY)
    assert await of_key(world, "test:nobody") == []
