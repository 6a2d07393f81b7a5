"""getUpdates: at least once, in order, until confirmed."""

import asyncio
import random
from typing import Any

import pytest

from besitos.playground import Playground, User
from besitos.playground.updates import FIRST_UPDATE_ID
from tests.playground.scene import Api, button, keyboard, until


def said(updates: list[dict[str, Any]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


async def waiting(playground: Playground) -> None:
    """Until a long poll is waiting."""
    await until(lambda: playground.telegram.queue._poll)


async def test_updates_come_again_until_a_higher_offset_confirms_them(
    api: Api, playground: Playground, ana: User
) -> None:
    await playground.say(ana, "uno")

    first = await api.ok("getUpdates")
    again = await api.ok("getUpdates", offset=first[0]["update_id"])
    rest = await api.ok("getUpdates", offset=first[0]["update_id"] + 1)
    none = await api.ok("getUpdates", offset=first[1]["update_id"] + 1)

    assert said(first) == said(again) == ["/start", "uno"]
    assert said(rest) == ["uno"]
    assert none == []
    assert [update["update_id"] for update in first] == [FIRST_UPDATE_ID, FIRST_UPDATE_ID + 1]


@pytest.mark.usefixtures("ana")
async def test_confirmed_updates_never_come_back_even_to_a_lower_offset(api: Api) -> None:
    await api.ok("getUpdates", offset=FIRST_UPDATE_ID + 1)

    assert await api.ok("getUpdates", offset=FIRST_UPDATE_ID) == []


@pytest.mark.parametrize(("limit", "count"), [(1, 1), (3, 3), (100, 100), (0, 100), (1000, 100)])
async def test_a_poll_brings_at_most_a_hundred(
    api: Api, playground: Playground, ana: User, limit: int, count: int
) -> None:
    for number in range(120):
        await playground.say(ana, str(number))

    assert len(await api.ok("getUpdates", limit=limit)) == count


async def test_a_negative_offset_keeps_only_the_last(api: Api, playground: Playground, ana: User) -> None:
    for word in ("uno", "dos", "tres"):
        await playground.say(ana, word)

    assert said(await api.ok("getUpdates", offset=-2)) == ["dos", "tres"]
    assert said(await api.ok("getUpdates")) == ["dos", "tres"]


async def test_a_long_poll_answers_the_moment_something_happens(api: Api, playground: Playground) -> None:
    ana = playground.person("Ana")
    poll = asyncio.create_task(api.ok("getUpdates", timeout=30))
    await waiting(playground)

    await playground.say(ana, "hola")

    async with asyncio.timeout(1):
        assert said(await poll) == ["hola"]


async def test_a_long_poll_ends_empty_when_its_time_is_up(api: Api) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()

    assert await api.ok("getUpdates", timeout=1) == []
    assert 0.9 < loop.time() - began < 3


async def test_a_second_poll_ends_the_first_with_a_conflict(api: Api, playground: Playground) -> None:
    ana = playground.person("Ana")
    older = asyncio.create_task(api.refused("getUpdates", timeout=30))
    await waiting(playground)

    newer = asyncio.create_task(api.ok("getUpdates", timeout=30))

    assert await older == (
        "409 Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    await waiting(playground)
    await playground.say(ana, "hola")
    assert said(await newer) == ["hola"]


async def test_polling_while_a_webhook_stands_is_a_conflict(api: Api) -> None:
    await api.ok("setWebhook", url="http://127.0.0.1:1/nobody")

    assert await api.refused("getUpdates") == (
        "409 Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first"
    )
    assert await api.ok("deleteWebhook") is True
    assert await api.ok("getUpdates") == []


async def test_setting_a_webhook_ends_the_poll_that_waits(api: Api, playground: Playground) -> None:
    poll = asyncio.create_task(api.refused("getUpdates", timeout=30))
    await waiting(playground)

    await api.ok("setWebhook", url="http://127.0.0.1:1/nobody")

    assert await poll == "409 Conflict: terminated by setWebhook request"


async def test_only_the_kinds_asked_for_come_and_the_wish_lasts(api: Api, playground: Playground, ana: User) -> None:
    await api.ok("getUpdates", offset=-1, allowed_updates=["callback_query"])
    message_id = await api.send(ana, "?", reply_markup=keyboard([button("Sí", "yes")]))
    await playground.say(ana, "nobody hears this")
    await playground.press(ana, playground.messages(ana)[message_id - 1], "Sí")

    updates = await api.ok("getUpdates", offset=FIRST_UPDATE_ID + 1)

    assert [set(update) for update in updates] == [{"update_id", "callback_query"}]

    await api.ok("getUpdates", allowed_updates=[])
    await playground.say(ana, "somebody hears this")
    assert said((await api.ok("getUpdates"))[1:]) == ["somebody hears this"]


def test_three_kinds_must_be_asked_for_by_name(playground: Playground) -> None:
    queue = playground.telegram.queue

    assert queue.is_allowed("message")
    assert queue.is_allowed("my_chat_member")
    assert not any(queue.is_allowed(kind) for kind in ("chat_member", "message_reaction", "message_reaction_count"))

    queue.allow(["chat_member"])
    assert queue.is_allowed("chat_member")
    assert not queue.is_allowed("message")


async def test_updates_are_delivered_again_shuffled_on_demand(api: Api, playground: Playground, ana: User) -> None:
    for number in range(20):
        await playground.say(ana, str(number))
    await api.ok("getUpdates", offset=FIRST_UPDATE_ID + 100)
    shuffled = random.Random(7).sample(playground.updates, 21)

    playground.redeliver(shuffled)
    again = await api.ok("getUpdates", offset=FIRST_UPDATE_ID + 100)
    after = await api.ok("getUpdates", offset=again[-1]["update_id"] + 1)

    assert [update["update_id"] for update in again] == [update.update_id for update in shuffled]
    assert again == [update.as_json() for update in shuffled]
    assert after == []


@pytest.mark.usefixtures("ana")
async def test_a_bot_that_dies_before_confirming_gets_even_a_repetition_again(api: Api, playground: Playground) -> None:
    await api.ok("getUpdates", offset=FIRST_UPDATE_ID + 1)

    playground.redeliver()

    assert said(await api.ok("getUpdates")) == ["/start"]
    assert said(await api.ok("getUpdates")) == ["/start"]
