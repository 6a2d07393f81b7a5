"""Levels: they follow what was earned, and each is announced and paid once."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from besitos.core.event import LevelUp
from besitos.core.standing import STANDING
from besitos.core.transfer import Policy
from besitos.engine.outcome import Outcome
from besitos.mechanics.level import compile_levels
from besitos.mechanics.level.decide import LevelsAtWork
from besitos.mechanics.level.model import RecalculateLevel
from tests.mechanics.scene import Scene, done
from tests.world import ANA, MONDAY, document, grant, new_key, undo

LINEAR = "levels: {curve: {linear: 100}, top: 5, pays: {xp: 3}, steps: {3: {name: Oro, pays: {besitos: 7}}}}"


def compiled(text: str) -> LevelsAtWork:
    [(_, levels)] = compile_levels(document("game: {name: Prueba}\n" + text))
    return levels


def recalculation(*, pays: bool = False) -> RecalculateLevel:
    return RecalculateLevel(key=new_key(), member_id=ANA, occurred_at=MONDAY, pays=pays)


async def level_of(scene: Scene, member_id: int = ANA) -> int:
    return await scene.engine.look(member_id, lambda view: view.get(STANDING.of(member_id)).level)


async def told(scene: Scene) -> list[int]:
    """The levels that were announced, in order."""
    events = (await scene.engine.store.export()).events
    return [
        int(row.body.partition('"level":')[2].rstrip("}"))
        for row in events
        if row.type == LevelUp.__struct_config__.tag
    ]


def moved(outcome: Outcome) -> list[tuple[str, str, int]]:
    return [(paid.definition, paid.account, paid.amount) for paid in outcome.paid if paid.definition == "levels"]


async def test_whoever_has_earned_enough_is_a_level_higher_and_is_paid_for_it() -> None:
    scene = await Scene.of(LINEAR)

    below, reached, after = await scene.do(grant(ANA, 99), grant(ANA, 1), grant(ANA, 1))

    assert (moved(below), moved(reached), moved(after)) == ([], [("levels", "xp", 3)], [])
    assert await level_of(scene) == 2
    assert await told(scene) == [2]


async def test_several_levels_at_once_are_paid_and_told_one_by_one_in_order() -> None:
    scene = await Scene.of(LINEAR)

    [outcome] = await scene.do(grant(ANA, 350))

    assert moved(outcome) == [("levels", "xp", 3), ("levels", "xp", 3), ("levels", "besitos", 7), ("levels", "xp", 3)]
    assert await told(scene) == [2, 3, 4]


async def test_what_a_level_pays_may_reach_the_next_one() -> None:
    scene = await Scene.of("levels: {curve: {linear: 100}, top: 9, pays: {besitos: 50}}")

    await scene.do(grant(ANA, 199))

    assert await told(scene) == [2, 3]
    assert await level_of(scene) == 3


async def test_the_payment_of_a_level_is_a_transaction_of_its_kind() -> None:
    scene = await Scene.of(LINEAR)
    await scene.do(grant(ANA, 100))

    [row] = [row for row in (await scene.engine.store.export()).transactions if row.definition == "levels"]

    assert (row.type, row.counter) == ("EARN_LEVEL", "source:level")


async def test_who_falls_is_told_nothing_and_rises_again_unpaid() -> None:
    scene = await Scene.of(LINEAR)
    [first] = await scene.do(grant(ANA, 250))

    [fallen] = await scene.do(undo(first.paid[0].transfer_id, Policy.TO_ZERO))
    assert await level_of(scene) == 1
    [again] = await scene.do(grant(ANA, 300))

    assert (moved(fallen), await told(scene)) == ([], [2, 3, 4])
    assert moved(again) == [("levels", "xp", 3)], "levels 2 and 3 were paid before the fall, level 4 was not"


async def test_the_last_level_is_the_top() -> None:
    scene = await Scene.of(LINEAR)

    await scene.do(grant(ANA, 1_000_000))

    assert await level_of(scene) == 5


async def test_levels_may_follow_another_currency() -> None:
    scene = await Scene.of("levels: {curve: {linear: 10}, currency: xp}")

    await scene.do(grant(ANA, 500), grant(ANA, 25, currency="xp"))

    assert await level_of(scene) == 3


async def test_a_condition_on_the_level_sees_the_one_just_reached() -> None:
    text = """
rules: {earns: {when: thing.done, pays: {besitos: 100}}}
badges: {alta: {name: Alta, if: {level: 2+}, pays: {xp: 9}}}
"""
    scene = await Scene.of(LINEAR + text)

    assert await scene.paid(done(), done(), currency="xp") == [12, 3]


async def test_a_table_has_the_levels_that_it_names() -> None:
    text = "levels: {curve: {table: true}, steps: {1: {at: 0}, 2: {at: 10}, 5: {at: 40}}, pays: {xp: 1}}"
    scene = await Scene.of(text)

    await scene.do(grant(ANA, 39))
    assert await level_of(scene) == 2
    await scene.do(grant(ANA, 1))

    assert await told(scene) == [2, 5]


async def test_after_a_new_curve_members_follow_when_they_next_earn() -> None:
    scene = await Scene.of(LINEAR)
    await scene.do(grant(ANA, 250))
    steeper = scene.under(LINEAR.replace("100", "1000"))

    assert await level_of(steeper) == 3
    await steeper.do(grant(ANA, 1))

    assert await level_of(steeper) == 1


async def test_a_recalculation_is_silent_and_what_it_reaches_counts_as_paid() -> None:
    scene = await Scene.of("levels: {curve: {linear: 1000}, pays: {xp: 3}}")
    await scene.do(grant(ANA, 250))
    flatter = scene.under(LINEAR)

    silent, repeated, later = await flatter.do(recalculation(), recalculation(), grant(ANA, 100))

    assert (moved(silent), moved(repeated), moved(later)) == ([], [], [("levels", "xp", 3)])
    assert await told(flatter) == [4], "only the level that was earned after it"


async def test_a_recalculation_pays_where_that_was_chosen() -> None:
    scene = await Scene.of("levels: {curve: {linear: 1000}}")
    await scene.do(grant(ANA, 250))

    [paid, again] = await scene.under(LINEAR).do(recalculation(pays=True), recalculation(pays=True))

    assert moved(paid) == [("levels", "xp", 3), ("levels", "xp", 3), ("levels", "besitos", 7)]
    assert moved(again) == []


async def test_where_there_are_no_levels_nothing_is_recalculated() -> None:
    scene = await Scene.of("rules: {}")

    [outcome] = await scene.do(recalculation())

    assert outcome.reason == "activity.unhandled"


@pytest.mark.parametrize(
    ("curve", "takes"),
    [
        ("{linear: 7}", [0, 7, 14, 21, 28]),
        ("{exponential: {base: 10, growth: 1.5}}", [0, 10, 15, 22, 33]),
        ("{exponential: {base: 100, growth: 1.1}}", [0, 100, 110, 121, 133]),
        ("{exponential: {base: 1, growth: 1.000001}}", [0, 1, 1, 1, 1]),
    ],
)
def test_a_curve_takes_what_the_language_says(curve: str, takes: list[int]) -> None:
    assert list(compiled(f"levels: {{curve: {curve}, top: 5}}").takes) == takes


def test_levels_that_nobody_can_reach_are_left_out() -> None:
    levels = compiled("levels: {curve: {exponential: {base: 1000000, growth: 10}}, top: 1000}")

    assert len(levels.takes) == 14
    assert levels.level_at(2**63 - 1) == 14


def by_definition(curve: dict[str, Any], top: int, earned: int) -> int:
    """The highest level whose amount is reached, straight from the language's words."""

    def takes(number: int) -> int:
        if number == 1:
            return 0
        if "linear" in curve:
            return int(curve["linear"]) * (number - 1)
        base, growth = curve["exponential"]
        exact = Decimal(base).as_integer_ratio()[0]
        numerator, denominator = Decimal(growth).as_integer_ratio()
        return int(exact * numerator ** (number - 2) // denominator ** (number - 2))

    return max(number for number in range(1, top + 1) if takes(number) <= earned)


CURVES = st.one_of(
    st.integers(1, 10_000).map(lambda each: {"linear": each}),
    st.tuples(st.integers(1, 10_000), st.integers(1_000_001, 10_000_000)).map(
        lambda each: {"exponential": (each[0], str(Decimal(each[1]).scaleb(-6)))}
    ),
)


@settings(max_examples=300, deadline=None)
@given(CURVES, st.integers(2, 60), st.integers(0, 2**40), st.integers(0, 60))
def test_the_level_found_is_that_of_the_definition(curve: dict[str, Any], top: int, earned: int, nearby: int) -> None:
    if "linear" in curve:
        text = f"{{linear: {curve['linear']}}}"
    else:
        base, growth = curve["exponential"]
        text = f"{{exponential: {{base: {base}, growth: {growth}}}}}"
    levels = compiled(f"levels: {{curve: {text}, top: {top}}}")
    edge = levels.takes[nearby % len(levels.takes)]

    for each in (earned, edge - 1, edge, edge + 1):
        if each >= 0:
            level = by_definition(curve, top, each)
            assert levels.level_at(each) == level
            assert [number for number in levels.numbers if levels.is_at(number, each)][-1:] == [level]
