"""Rewards, sentence by sentence: what unlocks them, until when they wait, who may claim them and how often."""

import asyncio
from datetime import datetime, timedelta

import pytest

from besitos.core.account import purse
from besitos.core.activity import Activity
from besitos.core.holding import HOLDINGS
from besitos.core.view import View
from besitos.mechanics.reward.decide import standing_of
from besitos.mechanics.reward.model import ClaimReward, GiveReward, Reward, RewardStanding
from besitos.store.database import open_store
from besitos.store.memory import MemoryStore
from besitos.store.protocol import Database
from tests.books import assert_books_balance, comparable, held_in_all
from tests.mechanics.scene import HEAD, MEXICO, Scene, done
from tests.mechanics.versions import apply, first_version
from tests.world import ALL, ANA, BEA, MONDAY, SetClock, day, engine, grant, new_key, people, spend

METRICS = """
metrics:
  hechos: {when: thing.done}
"""
HOUR = timedelta(hours=1)
WAYS = 64


def game(*lines: str, more: str = "") -> str:
    return METRICS + more + "\nrewards:\n" + "\n".join(f"  {line}" for line in lines)


def claim(at: datetime = MONDAY, member_id: int = ANA, reward: str = "uno") -> Activity:
    return ClaimReward(key=new_key(), member_id=member_id, occurred_at=at, reward=reward)


def give(at: datetime = MONDAY, reward: str = "uno") -> Activity:
    return GiveReward(key=new_key(), member_id=ANA, occurred_at=at, reward=reward)


async def standing(scene: Scene, key: str = "uno", at: datetime | None = None) -> RewardStanding:
    if at is not None:
        scene.clock.moment = at

    def question(view: View) -> RewardStanding:
        return standing_of(view, ANA, key)

    return await scene.engine.look(ANA, question)


async def test_a_reward_is_unlocked_when_its_conditions_hold_and_waits_for_seven_days() -> None:
    scene = await Scene.of(game("uno: {name: Uno, if: {hechos: 2+}, pays: {besitos: 10}}"))

    await scene.do(done())
    before = await standing(scene, at=MONDAY)
    await scene.do(done())
    after = await standing(scene)

    assert (before.state, after.state, after.claim_by) == ("LOCKED", "UNLOCKED", day(7))


async def test_claiming_pays_as_a_reward_and_is_counted_and_told() -> None:
    scene = await Scene.of(game("uno: {name: Uno, pays: {besitos: 10}}"))

    _, outcome = await scene.do(done(), claim())

    assert [(paid.definition, paid.amount) for paid in outcome.paid] == [("reward/uno", 10)]
    tables = await scene.engine.store.export()
    assert [(row.type, row.counter) for row in tables.transactions] == [("EARN_REWARD", "source:reward")]
    assert [row.type for row in tables.events if row.type.startswith("gamification.reward")] == [
        "gamification.reward_unlocked",
        "gamification.reward_claimed",
    ]
    assert await scene.engine.look(ANA, lambda view: view.get(HOLDINGS.of(ANA)).rewards) == {"uno": 1}
    assert (await standing(scene)).how == "claimed"


async def test_once_unlocked_it_stays_so_even_if_a_condition_falls_again() -> None:
    scene = await Scene.of(game("uno: {name: Uno, if: {balance: 100+}, pays: {xp: 10}}"))

    await scene.do(grant(ANA, 100), spend(ANA, 100), done())

    assert await scene.paid(claim(), currency="xp") == [10]


async def test_a_claim_before_that_is_refused_and_says_what_is_missing() -> None:
    scene = await Scene.of(game("uno: {name: Uno, if: {hechos: 3+}, pays: {besitos: 10}}"))

    _, outcome = await scene.do(done(), claim())

    assert outcome.reason == "reward.locked"
    [unmet] = outcome.details["unmet"]
    assert (unmet["fact"], unmet["have"], unmet["missing"]) == ("hechos", 1, 2)


async def test_two_claims_give_one() -> None:
    scene = await Scene.of(game("uno: {name: Uno, pays: {besitos: 10}}"))

    outcomes = await scene.do(done(), claim(), claim())

    assert [outcome.paid_to(purse(ANA)) for outcome in outcomes] == [0, 10, 0]
    assert outcomes[2].reason == "reward.claimed"


async def test_what_is_not_claimed_in_time_expires_and_stays_so() -> None:
    scene = await Scene.of(game("uno: {name: Uno, claim_within: 2h, pays: {besitos: 10}}"))

    await scene.do(done())
    outcomes = await scene.do(claim(MONDAY + 2 * HOUR), done(day(1)), claim(day(1)))

    assert [outcome.reason for outcome in outcomes] == ["reward.expired", "", "reward.expired"]


async def test_the_last_moment_is_still_in_time() -> None:
    scene = await Scene.of(game("uno: {name: Uno, claim_within: 2h, pays: {besitos: 10}}"))
    await scene.do(done())

    assert await scene.paid(claim(MONDAY + 2 * HOUR - timedelta(microseconds=1))) == [10]


async def test_found_by_a_timer_by_an_activity_and_by_reading_it_is_the_same() -> None:
    text = game("uno: {name: Uno, claim_within: 2h, pays: {besitos: 10}}")
    lazy, timed = await Scene.of(text, now=day(2)), await Scene.of(text, now=day(2))
    await lazy.do(done())
    await timed.do(done())

    read = await standing(lazy)
    await timed.engine.run_due_timers()
    await lazy.do(done(day(1)))
    await timed.do(done(day(1)))

    assert read.state == "EXPIRED"
    assert await standing(lazy) == await standing(timed) == read
    for scene in (lazy, timed):
        tables = await scene.engine.store.export()
        assert [row.type for row in tables.events].count("gamification.reward_expired") == 1
        assert not tables.timers


async def test_a_claim_takes_its_timer_with_it() -> None:
    scene = await Scene.of(game("uno: {name: Uno, pays: {besitos: 10}}"))

    await scene.do(done())
    before = len((await scene.engine.store.export()).timers)
    await scene.do(claim())

    assert (before, len((await scene.engine.store.export()).timers)) == (1, 0)


async def test_a_repeatable_one_begins_anew_at_the_next_activity_while_its_limit_allows() -> None:
    scene = await Scene.of(game("uno: {name: Uno, limit: 2/day, pays: {besitos: 10}}"))
    tomorrow = day(1)

    paid = await scene.paid(done(), claim(), claim(), done(), claim(), done(), claim(), done(tomorrow), claim(tomorrow))

    assert paid == [0, 10, 0, 0, 10, 0, 0, 0, 10]


async def test_a_repeatable_one_that_expired_does_not_begin_anew_by_time_alone() -> None:
    scene = await Scene.of(game("uno: {name: Uno, claim_within: 1h, limit: 1/day, pays: {besitos: 10}}"), now=day(3))
    await scene.do(done())

    await scene.engine.run_due_timers()
    by_time = await standing(scene)
    await scene.do(done(day(2)))

    assert by_time.state == "EXPIRED"
    assert (await standing(scene, at=day(2))).state == "UNLOCKED"


async def test_a_claimed_one_does_not_begin_anew_by_the_timer_of_something_else() -> None:
    """At midnight a mission of the member ends, and with the new day the limit of the reward has room again."""
    scene = await Scene.of(
        game(
            "uno: {name: Uno, limit: 1/day, pays: {besitos: 10}}",
            more="missions: {dos: {name: D, type: daily, repeats: daily, goals: {hechos: 9+}, pays: {besitos: 1}}}",
        ),
        now=day(3),
    )
    await scene.do(done(), claim(), done())

    ran = await scene.engine.run_due_timers()

    assert ran > 0
    assert (await standing(scene)).state == "CLAIMED"


async def test_a_window_that_moves_on_unlocks_nothing_by_a_timer() -> None:
    scene = await Scene.of(
        game(
            "uno: {name: Uno, if: {hechos: ..0, in: day}, pays: {besitos: 10}}",
            "dos: {name: Dos, claim_within: 1d, pays: {besitos: 10}}",
        ),
        now=day(3),
    )
    await scene.do(done())

    ran = await scene.engine.run_due_timers()

    assert ran > 0
    assert (await standing(scene)).state == "LOCKED"


async def test_what_waits_keeps_what_it_pays_and_until_when() -> None:
    scene = await Scene.of(game("uno: {name: Uno, pays: {besitos: 10}}"))
    await scene.do(done())

    changed = scene.under(game("uno: {name: Uno, claim_within: 1h, if: {hechos: 99+}, pays: {besitos: 99}}"))

    assert await changed.paid(claim(day(6))) == [10]


async def test_what_waits_can_be_claimed_when_the_game_has_it_no_longer(database: Database) -> None:
    scene = await first_version(database, game("uno: {name: Uno, pays: {besitos: 10}}"))
    await scene.do(done())

    await apply(database, METRICS)
    [outcome] = await scene.do(claim())

    assert [(paid.definition, paid.amount) for paid in outcome.paid] == [("reward/uno", 10)]


async def test_a_reward_that_is_new_is_unlocked_at_the_next_activity(database: Database) -> None:
    scene = await first_version(database, METRICS)
    await scene.do(done(), done())

    await apply(database, game("uno: {name: Uno, if: {hechos: 2+}, pays: {besitos: 10}}"))
    await scene.do(grant(ANA, 1))

    assert await scene.paid(claim()) == [10]


async def test_the_opening_of_its_window_is_found_at_the_next_activity() -> None:
    scene = await Scene.of(game("uno: {name: Uno, from: 2026-11-24, pays: {besitos: 10}}"))

    before = await scene.do(done(), claim())
    after = await scene.paid(done(day(1)), claim(day(1)))

    assert (before[1].reason, after) == ("reward.locked", [0, 10])


async def test_time_alone_may_make_conditions_hold() -> None:
    scene = await Scene.of(game("uno: {name: Uno, if: [{hechos: 1+}, {hechos: ..0, in: day}], pays: {besitos: 10}}"))

    await scene.do(done())
    before = await standing(scene, at=MONDAY)
    scene.clock.moment = day(1)
    await scene.do(grant(ANA, 1, day(1)))

    assert (before.state, (await standing(scene)).state) == ("LOCKED", "UNLOCKED")


@pytest.mark.parametrize("limit", ["1/day for all", "[1/ever, 1/day for all]"])
async def test_a_claim_is_refused_where_the_community_was_faster_and_the_reward_stays_unlocked(limit: str) -> None:
    scene = await Scene.of(game(f"uno: {{name: Uno, limit: {limit}, pays: {{besitos: 10}}}}"))
    await scene.do(done(), done(member_id=BEA))

    outcomes = await scene.do(claim(member_id=BEA), claim())
    later = await scene.paid(claim(day(1)))

    assert [outcome.reason for outcome in outcomes] == ["", "limit.reached"]
    assert outcomes[1].details["limit"] == "1/day for all"
    assert later == [10]


async def test_what_the_community_has_used_up_is_not_unlocked_before_there_is_more() -> None:
    scene = await Scene.of(
        game("uno: {name: Uno, if: {hechos: 1+}, limit: [1/ever, 1/day for all], pays: {besitos: 9}}")
    )
    await scene.do(done(member_id=BEA), claim(member_id=BEA))

    await scene.do(done())
    before = await standing(scene, at=MONDAY)
    scene.clock.moment = day(2)
    await scene.do(done(day(1)))

    assert (before.state, (await standing(scene)).state) == ("LOCKED", "UNLOCKED")


async def test_a_secret_one_is_unknown_until_it_is_unlocked() -> None:
    scene = await Scene.of(game("uno: {name: Uno, secret: true, if: {hechos: 1+}, pays: {besitos: 10}}"))

    outcomes = await scene.do(claim(), done(), claim())

    assert [outcome.reason for outcome in outcomes] == ["reward.unknown", "", ""]


async def test_an_operator_gives_one_whatever_its_conditions_once() -> None:
    scene = await Scene.of(game("uno: {name: Uno, if: {hechos: 99+}, pays: {besitos: 10}}"))

    outcomes = await scene.do(give(), give(), claim())

    assert [outcome.paid_to(purse(ANA)) for outcome in outcomes] == [10, 0, 0]
    assert [outcome.reason for outcome in outcomes] == ["", "limit.reached", "reward.claimed"]
    assert (await standing(scene)).how == "given"


async def test_giving_what_waits_closes_it() -> None:
    scene = await Scene.of(game("uno: {name: Uno, pays: {besitos: 10}}"))

    assert await scene.paid(done(), give(), claim()) == [0, 10, 0]


async def test_a_claim_counts_for_those_that_ask_for_it() -> None:
    scene = await Scene.of(
        game("uno: {name: Uno, pays: {besitos: 10}}", "dos: {name: Dos, if: {reward: uno}, pays: {besitos: 5}}")
    )

    assert await scene.paid(done(), claim(), claim(reward="dos")) == [0, 10, 5]


async def test_a_claim_is_an_activity_that_metrics_and_limits_keep_apart_from_what_it_pays() -> None:
    scene = await Scene.of(
        game(
            "uno: {name: Uno, limit: 3/day, pays: {besitos: 10}}",
            more="caps: {total: {limit: 2/day, sources: reward}}\n",
        )
    )

    paid = await scene.paid(*(each for _ in range(4) for each in (done(), claim())))

    assert paid == [0, 10, 0, 10, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("pays", "kind"),
    [
        ("{vip: 7d, besitos: 5}", "VIP_EXTENSION"),
        ("{besitos: 5, xp: 5}", "BESITOS"),
        ("{bonus: 5}", "BESITOS"),
        ("{xp: 5}", "XP"),
    ],
)
async def test_its_type_is_read_off_what_it_pays(pays: str, kind: str) -> None:
    scene = await Scene.of(game(f"uno: {{name: Uno, pays: {pays}}}"))

    found = scene.engine.game.document.find("reward", "uno", Reward)
    assert found is not None
    assert found.type == kind


async def test_sixty_four_claims_at_once_give_one(database: Database) -> None:
    text = HEAD.format(zone=MEXICO, kinds="") + game("uno: {name: Uno, pays: {besitos: 10}}")
    engines = [engine(database, text=text) for _ in range(8)]
    await engines[0].run([done(member_id=member_id) for member_id in range(1, 6)])
    claims = [claim(member_id=member_id) for _ in range(WAYS) for member_id in range(1, 6)]

    outcomes = await asyncio.gather(*(engines[number % 8].submit(each) for number, each in enumerate(claims)))

    assert sum(outcome.accepted for outcome in outcomes) == 5
    assert held_in_all(await database.export()) == 5 * 10


async def test_the_limit_of_the_community_is_exact_however_many_claim_at_once(database: Database) -> None:
    text = HEAD.format(zone=MEXICO, kinds="") + game(
        "uno: {name: Uno, limit: [1/ever, 7/month for all], pays: {besitos: 10}}"
    )
    await people(database, range(101, 101 + WAYS))
    engines = [engine(database, text=text) for _ in range(8)]
    members = range(101, 101 + WAYS)
    await engines[0].run([done(member_id=member_id) for member_id in members])

    outcomes = await asyncio.gather(
        *(engines[number % 8].run([claim(member_id=member_id)]) for number, member_id in enumerate(members))
    )

    assert sum(outcome.accepted for [outcome] in outcomes) == 7
    assert {outcome.reason for [outcome] in outcomes if not outcome.accepted} == {"limit.reached"}
    tables = await database.export()
    assert held_in_all(tables) == 7 * 10
    assert_books_balance(tables)


async def test_one_history_leaves_the_same_tables_in_every_store(database_url: str) -> None:
    text = HEAD.format(zone=MEXICO, kinds="") + game(
        "uno: {name: Uno, if: {hechos: 2+}, claim_within: 2h, limit: 2/day, pays: {besitos: 10}}",
        "dos: {name: Dos, limit: [1/ever, 3/week for all], pays: {xp: 10, flags: [dos]}}",
        more="missions:\n"
        "  tres: {name: T, type: daily, repeats: daily, goals: {hechos: 3+}, pays: {besitos: 20}}\n"
        "  cinco: {name: C, type: special, lasts: 2d, goals: [{hechos: 5+}, {flag: dos}], pays: {bonus: 5}}\n",
    )
    history = [
        each
        for number in range(4)
        for hour in range(6)
        for member_id in ALL[:5]
        for each in (
            done(day(number) + hour * HOUR, member_id),
            claim(day(number) + hour * HOUR, member_id, "dos" if hour == member_id else "uno"),
        )
    ]
    worlds = []
    for store in (MemoryStore(), await open_store(database_url)):
        await people(store)
        running = engine(store, SetClock(day(9)), text)
        for start in range(0, len(history), 37):
            await running.run(history[start : start + 37])
        await running.run_due_timers()
        worlds.append(comparable(await store.export()))
        await store.close()

    assert worlds[0] == worlds[1]
    assert len(worlds[0]["transactions"]) > 50
