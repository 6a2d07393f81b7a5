"""The mechanic against a slow and obvious model, over zones, clock changes, journeys, freezes and pauses."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mechanics.scene import done
from tests.mechanics.streak.obvious import STEP, Obvious
from tests.mechanics.streak.playing import Play

ZONES = (
    "UTC",
    "America/Mexico_City",
    "America/New_York",
    "America/Santiago",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
)
STARTS = (date(2026, 3, 5), date(2026, 4, 2), date(2026, 9, 3), date(2026, 10, 29))
"""Evenings before clocks change somewhere."""

ONE_DAY_IN_STEPS = 288
LONG_ENOUGH = {"day": timedelta(days=12), "week": timedelta(weeks=7), "month": timedelta(days=160)}
"""After this every freeze is used, every pause over, every run broken."""

GAPS = st.one_of(
    st.integers(1, 14),
    st.integers(60, 400),
    st.sampled_from([ONE_DAY_IN_STEPS, ONE_DAY_IN_STEPS - 1, ONE_DAY_IN_STEPS, 2 * ONE_DAY_IN_STEPS]),
)
DID = st.tuples(GAPS, st.just("did"), st.integers(0, 4), st.just(0))
ACTS = st.lists(
    st.one_of(
        DID,
        DID,
        DID,
        st.tuples(GAPS, st.just("freeze"), st.just(0), st.just(0)),
        st.tuples(GAPS, st.just("pause"), st.integers(0, 2), st.integers(0, 2)),
        st.tuples(GAPS, st.just("journey"), st.integers(0, len(ZONES) - 1), st.just(0)),
    ),
    min_size=2,
    max_size=40,
)


GAME = "streaks: {{diaria: {{name: Diaria, when: thing.done, every: {every}, day: member, freezes: 3}}}}"


async def lived(
    acts: list[tuple[int, str, int, int]], *, every: str, zone: str, start: date, with_timers: bool
) -> None:
    """Live the same life twice, and compare at every act what is read."""
    play = await Play.of(GAME.format(every=every), zone=zone)
    model = Obvious(every=every, zone=zone)
    now = datetime.combine(start, time(23, 45), ZoneInfo(zone)).astimezone(UTC)
    model.start(now)
    for gap, act, one, other in acts:
        now += gap * STEP
        at = now + timedelta(minutes=4)
        model.advance(at)
        if with_timers:
            await play.lets_pass(at)
        await perform(play, model, act, at, (one, other))
        seen = await play.seen(at)
        read = (seen.run.length, seen.run.best, len(seen.run.freezes))
        assert read == (model.length, model.best, len(model.freezes)), (act, at)
    at = now + LONG_ENOUGH[every]
    model.advance(at)
    await play.lets_pass(at)
    standing = await play.standing()
    assert (standing.length, standing.best) == (model.length, model.best)
    assert await play.words() == model.told


async def perform(play: Play, model: Obvious, act: str, at: datetime, numbers: tuple[int, int]) -> None:
    one, other = numbers
    match act:
        case "did":
            occurred_at = at - timedelta(minutes=one)
            await play.do(done(occurred_at), at)
            model.did(occurred_at)
        case "freeze":
            if not await play.do(play.freeze(at)):
                model.granted(at)
        case "pause":
            first = at.astimezone(ZoneInfo(model.zone)).date() + timedelta(days=one)
            last = first + timedelta(days=other)
            if not await play.do(play.pause(at, first, last)):
                model.paused(first, last)
        case _:
            assert not await play.do(play.lives_in(at, ZONES[one]))
            model.zone = ZONES[one]


@pytest.mark.parametrize("with_timers", [True, False], ids=["timers", "lazy"])
@pytest.mark.parametrize("every", ["day", "week", "month"])
@settings(max_examples=30, deadline=None)
@given(acts=ACTS, zone=st.sampled_from(ZONES), start=st.sampled_from(STARTS))
def test_whoever_looks_sees_what_is_obvious(
    acts: list[tuple[int, str, int, int]], zone: str, start: date, every: str, with_timers: bool
) -> None:
    asyncio.run(lived(acts, every=every, zone=zone, start=start, with_timers=with_timers))
