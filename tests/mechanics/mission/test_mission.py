"""Missions, sentence by sentence: who gets them, what counts, when they end, what they pay."""

from datetime import timedelta

import pytest

from besitos.core.activity import Activity
from besitos.core.holding import HOLDINGS
from besitos.core.view import View
from besitos.mechanics.mission.decide import settled_run
from besitos.mechanics.mission.model import RUN, MissionRun, TakeMission
from besitos.store.protocol import Database
from tests.mechanics.scene import Scene, done
from tests.mechanics.versions import apply, first_version
from tests.world import ANA, MONDAY, claim, day, grant, new_key

METRICS = """
metrics:
  hechos: {when: thing.done}
  suma: {when: thing.done, sum: n}
  mayor: {when: thing.done, max: n}
  ultimo: {when: thing.done, last: n}
  gente: {when: thing.done, distinct: who}
  por_persona: {when: thing.done, per: who}
"""
HOUR = timedelta(hours=1)


def game(*lines: str, more: str = "") -> str:
    return METRICS + more + "\nmissions:\n" + "\n".join(f"  {line}" for line in lines)


def take(mission: str, at: Activity | None = None) -> Activity:
    moment = MONDAY if at is None else at.occurred_at
    return TakeMission(key=new_key(), member_id=ANA, occurred_at=moment, mission=mission)


async def run_of(scene: Scene, key: str) -> MissionRun:
    def question(view: View) -> MissionRun:
        return settled_run(view.get(RUN.named(ANA, key)), view.now)

    return await scene.engine.look(ANA, question)


async def state_of(scene: Scene, key: str) -> str:
    return (await run_of(scene, key)).state.value


async def test_a_mission_is_assigned_before_the_metrics_change_so_the_activity_that_brings_it_counts() -> None:
    scene = await Scene.of(game("tres: {name: Tres, type: daily, goals: {hechos: 3+}, pays: {besitos: 20}}"))

    assert await scene.paid(done(), done(), done(), done()) == [0, 0, 20, 0]


async def test_it_pays_once_as_a_mission_and_is_counted_and_told() -> None:
    scene = await Scene.of(game("una: {name: Una, type: special, goals: {hechos: 1+}, pays: {besitos: 50, xp: 5}}"))

    [outcome] = await scene.do(done())

    assert [(paid.definition, paid.amount) for paid in outcome.paid] == [("mission/una", 50), ("mission/una", 5)]
    assert await state_of(scene, "una") == "completed"
    tables = await scene.engine.store.export()
    assert {(row.type, row.counter) for row in tables.transactions} == {("EARN_MISSION", "source:mission")}
    assert [row.type for row in tables.events if row.type.startswith("gamification.mission")] == [
        "gamification.mission_assigned",
        "gamification.mission_completed",
    ]
    assert await scene.engine.look(ANA, lambda view: view.get(HOLDINGS.of(ANA)).missions) == {"una": 1}


async def test_where_an_activity_makes_the_condition_hold_only_later_ones_count() -> None:
    scene = await Scene.of(
        game("dos: {name: Dos, type: special, if: {hechos: 2+}, goals: {hechos: 2+}, pays: {besitos: 5}}")
    )

    assert await scene.paid(done(), done(), done(), done()) == [0, 0, 0, 5]


async def test_what_the_same_activity_brings_later_does_not_count_for_a_mission_that_it_brought() -> None:
    scene = await Scene.of(
        game(
            "rica: {name: Rica, type: special, if: {hechos: 1+}, goals: {earned: 10+}, pays: {xp: 1}}",
            more="rules: {luego: {when: gamification.mission_assigned, pays: {besitos: 10}},"
            " hoy: {when: thing.done, where: {n: 2}, pays: {besitos: 10}}}",
        )
    )

    assert await scene.paid(done(), done(), done(n=2), currency="xp") == [0, 0, 1]


@pytest.mark.parametrize(
    ("goal", "paid"),
    [
        ("hechos: 2+", [0, 5, 0, 0]),
        ("suma: 6+", [0, 0, 5, 0]),
        ("mayor: 4+", [0, 0, 0, 5]),
        ("ultimo: 3+", [0, 0, 5, 0]),
        ("gente: 2+", [0, 0, 5, 0]),
        ("por_persona: 2+, at: a", [0, 5, 0, 0]),
    ],
)
async def test_every_way_of_measuring_is_measured_within_the_mission(goal: str, paid: list[int]) -> None:
    scene = await Scene.of(
        game(f"una: {{name: Una, type: special, from: 2026-11-24, goals: {{{goal}}}, pays: {{besitos: 5}}}}")
    )
    before = [done(MONDAY, n=9, who="a"), done(MONDAY, n=9, who="z")]
    within = [
        done(day(2) + number * HOUR, n=n, who=who)
        for number, (n, who) in enumerate([(1, "a"), (2, "a"), (3, "b"), (4, "c")])
    ]

    assert await scene.paid(*before) == [0, 0]
    assert await scene.paid(*within) == paid


async def test_a_daily_mission_comes_anew_every_day_and_is_measured_from_its_beginning() -> None:
    scene = await Scene.of(
        game("dos: {name: Dos, type: daily, repeats: daily, goals: {hechos: 2+}, pays: {besitos: 20}}"), now=day(3)
    )

    paid = await scene.paid(done(), done(), done(), done(day(1)), done(day(1)), done(day(2)))

    assert paid == [0, 20, 0, 0, 20, 0]
    assert await state_of(scene, "dos") == "expired"


async def test_a_taken_daily_mission_is_measured_from_the_beginning_of_the_day() -> None:
    scene = await Scene.of(
        game("tres: {name: T, type: daily, repeats: daily, assign: taken, goals: {hechos: 3+}, pays: {besitos: 5}}"),
        now=MONDAY + HOUR,
    )

    yesterday = await scene.paid(*(done(day(-1)) for _ in range(3)))
    today = await scene.paid(done(), done(), take("tres", done()), done())

    assert (yesterday, today) == ([0, 0, 0], [0, 0, 0, 5])


async def test_a_taken_mission_that_is_reached_already_pays_when_it_is_taken() -> None:
    scene = await Scene.of(
        game("dos: {name: D, type: weekly, repeats: weekly, assign: taken, goals: {suma: 5+}, pays: {besitos: 5}}")
    )

    assert await scene.paid(done(n=5), take("dos")) == [0, 5]


async def test_built_in_numbers_are_measured_as_what_was_added_since_the_beginning() -> None:
    scene = await Scene.of(
        game(
            "gana: {name: G, type: special, assign: taken, goals: [{earned: 20+}, {daily_gifts: 1+}], pays: {xp: 1}}",
            more="daily_gift: {pays: {besitos: 10}}",
        )
    )
    await scene.do(claim(ANA), grant(ANA, 500), take("gana"))

    assert await scene.paid(claim(ANA, day(1)), grant(ANA, 9, day(1)), grant(ANA, 1, day(1)), currency="xp") == [
        0,
        0,
        1,
    ]


async def test_possessions_are_read_as_they_stand() -> None:
    scene = await Scene.of(
        game(
            "con: {name: Con, type: special, goals: {flag: lista}, pays: {besitos: 5}}",
            more="rules: {marca: {when: thing.done, where: {n: 1}, pays: {flags: [lista]}}}",
        )
    )

    assert await scene.paid(done(), done(n=1)) == [0, 5]


async def test_of_a_group_of_goals_one_is_enough() -> None:
    scene = await Scene.of(
        game(
            "una: {name: U, type: special, goals: [{hechos: 2+}, {any: [{suma: 9+}, {gente: 2+}]}], pays: {besitos: 5}}"
        )
    )

    assert await scene.paid(done(who="a"), done(MONDAY + HOUR, who="a"), done(MONDAY + 2 * HOUR, who="b")) == [0, 0, 5]


@pytest.mark.parametrize(
    ("bounds", "ends"),
    [
        ("repeats: daily", day(1).replace(hour=6)),
        ("repeats: weekly", day(7).replace(hour=6)),
        ("lasts: 3h", MONDAY + 3 * HOUR),
        ("until: 2026-11-23 20:00", day(1).replace(hour=2)),
        ("repeats: daily, lasts: 3h, until: 2026-11-23 20:00", MONDAY + 3 * HOUR),
        ("repeats: daily, lasts: 3d, until: 2026-12-23", day(1).replace(hour=6)),
        ("lasts: 30d, until: 2026-11-23 20:00", day(1).replace(hour=2)),
    ],
)
async def test_it_ends_at_the_earliest_of_its_period_how_long_it_lasts_and_until(bounds: str, ends: object) -> None:
    scene = await Scene.of(
        game(f"una: {{name: U, type: daily, {bounds}, goals: {{hechos: 9+}}, pays: {{besitos: 5}}}}")
    )

    await scene.do(done())
    scene.clock.moment = MONDAY

    assert (await run_of(scene, "una")).ends_at == ends


async def test_once_is_one_assignment_expired_or_not() -> None:
    scene = await Scene.of(
        game("una: {name: U, type: special, lasts: 1h, goals: {hechos: 2+}, pays: {besitos: 5}}"), now=day(2)
    )

    assert await scene.paid(done(), done(day(1)), done(day(1)), done(day(2))) == [0, 0, 0, 0]
    assert await state_of(scene, "una") == "expired"


async def test_nothing_is_carried_over_and_the_end_belongs_to_what_comes_after() -> None:
    text = game("dos: {name: D, type: daily, repeats: daily, goals: {hechos: 2+}, pays: {besitos: 5}}")
    midnight = day(1).replace(hour=6)
    scene = await Scene.of(text, now=day(3))

    paid = await scene.paid(done(), done(midnight), done(midnight + HOUR))

    assert paid == [0, 0, 5]


async def test_found_by_a_timer_by_an_activity_and_by_reading_it_is_the_same() -> None:
    text = game("dos: {name: D, type: special, lasts: 3h, goals: {hechos: 2+}, pays: {besitos: 5}}")
    lazy, timed = await Scene.of(text, now=day(2)), await Scene.of(text, now=day(2))
    await lazy.do(done())
    await timed.do(done())

    read = await run_of(lazy, "dos")
    await timed.engine.run_due_timers()
    await lazy.do(done(day(1)))
    await timed.do(done(day(1)))

    assert read.state == "expired"
    assert await run_of(lazy, "dos") == await run_of(timed, "dos") == read
    for scene in (lazy, timed):
        tables = await scene.engine.store.export()
        assert [row.type for row in tables.events].count("gamification.mission_expired") == 1
        assert not tables.timers


async def test_a_timer_that_nobody_needs_any_more_is_gone() -> None:
    scene = await Scene.of(
        game(
            "una: {name: U, type: daily, repeats: daily, goals: {hechos: 1+}, pays: {besitos: 5}}",
            "dos: {name: D, type: daily, repeats: daily, goals: {hechos: 2+}, pays: {besitos: 5}}",
        )
    )

    await scene.do(done())
    one = len((await scene.engine.store.export()).timers)
    await scene.do(done())

    assert (one, len((await scene.engine.store.export()).timers)) == (1, 0)


async def test_a_repeating_mission_begins_anew_at_the_next_activity_and_not_by_time() -> None:
    scene = await Scene.of(
        game("dos: {name: D, type: daily, repeats: daily, goals: {hechos: 2+}, pays: {besitos: 5}}"), now=day(5)
    )
    await scene.do(done())

    await scene.engine.run_due_timers()
    await scene.do(grant(ANA, 5, day(3)))

    assert await state_of(scene, "dos") == "expired"
    tables = await scene.engine.store.export()
    assert [row.type for row in tables.events].count("gamification.mission_assigned") == 1


@pytest.mark.parametrize(
    ("mission", "reason"),
    [
        ("nada", "mission.unknown"),
        ("sola", "mission.not_to_be_taken"),
        ("luego", "mission.not_now"),
        ("nivel", "condition.unmet"),
    ],
)
async def test_what_cannot_be_taken_is_refused_with_the_reason(mission: str, reason: str) -> None:
    goals = "type: special, goals: {hechos: 9+}, pays: {besitos: 5}"
    scene = await Scene.of(
        game(
            f"sola: {{name: S, {goals}}}",
            f"luego: {{name: L, {goals}, assign: taken, from: 2030-01-01}}",
            f"nivel: {{name: N, {goals}, assign: taken, if: {{earned: 100+}}}}",
        )
    )

    [outcome] = await scene.do(take(mission))

    assert outcome.reason == reason
    if reason == "condition.unmet":
        assert outcome.details["unmet"][0]["missing"] == 100


async def test_taking_twice_begins_once() -> None:
    scene = await Scene.of(
        game("una: {name: U, type: special, assign: taken, goals: {hechos: 2+}, pays: {besitos: 5}}")
    )

    outcomes = await scene.do(take("una"), take("una"), done(), done(), take("una"))

    assert [outcome.reason for outcome in outcomes] == ["", "mission.running", "", "", "mission.completed"]


async def test_what_ran_out_or_is_done_for_today_is_not_said_to_be_completed_for_good() -> None:
    goals = "type: special, assign: taken, goals: {hechos: 1+}, pays: {besitos: 5}"
    scene = await Scene.of(
        game(f"corta: {{name: C, lasts: 1h, {goals}}}", f"diaria: {{name: D, repeats: daily, {goals}}}")
    )

    await scene.do(take("corta", done(day(0))), take("diaria", done(day(1))), done(day(1)))
    again = await scene.do(take("corta", done(day(1))), take("diaria", done(day(1))))

    assert [outcome.reason for outcome in again] == ["mission.not_now", "mission.not_now"]


async def test_what_a_mission_gives_another_may_ask_for_in_the_same_transaction() -> None:
    scene = await Scene.of(
        game(
            "una: {name: U, type: special, goals: {hechos: 1+}, pays: {besitos: 5}}",
            "dos: {name: D, type: special, goals: {mission: una}, pays: {besitos: 7}}",
            "tres: {name: T, type: special, goals: {missions_completed: 2+}, pays: {besitos: 9}}",
        )
    )

    assert await scene.paid(done()) == [21]


async def test_what_it_pays_goes_by_the_type_that_the_member_is_of_when_it_is_completed() -> None:
    scene = await Scene.of(
        game(
            "una: {name: U, type: special, goals: {hechos: 3+}, pays: {besitos: {free: 5, vip: 9}}}",
            "dos: {name: D, type: special, goals: {hechos: 1+}, pays: {besitos: {free: 5, vip: 9}}}",
            more="vip: {}\nrules: {sube: {when: thing.done, where: {n: 2}, pays: {vip: 7d}}}",
        )
    )

    assert await scene.paid(done(), done(n=2), done()) == [5, 0, 9]


class TestVersions:
    """A running mission keeps the definition that it began with, whatever is applied."""

    ONE = "una: {name: U, type: special, goals: {hechos: 3+}, pays: {besitos: 5}}"

    async def test_a_running_mission_keeps_its_goals_and_what_it_pays(self, database: Database) -> None:
        scene = await first_version(database, game(self.ONE))
        await scene.do(done())

        await apply(database, game("una: {name: U, type: special, goals: {suma: 90+}, pays: {besitos: 99}}"))

        assert await scene.paid(done(), done(), done(n=90)) == [0, 5, 0]

    async def test_one_that_is_archived_runs_to_its_end(self, database: Database) -> None:
        scene = await first_version(database, game(self.ONE))
        await scene.do(done())

        await apply(database, METRICS)

        assert await scene.paid(done(), done(), done()) == [0, 5, 0]

    async def test_a_daily_one_keeps_its_self_for_the_day_and_is_the_new_one_tomorrow(self, database: Database) -> None:
        scene = await first_version(
            database,
            game("una: {name: U, type: daily, repeats: daily, goals: {hechos: 3+}, pays: {besitos: 5}}"),
            now=day(3),
        )
        await scene.do(done(), done())

        await apply(
            database, game("una: {name: U, type: daily, repeats: daily, goals: {suma: 8+}, pays: {besitos: 8}}")
        )

        assert await scene.paid(done(), done(day(1)), done(day(1), n=8)) == [5, 0, 8]

    async def test_its_end_stays_as_well(self, database: Database) -> None:
        lasting = "una: {{name: U, type: special, lasts: {}, goals: {{hechos: 2+}}, pays: {{besitos: 5}}}}"
        scene = await first_version(database, game(lasting.format("1h")), now=day(3))
        await scene.do(done())

        await apply(database, game(lasting.format("30d")))

        assert await scene.paid(done(day(1))) == [0]
        assert await state_of(scene, "una") == "expired"

    async def test_a_mission_that_is_new_begins_at_the_members_next_activity(self, database: Database) -> None:
        scene = await first_version(database, METRICS)
        await scene.do(done())

        await apply(database, game("una: {name: U, type: special, goals: {hechos: 1+}, pays: {besitos: 5}}"))

        assert await scene.paid(done()) == [5]


async def test_completion_is_an_event_that_rules_hear() -> None:
    scene = await Scene.of(
        game(
            "una: {name: U, type: special, goals: {hechos: 1+}, pays: {xp: 5}}",
            more="rules: {fiesta: {when: gamification.mission_completed, where: {mission: una}, pays: {besitos: 3}}}",
        )
    )

    assert await scene.paid(done()) == [3]


async def test_rules_may_tell_completions_apart_by_the_type_of_the_mission() -> None:
    scene = await Scene.of(
        game(
            "una: {name: U, type: special, goals: {hechos: 1+}, pays: {xp: 5}}",
            "otra: {name: O, type: daily, goals: {hechos: 1+}, pays: {xp: 5}}",
            more="rules: {fiesta: {when: gamification.mission_completed, where: {type: daily}, pays: {besitos: 3}}}",
        )
    )

    assert await scene.paid(done()) == [3]
