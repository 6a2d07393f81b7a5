"""VIP: time is added after the present end, and is over once the grace is, whoever finds that out."""

from datetime import datetime, timedelta

import pytest

from besitos.core.activity import Activity
from besitos.core.member import PROFILE, Profile
from besitos.mechanics.vip.decide import LONGEST
from besitos.mechanics.vip.model import EndVip, GiveVip
from tests.mechanics.scene import Scene, done, reasons
from tests.world import ANA, MONDAY, claim, day, new_key

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GAME = """
vip: {grace: 2d}
rules: {thing: {when: thing.done, pays: {besitos: {free: 1, vip: 5}}}}
"""
WEEK = "vip: {grace: 2d}\nrules: {week: {when: thing.done, pays: {vip: 7d}}}"


def give(days: float, at: datetime = MONDAY) -> Activity:
    return GiveVip(key=new_key(), member_id=ANA, occurred_at=at, lasts=int(days * 86_400))


def end(at: datetime = MONDAY) -> Activity:
    return EndVip(key=new_key(), member_id=ANA, occurred_at=at, reason="devuelto")


async def profile(scene: Scene) -> Profile:
    return await scene.engine.look(ANA, lambda view: view.get(PROFILE.of(ANA)))


async def told(scene: Scene) -> list[str]:
    """What the type of the member changed to, as it was told."""
    events = (await scene.engine.store.export()).events
    return [each.body.partition('"became":"')[2][:4].strip('"') for each in events if "type_changed" in each.type]


async def test_time_makes_vip_and_is_added_after_the_present_end() -> None:
    scene = await Scene.of(GAME)

    assert await scene.paid(done(), give(1), done(), give(2, MONDAY + HOUR)) == [1, 0, 5, 0]

    after = await profile(scene)
    assert (after.is_vip, after.vip_until) == (True, day(3))
    assert await told(scene) == ["vip"]


async def test_a_payout_gives_it_too() -> None:
    scene = await Scene.of(WEEK)

    await scene.do(done(), done())

    assert (await profile(scene)).vip_until == day(14)


async def test_a_member_is_vip_until_the_grace_is_over() -> None:
    scene = await Scene.of(GAME)
    await scene.do(give(1))

    within = day(3) - timedelta(seconds=1)
    assert await scene.paid(done(day(1)), done(within), done(day(3)), done(day(3))) == [5, 5, 1, 1]
    assert await told(scene) == ["vip", "free"]


async def test_time_given_within_the_grace_begins_then() -> None:
    scene = await Scene.of(GAME)

    await scene.do(give(1), give(1, day(2)))

    assert (await profile(scene)).vip_until == day(3)
    assert await told(scene) == ["vip"]


async def test_the_grace_is_a_day_where_the_game_says_nothing() -> None:
    scene = await Scene.of(GAME.replace("vip: {grace: 2d}", ""))

    assert await scene.paid(give(1), done(day(2) - HOUR), done(day(2))) == [0, 5, 1]


async def test_whoever_claims_the_gift_does_something_too() -> None:
    """In a game where nobody else listened to claims, those who hear all that members do did not hear them."""
    scene = await Scene.of("vip: {grace: 2d}\ndaily_gift: {pays: {besitos: {free: 1, vip: 5}}}")

    await scene.do(give(1), claim(ANA, day(4)))

    assert await told(scene) == ["vip", "free"]
    assert await scene.paid(claim(ANA, day(5))) == [1]


async def test_timer_and_activity_find_the_same_end() -> None:
    by_timer, by_activity = [await Scene.of(GAME) for _ in range(2)]
    for scene in (by_timer, by_activity):
        await scene.do(give(1), give(1))

    await by_timer.engine.run_due_timers()
    assert not (await profile(by_timer)).is_vip
    await by_timer.do(done(day(9)))
    await by_activity.do(done(day(9)))
    await by_activity.engine.run_due_timers()

    assert await profile(by_timer) == await profile(by_activity)
    assert await told(by_timer) == await told(by_activity) == ["vip", "free"]
    for scene in (by_timer, by_activity):
        assert await scene.engine.store.backlog.timers(10) == []


async def test_who_comes_back_after_an_end_that_nobody_found_was_free_in_between() -> None:
    scene = await Scene.of(GAME)

    await scene.do(give(1), give(1, day(9)))

    assert await told(scene) == ["vip", "free", "vip"]
    assert (await profile(scene)).vip_until == day(10)
    assert len(await scene.engine.store.backlog.timers(10)) == 1


async def test_a_grace_that_grows_or_shrinks_holds_for_who_is_vip_already() -> None:
    scene = await Scene.of(GAME, now=day(3))
    await scene.do(give(1))

    longer = scene.under(GAME.replace("2d", "4d"))
    assert await longer.engine.run_due_timers() == 1
    assert (await profile(longer)).is_vip
    longer.clock.moment = day(5)
    await longer.engine.run_due_timers()
    assert not (await profile(longer)).is_vip

    await scene.do(give(1, day(5)))
    scene.clock.moment = day(9)
    shorter = scene.under(GAME.replace("2d", "1h"))
    assert await shorter.paid(done(day(6) + HOUR)) == [1]


async def test_an_operator_ends_it_at_once() -> None:
    scene = await Scene.of(GAME)

    first, *_ = await scene.do(end(), give(30), end(MONDAY + HOUR))

    assert first.reason == "vip.not_vip"
    assert await profile(scene) == Profile(joined_at=None)
    assert await told(scene) == ["vip", "free"]
    assert await scene.engine.store.backlog.timers(10) == []


@pytest.mark.parametrize(("days", "reason"), [(0, "vip.no_time"), (-1, "vip.no_time"), (36_501, "vip.too_long")])
async def test_no_time_and_too_much_time_are_refused(days: float, reason: str) -> None:
    scene = await Scene.of(GAME)

    [outcome] = await scene.do(give(days))

    assert outcome.reason == reason


async def test_what_goes_on_being_added_comes_to_an_end() -> None:
    scene = await Scene.of(WEEK.replace("7d", "3650d"))

    await scene.do(*(done() for _ in range(12)))

    assert (await profile(scene)).vip_until == MONDAY + LONGEST


async def test_what_asks_for_the_type_wakes_when_it_changes() -> None:
    scene = await Scene.of(
        GAME + "modules: {maestria: {name: Maestría, completed_if: {member: vip}, pays: {besitos: 50}}}"
    )

    assert await scene.paid(done(), give(1)) == [1, 50]


async def test_a_cap_on_times_holds_vip_time_back_too() -> None:
    scene = await Scene.of(WEEK + "\ncaps: {few: {limit: 1/day, sources: all}}")

    outcomes = await scene.do(done(), done())

    assert (await profile(scene)).vip_until == day(7)
    assert reasons(outcomes[1]) == [("rule/week", "cap.reached")]
