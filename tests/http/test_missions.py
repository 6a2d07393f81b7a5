"""Missions and rewards over HTTP: read, taken, claimed, given."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from besitos.apps.api import create_app
from besitos.apps.compose import open_besitos
from besitos.apps.settings import Settings
from besitos.surfaces.http.keys import Scope
from tests.http.caller import Api, Caller, new_key
from tests.http.conftest import apply_game
from tests.world import SetClock

GAME = """
game: {name: Prueba}
metrics:
  mensajes: {when: message.posted, name: {es: mensajes, en: messages}}
missions:
  tres: {name: {es: Tres, en: Three}, type: daily, repeats: daily, goals: {mensajes: 3+}, pays: {besitos: 20}}
  reto: {name: Reto, type: special, assign: taken, goals: {mensajes: 1+}, pays: {besitos: {free: 5, vip: 9}}}
  alto: {name: Alto, type: special, assign: taken, if: {earned: 50+}, goals: {mensajes: 1+}, pays: {besitos: 5}}
rewards:
  beso: {name: Un beso, if: {mensajes: 1+}, pays: {besitos: 10}}
  luz: {name: Luz, if: {mensajes: 9+}, locked_text: {es: Espera, en: Wait}, pays: {besitos: 50, flags: [luz]}}
  secreta: {name: Secreta, secret: true, if: {mensajes: 99+}, pays: {xp: 1}}
"""


@pytest.fixture
async def caller(sqlite_url: str) -> AsyncIterator[Caller]:
    clock = SetClock()
    await apply_game(sqlite_url, clock, GAME)
    async with open_besitos(sqlite_url, clock, connections=4) as besitos:
        api = Api(await create_app(besitos, Settings(language="en")), besitos, clock)
        made = await api.client()
        await made.member("ana")
        await wrote(made)
        yield made
        await api.http.aclose()


async def wrote(caller: Caller) -> None:
    sent = {"key": new_key(), "member": "ana", "kind": "message.posted"}
    answer = await caller.post("/activities", sent)
    assert answer.status_code == 201, answer.text


async def listed(caller: Caller, what: str) -> dict[str, dict[str, Any]]:
    answer = await caller.get(f"/members/ext:ana/{what}")
    assert answer.status_code == 200, answer.text
    return {each[what.removesuffix("s")]: each for each in answer.json()[what]}


async def test_a_members_missions_have_the_progress_of_every_goal(caller: Caller) -> None:
    found = await listed(caller, "missions")

    three = found["tres"]
    assert (three["name"], three["state"], three["pays"]) == ("Three", "active", {"besitos": 20})
    [goal] = three["goals"]
    assert (goal["text"], goal["goal"]["have"], goal["goal"]["need"], goal["is_reached"]) == (
        "messages",
        1,
        "3+",
        False,
    )
    assert three["ends_at"] is not None
    assert (found["reto"]["state"], found["reto"]["pays"]) == ("available", {"besitos": 5})
    assert found["alto"]["missing"] == ["50 more besitos to earn"]


async def test_a_mission_is_taken_once_and_a_repetition_is_answered_alike(caller: Caller) -> None:
    first = await caller.post("/members/ext:ana/missions/reto/take", key="k1")
    again = await caller.post("/members/ext:ana/missions/reto/take", key="k1")
    other = await caller.post("/members/ext:ana/missions/reto/take")
    await wrote(caller)

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 409)
    assert again.headers["idempotent-replayed"] == "true"
    assert other.json()["code"] == "mission.running"
    assert (await listed(caller, "missions"))["reto"]["state"] == "completed"
    assert await caller.balance("ext:ana") == 5


async def test_the_rewards_of_the_game_are_told_without_secret_ones(caller: Caller) -> None:
    answer = await caller.get("/rewards")

    assert {each["reward"] for each in answer.json()["rewards"]} == {"beso", "luz"}


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("missions/nada/take", 404, "mission.unknown"),
        ("missions/%00/take", 404, "mission.unknown"),
        ("missions/tres/take", 409, "mission.not_to_be_taken"),
        ("missions/alto/take", 409, "condition.unmet"),
        ("rewards/luz/claim", 409, "reward.locked"),
        ("rewards/secreta/claim", 404, "reward.unknown"),
        ("rewards/%00/claim", 404, "reward.unknown"),
    ],
)
async def test_what_cannot_be_is_refused_with_its_reason(caller: Caller, path: str, status: int, code: str) -> None:
    answer = await caller.post(f"/members/ext:ana/{path}")

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    if code in {"condition.unmet", "reward.locked"}:
        assert answer.json()["details"]["unmet"][0]["missing"] in {50, 8}


async def test_a_members_rewards_say_what_waits_until_when_and_what_is_missing(caller: Caller) -> None:
    found = await listed(caller, "rewards")

    assert set(found) == {"beso", "luz"}
    assert (found["beso"]["state"], found["beso"]["type"]) == ("UNLOCKED", "BESITOS")
    assert found["beso"]["claim_by"] is not None
    assert (found["luz"]["state"], found["luz"]["missing"]) == ("LOCKED", ["8 messages to go"])
    assert found["luz"]["locked_text"] == "Wait"
    assert found["luz"]["gives"] == [{"word": "flags", "key": "luz", "count": 1}]


async def test_a_reward_is_claimed_once(caller: Caller) -> None:
    answers = [await caller.post("/members/ext:ana/rewards/beso/claim") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 409]
    assert answers[1].json()["code"] == "reward.claimed"
    assert (await listed(caller, "rewards"))["beso"]["how"] == "claimed"


async def test_a_claim_may_come_as_an_activity(caller: Caller) -> None:
    sent = {"key": "c", "member": "ana", "kind": "reward.claim", "attributes": {"reward": "beso"}}

    answers = [await caller.post("/activities", sent), await caller.post("/activities", {**sent, "key": "d"})]

    assert [answer.status_code for answer in answers] == [201, 409]
    assert await caller.balance("ext:ana") == 10


async def test_an_operator_gives_a_reward_with_a_scope_of_their_own(caller: Caller) -> None:
    reader = await caller.api.client(Scope.READ, Scope.ACTIVITIES)

    refused = await reader.post("/members/ext:ana/rewards/luz", key="g0")
    given = await caller.post("/members/ext:ana/rewards/luz", key="g1")
    again = await caller.post("/members/ext:ana/rewards/luz", key="g2")

    assert (refused.status_code, given.status_code, again.status_code) == (403, 201, 409)
    assert again.json()["code"] == "limit.reached"
    assert (await listed(caller, "rewards"))["luz"]["how"] == "given"


@pytest.mark.parametrize("what", ["missions", "rewards"])
async def test_the_catalogue_has_what_was_written(caller: Caller, what: str) -> None:
    answer: httpx2.Response = await caller.get(f"/{what}")

    [first, *_] = answer.json()[what]
    assert first["definition"]["pays"] is not None
    assert answer.status_code == 200


async def test_a_game_without_missions_and_rewards_has_none_to_show(app: Caller) -> None:
    ana = await app.member("ana")

    answers = [await app.get(f"/members/{ana}/{what}") for what in ("missions", "rewards")]
    refused = [
        await app.post(f"/members/{ana}/{act}", {}, key=new_key()) for act in ("missions/x/take", "rewards/x/claim")
    ]

    assert [answer.json()[what] for answer, what in zip(answers, ("missions", "rewards"), strict=True)] == [[], []]
    assert [answer.status_code for answer in refused] == [409, 409]
