"""The daily gift: whose midnight ends the day, and who has to ask."""

from datetime import UTC, datetime, timedelta

import pytest

from besitos.core.account import purse
from besitos.mechanics.member.model import ChangeSettings
from tests.mechanics.scene import Scene, done
from tests.world import ANA, MONDAY, claim, day, new_key, spend

GIFT = "daily_gift: {{pays: {{besitos: 10, xp: 5}}, day: {day}, auto: {auto}}}"


@pytest.mark.parametrize(("zone", "turns"), [("utc", 0), ("game", 6), ("member", 6)])
async def test_the_day_turns_over_at_midnight_of_its_zone(zone: str, turns: int) -> None:
    scene = await Scene.of(GIFT.format(day=zone, auto="false"))
    midnight = day(1).replace(hour=turns)

    outcomes = await scene.do(claim(ANA), claim(ANA, midnight - timedelta(microseconds=1)), claim(ANA, midnight))

    assert [outcome.accepted for outcome in outcomes] == [True, False, True]
    assert outcomes[1].reason == "daily_gift.already_claimed"
    assert outcomes[1].details == {"retry_at": f"{midnight:%Y-%m-%dT%H:%M:%SZ}"}


async def test_a_zone_that_a_member_says_counts_from_the_next_day_on() -> None:
    scene = await Scene.of(GIFT.format(day="member", auto="false"))
    midnight_in_tokyo, midnight_at_home = day(1).replace(hour=0) - timedelta(hours=9), day(1).replace(hour=6)
    move = ChangeSettings(key=new_key(), member_id=ANA, occurred_at=MONDAY, zone="Asia/Tokyo")
    moments = [MONDAY, midnight_in_tokyo, midnight_at_home, midnight_in_tokyo + timedelta(days=1)]

    _, *outcomes = await scene.do(move, *(claim(ANA, moment) for moment in moments))

    assert [outcome.accepted for outcome in outcomes] == [True, False, True, True]
    assert outcomes[1].details == {"retry_at": f"{midnight_at_home:%Y-%m-%dT%H:%M:%SZ}"}


async def test_going_round_the_world_brings_no_more_gifts_than_days() -> None:
    scene = await Scene.of(GIFT.format(day="member", auto="true"))
    zones = ["Pacific/Kiritimati", "Pacific/Pago_Pago"]
    hours = [MONDAY + timedelta(hours=number) for number in range(24 * 10)]

    outcomes = []
    for number, at in enumerate(hours):
        move = ChangeSettings(key=new_key(), member_id=ANA, occurred_at=at, zone=zones[number % 2])
        outcomes += await scene.do(move, claim(ANA, at))

    assert sum(outcome.paid_to(purse(ANA)) for outcome in outcomes) == 80


async def test_every_day_around_the_year_has_exactly_one_gift_whatever_the_clocks_do() -> None:
    """Three claims a day, at the first and last microsecond and in the middle, through both clock changes."""
    scene = await Scene.of(GIFT.format(day="game", auto="false"), now=day(500), zone="Europe/Madrid")
    calendar = scene.engine.game.calendar
    first = datetime(2026, 3, 1, tzinfo=UTC).date()
    for number in range(400):
        begins = calendar.start_of_day(first + timedelta(days=number))
        ends = calendar.start_of_day(first + timedelta(days=number + 1))
        moments = [begins, begins + (ends - begins) / 2, ends - timedelta(microseconds=1)]
        outcomes = await scene.do(*(claim(ANA, moment) for moment in moments))
        assert [outcome.accepted for outcome in outcomes] == [True, False, False]


async def test_a_claim_dated_before_the_last_one_is_refused() -> None:
    scene = await Scene.of(GIFT.format(day="utc", auto="false"))

    outcomes = await scene.do(claim(ANA, day(1)), claim(ANA, MONDAY))

    assert [outcome.accepted for outcome in outcomes] == [True, False]


async def test_the_first_activity_of_the_day_brings_the_gift_unasked() -> None:
    scene = await Scene.of(GIFT.format(day="utc", auto="true") + "\nrules: {r: {when: thing.done, pays: {besitos: 1}}}")

    outcomes = await scene.do(done(), done(), claim(ANA), claim(ANA, day(1)), done(day(1)))

    assert [outcome.paid_to(purse(ANA)) for outcome in outcomes] == [11, 1, 0, 10, 1]
    assert [paid.definition for paid in outcomes[0].paid] == ["daily_gift", "daily_gift", "rule/r"]
    assert outcomes[2].reason == "daily_gift.already_claimed"


async def test_what_is_refused_or_ordered_by_others_brings_no_gift() -> None:
    scene = await Scene.of(GIFT.format(day="utc", auto="true"))

    outcomes = await scene.do(spend(ANA, 5), spend(ANA, 5))

    assert [outcome.paid for outcome in outcomes] == [(), ()]
