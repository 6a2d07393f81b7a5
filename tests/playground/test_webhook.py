"""Webhooks: pushed in order within a chat, with the secret, again until taken."""

import asyncio
from typing import Any

import pytest

from besitos.playground import Playground, User
from besitos.playground.updates import FIRST_UPDATE_ID
from tests.playground.scene import NOON, Api, Receiver, texts, until


@pytest.fixture
async def hook(receiver: Receiver) -> str:
    return await receiver.start()


def said(bodies: list[dict[str, Any]]) -> list[str]:
    return [body["message"]["text"] for body in bodies]


async def test_what_waited_and_what_comes_is_pushed_with_the_secret(
    api: Api, playground: Playground, ana: User, receiver: Receiver, hook: str
) -> None:
    await api.ok("setWebhook", url=hook, secret_token="S3cret_-")
    await playground.say(ana, "hola")

    assert said(await receiver.received(2)) == ["/start", "hola"]
    assert receiver.secrets == ["S3cret_-", "S3cret_-"]
    assert receiver.bodies[0] == playground.updates[0].as_json()


@pytest.mark.usefixtures("ana")
async def test_without_a_secret_there_is_no_header(api: Api, receiver: Receiver, hook: str) -> None:
    await api.ok("setWebhook", url=hook)

    await receiver.received(1)
    assert receiver.secrets == [None]


async def test_a_refused_update_comes_again_and_holds_back_its_chat(
    api: Api, playground: Playground, ana: User, receiver: Receiver, hook: str
) -> None:
    receiver.statuses = [500, 500]
    await playground.say(ana, "hola")

    await api.ok("setWebhook", url=hook)

    assert said(await receiver.received(4)) == ["/start", "/start", "/start", "hola"]
    await until(lambda: not playground.telegram.queue.pending)


@pytest.mark.usefixtures("ana")
async def test_the_last_error_is_told(api: Api, receiver: Receiver, hook: str) -> None:
    receiver.statuses = [503]
    await api.ok("setWebhook", url=hook, max_connections=7, allowed_updates=["message"])
    await receiver.received(2)
    await until(lambda: len(receiver.bodies) == 2)

    assert await api.ok("getWebhookInfo") == {
        "url": hook,
        "has_custom_certificate": False,
        "pending_update_count": 0,
        "max_connections": 7,
        "last_error_date": int(NOON.timestamp()),
        "last_error_message": "Wrong response from the webhook: 503 Service Unavailable",
        "allowed_updates": ["message"],
    }


@pytest.mark.usefixtures("ana")
async def test_retry_after_is_obeyed(api: Api, receiver: Receiver, hook: str) -> None:
    receiver.statuses, receiver.retry_after = [429], 1
    loop = asyncio.get_running_loop()
    began = loop.time()

    await api.ok("setWebhook", url=hook)
    await receiver.received(2)

    assert loop.time() - began >= 1


@pytest.mark.usefixtures("ana")
async def test_an_address_where_nobody_is_loses_nothing(
    api: Api, playground: Playground, receiver: Receiver, hook: str
) -> None:
    await api.ok("setWebhook", url="http://127.0.0.1:1/nobody")
    await until(lambda: playground.telegram.webhook and playground.telegram.webhook.trouble.message)

    info = await api.ok("getWebhookInfo")
    await api.ok("setWebhook", url=hook)

    assert (info["pending_update_count"], info["last_error_message"]) == (1, "Webhook connection failed: ConnectError")
    assert said(await receiver.received(1)) == ["/start"]


async def test_chats_go_side_by_side_but_no_further_than_allowed(
    api: Api, playground: Playground, receiver: Receiver, hook: str
) -> None:
    receiver.holds = asyncio.Event()
    await api.ok("setWebhook", url=hook, max_connections=3)
    for number in range(5):
        person = playground.person(f"Person {number}")
        await playground.say(person, "uno")
        await playground.say(person, "dos")

    await receiver.received(3)
    await asyncio.sleep(0.03)
    assert said(receiver.bodies) == ["uno", "uno", "uno"]
    receiver.holds.set()

    bodies = await receiver.received(10)
    assert receiver.most_at_once == 3
    for person_id in {body["message"]["from"]["id"] for body in bodies}:
        of_one = [body for body in bodies if body["message"]["from"]["id"] == person_id]
        assert said(of_one) == ["uno", "dos"]


async def test_an_answer_may_be_a_call(
    api: Api, playground: Playground, ana: User, receiver: Receiver, hook: str
) -> None:
    receiver.answers = [{"method": "sendMessage", "chat_id": ana.id, "text": "by the way"}, {"method": "deleteWebhook"}]
    await playground.say(ana, "hola")

    await api.ok("setWebhook", url=hook)
    await receiver.received(2)
    await until(lambda: not playground.telegram.queue.pending)

    assert texts(playground.messages(ana)) == ["/start", "hola", "by the way"]
    assert playground.journal.calls("sendMessage")[0].update_id == FIRST_UPDATE_ID
    assert (await api.ok("getWebhookInfo"))["url"] == hook


async def test_pending_updates_are_dropped_on_request_alone(
    api: Api, playground: Playground, ana: User, receiver: Receiver, hook: str
) -> None:
    await api.ok("deleteWebhook")
    assert len(await api.ok("getUpdates")) == 1

    await api.ok("setWebhook", url=hook, drop_pending_updates=True)
    await playground.say(ana, "hola")

    assert said(await receiver.received(1)) == ["hola"]


async def test_a_webhook_without_address_is_none(api: Api, receiver: Receiver, hook: str) -> None:
    await api.ok("setWebhook", url=hook)
    await api.ok("setWebhook", url="")

    assert await api.ok("getWebhookInfo") == {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
    assert receiver.bodies == []


@pytest.mark.parametrize(
    ("settings", "description"),
    [
        ({"url": "nowhere"}, "invalid webhook URL specified"),
        ({"url": "ftp://example.org"}, "invalid webhook URL specified"),
        ({"url": "https://example.org", "secret_token": "x" * 257}, "secret token is too long"),
        ({"url": "https://example.org", "secret_token": "ñ"}, "secret token contains unallowed characters"),
    ],
)
async def test_webhooks_that_are_not_set(api: Api, settings: dict[str, object], description: str) -> None:
    assert await api.refused("setWebhook", **settings) == f"400 Bad Request: {description}"
    assert (await api.ok("getWebhookInfo"))["url"] == ""


async def test_updates_are_pushed_again_on_demand(
    api: Api, playground: Playground, ana: User, receiver: Receiver, hook: str
) -> None:
    await api.ok("setWebhook", url=hook)
    await playground.say(ana, "hola")
    await receiver.received(2)
    await until(lambda: not playground.telegram.queue.pending)

    playground.redeliver(reversed(playground.updates))

    assert said(await receiver.received(4)) == ["/start", "hola", "hola", "/start"]
