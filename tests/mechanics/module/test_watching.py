"""Watching: the lesser of wall time and advance is credited, in whole minutes, to one player at a time."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from besitos.core.activity import Activity
from besitos.mechanics.module.model import SESSION, Heartbeat, Session
from besitos.store.protocol import Store
from tests.mechanics.scene import Scene
from tests.world import ANA, MONDAY, engine, new_key

GAME = """
watching: {longest_gap: 90s}
modules: {uno: {name: Uno}}
rules:
  live: {when: live.watched, pays: {besitos: 1 per minutes}}
  replay: {when: replay.watched, pays: {xp: 1 per 5 minutes}}
  stage: {when: stage.joined, where: {module: uno}, pays: {besitos: 10 per minutes}}
"""


def beat(seconds: float, position: int | None = None, **more: Any) -> Activity:  # noqa: ANN401 - any field of a heartbeat
    """A heartbeat so many seconds after the beginning, at a position that went along unless it says otherwise."""
    fields = {"session": "s1", "way": "live", "live": "l1", "position": int(seconds) if position is None else position}
    at = MONDAY + timedelta(seconds=seconds)
    return Heartbeat(key=new_key(), member_id=ANA, occurred_at=at, **{**fields, **more})


async def session(scene: Scene, name: str = "player") -> Session:
    return await scene.engine.look(ANA, lambda view: view.get(SESSION.named(ANA, name)))


async def test_a_minute_that_was_watched_is_paid() -> None:
    scene = await Scene.of(GAME)

    assert await scene.paid(*(beat(60 * number) for number in range(4))) == [0, 1, 1, 1]


async def test_what_is_left_of_a_minute_stays_in_the_session() -> None:
    scene = await Scene.of(GAME)

    paid = await scene.paid(*(beat(40 * number) for number in range(4)))

    assert paid == [0, 0, 1, 1]
    assert (await session(scene)).rest == 0


async def test_a_beat_that_comes_a_little_early_loses_nothing() -> None:
    scene = await Scene.of(GAME)

    paid = await scene.paid(*(beat(59.999 * number, 60 * number) for number in range(61)))

    assert sum(paid) == 59
    assert (await session(scene)).rest == 59_940


@pytest.mark.parametrize(
    ("positions", "minutes"),
    [
        ([0, 600, 1200], 2),  # skipped ahead: no more than the time on the wall
        ([0, 0, 0], 0),  # stands still
        ([300, 240, 300], 1),  # went back, then a minute on
        ([0, 30, 60], 1),  # at half speed
    ],
)
async def test_the_lesser_of_wall_and_advance_counts(positions: list[int], minutes: int) -> None:
    scene = await Scene.of(GAME)

    paid = await scene.paid(*(beat(60 * number, position) for number, position in enumerate(positions)))

    assert sum(paid) == minutes


async def test_a_longer_gap_credits_nothing_and_the_session_goes_on() -> None:
    scene = await Scene.of(GAME)

    assert await scene.paid(beat(0), beat(90), beat(181), beat(211)) == [0, 1, 0, 1]


async def test_a_player_elsewhere_takes_over_and_nobody_watches_twice() -> None:
    scene = await Scene.of(GAME)

    paid = await scene.paid(
        *(each for number in range(10) for each in (beat(60 * number), beat(60 * number + 30, session="s2")))
    )

    assert sum(paid) == 0
    assert await scene.paid(beat(630, session="s2"), beat(690, session="s2")) == [1, 1]


async def test_the_same_player_with_something_else_begins_anew() -> None:
    scene = await Scene.of(GAME)

    assert await scene.paid(beat(0), beat(60, live="l2"), beat(120, live="l2"), beat(180, way="replay", live="l2")) == [
        0,
        0,
        1,
        0,
    ]


async def test_a_replay_is_told_under_its_own_name() -> None:
    scene = await Scene.of(GAME)

    assert await scene.paid(*(beat(60 * n, way="replay") for n in range(6)), currency="xp") == [0, 0, 0, 0, 0, 1]


async def test_on_stage_being_there_is_what_counts_beside_the_player() -> None:
    scene = await Scene.of(GAME)

    paid = await scene.paid(
        beat(0),
        stage(0),
        beat(60),
        stage(60),
        stage(120),
    )

    assert paid == [0, 0, 1, 10, 10]
    assert (await session(scene, "stage")).minutes == 2


def stage(seconds: int) -> Activity:
    at = MONDAY + timedelta(seconds=seconds)
    return Heartbeat(
        key=new_key(), member_id=ANA, occurred_at=at, session="st", way="stage", live="l1", module="uno", position=None
    )


async def test_a_video_without_a_position_earns_nothing() -> None:
    scene = await Scene.of(GAME)
    blind = [
        Heartbeat(
            key=new_key(),
            member_id=ANA,
            occurred_at=MONDAY + timedelta(seconds=60 * number),
            session="s1",
            way="live",
            live="l1",
        )
        for number in range(3)
    ]

    assert await scene.paid(*blind) == [0, 0, 0]


async def test_what_comes_out_of_order_is_worth_nothing_and_breaks_nothing() -> None:
    scene = await Scene.of(GAME)

    assert await scene.paid(beat(60), beat(0), beat(120)) == [0, 0, 1]


async def test_watching_begins_a_module_and_its_minutes_are_counted() -> None:
    scene = await Scene.of(
        GAME + "\nbadges: {seen: {name: Vista, if: {minutos: 2+}, pays: {besitos: 50}}}"
        "\nmetrics: {minutos: {when: live.watched, sum: minutes}}"
    )

    assert await scene.paid(*(beat(60 * number, module="uno") for number in range(3))) == [0, 1, 51]


async def test_a_module_that_is_not_there_is_refused() -> None:
    scene = await Scene.of(GAME)

    [outcome] = await scene.do(beat(0, module="unos"))

    assert (outcome.reason, outcome.details) == ("module.unknown", {"module": "unos"})


async def test_a_game_that_counts_no_watching_has_no_use_for_heartbeats() -> None:
    scene = await Scene.of("modules: {uno: {name: Uno}}")

    [outcome] = await scene.do(beat(0))

    assert outcome.reason == "activity.unhandled"


async def test_64_heartbeats_at_once_are_worth_one(store: Store) -> None:
    running = engine(store, text="game: {name: Prueba}\n" + GAME)
    await running.submit(beat(0))

    outcomes = await asyncio.gather(*(running.submit(beat(60)) for _ in range(64)))

    assert sum(paid.amount for outcome in outcomes for paid in outcome.paid) == 1
