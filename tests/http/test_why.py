"""Why, over HTTP: what paid, what did not, and why."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from besitos.apps.api import create_app
from besitos.apps.compose import open_besitos
from besitos.apps.settings import Settings
from tests.http.caller import Api, Caller, new_key
from tests.http.conftest import apply_game
from tests.world import SetClock

GAME = """
game: {name: Prueba}
metrics: {mensajes: {when: message.posted, name: {es: mensajes, en: messages}}}
rules:
  charla: {when: message.posted, pays: {besitos: 1}, limit: 1/day, name: {es: Charla, en: Chat}}
  muda: {when: message.posted, if: [{mensajes: 9+}, {badge: oculta}], pays: {besitos: 1}}
badges: {oculta: {name: Oculta, kind: special, secret: true}}
"""


@pytest.fixture
async def caller(database_url: str) -> AsyncIterator[Caller]:
    clock = SetClock()
    await apply_game(database_url, clock, GAME)
    async with open_besitos(database_url, clock, connections=4) as besitos:
        api = Api(await create_app(besitos, Settings(language="en")), besitos, clock)
        made = await api.client()
        await made.member("ana")
        for key in ("uno", "dos"):
            clock.moment += timedelta(seconds=1)
            await made.post("/activities", {"key": key, "member": "ana", "kind": "message.posted"})
        yield made
        await api.http.aclose()


async def test_it_says_what_paid_and_what_did_not_and_operators_read_secrets(caller: Caller) -> None:
    answer = await caller.get("/members/ext:ana/why")

    second, first = answer.json()["activities"]
    assert (first["key"].rpartition(":")[2], first["title"], first["game_version"]) == ("uno", "A message", 1)
    assert first["told"][0]["amounts"] == {"besitos": 1}
    assert [each["sentence"] for each in first["told"]] == [
        "Chat: +1 besito",
        "muda: not yet: 8 messages to go, you need “Oculta”",
    ]
    assert second["told"][0]["reason"] == "limit.reached"
    assert second["told"][0]["sentence"] == "Chat: The limit is reached: once a day"


async def test_it_speaks_the_language_that_is_asked_for_and_gives_as_many_as_are_wanted(caller: Caller) -> None:
    answer = await caller.get("/members/ext:ana/why?limit=1", {"accept-language": "es"})

    [only] = answer.json()["activities"]
    assert only["title"] == "Un mensaje"
    assert only["told"][0]["sentence"] == "Charla: Se alcanzó el límite: una vez al día"


async def test_what_was_refused_is_there_too(caller: Caller) -> None:
    await caller.post("/members/ext:ana/spends", {"amount": 500}, key=new_key())

    answer = await caller.get("/members/ext:ana/why?limit=50")

    assert [each["kind"] for each in answer.json()["activities"]].count("message.posted") == 2


@pytest.mark.parametrize(("path", "status"), [("ext:ana/why?limit=51", 422), ("ext:nadie/why", 404)])
async def test_what_cannot_be_answered_says_so(caller: Caller, path: str, status: int) -> None:
    assert (await caller.get(f"/members/{path}")).status_code == status
