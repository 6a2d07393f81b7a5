"""Modules and watching over HTTP."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx2
import pytest

from besitos.apps.api import create_app
from besitos.apps.compose import open_besitos
from besitos.apps.settings import Settings
from tests.http.caller import ALL_SCOPES, Api, Caller
from tests.http.conftest import apply_game
from tests.world import MONDAY, SetClock

GAME = """
game: {name: Curso}
watching: {longest_gap: 90s}
metrics: {mensajes: {name: {es: mensajes, en: messages}, when: message.posted, per: module}}
modules:
  dos: {name: {es: Práctica, en: Practice}, order: 2, for: vip, if: {module: uno},
    completed_if: {mensajes: 9+, at: dos}}
  uno: {name: Fundamentos, description: {es: El principio, en: The beginning}, order: 1, chat: -100,
    completed_if: {mensajes: 2+, at: uno}, pays: {besitos: 80}}
rules: {watched: {when: live.watched, pays: {besitos: 1 per minutes}}}
"""


@pytest.fixture
async def school(database_url: str) -> AsyncIterator[Caller]:
    """A caller who may do everything in a course, on each kind of database."""
    clock = SetClock(MONDAY)
    await apply_game(database_url, clock, GAME)
    async with open_besitos(database_url, clock, connections=8) as besitos:
        api = Api(await create_app(besitos, Settings(language="en")), besitos, clock)
        yield await api.client(*ALL_SCOPES)
        await api.http.aclose()


async def write(school: Caller, name: str, module: str, times: int = 1) -> None:
    for number in range(times):
        told = {"key": f"{name}-{module}-{number}", "member": name, "kind": "message.posted"}
        answer = await school.post("/activities", {**told, "attributes": {"module": module}})
        assert answer.status_code == 201


async def test_the_modules_of_the_game_are_listed_in_their_order(school: Caller) -> None:
    listed = (await school.get("/modules")).json()["modules"]

    assert [(each["module"], each["name"], each["audience"], each["in_play"]) for each in listed] == [
        ("uno", "Fundamentos", "all", True),
        ("dos", "Practice", "vip", True),
    ]
    assert (listed[0]["description"], listed[0]["chat"]) == ("The beginning", -100)


async def test_a_member_sees_where_they_stand_and_what_is_missing(school: Caller) -> None:
    await write(school, "ana", "uno")

    uno, dos = (await school.get("/members/ext:ana/modules")).json()["modules"]

    assert (uno["state"], uno["messages"], uno["may_enter"]) == ("InProgress", 1, True)
    assert [(each["fact"], each["at"], each["missing"]) for each in uno["to_complete"]] == [("mensajes", "uno", 1)]
    assert (dos["state"], dos["may_enter"]) == ("NotStarted", False)
    assert dos["missing"] == ["VIP only", "you need “Fundamentos”"]
    assert [(each["fact"], each["of"]) for each in dos["to_enter"]] == [("member", "vip"), ("module", "uno")]


async def test_who_is_in_a_module_is_listed_page_by_page(school: Caller) -> None:
    for name, times in (("ana", 2), ("bea", 1), ("eva", 3)):
        await write(school, name, "uno", times)

    first = (await school.get("/admin/modules/uno/users?limit=2")).json()
    second = (await school.get(f"/admin/modules/uno/users?limit=2&cursor={first['next']}")).json()

    users = [*first["users"], *second["users"]]
    assert sorted((each["external_id"], each["state"], each["messages"]) for each in users) == [
        ("ana", "Completed", 2),
        ("bea", "InProgress", 1),
        ("eva", "Completed", 3),
    ]
    assert second["next"] is None
    assert (await school.get("/admin/modules/dos/users")).json() == {"module": "dos", "users": [], "next": None}
    assert (await school.get("/admin/modules/tres/users")).json()["code"] == "module.unknown"


async def test_heartbeats_are_paid_by_our_clock(school: Caller) -> None:
    ana = await school.member("ana")

    for number in range(4):
        school.api.clock.moment = MONDAY + timedelta(seconds=60 * number)
        await beat(school, ana, position=600 * number)
    await beat(school, ana, position=9_000)

    assert await school.balance(ana) == 3
    [uno, _] = (await school.get(f"/members/{ana}/modules")).json()["modules"]
    assert (uno["state"], uno["minutes"]) == ("InProgress", 3)


async def test_a_heartbeat_that_is_sent_again_counts_once(school: Caller) -> None:
    ana = await school.member("ana")
    await beat(school, ana, position=0)
    school.api.clock.moment = MONDAY + timedelta(seconds=60)

    answers = [await beat(school, ana, position=60, key="beat-2") for _ in range(3)]

    assert [answer.headers.get("idempotent-replayed") for answer in answers] == [None, "true", "true"]
    assert await school.balance(ana) == 1


async def test_what_a_player_says_wrongly_is_refused(school: Caller) -> None:
    ana = await school.member("ana")

    assert (await beat(school, ana, position=-1)).status_code == 422
    assert (await beat(school, ana, position=1, kind="radio")).status_code == 422
    assert (await beat(school, ana, position=1, at="2026-11-23T12:00:00Z")).status_code == 422
    assert (await beat(school, ana, position=1, module="tres")).json()["code"] == "module.unknown"
    told = {"key": "x", "member": "ana", "kind": "watching.heartbeat", "attributes": {"session": "s"}}
    assert (await school.post("/activities", told)).json()["code"] == "activity.reserved_kind"


async def beat(school: Caller, member: str, key: str | None = None, **more: object) -> httpx2.Response:
    said = {"session": "s1", "kind": "live", "live": "l1", "module": "uno", **more}
    return await school.post(f"/members/{member}/watching", said, key=key)
