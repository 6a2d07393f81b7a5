"""Streaks over HTTP: read, paused, frozen, repaired."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from besitos.apps.api import create_app
from besitos.apps.compose import open_besitos
from besitos.apps.settings import Settings
from tests.http.caller import ALL_SCOPES, Api, Caller, Said
from tests.http.conftest import apply_game
from tests.world import SetClock, day, happened

GAME = """
game: {name: Prueba}
activities: {lesson.done: {}}
streaks:
  diaria: {name: Diaria, when: lesson.done}
  semanal: {name: Semanal, when: lesson.done, every: week}
"""
MEMBER = "/members/ext:ana"


@pytest.fixture
async def school(database_url: str) -> AsyncIterator[Caller]:
    """A caller of a house with streaks, on each kind of database."""
    clock = SetClock(day(0))
    await apply_game(database_url, clock, GAME)
    async with open_besitos(database_url, clock, connections=8) as besitos:
        api = Api(await create_app(besitos, Settings(language="en")), besitos, clock)
        yield await api.client(*ALL_SCOPES, name="school")
        await api.http.aclose()


async def learns(school: Caller, *numbers: int) -> None:
    """Ana has her lesson on these days."""
    member_id = int((await school.post("/members", {"external_id": "ana"})).json()["member_id"])
    for number in numbers:
        school.api.clock.moment = day(number)
        await school.api.besitos.engine.submit(happened(member_id, "lesson.done", day(number)))


async def test_a_streak_is_read_with_what_protects_it_and_when_it_breaks(school: Caller) -> None:
    await learns(school, 0, 1)
    await school.post(f"{MEMBER}/streaks/diaria/freeze", {"count": 1, "reason": "bravo"})
    await school.post(f"{MEMBER}/streaks/diaria/pause", {"starts_on": "2026-11-26", "ends_on": "2026-11-27"})

    [daily, weekly] = (await school.get(f"{MEMBER}/streaks")).json()["streaks"]

    assert (daily["streak"], daily["length"], daily["best"], daily["is_done"]) == ("diaria", 2, 2, True)
    assert (daily["period_start"], daily["period_end"]) == ("2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z")
    assert (daily["freezes"], daily["freezes_most"], daily["expires"]) == (1, 2, "2026-11-29T00:05:00Z")
    assert daily["pauses"] == [{"starts_on": "2026-11-26", "ends_on": "2026-11-27"}]
    assert [past["state"] for past in daily["history"]] == ["done", "done"]
    assert (weekly["length"], weekly["period_end"]) == (1, "2026-11-30T00:00:00Z")


async def test_what_used_a_freeze_or_a_pause_says_so(school: Caller) -> None:
    await learns(school, 0)
    await school.post(f"{MEMBER}/streaks/diaria/freeze", {})
    await school.post(f"{MEMBER}/streaks/diaria/pause", {"starts_on": "2026-11-24", "ends_on": "2026-11-24"})
    await learns(school, 3)

    [daily, _] = (await school.get(f"{MEMBER}/streaks")).json()["streaks"]

    used = [(past["starts_on"], past["used_freeze"], past["used_pause"], past["length"]) for past in daily["history"]]
    assert used == [
        ("2026-11-23", False, False, 1),
        ("2026-11-24", False, True, 1),
        ("2026-11-25", True, False, 1),
        ("2026-11-26", False, False, 2),
    ]


async def test_reading_sees_a_loss_that_nobody_has_written_down(school: Caller) -> None:
    await learns(school, 0, 1)
    school.api.clock.moment = day(4)

    [daily, _] = (await school.get(f"{MEMBER}/streaks")).json()["streaks"]

    assert (daily["length"], daily["best"], daily["expires"]) == (0, 2, None)
    assert daily["repairable_until"] == "2026-11-29T00:05:00Z"


async def test_a_streak_is_repaired_once(school: Caller) -> None:
    await learns(school, 0, 1)
    school.api.clock.moment = day(4)

    first = await school.post(f"{MEMBER}/streaks/diaria/repair", {"reason": "estuvo enferma"})
    again = await school.post(f"{MEMBER}/streaks/diaria/repair", {})

    assert (first.status_code, again.status_code, again.json()["code"]) == (201, 409, "streak.not_broken")
    [daily, _] = (await school.get(f"{MEMBER}/streaks")).json()["streaks"]
    assert daily["length"] == 2


async def test_a_pause_is_taken_back(school: Caller) -> None:
    await learns(school, 0)
    await school.post(f"{MEMBER}/streaks/diaria/pause", {"starts_on": "2026-11-26", "ends_on": "2026-11-27"})

    answers = [await school.send("DELETE", f"{MEMBER}/streaks/diaria/pause/2026-11-26", Said()) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 409]
    [daily, _] = (await school.get(f"{MEMBER}/streaks")).json()["streaks"]
    assert daily["pauses"] == []


async def test_what_cannot_be_is_refused_by_name(school: Caller) -> None:
    await learns(school, 0)
    yesterday = (day(0) - timedelta(days=1)).date().isoformat()

    unknown = await school.post(f"{MEMBER}/streaks/otra/freeze", {})
    past = await school.post(f"{MEMBER}/streaks/diaria/pause", {"starts_on": yesterday, "ends_on": yesterday})
    no_day = await school.post(f"{MEMBER}/streaks/diaria/pause", {"starts_on": "mañana", "ends_on": "2026-11-27"})

    assert (unknown.status_code, unknown.json()["code"]) == (404, "streak.unknown")
    assert (past.status_code, past.json()["code"]) == (409, "streak.pause_in_past")
    assert (no_day.status_code, no_day.json()["errors"][0]["code"]) == (422, "request.not_a_day")


async def test_a_member_who_cannot_be_named_so_is_a_documented_mistake(school: Caller) -> None:
    answer = await school.get("/members/%C2%84/streaks")

    assert answer.status_code == 422
