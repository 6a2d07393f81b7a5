"""The stores agree: one history, the same tables in each, however it was cut into batches."""

import asyncio
import random
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from besitos.core.account import purse, source
from besitos.core.activity import Activity
from besitos.core.decision import Accepted, Decision, Move
from besitos.core.transaction import TransactionType
from besitos.core.transfer import Policy
from besitos.core.view import View
from besitos.game.mechanic import Listens, Mechanic, Phase, Signal
from besitos.store.database import open_store
from besitos.store.memory import MemoryStore
from besitos.store.protocol import Changes
from tests.books import assert_books_balance, comparable
from tests.world import (
    ANA,
    BEA,
    CARLA,
    GAME,
    SetClock,
    auction,
    bid,
    claim,
    day,
    engine,
    gift,
    grant,
    happened,
    message,
    people,
    spend,
    undo,
)

RICH = (
    GAME
    + """
  hours: {when: live.watched, pays: {xp: 1 per 5 minutes, bonus: {free: 1, vip: 2}}, limit: [2/day per live, 1/30s]}
  first: {when: reply.posted, pays: {besitos: 3}, limit: 5/day for all}
  rude: {when: media.shared, pays: {besitos: -4}}
  slow: {when: live.commented, pays: {besitos: 9}, quarantine: 1d}
caps:
  total: {limit: 25 besitos/day, sources: all}
  watched: {limit: 3 besitos/2h, sources: hours, then: report}
"""
)


def draw(view: View, signal: Signal, _rules: None) -> Decision:
    """A prize by lot."""
    amount = 1 + int(view.chance("prize") * 100)
    winner = purse(signal.member_id)
    return Accepted(Move(debit=source("lottery"), credit=winner, amount=amount, type=TransactionType.PRIZE))


LOTTERY: Mechanic[None] = Mechanic(
    name="lottery",
    compile=lambda _: [("lottery", None)],
    listens=(Listens(lambda _: ("lottery.won",), draw, Phase.RULE),),
)

HAPPENINGS: list[Callable[[int, str, datetime, int], Activity]] = [
    lambda member, name, at, _: message(member, at, module=name),
    lambda member, _name, at, _: claim(member, at),
    lambda member, _name, at, _: happened(member, "salary.paid", at),
    lambda member, _name, at, _: happened(member, "promotion.given", at),
    lambda member, name, at, n: happened(member, "live.watched", at, live=name, minutes=n % 9),
    lambda member, _name, at, _: happened(member, "reply.posted", at),
    lambda member, _name, at, _: happened(member, "media.shared", at),
    lambda member, _name, at, _: happened(member, "live.commented", at),
    lambda member, _name, at, _: happened(member, "lottery.won", at),
    lambda member, name, _at, _: auction(name, member),
    lambda member, name, at, amount: bid(member, name, amount, at),
    lambda member, _name, at, amount: gift(member, member % 12 + 1, amount, at),
    lambda member, _name, at, amount: grant(member, amount, at, expires_at=at + timedelta(days=amount % 3 + 1)),
    lambda member, _name, at, amount: spend(member, amount, at, note="¿y esto?"),
    lambda member, _name, at, n: undo(f"{member}-{n % 15 + 1}", list(Policy)[n % 3], at),
]


def a_busy_week(seed: int, length: int = 60) -> list[Activity]:
    dice = random.Random(seed)
    return [
        dice.choice(HAPPENINGS)(dice.randint(1, 12), dice.choice("xyz"), day(number), dice.randint(5, 300))
        for number in range(8)
        for _ in range(length)
    ]


@pytest.mark.parametrize("seed", [4, 5])
async def test_a_busy_week_leaves_the_same_tables_as_in_memory(database_url: str, seed: int) -> None:
    week = a_busy_week(seed)
    worlds = []
    for store in (MemoryStore(), await open_store(database_url)):
        await people(store)
        running = engine(store, SetClock(day(9)), RICH, LOTTERY)
        for start in range(0, len(week), 50):
            await running.run(week[start : start + 50])
        await running.run_due_timers()
        worlds.append(comparable(await store.export()))
        await store.close()

    assert worlds[0] == worlds[1]


MEMBERS = st.sampled_from([ANA, BEA, CARLA])
DAYS = st.integers(0, 3)
ACTIVITIES = st.builds(
    lambda make, member, name, number, amount: make(member, name, day(number), amount),
    st.sampled_from(HAPPENINGS),
    MEMBERS,
    st.sampled_from("xy"),
    DAYS,
    st.integers(5, 200),
)


async def world_after(batches: list[list[Activity]]) -> Changes:
    store = MemoryStore()
    await people(store)
    running = engine(store, SetClock(day(9)), RICH, LOTTERY)
    for batch in batches:
        await running.run(batch)
    return await store.export()


def cut(activities: list[Activity], sizes: list[int]) -> list[list[Activity]]:
    batches, start = [], 0
    for size in sizes:
        batches.append(activities[start : start + size])
        start += size
    return [*batches, activities[start:]]


def undoable(activities: list[Activity]) -> list[Activity]:
    """Without reversals: one cannot know a transfer of the same batch, so they are told apart by their cut."""
    return [activity for activity in activities if activity.topic != "ledger.reverse"]


@settings(max_examples=100, deadline=None)
@given(st.lists(ACTIVITIES, max_size=40), st.lists(st.integers(1, 8), max_size=12))
def test_batches_do_not_matter(activities: list[Activity], sizes: list[int]) -> None:
    activities = undoable(activities)
    in_one = asyncio.run(world_after([activities]))
    one_by_one = asyncio.run(world_after([[activity] for activity in activities]))
    somehow = asyncio.run(world_after(cut(activities, sizes)))

    assert comparable(in_one) == comparable(one_by_one) == comparable(somehow)
    assert_books_balance(in_one)


def test_who_is_given_something_was_here_alike_however_it_is_cut_into_batches() -> None:
    happening: list[Activity] = [message(BEA), grant(ANA, 9), gift(ANA, BEA, 5, at=day(1))]

    in_one = asyncio.run(world_after([happening]))
    one_by_one = asyncio.run(world_after([[each] for each in happening]))

    assert comparable(in_one) == comparable(one_by_one)


@settings(max_examples=50, deadline=None)
@given(st.lists(ACTIVITIES, min_size=1, max_size=20))
def test_repeating_everything_changes_nothing(activities: list[Activity]) -> None:
    first = [[activity] for activity in activities]
    once = asyncio.run(world_after(first))
    twice = asyncio.run(world_after([*first, activities[::-1], activities]))

    assert comparable(once) == comparable(twice)


def test_deciding_is_the_same_twice() -> None:
    """Two identical runs over the same log give the same result, chance included."""
    week = a_busy_week(7, 20)

    worlds = [asyncio.run(world_after(cut(week, [30] * 6))) for _ in range(2)]

    assert msgspec.json.encode(worlds[0].activities) == msgspec.json.encode(worlds[1].activities)
    prizes = [row.amount for row in worlds[0].transactions if row.counter == "source:lottery"]
    assert 1 <= min(prizes) < max(prizes) <= 100
