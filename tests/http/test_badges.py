"""Badges and profiles over HTTP: read, shown, given, revoked, written by operators."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from besitos.apps.api import create_app
from besitos.apps.compose import open_besitos
from besitos.apps.settings import Settings
from besitos.store import awards
from besitos.surfaces.http.keys import Scope
from tests.http.caller import ALL_SCOPES, Api, Caller, Said, new_key
from tests.http.conftest import apply_game
from tests.world import SetClock

GAME = """
game: {name: Prueba}
metrics:
  mensajes: {when: message.posted, name: {es: mensajes, en: messages}}
  por_modulo: {when: message.posted, per: module, name: {es: mensajes, en: messages}}
modules: {uno: {name: Uno, completed_if: {earned: 1000+}}, dos: {name: Dos, completed_if: {earned: 1000+}}}
levels: {curve: {linear: 20}, steps: {2: {name: Plata}}}
grades: {rookie: {name: Rookie, min_xp: 0, animation: "https://example.com/a.gif"}, gold: {name: Gold, min_xp: 9}}
streaks: {diaria: {name: Diaria, when: message.posted}}
badges:
  amiga: {name: {es: Amiga, en: Friend}, icon: 💛, rarity: rare, points: 5, if: {mensajes: 1+}, pays: {besitos: 10}}
  voz: {name: Voz, if: [{mensajes: 4+}, {earned: 1000+}]}
  experta: {name: Experta, kind: module_expert, per: module, if: {por_modulo: 4+}}
  gracias: {name: Gracias, kind: special}
  oculta: {name: Oculta, kind: special, secret: true}
  hito: {name: Hito, kind: milestone, if: {mensajes: 1+}}
"""
NEW = {"badge": "nueva", "definition": {"name": "Nueva", "if": {"mensajes": "9+"}, "pays": {"besitos": 5}}}


@pytest.fixture
async def caller(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Caller]:
    monkeypatch.setattr(awards, "COUNTED_SECONDS", 0)
    monkeypatch.setattr(awards, "SHARE", 1e9)
    clock = SetClock()
    await apply_game(database_url, clock, GAME)
    async with open_besitos(database_url, clock, connections=4) as besitos:
        api = Api(await create_app(besitos, Settings(language="en")), besitos, clock)
        made = await api.client(*ALL_SCOPES)
        await made.member("ana")
        await made.member("bea")
        await wrote(made, module="dos")
        yield made
        await api.http.aclose()


async def wrote(caller: Caller, **attributes: object) -> None:
    sent = {"key": new_key(), "member": "ana", "kind": "message.posted", "attributes": attributes}
    answer = await caller.post("/activities", sent)
    assert answer.status_code == 201, answer.text


async def found(caller: Caller, path: str) -> dict[str, Any]:
    answer = await caller.get(path)
    assert answer.status_code == 200, answer.text
    return {each["badge"]: each for each in answer.json()["badges"]}


async def give(caller: Caller, badge: str, **more: object) -> httpx2.Response:
    return await caller.post("/admin/users/ext:ana/badges", {"badge": badge, "reason": "r", **more}, key=new_key())


async def revoke(caller: Caller, badge: str, asked: str = "?reason=por+error") -> httpx2.Response:
    return await caller.send("DELETE", f"/admin/users/ext:ana/badges/{badge}{asked}", Said(key=new_key()))


async def show(caller: Caller, *badges: str) -> httpx2.Response:
    return await caller.send("PUT", "/members/ext:ana/badges/shown", Said({"badges": badges}))


async def test_the_catalogue_has_what_members_may_hear_of_and_operators_see_all(caller: Caller) -> None:
    reader = await caller.api.client(Scope.READ)

    shown = await found(reader, "/badges")
    every = await found(caller, "/admin/badges")

    assert set(shown) == {"amiga", "voz", "experta", "gracias"}
    assert (shown["amiga"]["name"], shown["amiga"]["held_by"], shown["amiga"]["held_by_percent"]) == ("Friend", 1, 50.0)
    assert set(every) - set(shown) == {"oculta", "hito"}
    assert every["amiga"]["definition"]["if"] == [{"mensajes": "1+"}]
    assert (await reader.get("/admin/badges")).status_code == 403


async def test_a_member_has_awards_and_the_progress_of_the_nearest_line(caller: Caller) -> None:
    badges = await found(caller, "/members/ext:ana/badges")

    assert next(iter(badges)) == "amiga"
    assert badges["amiga"]["is_held"]
    assert [each["how"] for each in badges["amiga"]["awards"]] == ["earned"]
    assert badges["amiga"]["progress"] is None
    assert (badges["voz"]["progress"]["percent"], badges["voz"]["progress"]["text"]) == (25, "3 messages to go")
    assert (badges["experta"]["progress"]["value"], badges["experta"]["progress"]["percent"]) == ("dos", 25)
    assert set(badges) == {"amiga", "voz", "experta", "gracias"}


async def test_a_badge_per_value_is_held_once_by_each_member_and_goes_on(caller: Caller) -> None:
    for module in ("dos", "dos", "dos", "uno", "uno", "uno", "uno"):
        await wrote(caller, module=module)

    experta = (await found(caller, "/members/ext:ana/badges"))["experta"]

    assert sorted(each["value"] for each in experta["awards"]) == ["dos", "uno"]
    assert (experta["held_by"], experta["progress"]) == (1, None)
    await revoke(caller, "experta", "?reason=x&value=uno")
    assert (await found(caller, "/badges"))["experta"]["held_by"] == 1
    await revoke(caller, "experta", "?reason=x&value=dos")
    assert (await found(caller, "/badges"))["experta"]["held_by"] == 0


async def test_an_operator_gives_and_revokes_with_a_reason_and_the_share_follows(caller: Caller) -> None:
    answers = [await give(caller, "oculta"), await give(caller, "oculta"), await revoke(caller, "oculta")]
    after = await found(caller, "/admin/users/ext:ana/badges")

    assert [answer.status_code for answer in answers] == [201, 409, 201]
    assert (after["oculta"]["is_held"], after["oculta"]["held_by"]) == (False, 0)
    assert [(each["how"], each["is_revoked"]) for each in after["oculta"]["awards"]] == [("given", True)]
    assert "oculta" not in await found(caller, "/members/ext:ana/badges")

    assert (await give(caller, "oculta")).status_code == 201
    again = await found(caller, "/members/ext:ana/badges")
    assert (again["oculta"]["is_held"], again["oculta"]["held_by"]) == (True, 1)


@pytest.mark.parametrize(
    ("badge", "more", "status", "code"),
    [
        ("nada", {}, 404, "badge.unknown"),
        ("amiga", {"value": "uno"}, 409, "badge.no_values"),
        ("amiga", {}, 409, "badge.already_held"),
        ("NADA", {}, 422, "request.wrong_form"),
    ],
)
async def test_what_cannot_be_given_is_refused(
    caller: Caller, badge: str, more: dict[str, str], status: int, code: str
) -> None:
    answer = await give(caller, badge, **more)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_nothing_is_taken_without_a_reason_nor_what_is_not_held(caller: Caller) -> None:
    answers = [await revoke(caller, "amiga", ""), await revoke(caller, "voz"), await revoke(caller, "%00")]

    assert [answer.status_code for answer in answers] == [422, 409, 404]
    assert answers[1].json()["code"] == "badge.not_held"


async def test_a_member_chooses_what_to_show(caller: Caller) -> None:
    await give(caller, "gracias")
    newest = (await caller.get("/members/ext:ana/badges")).json()["shown"]

    chosen = await show(caller, "amiga", "amiga")
    refused = [await show(caller, "voz"), await show(caller, "hito")]

    assert newest == ["gracias", "amiga"]
    assert chosen.status_code == 201
    assert [answer.json()["code"] for answer in refused] == ["badge.not_held"] * 2
    assert (await caller.get("/members/ext:ana/badges")).json()["shown"] == ["amiga"]
    await revoke(caller, "amiga")
    assert (await caller.get("/members/ext:ana/badges")).json()["shown"] == ["gracias"]


async def test_the_profile_is_one_picture(caller: Caller) -> None:
    await caller.grant("ext:ana", 15)
    await caller.post("/members/ext:ana/vip", {"lasts": "30d"}, key=new_key())

    answer = await caller.get("/members/ext:ana/profile")

    said = answer.json()
    assert answer.status_code == 200, answer.text
    assert (said["external_id"], said["type"], said["experience_points"]) == ("ana", "vip", 0)
    assert said["vip_until"] is not None
    assert said["current_grade"]["animation"] == "https://example.com/a.gif"
    assert said["current_grade"]["access"] == "All"
    assert (said["level"]["level"]["level"], said["level"]["missing"]) == (2, 15)
    assert (said["balance"]["besitos"]["available"], said["streaks"][0]["length"]) == (25, 1)
    assert [each["badge"] for each in said["badges"]] == ["amiga"]


async def test_a_profile_needs_a_member_who_exists(caller: Caller) -> None:
    assert (await caller.get("/members/ext:nadie/profile")).json()["code"] == "member.unknown"


async def test_a_badge_is_added_as_one_new_version_and_the_rest_stays(caller: Caller) -> None:
    added = await caller.post("/admin/badges?reason=fiesta", NEW)
    again = await caller.post("/admin/badges", NEW)
    other = await caller.post("/admin/badges", {**NEW, "definition": {"name": "Otra", "kind": "special"}})

    assert (added.status_code, added.headers["etag"]) == (201, '"2"')
    assert added.json()["difference"]["added"] == ["badge/nueva"]
    assert added.json()["difference"]["changed"] == added.json()["difference"]["archived"] == []
    assert (again.status_code, again.json()["differs"]) == (201, False)
    assert (other.status_code, other.json()["code"]) == (409, "badge.exists")
    assert "nueva" in await found(caller, "/badges")


async def test_a_badge_is_changed_by_who_has_seen_the_version_in_force(caller: Caller) -> None:
    body = {"badge": "voz", "definition": {"name": "Voz clara", "if": {"mensajes": "2+"}}}

    async def change(match: str | None, body: object = body) -> httpx2.Response:
        headers = httpx2.Headers({} if match is None else {"if-match": match})
        return await caller.send("PUT", "/admin/badges", Said(body, headers=headers))

    answers = [
        await change(None),
        await change('"1"'),
        await change('"1"'),
        await change("*", {**NEW, "badge": "no_esta"}),
    ]

    assert [answer.status_code for answer in answers] == [428, 200, 412, 404]
    assert answers[3].json()["code"] == "badge.unknown"
    assert (await found(caller, "/badges"))["voz"]["name"] == "Voz clara"


@pytest.mark.parametrize(
    "definition",
    [
        {},
        {"name": "X"},
        {"name": None},
        {"name": "X", "if": {"nada": "1+"}},
        {"name": "X", "kind": "special", "points": 1.5},
    ],
)
async def test_a_broken_badge_is_refused_with_its_places(caller: Caller, definition: object) -> None:
    answer = await caller.post("/admin/badges", {"badge": "nueva", "definition": definition})

    assert (answer.status_code, answer.json()["code"]) == (422, "game.broken")
    assert all(each["place"].startswith("badge.json:") for each in answer.json()["errors"])


async def test_members_are_looked_up_a_page_at_a_time_by_any_name(caller: Caller) -> None:
    told = {"external_id": "carla", "username": "carla_100%", "display_name": "Ávila, Carla"}
    carla = (await caller.post("/members", told)).json()["member_id"]

    async def names(asked: str) -> list[str]:
        answer = await caller.get(f"/admin/users?{asked}")
        assert answer.status_code == 200, answer.text
        return [each["external_id"] for each in answer.json()["users"]]

    first = (await caller.get("/admin/users?limit=2")).json()

    assert [each["external_id"] for each in first["users"]] == ["carla", "bea"]
    assert await names(f"cursor={first['next']}") == ["ana"]
    assert await names("search=ana") == ["ana"]
    assert await names(f"search={carla}") == ["carla"]
    for part in ("CARLA", "Ávila", "_100%25"):
        assert await names(f"search={part}") == ["carla"]
    assert await names("search=%25") == ["carla"]
    assert await names("search=an") == []
    [ana] = (await caller.get("/admin/users?search=ana")).json()["users"]
    assert (ana["besitos"], ana["badges"], ana["level"], ana["type"]) == (10, 2, 1, "free")
