"""Missions while the game is edited: what runs goes on as it was when it began."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from besitos.apps.compose import Besitos, open_besitos
from besitos.core.account import purse
from besitos.core.view import View
from besitos.engine.editing.manager import Manager, Signature
from besitos.mechanics import SECTIONS
from besitos.mechanics.mission.decide import look_at, missions_in
from besitos.store.protocol import Query
from tests.mechanics.scene import HEAD, done
from tests.world import ANA, SetClock, day, document, grant, people

EARNING = "missions: {{una: {{name: Una, {words}, goals: {{earned: {goal}}}, pays: {{xp: {pays}}}}}}}\n"
METRICS = "metrics: {hechos: {when: thing.done}}\n"
MISSION = "missions: {{una: {{name: Una, {words}, goals: {{hechos: {goal}}}, pays: {{besitos: {pays}}}}}}}\n"
DAILY, ONCE = "type: daily, repeats: daily", "type: special"
KINDS = pytest.mark.parametrize("words", [DAILY, ONCE], ids=["daily", "once"])


class Edited:
    """A house whose operator goes on editing while Ana does things, one after the other."""

    def __init__(self, house: Besitos) -> None:
        self._house = house
        self._moment = day(1)

    async def apply(self, words: str, goal: str = "", pays: int = 0) -> None:
        text = METRICS + (MISSION.format(words=words, goal=goal, pays=pays) if goal else "")
        await self.apply_text(text)

    async def apply_text(self, text: str, zone: str = "UTC") -> None:
        manager = Manager(self._house.store, self._house.clock, SECTIONS)
        applied = await manager.apply(document(HEAD.format(zone=zone, kinds="") + text), Signature("test"))
        await self._house.games.catch_up(applied.version)

    async def rewrite(self, body: str) -> None:
        """Let every mission have been written as an older program would have taken it."""
        rewritten = "UPDATE definitions SET body = :body WHERE kind = 'mission'"
        await self._house.store.amend(Query(rewritten, {"body": body}))

    def wait(self, time: timedelta) -> None:
        assert isinstance(self._house.clock, SetClock)
        self._house.clock.moment += time
        self._moment += time

    async def paid(self, times: int, n: int = 1) -> list[int]:
        outcomes = []
        for _ in range(times):
            self._moment += timedelta(minutes=1)
            outcomes.append(await self._house.engine.submit(done(self._moment, n=n)))
        return [outcome.paid_to(purse(ANA)) for outcome in outcomes]

    async def given(self, amount: int) -> int:
        """What the mission pays, in XP, when an operator gives her money and she does nothing."""
        self._moment += timedelta(minutes=1)
        outcome = await self._house.engine.submit(grant(ANA, amount, self._moment))
        return outcome.paid_to(purse(ANA, "xp"))

    async def seen(self) -> list[tuple[str, bool, object, int]]:
        """Each mission that Ana sees: whether the game has it, what there is of its first goal, what it pays."""
        missions = missions_in(self._house.engine.game)

        def question(view: View) -> list[tuple[str, bool, object, int]]:
            return [
                (
                    each.key,
                    each.mission is not None,
                    each.steps[0].unmet.have if each.steps else None,
                    each.pays(is_vip=False).amounts[0][1],
                )
                for each in look_at(view, ANA, missions)
            ]

        return await self._house.engine.look(ANA, question)


@pytest.fixture
async def edited(database_url: str) -> AsyncIterator[Edited]:
    async with open_besitos(database_url, SetClock(day(1) + timedelta(hours=1))) as house:
        await people(house.store)
        yield Edited(house)


@KINDS
async def test_what_runs_asks_and_pays_what_it_did_when_it_began(edited: Edited, words: str) -> None:
    await edited.apply(words, "3+", 10)
    assert await edited.paid(1) == [0]

    await edited.apply(words, "99+", 77)

    assert await edited.seen() == [("una", True, 1, 10)]
    assert await edited.paid(3) == [0, 10, 0]


@KINDS
async def test_what_runs_can_be_finished_though_the_game_has_it_no_longer(edited: Edited, words: str) -> None:
    await edited.apply(words, "3+", 10)
    await edited.paid(1)

    await edited.apply("")

    assert await edited.seen() == [("una", False, 1, 10)]
    assert await edited.paid(3) == [0, 10, 0]
    assert await edited.seen() == []


@KINDS
async def test_a_version_that_leaves_it_as_it_is_changes_nothing(edited: Edited, words: str) -> None:
    await edited.apply(words, "3+", 10)
    await edited.paid(1)
    await edited.apply(words, "99+", 77)

    await edited.apply(words, "3+", 10)

    assert await edited.paid(3) == [0, 10, 0]


@KINDS
async def test_of_several_editions_each_run_keeps_its_own(edited: Edited, words: str) -> None:
    for pays in (10, 20):
        await edited.apply(words, "2+", pays)
    assert await edited.paid(1) == [0]

    for pays in (30, 40):
        await edited.apply(words, "2+", pays)

    assert await edited.paid(2) == [20, 0]


async def test_what_is_counted_in_its_day_goes_on_being_kept_when_nobody_else_asks_for_it(edited: Edited) -> None:
    await edited.apply(DAILY, "4+", 10)
    await edited.paid(2)
    await edited.apply("")
    await edited.apply_text(METRICS + "badges: {b: {name: B, if: {hechos: 100+}}}\n")

    assert await edited.paid(2) == [0, 10]


@KINDS
async def test_what_is_given_before_the_member_is_here_again_meets_the_mission_as_it_was(
    edited: Edited, words: str
) -> None:
    await edited.apply_text(METRICS + EARNING.format(words=words, goal="30+", pays=10))
    await edited.paid(1)

    await edited.apply_text(METRICS + EARNING.format(words=words, goal="5+", pays=777))

    assert [await edited.given(6), await edited.given(24)] == [0, 10]


@KINDS
async def test_what_is_given_completes_what_the_game_has_no_longer(edited: Edited, words: str) -> None:
    await edited.apply_text(METRICS + EARNING.format(words=words, goal="30+", pays=10))
    await edited.paid(1)

    await edited.apply_text(METRICS)
    await edited.paid(1)

    assert [await edited.given(6), await edited.given(24)] == [0, 10]


@KINDS
async def test_what_this_program_no_longer_reads_is_as_the_mission_is_now(edited: Edited, words: str) -> None:
    await edited.apply(words, "3+", 10)
    await edited.paid(1)
    await edited.apply("")
    await edited.rewrite('{"name": "Una", "type": "of old"}')

    await edited.apply_text(METRICS + "badges: {b: {name: B, if: {hechos: 100+}}}\n")
    assert await edited.paid(2) == [0, 0]
    await edited.apply(words, "3+", 20)

    assert (await edited.paid(3)).count(20) == 1


async def test_a_grade_that_is_gone_is_not_reached_by_those_of_another(edited: Edited) -> None:
    grades = "grades: {{nueva: {{name: Nueva, min_xp: 0}}{high}}}\n"
    asking = "missions: {una: {name: Una, type: special, goals: {grade: alta}, pays: {besitos: 10}}}\n"
    await edited.apply_text(grades.format(high=", alta: {name: Alta, min_xp: 100}") + asking)
    await edited.paid(1)

    await edited.apply_text(grades.format(high=""))

    assert await edited.paid(2) == [0, 0]


async def test_a_new_zone_does_not_let_what_was_done_on_the_day_before_count_again(edited: Edited) -> None:
    text = METRICS + MISSION.format(words=DAILY, goal="3+", pays=10)
    await edited.apply_text(text)
    assert await edited.paid(6) == [0, 0, 10, 0, 0, 0]
    edited.wait(timedelta(hours=12, minutes=30))
    assert await edited.paid(1) == [0]

    await edited.apply_text(text, "America/Mexico_City")

    assert await edited.paid(1) == [0]


async def test_what_a_metric_meant_before_is_not_added_to_what_it_means_now(edited: Edited) -> None:
    metrics = "metrics: {{hechos: {{when: thing.done{takes}}}}}\n"
    mission = MISSION.format(words=ONCE, goal="100+", pays=10)
    await edited.apply_text(metrics.format(takes=", sum: n") + mission)
    assert await edited.paid(1, n=98) == [0]

    await edited.apply_text(metrics.format(takes="") + mission)

    assert await edited.paid(3) == [0, 0, 0]
