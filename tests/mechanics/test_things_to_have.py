"""Reactions, boosts, VIP time, items, modules and watching together: one history, the same tables in every store."""

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest

from besitos.core.activity import Activity
from besitos.engine.engine import Engine
from besitos.mechanics.boost.model import StartBoost
from besitos.mechanics.module.model import Heartbeat
from besitos.mechanics.reaction.model import AddReaction
from besitos.mechanics.shop.model import GiveItem, OpenContent, TakeItem
from besitos.mechanics.vip.model import EndVip, GiveVip
from besitos.store.database import open_store
from besitos.store.memory import MemoryStore
from besitos.store.protocol import Changes, Store
from tests.books import assert_books_balance, comparable
from tests.world import SetClock, day, engine, message, new_key, people

GAME = """
game: {name: Prueba, zone: America/Mexico_City}
watching: {longest_gap: 30m}
vip: {grace: 6h}
metrics: {mensajes: {when: message.posted, per: module}, minutos: {when: live.watched, sum: minutes}}
modules:
  x: {name: X, completed_if: {mensajes: 3+, at: x}, pays: {besitos: 30, items: {llave: 1}}}
  y: {name: Y, for: vip, completed_if: [{module: x}, {minutos: 2+}], pays: {besitos: 50, vip: 1d}}
reactions:
  rosa: {emoji: 🌹, pays: {besitos: {free: 1, vip: 5}}}
  fuego: {emoji: 🔥, pays: {xp: 3}, if: {member: vip}}
items: {llave: {name: Llave, type: narrative_key, content: [album]}}
content: {album: {name: Álbum, media: [{photo: "https://example.org/a.jpg"}]}}
boosts:
  perfume: {name: Perfume, multiply: 1.5, lasts: 5h}
  gold: {name: Oro, multiply: 1.25, if: {member: vip}}
rules:
  chat: {when: message.posted, pays: {besitos: 3}, limit: 20 besitos/day}
  live: {when: live.watched, pays: {besitos: 1 per minutes}}
  prize: {when: gamification.module_completed, if: {content: album}, pays: {xp: 7}}
"""
Make = Callable[[random.Random, int, datetime], Activity]

MAKES: Sequence[Make] = (
    lambda dice, who, at: message(who, at, module=dice.choice("xyz")),
    lambda dice, who, at: AddReaction(
        key=new_key(),
        member_id=who,
        occurred_at=at,
        post=f"p{dice.randint(1, 9)}",
        reaction=dice.choice(["rosa", "fuego"]),
    ),
    lambda _, who, at: StartBoost(key=new_key(), member_id=who, occurred_at=at, boost="perfume"),
    lambda dice, who, at: GiveVip(key=new_key(), member_id=who, occurred_at=at, lasts=dice.randint(1, 90_000)),
    lambda _, who, at: EndVip(key=new_key(), member_id=who, occurred_at=at),
    lambda dice, who, at: GiveItem(
        key=new_key(), member_id=who, occurred_at=at, item="llave", count=dice.randint(1, 3)
    ),
    lambda _, who, at: TakeItem(key=new_key(), member_id=who, occurred_at=at, item="llave"),
    lambda _, who, at: OpenContent(key=new_key(), member_id=who, occurred_at=at, opens="album"),
    lambda dice, who, at: Heartbeat(
        key=new_key(),
        member_id=who,
        occurred_at=at,
        session=dice.choice("ab"),
        way="live",
        live="l",
        module="y",
        position=int(at.timestamp()) % 10**6,
    ),
)


def a_busy_week(seed: int, length: int = 400) -> list[Activity]:
    """Activities that follow each other closely, with a night between the days."""
    dice, at, made = random.Random(seed), day(0), list[Activity]()
    for number in range(length):
        at += timedelta(seconds=dice.randint(1, 45)) if number % 60 else timedelta(hours=20)
        made.append(dice.choice(MAKES)(dice, dice.randint(1, 4), at))
    return made


async def world_of(store: Store, week: Sequence[Activity], size: int) -> Changes:
    await people(store)
    clock = SetClock(day(0))
    running: Engine = engine(store, clock, GAME)
    for start in range(0, len(week), size):
        batch = week[start : start + size]
        clock.moment = max(each.occurred_at for each in batch)
        await running.run(batch)
    clock.moment = day(30)
    while await running.run_due_timers():
        pass
    exported = await store.export()
    await store.close()
    return exported


@pytest.mark.parametrize("seed", [1, 2])
async def test_a_busy_week_leaves_the_same_tables_as_in_memory(database_url: str, seed: int) -> None:
    week = a_busy_week(seed)

    in_memory = await world_of(MemoryStore(), week, 40)
    stored = await world_of(await open_store(database_url), week, 40)

    assert comparable(in_memory) == comparable(stored)
    assert_books_balance(stored)


@pytest.mark.parametrize("seed", range(8))
async def test_batches_do_not_matter(seed: int) -> None:
    week = a_busy_week(seed, 150)

    worlds = [comparable(await world_of(MemoryStore(), week, size)) for size in (1, 7, 150)]

    assert worlds[0] == worlds[1] == worlds[2]


async def test_a_busy_week_has_some_of_everything() -> None:
    exported = await world_of(MemoryStore(), a_busy_week(1), 40)

    told = {each.type for each in exported.events}
    assert told >= {
        "gamification.reaction_added",
        "gamification.boost_started",
        "gamification.boost_finished",
        "gamification.module_completed",
        "admin.member_type_changed",
    }
    assert {"module/x", "module/y", "reaction/rosa", "rule/live"} <= {row.definition for row in exported.transactions}
    assert exported.timers == {}
