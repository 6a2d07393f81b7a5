"""Members: who is banned is paid nothing, and what a member says of themselves is remembered."""

import pytest

from besitos.mechanics.member.model import BanMember, ChangeSettings, UnbanMember
from tests.mechanics.scene import Scene, done, reasons
from tests.world import ANA, MONDAY, day, new_key

RULES = "rules: {thing: {when: thing.done, pays: {besitos: 5}}}"


def ban(member_id: int = ANA) -> BanMember:
    return BanMember(key=new_key(), member_id=member_id, occurred_at=MONDAY)


def unban(member_id: int = ANA) -> UnbanMember:
    return UnbanMember(key=new_key(), member_id=member_id, occurred_at=MONDAY)


def lives_in(zone: str) -> ChangeSettings:
    return ChangeSettings(key=new_key(), member_id=ANA, occurred_at=MONDAY, zone=zone)


async def test_a_banned_member_is_paid_nothing_until_the_ban_is_lifted() -> None:
    scene = await Scene.of(RULES)

    assert await scene.paid(done(), ban(), done(), unban(), done()) == [5, 0, 0, 0, 5]


async def test_why_nothing_was_paid_stands_in_the_trace() -> None:
    scene = await Scene.of(RULES)

    _, outcome = await scene.do(ban(), done())

    assert outcome.accepted
    assert reasons(outcome) == [("rule/thing", "member.banned")]


async def test_nobody_is_banned_twice_nor_unbanned_without_a_ban() -> None:
    scene = await Scene.of(RULES)

    outcomes = await scene.do(unban(), ban(), ban())

    assert [outcome.reason for outcome in outcomes] == ["member.not_banned", "", "member.already_banned"]


@pytest.mark.parametrize(
    ("zone", "reason"),
    [
        ("America/Bogota", ""),
        ("", ""),
        ("Mars/A", "member.unknown_zone"),
        ("localtime", "member.unknown_zone"),
    ],
)
async def test_a_zone_is_one_that_has_clocks(zone: str, reason: str) -> None:
    scene = await Scene.of(RULES)

    [outcome] = await scene.do(lives_in(zone))

    assert outcome.reason == reason


async def test_who_has_been_a_member_long_enough_is_given_the_badge_in_that_moment() -> None:
    scene = await Scene.of("badges: {b: {name: B, if: {member_for: 7d+}, pays: {besitos: 5}}}", now=MONDAY)
    await scene.do(done())

    scene.clock.moment = day(8)
    await scene.engine.run_due_timers()

    [event] = [row for row in (await scene.engine.store.export()).events if row.type.endswith("achievement_unlocked")]
    assert event.occurred_at == day(7)


async def test_an_earlier_beginning_that_is_told_late_moves_the_timer() -> None:
    scene = await Scene.of("badges: {b: {name: B, if: {member_for: 7d+}}}", now=day(2))
    await scene.do(done(day(2)), done(MONDAY))

    [timer] = (await scene.engine.store.export()).timers.values()

    assert timer.due_at == day(7)
