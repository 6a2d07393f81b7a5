"""Metrics over the past while the game moves on: every activity counts once, live or afterwards."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from besitos.apps.compose import Besitos, open_besitos
from besitos.core.metric import TALLY, Tally
from besitos.engine.catchup import CatchUp
from besitos.engine.coverage import Covered, Unit
from besitos.engine.editing.manager import Manager, Signature
from besitos.game.asking import Vocabulary
from besitos.mechanics import SECTIONS
from besitos.store.protocol import Query
from tests.mechanics.scene import HEAD, done
from tests.world import ANA, SetClock, day, document, people

DONE = "metrics: {m: {when: thing.done}}\n"
IN_A_WEEK = DONE + "badges: {b: {name: B, if: {m: 300+, in: week}}}\n"
ANOTHER = DONE + "badges: {c: {name: C, if: {earned: 3+}}}\n"
M, WEEK = Unit("m"), Unit("m", "week")


class Rolling:
    """A house whose game is applied again and again while Ana does things, one after the other."""

    def __init__(self, house: Besitos) -> None:
        self._house = house

    async def apply(self, text: str) -> None:
        manager = Manager(self._house.store, self._house.clock, SECTIONS)
        applied = await manager.apply(document(HEAD.format(zone="UTC", kinds="") + text), Signature("test"))
        await self._house.games.catch_up(applied.version)

    async def do(self, times: int) -> None:
        await self._house.engine.run([done(day(1)) for _ in range(times)])

    async def recall(self) -> None:
        await CatchUp(self._house.engine, self._house.store).bring_up_to_date(SECTIONS)

    async def tally(self) -> Tally:
        stored = Vocabulary(self._house.engine.game.document).stored["m"]
        return await self._house.engine.look(ANA, lambda view: view.get(TALLY.named(ANA, stored)))

    async def say_as_before(self) -> None:
        """Note what is computed as it was noted once: the number of a version."""
        query = "UPDATE deployment SET value = '1' WHERE name = 'recalled'"
        await self._house.store.amend(Query(query))


@pytest.fixture
async def rolling(database_url: str) -> AsyncIterator[Rolling]:
    async with open_besitos(database_url, SetClock()) as house:
        await people(house.store)
        yield Rolling(house)


async def test_versions_that_came_before_the_past_was_computed_are_not_counted_twice(rolling: Rolling) -> None:
    await rolling.apply("")
    await rolling.do(3)
    await rolling.apply(DONE)
    await rolling.do(5)
    await rolling.apply(ANOTHER)
    await rolling.do(2)

    await rolling.recall()

    assert (await rolling.tally()).total == 10


@pytest.mark.parametrize("is_computed", [True, False])
async def test_a_metric_that_comes_back_lacks_only_what_came_meanwhile(rolling: Rolling, *, is_computed: bool) -> None:
    await rolling.apply(DONE)
    await rolling.recall()
    await rolling.do(3)
    await rolling.apply("")
    await rolling.do(5)
    if is_computed:
        await rolling.recall()
    await rolling.apply(DONE)
    await rolling.do(2)

    await rolling.recall()

    assert (await rolling.tally()).total == 10


async def test_a_window_that_is_new_and_one_that_comes_back_hold_all_that_was(rolling: Rolling) -> None:
    await rolling.apply(DONE)
    await rolling.do(3)
    await rolling.apply(IN_A_WEEK)
    await rolling.do(2)
    await rolling.recall()
    await rolling.apply(DONE)
    await rolling.do(4)
    await rolling.apply(IN_A_WEEK)
    await rolling.do(1)

    await rolling.recall()

    tally = await rolling.tally()
    assert [tally.total, *(sum(window.values()) for window in tally.windows.values())] == [10, 10]


async def test_two_who_compute_it_at_once_compute_it_once(rolling: Rolling) -> None:
    await rolling.apply("")
    await rolling.do(3)
    await rolling.apply(IN_A_WEEK)

    await asyncio.gather(rolling.recall(), rolling.recall())

    assert (await rolling.tally()).total == 3


async def test_what_was_noted_as_the_number_of_a_version_is_still_known(rolling: Rolling) -> None:
    await rolling.apply(DONE)
    await rolling.do(3)
    await rolling.recall()
    await rolling.say_as_before()
    await rolling.apply(IN_A_WEEK)

    await rolling.recall()

    assert (await rolling.tally()).total == 3


def test_what_was_interrupted_has_the_same_gaps_when_another_version_has_come() -> None:
    covered, units = Covered(3, {"m": (3,)}), frozenset({M, WEEK})

    first = covered.gaps(units, {}, 4)
    then = covered.gaps(units, {4: units}, 5)

    assert first == then == {range(4): frozenset({WEEK})}


def test_a_unit_that_was_away_twice_lacks_both_times() -> None:
    only, nothing = frozenset({M}), frozenset[Unit]()
    covered = Covered().onward(only, {}, 1).onward(nothing, {2: nothing, 3: only}, 4)

    assert covered.gaps(only, {}, 5) == {range(2, 3): only, range(4, 5): only}
