"""Streaks: coming back makes them longer, staying away breaks them, and what protects and mends them."""

from datetime import timedelta

from besitos.core.standing import Run
from besitos.engine.outcome import EngineReason
from besitos.mechanics.streak.model import CloseStreak
from tests.mechanics.scene import Scene, done, reasons
from tests.mechanics.streak.playing import DAILY, Play, midnight
from tests.world import ANA, MONDAY, day

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
WEEKLY = "streaks: {diaria: {name: Semanal, when: thing.done, every: week, bonuses: {2: {besitos: 20}}}}"
LATE_EVENING = "streaks: {diaria: {name: Diaria, when: thing.done, where: {n: 10+}}}"


async def test_the_first_day_is_a_streak_of_one_and_is_told() -> None:
    play = await Play.of()

    await play.comes(MONDAY)

    assert await play.told() == [("extended", {"streak": "diaria", "length": 1, "best": 1})]
    assert await play.standing() == Run(1, 1)


async def test_the_same_day_again_is_nothing_and_the_next_is_one_more() -> None:
    play = await Play.of()

    await play.comes(MONDAY, MONDAY + HOUR, day(1), day(1) + HOUR, day(2))

    assert await play.words() == ["extended 1", "extended 2", "extended 3"]


async def test_only_what_qualifies_counts() -> None:
    play = await Play.of(LATE_EVENING)

    await play.do(done(MONDAY, n=9))
    await play.do(done(day(1), n=10))

    assert await play.words() == ["extended 1"]


async def test_after_a_missed_day_it_begins_again_and_the_best_is_kept() -> None:
    play = await Play.of()

    await play.comes(MONDAY, day(1), day(3))

    assert await play.words() == ["extended 1", "extended 2", "lost 2", "extended 1"]
    assert await play.standing() == Run(1, 2)


async def test_a_day_closes_five_minutes_after_its_end() -> None:
    play = await Play.of()
    await play.comes(MONDAY)

    assert (await play.seen(day(1))).expires_at == midnight(1) + 5 * MINUTE
    assert await play.length(midnight(1) + 5 * MINUTE - MINUTE) == 1
    assert await play.length(midnight(1) + 5 * MINUTE) == 0


async def test_the_timer_reports_the_loss_at_the_close() -> None:
    play = await Play.of()
    await play.comes(MONDAY)

    await play.lets_pass(midnight(1) + 5 * MINUTE)

    [lost] = [row for row in (await play.scene.engine.store.export()).events if row.type.endswith("streak_lost")]
    assert lost.occurred_at == midnight(1) + 5 * MINUTE
    assert await play.standing() == Run(0, 1)


async def test_there_is_one_timer_and_it_moves_on() -> None:
    play = await Play.of()

    await play.comes(MONDAY, day(1), day(1) + HOUR, day(2))

    timers = (await play.scene.engine.store.export()).timers
    assert [(timer.kind, timer.due_at) for timer in timers.values()] == [("streak.close", midnight(3) + 5 * MINUTE)]


async def test_without_a_run_there_is_no_timer() -> None:
    play = await Play.of()
    await play.comes(MONDAY)

    await play.lets_pass(day(9))

    assert not (await play.scene.engine.store.export()).timers


async def test_a_timer_delivered_twice_changes_nothing() -> None:
    play = await Play.of()
    await play.comes(MONDAY)
    at = midnight(1) + 5 * MINUTE
    timer = CloseStreak(key="job:again", member_id=ANA, occurred_at=at, streak="diaria")

    await play.do(timer)
    await play.do(timer)
    await play.lets_pass(day(2))

    assert await play.words() == ["extended 1", "lost 1"]


async def test_an_activity_delivered_twice_counts_once() -> None:
    play = await Play.of()
    activity = done(MONDAY)

    await play.do(activity)
    await play.do(activity)

    assert await play.words() == ["extended 1"]


async def test_a_bonus_is_paid_when_a_run_reaches_its_length_and_again_in_another_run() -> None:
    play = await Play.of()

    await play.comes(MONDAY, day(1), day(2))
    await play.comes(day(5), day(6))

    assert await play.earned() == [20, 20]
    [*_, row] = (await play.scene.engine.store.export()).transactions
    assert (row.definition, row.counter, row.type) == ("streak/diaria", "source:streak", "EARN_STREAK")


async def test_a_message_delayed_over_midnight_still_counts_for_its_day() -> None:
    play = await Play.of()
    await play.comes(MONDAY)

    await play.do(done(midnight(1) + 2 * MINUTE))
    waiting = await play.length(midnight(1) + 2 * MINUTE)
    await play.do(done(midnight(1) - MINUTE), at=midnight(1) + 3 * MINUTE)

    assert waiting == 1
    assert await play.words() == ["extended 1", "extended 2", "extended 3"]


async def test_who_comes_right_after_a_missed_day_begins_again_at_its_close() -> None:
    play = await Play.of()
    await play.comes(MONDAY)

    await play.comes(midnight(1) + 2 * MINUTE)
    before = await play.words()
    await play.lets_pass(midnight(1) + 5 * MINUTE)

    assert before == ["extended 1"]
    assert await play.words() == ["extended 1", "lost 1", "extended 1"]


async def test_what_arrives_after_the_close_rewrites_nothing() -> None:
    play = await Play.of()
    await play.comes(MONDAY)
    await play.lets_pass(midnight(1) + 5 * MINUTE)

    outcome = await play.scene.engine.submit(done(day(1)))

    assert reasons(outcome) == [("streak/diaria", "streak.late")]
    assert await play.standing() == Run(0, 1)


async def test_what_arrives_late_for_a_day_that_counts_already_is_no_matter() -> None:
    play = await Play.of()
    await play.comes(MONDAY, day(1), day(2))

    outcome = await play.scene.engine.submit(done(day(1) + HOUR))

    assert reasons(outcome) == []
    assert await play.standing() == Run(3, 3)


async def test_what_arrives_late_does_not_bring_back_a_freeze() -> None:
    play = await Play.of()
    await play.comes(MONDAY)
    await play.do(play.freeze(MONDAY))
    await play.comes(day(2))

    outcome = await play.scene.engine.submit(done(day(1)))

    assert reasons(outcome) == [("streak/diaria", "streak.late")]
    assert await play.words() == ["extended 1", "frozen 1", "extended 2"]
    assert (await play.seen(day(2))).run.freezes == ()


async def test_what_is_asked_of_a_streak_that_is_not_there_is_refused() -> None:
    play = await Play.of(key="otra")

    assert await play.do(play.freeze(MONDAY)) == EngineReason.NOT_THERE


async def test_several_streaks_live_side_by_side() -> None:
    text = DAILY[:-1] + ", semanal: {name: Semanal, when: thing.done, every: week, bonuses: {1: {besitos: 7}}}}"
    play = await Play.of(text)

    await play.comes(MONDAY, day(1))
    await play.lets_pass(day(6))

    assert await play.standing() == Run(0, 2)
    weekly = Play(play.scene, "semanal")
    assert await weekly.standing() == Run(1, 1)
    assert sorted(await play.earned()) == [7, 20]


async def test_weeks_are_those_of_the_calendar() -> None:
    play = await Play.of(WEEKLY)

    await play.comes(day(6), day(7), day(20))

    assert await play.words() == ["extended 1", "extended 2", "extended 3"]


async def test_a_streak_out_of_play_neither_grows_nor_breaks() -> None:
    play = await Play.of()
    await play.comes(MONDAY)

    paused = Play(play.scene.under(DAILY.replace("when:", "paused: true, when:")))
    paused.scene.clock = play.scene.clock
    await paused.do(done(day(1)))
    await paused.lets_pass(day(5))
    resumed = Play(play.scene.under(DAILY))
    await resumed.lets_pass(day(5) + HOUR)
    await resumed.comes(day(6))
    await resumed.lets_pass(day(9))

    assert await play.words() == ["extended 1", "extended 2", "lost 2"]


async def test_an_archived_streak_that_comes_back_is_found_as_it_was() -> None:
    play = await Play.of()
    await play.comes(MONDAY, day(1))

    archived = Play(play.scene.under("rules: {}"))
    await archived.lets_pass(day(20))
    back = Play(play.scene.under(DAILY))
    await back.comes(day(21))

    assert await back.words() == ["extended 1", "extended 2", "extended 3"]


async def test_days_outside_the_window_break_nothing() -> None:
    text = DAILY.replace("when:", "until: 2026-11-25, when:")
    play = await Play.of(text)

    await play.comes(MONDAY, day(1))
    await play.lets_pass(day(30))

    assert await play.standing() == Run(2, 2)
    assert not (await play.scene.engine.store.export()).timers
    assert (await play.seen(day(30))).expires_at is None


async def test_a_date_that_travel_skips_counts_as_covered() -> None:
    """From Pago Pago to Kiritimati it is 25 hours later at once."""
    play = await Play.of(DAILY.replace("when:", "day: member, when:"))
    await play.do(play.lives_in(MONDAY, "Pacific/Pago_Pago"))
    await play.comes(MONDAY)

    await play.do(play.lives_in(MONDAY + MINUTE, "Pacific/Kiritimati"))
    await play.comes(day(1))
    history = (await play.seen(day(1))).history

    assert [past.how for past in history] == ["done", "skipped", "done"]
    assert await play.standing() == Run(2, 2)


async def test_no_date_counts_twice_however_far_west_one_goes() -> None:
    play = await Play.of(DAILY.replace("when:", "day: member, when:"))
    await play.do(play.lives_in(MONDAY, "Pacific/Kiritimati"))
    await play.comes(MONDAY)

    await play.do(play.lives_in(MONDAY + MINUTE, "Pacific/Pago_Pago"))
    await play.comes(*(MONDAY + number * HOUR for number in range(1, 46)))

    assert await play.words() == ["extended 1", "extended 2"]


async def test_conditions_hear_of_a_streak_as_it_changes() -> None:
    text = DAILY + "\nbadges: {fiel: {name: Fiel, if: {streak: 2+}}}"
    play = await Play.of(text)

    await play.comes(MONDAY, day(1))

    types = [row.type for row in (await play.scene.engine.store.export()).events]
    assert types.count("gamification.achievement_unlocked") == 1


async def test_reading_writes_nothing_and_sees_what_the_timer_will_write() -> None:
    play = await Play.of()
    await play.comes(MONDAY)
    before = await play.words()

    read = (await play.seen(day(5))).run
    unwritten = await play.words()
    await play.lets_pass(day(5))

    assert unwritten == before
    assert (await play.seen(day(5))).run == read


async def test_members_of_one_game_do_not_meet() -> None:
    scene = await Scene.of(DAILY, zone="UTC")

    await scene.do(done(MONDAY, 1), done(MONDAY, 2), done(day(1), 2))

    assert await Play(scene).standing() == Run(1, 1)


async def test_a_streak_of_days_that_becomes_one_of_weeks_goes_on_with_the_next_period() -> None:
    play = await Play.of()
    await play.comes(MONDAY, day(1))

    weekly = Play(play.scene.under(WEEKLY))
    await weekly.comes(day(1), day(3), day(6), day(7))
    await weekly.lets_pass(day(13))

    assert await weekly.words() == ["extended 1", "extended 2", "extended 3", "extended 4"]
