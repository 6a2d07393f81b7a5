"""Leaderboards, levels and grades through the API."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from besitos.apps.api import create_app
from besitos.apps.boards import keep_boards
from besitos.apps.compose import open_besitos
from besitos.apps.settings import Settings
from tests.http.caller import ALL_SCOPES, Api, Caller
from tests.http.conftest import apply_game
from tests.world import SetClock

GAME = """
game: {name: Prueba}
activities: {lesson.done: {attributes: {minutes: number}}}
metrics: {estudio: {when: lesson.done, sum: minutes}}
levels:
  curve: {linear: 100}
  top: 4
  steps: {2: {name: {es: Plata, en: Silver}, benefits: {es: Brilla, en: It shines}}}
grades:
  rookie: {name: Rookie, min_xp: 0}
  mentor: {name: Mentor, min_xp: 50, for: vip, animation: https://example.org/mentor.gif}
  veteran: {name: Veteran, min_xp: 40}
leaderboards:
  del_mes: {name: {es: Del mes, en: Of the month}, by: earned, every: month, shows: 2, prizes: {1..2: {xp: 5}}}
  estudio: {name: Estudio, by: estudio}
"""


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[Api]:
    clock = SetClock()
    await apply_game(database_url, clock, GAME)
    async with open_besitos(database_url, clock, connections=8) as besitos:
        made = Api(await create_app(besitos, Settings(language="en")), besitos, clock)
        yield made
        await made.http.aclose()


@pytest.fixture
async def shop(api: Api) -> Caller:
    caller = await api.client(*ALL_SCOPES, name="shop")
    for name, amount in (("ana", 250), ("bea", 120), ("carla", 120), ("dora", 30)):
        await caller.member(name)
        await caller.grant(f"ext:{name}", amount)
    return caller


async def ranks(shop: Caller, query: str = "") -> list[tuple[int, int]]:
    found = (await shop.get(f"/leaderboards/del_mes{query}")).json()
    return [(place["rank"], place["value"]) for place in found["places"]]


async def test_the_boards_are_told_with_their_periods_and_prizes(shop: Caller) -> None:
    [first, second] = (await shop.get("/leaderboards")).json()["leaderboards"]

    assert (first["key"], second["key"]) == ("estudio", "del_mes")
    assert (second["name"], second["period"], second["ends_at"]) == ("Of the month", "2027-01", "2027-02-01T00:00:00Z")
    assert second["prizes"] == {"1..2": {"xp": 5}}
    assert (first["period"], first["ends_at"]) == ("", None)


async def test_a_board_shows_its_first_places_or_those_around_somebody(shop: Caller) -> None:
    assert await ranks(shop) == [(1, 250), (2, 120)]
    assert await ranks(shop, "?limit=9") == [(1, 250), (2, 120), (2, 120), (4, 30)]
    assert await ranks(shop, "?around=ext:dora&limit=1") == [(2, 120), (4, 30)]

    found = (await shop.get("/leaderboards/del_mes?around=ext:dora&limit=1")).json()
    assert (found["own"]["rank"], found["members"], found["is_over"]) == (4, 4, False)


async def test_a_value_that_is_not_whole_keeps_its_digits(shop: Caller) -> None:
    said = {"key": "k", "member": "ana", "kind": "lesson.done", "attributes": {"minutes": 12.25}}
    assert (await shop.post("/activities", said)).status_code == 201

    [place] = (await shop.get("/leaderboards/estudio")).json()["places"]

    assert place["value"] == "12.25"


async def test_who_hides_is_left_out_and_sees_their_own_rank(shop: Caller) -> None:
    answer = await shop.post("/members/ext:ana/leaderboard-visibility", {"hidden": True})

    assert answer.status_code == 201
    assert await ranks(shop, "?limit=9") == [(2, 120), (2, 120), (4, 30)]
    assert (await ranks(shop, "?around=ext:ana&limit=1"))[0] == (1, 250)
    await shop.post("/members/ext:ana/leaderboard-visibility", {"hidden": False})
    assert await ranks(shop) == [(1, 250), (2, 120)]


async def test_a_period_that_is_over_can_be_looked_at_for_ever(shop: Caller) -> None:
    shop.api.clock.moment += timedelta(days=40)
    await keep_boards(shop.api.besitos.engine, shop.api.besitos.store)

    assert await ranks(shop) == []
    assert await ranks(shop, "?period=2027-01&limit=9") == [(1, 250), (2, 120), (2, 120), (4, 30)]
    assert await ranks(shop, "?period=2027-01&around=ext:dora&limit=1") == [(2, 120), (4, 30)]
    [period] = (await shop.get("/leaderboards/del_mes/periods")).json()["periods"]
    assert (period["period"], period["members"], period["paid_at"] is None) == ("2027-01", 4, False)
    assert await shop.balance("ext:ana", "xp") == 5


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/leaderboards/otra", 404, "leaderboard.unknown"),
        ("/leaderboards/del_mes?period=2027-13", 422, "leaderboard.no_period"),
        ("/leaderboards/del_mes?period=manana", 422, "leaderboard.no_period"),
        ("/leaderboards/estudio?period=2027-01", 422, "leaderboard.no_period"),
        ("/leaderboards/del_mes?around=nadie", 422, "member.wrong_name"),
        ("/leaderboards/del_mes?around=ext:nadie", 404, "member.unknown"),
        ("/leaderboards/del_mes?limit=101", 422, "request.not_in_range"),
    ],
)
async def test_what_is_not_there_is_refused_by_name(shop: Caller, path: str, status: int, code: str) -> None:
    answer = await shop.get(path)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_level_is_told_with_the_next_one_and_what_is_missing(shop: Caller) -> None:
    bea, ana = (await shop.get("/members/ext:bea/level")).json(), (await shop.get("/members/ext:ana/level")).json()

    assert bea["level"] == {"level": 2, "name": "Silver", "benefits": "It shines", "takes": 100}
    assert (bea["next"]["level"], bea["next"]["takes"], bea["missing"]) == (3, 200, 80)
    assert (ana["level"]["level"], ana["missing"]) == (3, 50)
    await shop.grant("ext:ana", 900)
    top = (await shop.get("/members/ext:ana/level")).json()
    assert (top["level"]["level"], top["next"], top["missing"]) == (4, None, None)


async def test_the_levels_of_the_game_are_told(shop: Caller) -> None:
    found = (await shop.get("/levels")).json()

    assert [(each["level"], each["takes"]) for each in found["levels"]] == [(1, 0), (2, 100), (3, 200), (4, 300)]


async def test_granted_xp_makes_a_grade_and_the_grade_is_told_with_its_animation(shop: Caller) -> None:
    await shop.grant("ext:ana", 45, currency="xp")

    found = (await shop.get("/members/ext:ana/grade")).json()

    assert (found["experience_points"], found["current_grade"]["key"], found["next"]) == (45, "veteran", None)
    grades = (await shop.get("/grades")).json()["grades"]
    assert [(each["key"], each["access"]) for each in grades] == [
        ("rookie", "All"),
        ("veteran", "All"),
        ("mentor", "Paid"),
    ]
    assert grades[2]["animation"] == "https://example.org/mentor.gif"


async def test_a_game_without_levels_says_so(light: Api) -> None:
    caller = await light.client(*ALL_SCOPES)

    answer = await caller.get("/levels")

    assert (answer.status_code, answer.json()["code"]) == (404, "level.none")
