"""The stores agree on streaks: one history, the same tables in each, however it was cut into batches."""

import asyncio
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from besitos.core.activity import Activity
from besitos.engine.codec import parse
from besitos.mechanics.member.model import ChangeSettings
from besitos.mechanics.streak.model import CancelPause, GrantFreeze, PauseStreak, RepairStreak
from besitos.store.database import open_store
from besitos.store.memory import MemoryStore
from besitos.store.protocol import Changes, Store
from tests.books import assert_books_balance, comparable
from tests.mechanics.scene import done
from tests.world import MONDAY, SetClock, day, engine, new_key, people

GAME = """
game: {name: Prueba, zone: America/Mexico_City, day_begins: 4}
activities: {thing.done: {attributes: {n: number}}}
streaks:
  diaria: {name: Diaria, when: thing.done, bonuses: {2: {besitos: 20}, 5: {besitos: {free: 1, vip: 2}, bonus: 5}}}
  propia: {name: Propia, when: thing.done, day: member, where: {n: 50+}, bonuses: {3: {besitos: 9}}}
  semanal: {name: Semanal, when: thing.done, every: week, day: utc, bonuses: {2: {besitos: 30}}}
"""
ZONES = ("Asia/Kathmandu", "Pacific/Kiritimati", "Pacific/Pago_Pago", "")
KEYS = ("diaria", "propia", "semanal")


def something(dice: random.Random, at: datetime) -> Activity:
    member = dice.randint(1, 4)
    common: dict[str, Any] = {"key": new_key(), "member_id": member, "occurred_at": at}
    streak: dict[str, Any] = {**common, "streak": dice.choice(KEYS)}
    first = at.date() + timedelta(days=dice.randint(0, 2))
    match dice.randint(0, 13):
        case 0:
            return GrantFreeze(**streak)
        case 1:
            return PauseStreak(**streak, starts_on=first, ends_on=first + timedelta(days=dice.randint(0, 2)))
        case 2:
            return CancelPause(**streak, starts_on=first)
        case 3:
            return RepairStreak(**streak)
        case 4:
            return ChangeSettings(**common, zone=dice.choice(ZONES))
        case _:
            return done(at, member, n=dice.randint(0, 99))


def a_month(seed: int) -> list[Activity]:
    dice, at, month = random.Random(seed), MONDAY, []
    while at < day(30):
        at += timedelta(minutes=dice.choice((3, 40, 200, 400)))
        month.append(something(dice, at))
    return month


async def world_after(store: Store, batches: Sequence[Sequence[Activity]], *, with_timers: bool = True) -> Changes:
    """The tables after this history. Timers come when they are due, or when all is over."""
    await people(store)
    clock = SetClock(MONDAY)
    running = engine(store, clock, GAME)
    for batch in batches:
        clock.moment = batch[-1].occurred_at
        while with_timers and await running.run_due_timers(until=batch[0].occurred_at):
            pass
        await running.run(batch)
    clock.moment = day(60)
    while await running.run_due_timers():
        pass
    tables = await store.export()
    await store.close()
    return tables


def one_by_one(activities: Sequence[Activity]) -> list[Sequence[Activity]]:
    return [[activity] for activity in activities]


@pytest.mark.parametrize("seed", [1])
async def test_a_month_leaves_the_same_tables_as_in_memory(database_url: str, seed: int) -> None:
    month = one_by_one(a_month(seed))

    in_memory = await world_after(MemoryStore(), month)
    in_database = await world_after(await open_store(database_url), month)

    assert comparable(in_memory) == comparable(in_database)
    assert_books_balance(in_memory)
    kinds = {row.type.rpartition("streak_")[2] for row in in_memory.events}
    assert {"extended", "frozen", "lost", "restored"} <= kinds


def test_batches_do_not_matter() -> None:
    month = a_month(3)
    cut = [month[start : start + 9] for start in range(0, len(month), 9)]

    alone = asyncio.run(world_after(MemoryStore(), one_by_one(month), with_timers=False))
    together = asyncio.run(world_after(MemoryStore(), cut, with_timers=False))

    assert comparable(alone) == comparable(together)


@pytest.mark.parametrize("seed", [4, 5, 6])
def test_it_does_not_matter_whether_timers_came_in_time(seed: int) -> None:
    month = one_by_one(a_month(seed))

    in_time = asyncio.run(world_after(MemoryStore(), month))
    at_the_end = asyncio.run(world_after(MemoryStore(), month, with_timers=False))

    assert states(in_time) == states(at_the_end)
    for key in KEYS:
        assert of_streak(in_time, key) == of_streak(at_the_end, key)
    assert paid(in_time) == paid(at_the_end)


def states(tables: Changes) -> dict[int, object]:
    """What is remembered of each member."""
    return {row.member_id: parse(row.state) for row in tables.members}


def of_streak(tables: Changes, key: str) -> dict[int, list[object]]:
    """What was told of a streak, by member, in order. Only one streak: of two the loss is written when it is found."""
    events = [(row.member_id, parse(row.body)) for row in tables.events]
    return {
        row.member_id: [body for member, body in events if member == row.member_id and body.get("streak") == key]
        for row in tables.members
    }


def paid(tables: Changes) -> list[tuple[int, str, str, int]]:
    return sorted((row.member_id, row.definition, row.account, row.amount) for row in tables.transactions)


def test_repeating_everything_changes_nothing() -> None:
    month = one_by_one(a_month(7))

    once = asyncio.run(world_after(MemoryStore(), month))
    twice = asyncio.run(world_after(MemoryStore(), [each for each in month for _ in range(2)]))

    assert comparable(once) == comparable(twice)
