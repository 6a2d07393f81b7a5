"""The views of what members have come to, on what the engine has written."""

import json

import pytest

from besitos.store.protocol import Database, GameChange, Query
from tests.world import ANA, MONDAY, claim, day, document, engine, happened

GAME = """
game: {name: Vistas}
daily_gift: {pays: {besitos: 10}}
activities: {thing.done: {attributes: {who: text}}}
metrics: {done: {when: thing.done}, per_who: {when: thing.done, per: who}}
streaks: {diaria: {name: Diaria, when: thing.done}}
badges:
  primera: {name: Primera, if: {done: 1+}}
  amiga: {name: Amiga, if: {per_who: 2+}, per: who}
missions: {dos: {name: Dos, type: special, goals: {done: 2+}, pays: {besitos: 5}}}
rewards:
  oro:
    name: Oro
    if: [{done: 2+}, {any: [{level: 1+}, {badge: primera}]}, {any: [{done: 1+}, {done: 2+}]}]
    pays: {besitos: 9}
modules: {uno: {name: Uno, completed_if: {done: 99+}}}
"""


@pytest.fixture
async def played(database: Database) -> Database:
    """A database in which Ana has done two things on two days, and claimed a gift."""
    running = engine(database, text=GAME)
    await running.run(
        [
            happened(ANA, "thing.done", MONDAY, who="bea/x"),
            happened(ANA, "thing.done", day(1), who="bea/x"),
            happened(ANA, "message.posted", day(1), module="uno"),
            claim(ANA, day(1)),
        ]
    )
    return database


async def rows_of(store: Database, sql: str) -> list[tuple[object, ...]]:
    [rows] = await store.read(Query(sql))
    return [tuple(row) for row in rows]


async def test_streaks(played: Database) -> None:
    assert await rows_of(played, "SELECT member_id, streak, current_length, longest_length FROM user_streaks") == [
        (ANA, "diaria", 2, 2)
    ]


async def test_missions(played: Database) -> None:
    assert await rows_of(played, "SELECT mission, state, times_completed FROM user_missions") == [
        ("dos", "completed", 1)
    ]


async def test_rewards(played: Database) -> None:
    assert await rows_of(played, "SELECT reward, state, times_claimed FROM user_rewards") == [("oro", "UNLOCKED", 0)]


async def test_achievements(played: Database) -> None:
    found = await rows_of(played, "SELECT badge, value, how, is_revoked FROM user_achievements ORDER BY badge")

    assert [(badge, value, how, bool(revoked)) for badge, value, how, revoked in found] == [
        ("amiga", "bea/x", "earned", False),
        ("primera", "", "earned", False),
    ]


async def test_modules(played: Database) -> None:
    assert await rows_of(played, "SELECT module, state, messages FROM user_module_progress") == [
        ("uno", "InProgress", 1)
    ]


async def test_conditions_of_rewards_by_group(database: Database) -> None:
    rows = {key: row for key, row in document(GAME).rows.items() if key[0] == "reward"}
    await database.prepare((), MONDAY)
    await database.versions.apply(GameChange(0, rows, MONDAY, "test", ""))

    found = await rows_of(database, "SELECT reward, group_number, condition FROM reward_conditions")

    conditions = [(reward, group, json.loads(str(fact))) for reward, group, fact in found]
    assert sorted(conditions, key=str) == sorted(
        [
            ("oro", 0, {"done": "2+"}),
            ("oro", 1, {"level": "1+"}),
            ("oro", 1, {"badge": "primera"}),
            ("oro", 2, {"done": "1+"}),
            ("oro", 2, {"done": "2+"}),
        ],
        key=str,
    )
