"""What members have besides money, over HTTP: backpack, open content, boosts, VIP time; given, taken and read."""

from collections.abc import AsyncIterator

import pytest

from besitos.apps.api import create_app
from besitos.apps.compose import open_besitos
from besitos.apps.settings import Settings
from tests.http.caller import ALL_SCOPES, Api, Caller, new_key
from tests.http.conftest import apply_game
from tests.world import MONDAY, SetClock, day

GAME = """
game: {name: Prueba, language: es}
rules: {message: {when: message.posted, pays: {besitos: {free: 2, vip: 6}}}}
items:
  llave: {name: {es: Llave, en: Key}, type: narrative_key, order: 2, content: [album]}
  perfume: {name: Perfume, type: power_up, icon: 🧴, rarity: rare, order: 1, use: {boost: perfume}}
content: {album: {name: {es: Álbum, en: Album}, media: [{photo: "https://example.org/a.jpg"}]}}
boosts:
  perfume: {name: {es: Perfume de jazmín, en: Jasmine}, multiply: 1.50, sources: message, lasts: 2h}
  always: {name: Siempre, multiply: 1, if: {member: vip}}
reactions: {rosa: {emoji: 🌹, pays: {besitos: 1}}, fuego: {emoji: 🔥}}
"""


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[Caller]:
    """A caller who may do everything in a game with things to have, on each kind of database."""
    clock = SetClock(MONDAY)
    await apply_game(database_url, clock, GAME)
    async with open_besitos(database_url, clock, connections=8) as besitos:
        api = Api(await create_app(besitos, Settings(language="en")), besitos, clock)
        yield await api.client(*ALL_SCOPES)
        await api.http.aclose()


async def test_items_are_given_read_and_taken(house: Caller) -> None:
    ana = await house.member("ana")
    given = {"item": "llave", "count": 3, "reason": "premio"}

    first = await house.post(f"/members/{ana}/items", given, key="k1")
    again = await house.post(f"/members/{ana}/items", given, key="k1")
    await house.post(f"/members/{ana}/items", {"item": "perfume"}, key="k2")
    await house.post(f"/members/{ana}/items/take", {"item": "llave"}, key="k3")

    assert (first.status_code, again.headers["idempotent-replayed"]) == (201, "true")
    found = (await house.get("/members/ext:ana/items")).json()["items"]
    assert [(each["item"], each["name"], each["count"], each["can_be_used"]) for each in found] == [
        ("perfume", "Perfume", 1, True),
        ("llave", "Key", 2, False),
    ]
    opened = (await house.get(f"/members/{ana}/content", {"accept-language": "es"})).json()
    assert opened["content"] == [{"content": "album", "name": "Álbum"}]


async def test_what_cannot_be_given_or_taken_says_why(house: Caller) -> None:
    ana = await house.member("ana")

    wrong = await house.post(f"/members/{ana}/items", {"item": "llaves"}, key=new_key())
    lacking = await house.post(f"/members/{ana}/items/take", {"item": "llave", "count": 2}, key=new_key())
    await house.post(f"/members/{ana}/content", {"content": "album"}, key=new_key())
    twice = await house.post(f"/members/{ana}/content", {"content": "album"}, key=new_key())
    nobody = await house.post("/members/ext:bea/items", {"item": "llave"}, key=new_key())
    none = await house.post(f"/members/{ana}/items", {"item": "llave", "count": 0}, key=new_key())
    unkeyed = await house.post(f"/members/{ana}/items", {"item": "llave"})

    assert (wrong.status_code, wrong.json()["detail"]) == (409, "The game has no item “llaves”; did you mean `llave`?")
    assert (lacking.json()["code"], lacking.json()["details"]) == (
        "item.not_enough",
        {"item": "llave", "have": 0, "need": 2},
    )
    assert twice.json()["code"] == "content.already_open"
    assert [each.status_code for each in (nobody, none, unkeyed)] == [404, 422, 400]


async def test_a_boost_is_started_and_shown_while_it_runs(house: Caller) -> None:
    ana = await house.member("ana")
    await house.post(f"/members/{ana}/boosts", {"boost": "perfume"}, key=new_key())

    told = {"key": new_key(), "member": ana, "kind": "message.posted", "attributes": {}}
    paid = (await house.post("/activities", {**told, "member": int(ana)})).json()
    [running] = (await house.get(f"/members/{ana}/boosts")).json()["boosts"]
    always = await house.post(f"/members/{ana}/boosts", {"boost": "always"}, key=new_key())
    unknown = await house.post(f"/members/{ana}/boosts", {"boost": "parfum"}, key=new_key())

    assert [each["amount"] for each in paid["paid"]] == [3]
    assert running == {
        "boost": "perfume",
        "name": "Jasmine",
        "factor": "1.5",
        "currency": "besitos",
        "sources": ["message"],
        "began_at": "2026-11-23T12:00:00Z",
        "ends_at": "2026-11-23T14:00:00Z",
    }
    assert (always.json()["code"], unknown.json()["code"]) == ("boost.always_on", "payout.not_there")
    house.api.clock.moment = day(1)
    assert (await house.get(f"/members/{ana}/boosts")).json()["boosts"] == []


async def test_vip_time_is_given_read_and_ended(house: Caller) -> None:
    ana = await house.member("ana")

    before = (await house.get(f"/members/{ana}/vip")).json()
    await house.post(f"/members/{ana}/vip", {"lasts": "7d", "reason": "sorteo"}, key=new_key())
    after = (await house.get(f"/members/{ana}/vip")).json()
    house.api.clock.moment = day(8)
    over = (await house.get(f"/members/{ana}/vip")).json()
    late = await house.post(f"/members/{ana}/vip/end", {}, key=new_key())

    assert before == {"member_id": ana, "type": "free", "until": None, "over_at": None}
    assert (after["type"], after["until"], after["over_at"]) == ("vip", "2026-11-30T12:00:00Z", "2026-12-01T12:00:00Z")
    assert over["type"] == "free"  # nobody has made it so yet, and still it is so
    assert late.json()["code"] == "vip.not_vip"


@pytest.mark.parametrize("lasts", ["7", "0d", "a week", 7, None, "99999w"])
async def test_vip_time_is_a_duration(house: Caller, lasts: object) -> None:
    ana = await house.member("ana")

    answer = await house.post(f"/members/{ana}/vip", {"lasts": lasts}, key=new_key())

    assert (answer.status_code, answer.json()["errors"][0]["place"]) == (422, "lasts")


async def test_reactions_are_activities_and_are_counted(house: Caller) -> None:
    for number, (name, reaction) in enumerate([("ana", "rosa"), ("bea", "fuego"), ("eva", "rosa"), ("ana", "fuego")]):
        told = {"key": f"r{number}", "member": name, "kind": "reaction.added"}
        answer = await house.post("/activities", {**told, "attributes": {"post": "álbum/7", "reaction": reaction}})
        assert answer.status_code == (201 if number < 3 else 409)

    counted = (await house.get("/posts/%C3%A1lbum%2F7/reactions")).json()

    assert counted == {
        "post": "álbum/7",
        "total": 3,
        "reactions": [
            {"reaction": "rosa", "emoji": "🌹", "count": 2},
            {"reaction": "fuego", "emoji": "🔥", "count": 1},
        ],
    }
    assert (await house.get("/posts/nada/reactions")).json()["total"] == 0
    assert answer.json()["code"] == "reaction.already_added"


async def test_reading_and_giving_have_scopes_of_their_own(house: Caller) -> None:
    ana = await house.member("ana")
    reader, operator = await house.api.client(*[s for s in ALL_SCOPES if s == "read"]), house

    assert (await reader.post(f"/members/{ana}/items", {"item": "llave"}, key="a")).status_code == 403
    assert (await reader.post(f"/members/{ana}/vip", {"lasts": "1d"}, key="a")).status_code == 403
    assert (await reader.get(f"/members/{ana}/items")).status_code == 200
    assert (await operator.post(f"/members/{ana}/vip", {"lasts": "1d"}, key="a")).status_code == 201
