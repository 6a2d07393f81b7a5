"""What protects a streak and what mends it: freezes, pauses, repairs, and the restoring after an outage of ours."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from besitos.core.decision import Accepted, Effect, Give, Publish, Put
from besitos.core.event import StreakRestored
from besitos.core.payout import Given
from besitos.core.standing import Run
from tests.mechanics.streak.playing import DAILY, Play, midnight
from tests.world import ANA, MONDAY, day

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


async def test_freezes_save_missed_days_one_by_one_and_do_not_make_it_longer() -> None:
    play = await Play.of()
    await play.comes(MONDAY)
    await play.do(play.freeze(MONDAY, count=2))

    assert (await play.seen(MONDAY)).expires_at == midnight(3) + 5 * MINUTE
    await play.comes(day(3))
    await play.lets_pass(day(9))

    assert await play.words() == ["extended 1", "frozen 1", "frozen 1", "extended 2", "lost 2"]


async def test_a_freeze_that_was_given_after_the_day_does_not_save_it() -> None:
    play = await Play.of()
    await play.comes(MONDAY)

    assert not await play.do(play.freeze(midnight(1) + MINUTE))
    await play.lets_pass(midnight(1) + 5 * MINUTE)

    assert await play.words() == ["extended 1", "lost 1"]
    assert len((await play.seen(day(2))).run.freezes) == 1


async def test_no_more_freezes_are_held_than_the_game_says() -> None:
    play = await Play.of()

    given = [await play.do(play.freeze(MONDAY, count=count)) for count in (0, 3, 2, 1)]

    assert given == ["streak.no_count", "streak.freezes_full", "", "streak.freezes_full"]


async def test_an_item_gives_a_freeze_and_a_repair_by_the_same_rules() -> None:
    play = await Play.of()
    await play.comes(MONDAY, day(1))
    await play.lets_pass(day(4))

    [kept] = [each.value for each in await given(play, Given("freezes", "diaria", 2)) if isinstance(each, Put)]
    events = [each.event for each in await given(play, Given("repairs", "diaria")) if isinstance(each, Publish)]

    assert kept.freezes == (day(4), day(4))
    assert events == [StreakRestored(member_id=ANA, streak="diaria", length=2, by="item")]
    assert play.scene.engine.game.giver_of(Given("repairs", "otra")) is None


async def given(play: Play, thing: Given) -> Sequence[Effect]:
    """What giving this to Ana would do."""
    part, give = play.scene.engine.game.giver_of(thing), Give(ANA, thing, "item/hielo")
    assert part is not None
    decision = await play.scene.engine.look(ANA, lambda view: part.decide(view, give, part.definition))
    assert isinstance(decision, Accepted)
    return decision.effects


async def test_paused_days_break_nothing_and_what_is_done_in_them_counts() -> None:
    play = await Play.of()
    await play.comes(MONDAY)

    await play.do(play.pause(MONDAY, day(1).date(), day(3).date()))
    await play.comes(day(2), day(4))

    assert await play.words() == ["extended 1", "extended 2", "extended 3"]
    assert [past.how for past in (await play.seen(day(4))).history] == ["done", "paused", "done", "paused", "done"]


async def test_after_a_pause_a_missed_day_breaks_it_as_ever() -> None:
    play = await Play.of()
    await play.comes(MONDAY)
    await play.do(play.pause(MONDAY, day(1).date(), day(3).date()))

    assert (await play.seen(MONDAY)).expires_at == midnight(4) + 5 * MINUTE
    await play.lets_pass(day(9))

    assert await play.words() == ["extended 1", "lost 1"]


@pytest.mark.parametrize(
    ("first", "last", "reason"),
    [
        (-1, 2, "streak.pause_in_past"),
        (0, 0, ""),
        (2, 1, "streak.pause_backwards"),
        (1, 366, ""),
        (1, 367, "streak.pause_too_long"),
    ],
)
async def test_a_pause_is_of_days_to_come(first: int, last: int, reason: str) -> None:
    play = await Play.of()

    assert await play.do(play.pause(MONDAY, day(first).date(), day(last).date())) == reason


async def test_today_is_the_members_own() -> None:
    """In Mexico it is still Sunday when Monday has begun in UTC."""
    play = await Play.of(DAILY.replace("when:", "day: member, when:"))
    await play.do(play.lives_in(MONDAY, "America/Mexico_City"))
    early = MONDAY.replace(hour=3)
    yesterday = (early - timedelta(days=1)).date()

    assert await play.do(play.pause(early, yesterday, yesterday)) == ""


async def test_pauses_do_not_overlap_and_are_few() -> None:
    play = await Play.of()
    await play.do(play.pause(MONDAY, day(1).date(), day(3).date()))

    overlapping = await play.do(play.pause(MONDAY, day(3).date(), day(4).date()))
    others = [await play.do(play.pause(MONDAY, day(n).date(), day(n).date())) for n in range(10, 20)]

    assert overlapping == "streak.pause_overlaps"
    assert others == [""] * 9 + ["streak.too_many_pauses"]


async def test_a_pause_can_be_taken_back_before_it_ends() -> None:
    play = await Play.of()
    await play.comes(MONDAY)
    await play.do(play.pause(MONDAY, day(1).date(), day(5).date()))

    nobodys = await play.do(play.unpause(day(3), day(2).date()))
    taken = await play.do(play.unpause(day(3), day(1).date()))
    again = await play.do(play.unpause(day(3), day(1).date()))
    await play.lets_pass(day(9))

    assert (nobodys, taken, again) == ("streak.no_pause", "", "streak.no_pause")
    assert await play.words() == ["extended 1", "lost 1"]
    assert (await play.seen(day(9))).run.lost is not None
    assert [past.how for past in (await play.seen(day(4))).run.past] == ["done", "paused", "paused", "missed"]


async def test_a_pause_that_is_over_is_not_taken_back() -> None:
    play = await Play.of()
    await play.do(play.pause(MONDAY, day(1).date(), day(2).date()))

    assert await play.do(play.unpause(day(3), day(1).date())) == "streak.no_pause"


async def test_a_repair_gives_back_what_was_lost_with_what_has_grown_since_and_pays_nothing() -> None:
    play = await Play.of()
    await play.comes(MONDAY, day(1), day(2), day(4))

    assert await play.do(play.repair(day(4) + HOUR)) == ""
    paid = await play.earned()
    await play.comes(day(5))

    assert await play.words() == [
        *("extended 1", "extended 2", "extended 3", "lost 3", "extended 1", "restored 4", "extended 5"),
    ]
    assert await play.earned() == paid == [20]
    assert await play.standing() == Run(5, 5)


async def test_a_run_that_is_repaired_before_it_grew_again_goes_on_today() -> None:
    play = await Play.of()
    await play.comes(MONDAY, day(1))

    assert await play.do(play.repair(day(4))) == ""

    assert (await play.seen(day(4))).expires_at == midnight(4) + 5 * MINUTE
    await play.comes(day(4))
    assert await play.words() == ["extended 1", "extended 2", "lost 2", "restored 2", "extended 3"]


async def test_a_repair_has_a_deadline_counted_from_the_loss() -> None:
    play = await Play.of()
    await play.comes(MONDAY)
    until = midnight(1) + 5 * MINUTE + timedelta(days=3)

    assert await play.do(play.repair(until + MINUTE)) == "streak.repair_too_late"
    assert (await play.seen(until)).repairable_until == until
    assert await play.do(play.repair(until)) == ""


async def test_what_is_whole_is_not_repaired() -> None:
    play = await Play.of()
    never = await play.do(play.repair(MONDAY))
    await play.comes(MONDAY)
    whole = await play.do(play.repair(MONDAY))
    await play.do(play.repair(day(2)))

    assert (never, whole) == ("streak.not_broken", "streak.not_broken")
    assert await play.do(play.repair(day(2))) == "streak.not_broken"


async def test_an_outage_of_ours_is_restored_whenever_if_the_missed_day_lies_in_it() -> None:
    play = await Play.of()
    await play.comes(MONDAY)
    outage = (day(1), day(1) + HOUR)

    elsewhere = await play.do(play.restore(day(30), day(5), day(6)))
    restored = await play.do(play.restore(day(30), *outage))
    again = await play.do(play.restore(day(30), *outage))

    assert (elsewhere, restored, again) == ("streak.not_in_outage", "", "streak.not_broken")
    [*_, (word, told)] = await play.told()
    assert (word, told["by"], told["length"]) == ("restored", "outage", 1)


async def test_a_pause_covers_a_week_of_which_it_takes_any_day() -> None:
    play = await Play.of(DAILY.replace("when:", "every: week, when:"))
    await play.comes(MONDAY)

    await play.do(play.pause(MONDAY, day(9).date(), day(9).date()))
    await play.comes(day(14))

    assert await play.words() == ["extended 1", "extended 2"]


async def test_repairs_pay_no_bonus_that_they_jump_over_and_none_twice() -> None:
    play = await Play.of()
    await play.comes(*(day(number) for number in range(3)))
    await play.comes(day(4))

    await play.do(play.repair(day(4)))
    await play.comes(day(5))

    assert (await play.standing()).length == 5
    assert await play.earned() == [20]
