"""The oracle's streaks against a model that walks the calendar, over zones, clock changes, freezes and pauses."""

from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.oracle.oracle import Oracle
from tests.oracle.reading import rows_of
from tests.oracle.streaks import STEP, Act, Walk

ZONES = (
    "UTC",
    "America/Mexico_City",
    "America/New_York",
    "America/Havana",
    "Europe/Madrid",
    "Asia/Kathmandu",
    "Asia/Tokyo",
    "Australia/Lord_Howe",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
)
BEGINNINGS = (date(2026, 3, 3), date(2026, 10, 20), date(2026, 12, 20))
KINDS: tuple[Literal["do", "freeze", "repair", "pause", "zone"], ...] = (
    *("do",) * 8,
    *("freeze", "freeze", "repair", "repair", "pause", "zone"),
)
PER_DAY = 288

Every = Literal["day", "week", "month"]

GAME = """
game: {{name: Juego, zone: {zone}, day_begins: {day_begins}}}
streaks: {{racha: {{name: Racha, when: message.posted, every: {every}, day: member}}}}
"""


@st.composite
def histories(draw: st.DrawFn, every: Every) -> tuple[str, int, datetime, list[Act]]:
    """A zone, the hour at which days begin, a beginning, and what arrives after it, much of it near a border."""
    zone, day_begins = draw(st.sampled_from(ZONES)), draw(st.integers(0, 5))
    begin = datetime.combine(draw(st.sampled_from(BEGINNINGS)), datetime.min.time(), UTC)
    acts, now = [], begin
    for _ in range(draw(st.integers(1, 20))):
        border = next_border(every, ZoneInfo(zone), day_begins, now)
        near = border + draw(st.integers(-2, 2)) * STEP
        steps = draw(st.sampled_from([1, 1, 2, 30, PER_DAY]))
        now = max(near, now + STEP) if draw(st.booleans()) else now + steps * STEP
        kind = draw(st.sampled_from(KINDS))
        late = draw(st.sampled_from([0, 0, 1, 2, 12, PER_DAY]))
        first = now.date() + timedelta(days=draw(st.integers(0, 2)))
        last = first + timedelta(days=draw(st.integers(0, 2)))
        acts.append(Act(now, kind, max(begin, now - late * STEP), draw(st.sampled_from(ZONES)), first, last))
    return zone, day_begins, begin, acts


def next_border(every: Every, zone: ZoneInfo, day_begins: int, now: datetime) -> datetime:
    """When the period after `now` begins for a member who stays in a zone."""
    day = (now.astimezone(zone).replace(tzinfo=None) - timedelta(hours=day_begins)).date() + timedelta(days=1)
    while (every == "week" and day.weekday() != 0) or (every == "month" and day.day != 1):
        day += timedelta(days=1)
    return datetime(day.year, day.month, day.day, day_begins, tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize("every", ["day", "week", "month"])
def test_the_oracle_agrees_with_a_walk_through_the_calendar(every: Every) -> None:
    @settings(max_examples={"day": 60, "week": 8, "month": 3}[every], deadline=None)
    @given(histories(every))
    @example(("America/Havana", 0, datetime(2026, 3, 7, tzinfo=UTC), crossing(datetime(2026, 3, 8, 4, 55, tzinfo=UTC))))
    @example(
        ("Europe/Madrid", 2, datetime(2026, 10, 24, tzinfo=UTC), crossing(datetime(2026, 10, 25, 0, 55, tzinfo=UTC)))
    )
    def agree(history: tuple[str, int, datetime, list[Act]]) -> None:
        zone, day_begins, begin, acts = history
        until = acts[-1].arrives_at + timedelta(days=4)

        walk = Walk(every, ZoneInfo(zone), day_begins, begin)
        walk.go(acts, until)
        oracle = Oracle(rows_of(GAME.format(zone=zone, day_begins=day_begins, every=every)))
        told = played(oracle, begin, acts, until)

        streak = oracle.member("ana").streaks["racha"]
        assert told == walk.told
        assert streak == {"length": walk.length, "best": walk.best, "freezes": len(walk.freezes)}

    agree()


def crossing(at: datetime) -> list[Act]:
    """Activities on both sides of a border, and one that is late by a step."""
    return [
        Act(at - timedelta(days=1), "do"),
        Act(at + STEP, "do", at + STEP),
        Act(at + STEP, "do", at),
        Act(at + timedelta(days=1), "do"),
    ]


def played(oracle: Oracle, begin: datetime, acts: list[Act], until: datetime) -> list[tuple[str, int]]:
    """Submit it all, and return what was said of the streak."""
    oracle.submit(key="begin", member="ana", kind="member.joined", at=begin)
    for number, act in enumerate(acts):
        oracle.advance(act.arrives_at)
        kind, attributes = "message.posted", {}
        if act.kind != "do":
            kind = "member.zone" if act.kind == "zone" else f"streak.{act.kind}"
            attributes = {"streak": "racha", "zone": act.zone, "first": str(act.first), "last": str(act.last)}
        at = (act.happened_at or act.arrives_at) if act.kind == "do" else act.arrives_at
        oracle.submit(key=str(number), member="ana", kind=kind, at=at, attributes=attributes)
    oracle.advance(until)
    prefix = "gamification.streak_"
    events = [each for each in oracle.world.journal.events if each.type.startswith(prefix)]
    return [(each.type.removeprefix(prefix), each.fields["length"]) for each in events]
