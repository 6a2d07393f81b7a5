"""Boosts: all factors multiply, one rounding down; those that are always on, and those that somebody started."""

from datetime import datetime, timedelta

import pytest

from besitos.core.activity import Activity
from besitos.core.decision import Accepted, Decision, Give
from besitos.core.payout import Given
from besitos.core.transaction import MAX_BALANCE
from besitos.core.view import View
from besitos.engine.codec import activity_of
from besitos.engine.engine import Engine
from besitos.game.mechanic import Listens, Mechanic, Phase, Signal
from besitos.mechanics.boost.decide import running_of
from besitos.mechanics.boost.model import FinishBoost, StartBoost
from tests.mechanics.scene import HEAD, MEXICO, Scene, details, done, reasons
from tests.world import ANA, BEA, MONDAY, day, game, grant, happened, new_key

HOUR = timedelta(hours=1)
PERFUME = """
rules: {thing: {when: thing.done, pays: {besitos: 10, xp: 10}}}
boosts: {perfume: {name: Perfume, multiply: 1.5, lasts: 2h}}
"""


def begin(boost: str, at: datetime = MONDAY, member_id: int = ANA) -> Activity:
    return StartBoost(key=new_key(), member_id=member_id, occurred_at=at, boost=boost)


async def kinds(scene: Scene, member_id: int = ANA) -> list[str]:
    """The events of boosts that a member has had."""
    events = (await scene.engine.store.export()).events
    return [each.type for each in events if each.member_id == member_id and "boost" in each.type]


async def running(scene: Scene, member_id: int = ANA) -> dict[str, datetime]:
    found = await scene.engine.look(member_id, lambda view: running_of(view, member_id))
    return {key: each.ends_at for key, each in found.items()}


async def test_a_boost_multiplies_what_is_paid_in_its_currency() -> None:
    scene = await Scene.of(PERFUME.replace(", lasts: 2h", ""))

    [outcome] = await scene.do(done())

    assert sorted((paid.account, paid.amount) for paid in outcome.paid) == [("besitos", 15), ("xp", 10)]
    assert reasons(outcome) == [("rule/thing", "boost.multiplied")]
    assert details(outcome) == {"currency": "besitos", "before": 10, "after": 15, "by": ["boost/perfume"]}


async def test_factors_multiply_each_other_and_are_rounded_once() -> None:
    scene = await Scene.of(
        """
rules: {thing: {when: thing.done, pays: {besitos: 3}}}
boosts:
  one: {name: A, multiply: 1.5}
  two: {name: B, multiply: 1.5}
  half: {name: C, multiply: 0.5}
"""
    )

    assert await scene.paid(done()) == [3]  # 3.375: rounded at each step it would be 2


async def test_many_factors_are_exact() -> None:
    """25 times 0.16 and 25 times 6.25 come to 1; with the digits that a decimal keeps, to a little less."""
    factors = enumerate(["0.16"] * 25 + ["6.25"] * 25, 10)
    boosts = "\n".join(f"  b{number}: {{name: X, multiply: {factor}}}" for number, factor in factors)
    scene = await Scene.of(f"rules: {{thing: {{when: thing.done, pays: {{besitos: 1}}}}}}\nboosts:\n{boosts}\n")

    assert await scene.paid(done()) == [1]


async def test_a_boost_is_for_its_sources_inside_its_window_and_for_whom_it_says() -> None:
    scene = await Scene.of(
        """
rules:
  thing: {when: thing.done, where: {n: 1}, pays: {besitos: 10}}
  other: {when: thing.done, where: {n: 2}, pays: {besitos: 10}}
boosts:
  week: {name: A, multiply: 2, sources: thing, from: 2026-11-24, until: 2026-11-25, if: {balance: 10+}}
  never: {name: B, multiply: 9, paused: true}
""",
        zone=MEXICO,
    )

    before, first, other, after = (
        await scene.paid(done(day(0), n=1))
        + await scene.paid(done(day(1), n=1))
        + await scene.paid(done(day(1), n=2))
        + await scene.paid(done(day(2), n=1))
    )
    poor = await scene.paid(done(day(1), BEA, n=1))

    assert (before, first, other, after, poor) == (10, 20, 10, 10, [10])


async def test_penalties_and_what_is_no_payout_are_not_multiplied() -> None:
    scene = await Scene.of(
        "rules: {rude: {when: thing.done, pays: {besitos: -4}}}\nboosts: {two: {name: A, multiply: 2}}"
    )

    assert await scene.paid(grant(ANA, 10), done()) == [10, -4]


async def test_boosts_come_before_limits_and_caps() -> None:
    scene = await Scene.of(
        """
rules: {thing: {when: thing.done, pays: {besitos: 10}, limit: 25 besitos/day}}
caps: {all_of_it: {limit: 23 besitos/day, sources: all}}
boosts: {two: {name: A, multiply: 2}}
"""
    )

    assert await scene.paid(done(), done(), done()) == [20, 3, 0]


async def test_an_amount_that_is_multiplied_to_nothing_is_no_payment() -> None:
    scene = await Scene.of(
        "rules: {thing: {when: thing.done, pays: {besitos: 5}, limit: 1/day}}\nboosts: {two: {name: A, multiply: 0.01}}"
    )

    first, second = await scene.do(done(), done())

    assert (first.paid, second.paid) == ((), ())
    assert [reason for _, reason in reasons(second)] == ["boost.multiplied"]  # not that its limit is reached


async def test_what_is_multiplied_beyond_what_the_books_hold_is_refused_by_them() -> None:
    boosts = "\n".join(f"  b{number}: {{name: X, multiply: 100}}" for number in range(12))
    scene = await Scene.of(f"rules: {{thing: {{when: thing.done, pays: {{besitos: 1}}}}}}\nboosts:\n{boosts}\n")

    paid, refused = await scene.do(done(), done())

    assert [each.amount for each in paid.paid] == [MAX_BALANCE]
    assert "ledger.overflow" in [reason for _, reason in reasons(refused)]


async def test_a_boost_that_lasts_multiplies_from_its_start_to_its_end() -> None:
    scene = await Scene.of(PERFUME)

    paid = await scene.paid(
        done(),
        begin("perfume", MONDAY + HOUR),
        done(MONDAY + HOUR),
        done(MONDAY + 3 * HOUR - timedelta(seconds=1)),
        done(MONDAY + 3 * HOUR),
        done(MONDAY),
    )

    assert paid == [10, 0, 15, 15, 10, 10]


async def test_using_it_while_it_runs_adds_its_time() -> None:
    scene = await Scene.of(PERFUME, now=MONDAY)

    await scene.do(begin("perfume"), begin("perfume"))

    assert await running(scene) == {"perfume": MONDAY + 4 * HOUR}
    [timer] = await scene.engine.store.backlog.timers(10)
    assert timer.due_at == MONDAY + 4 * HOUR


async def test_what_runs_stays_as_it_was_when_it_began() -> None:
    scene = await Scene.of(PERFUME)
    await scene.do(begin("perfume"))

    dearer = scene.under(PERFUME.replace("multiply: 1.5", "multiply: 3").replace("lasts: 2h", "lasts: 1h"))
    assert await dearer.paid(done(), begin("perfume"), done(MONDAY + 2.5 * HOUR)) == [15, 0, 15]
    assert await dearer.paid(begin("perfume", MONDAY + 3 * HOUR), done(MONDAY + 3 * HOUR)) == [0, 30]

    without = scene.under("rules: {thing: {when: thing.done, pays: {besitos: 10}}}")
    assert await without.paid(done(MONDAY + 3 * HOUR), done(MONDAY + 4 * HOUR)) == [30, 10]


async def test_its_end_is_told_once_by_whoever_finds_it_first() -> None:
    by_timer, by_activity = [await Scene.of(PERFUME) for _ in range(2)]
    for scene in (by_timer, by_activity):
        await scene.do(begin("perfume"))

    await by_timer.engine.run_due_timers()
    await by_timer.do(done(day(1)))
    await by_activity.do(done(day(1)))
    await by_activity.engine.run_due_timers()

    told = ["gamification.boost_started", "gamification.boost_finished"]
    assert await kinds(by_timer) == await kinds(by_activity) == told
    assert await running(by_timer) == await running(by_activity) == {}
    assert await by_activity.engine.store.backlog.timers(10) == []


async def test_time_added_while_somebody_has_its_timer_in_hand_has_an_end_of_its_own() -> None:
    scene = await Scene.of(PERFUME, now=MONDAY + 2 * HOUR)
    await scene.do(begin("perfume"))
    [timer] = await scene.engine.store.backlog.timers(10)
    await scene.do(begin("perfume", MONDAY + HOUR))

    await scene.do(activity_of(timer.activity, FinishBoost))
    assert await running(scene) == {"perfume": MONDAY + 4 * HOUR}
    scene.clock.moment = MONDAY + 4 * HOUR
    await scene.engine.run_due_timers()

    assert await kinds(scene) == [*["gamification.boost_started"] * 2, "gamification.boost_finished"]
    assert await running(scene) == {}


async def test_one_that_begins_anew_after_its_end_finishes_the_one_before() -> None:
    scene = await Scene.of(PERFUME)

    await scene.do(begin("perfume"), begin("perfume", day(1)))
    await scene.engine.run_due_timers()

    assert [kind.rpartition("_")[2] for kind in await kinds(scene)] == ["started", "finished", "started", "finished"]


@pytest.mark.parametrize(
    ("text", "boost", "reason"),
    [
        (PERFUME, "parfum", "payout.not_there"),
        (PERFUME.replace(", lasts: 2h", ""), "perfume", "boost.always_on"),
        (PERFUME.replace("lasts: 2h", "lasts: 2h, paused: true"), "perfume", "boost.not_in_play"),
    ],
)
async def test_what_cannot_be_started_is_refused(text: str, boost: str, reason: str) -> None:
    scene = await Scene.of(text)

    [outcome] = await scene.do(begin(boost))

    assert outcome.reason == reason
    assert await running(scene) == {}


async def test_a_started_boost_is_for_whom_it_says() -> None:
    scene = await Scene.of(PERFUME.replace("lasts: 2h", "lasts: 2h, if: {balance: 10+}"))

    assert await scene.paid(begin("perfume"), done(), done()) == [0, 10, 15]


async def test_time_is_not_added_for_ever() -> None:
    scene = await Scene.of(PERFUME.replace("lasts: 2h", "lasts: 365d"), now=MONDAY)

    outcomes = await scene.do(*(begin("perfume") for _ in range(101)))

    assert [outcome.reason for outcome in outcomes] == [""] * 100 + ["boost.too_long"]


async def test_what_somebody_is_given_can_start_a_boost() -> None:
    """What an item that is used asks for."""
    scene = await Scene.of(PERFUME, now=MONDAY)
    using = Mechanic(
        name="using",
        compile=lambda _: [("using", None)],
        listens=(Listens(lambda _: ("reply.posted",), _use_two, Phase.RULE),),
    )
    engine = Engine(scene.engine.store, game(HEAD.format(zone=MEXICO, kinds="") + PERFUME, using), scene.clock)

    await engine.submit(happened(ANA, "reply.posted"))

    assert await running(scene) == {"perfume": MONDAY + 4 * HOUR}


def _use_two(_view: View, signal: Signal, _rules: None) -> Decision:
    return Accepted(Give(signal.member_id, Given("boosts", "perfume", 2), "item"))
