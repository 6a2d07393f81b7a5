"""Bad days on demand."""

import asyncio

import httpx2
import pytest

from besitos.playground import Delay, DropAnswer, Fault, Playground, Refuse, User
from besitos.playground.refusals import Refused, blocked, flood, internal_error, not_modified, query_too_old
from tests.playground.scene import Api, texts, until


async def test_every_third_message_is_told_to_come_back_later(api: Api, playground: Playground, ana: User) -> None:
    playground.faults.add(Fault(Refuse(flood(7)), method="sendMessage", every=3))

    answers = [await api.call("sendMessage", chat_id=ana.id, text=str(number)) for number in range(6)]
    await api.ok("getMe")

    assert [answer.status_code for answer in answers] == [200, 200, 429, 200, 200, 429]
    assert answers[2].json() == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 7",
        "parameters": {"retry_after": 7},
    }
    assert texts(playground.messages(ana)) == ["/start", "0", "1", "3", "4"]


async def test_a_fault_may_befall_one_chat_and_end_after_some_times(
    api: Api, playground: Playground, ana: User
) -> None:
    bea = playground.person("Bea")
    await playground.say(bea, "/start")
    playground.faults.add(Fault(Refuse(blocked()), chat_id=ana.id, times=2, name="Ana is out"))

    for _ in range(2):
        assert (
            await api.refused("sendMessage", chat_id=ana.id, text="x") == "403 Forbidden: bot was blocked by the user"
        )
    await api.send(bea, "x")
    await api.send(ana, "x")

    assert [call.fault for call in playground.journal] == ["Ana is out", "Ana is out", None, None]


@pytest.mark.parametrize(
    ("refusal", "refused"),
    [
        (internal_error(), "500 Internal Server Error"),
        (not_modified(), "400 Bad Request: message is not modified: "),
        (query_too_old(), "400 Bad Request: query is too old and response timeout expired or query ID is invalid"),
        (Refused(502, "Bad Gateway"), "502 Bad Gateway"),
    ],
)
async def test_any_refusal_can_be_had(api: Api, playground: Playground, refusal: Refused, refused: str) -> None:
    playground.faults.add(Fault(Refuse(refusal)))

    assert (await api.refused("getMe")).startswith(refused)

    playground.faults.clear()
    await api.ok("getMe")


async def test_a_dropped_answer_has_had_its_effect(api: Api, playground: Playground, ana: User) -> None:
    playground.faults.add(Fault(DropAnswer(), method="sendmessage", every=2))
    await api.send(ana, "heard")

    with pytest.raises(httpx2.RemoteProtocolError):
        await api.send(ana, "unheard")
    await api.send(ana, "heard again")

    assert texts(playground.messages(ana)) == ["/start", "heard", "unheard", "heard again"]
    assert [call.was_heard for call in playground.journal] == [True, False, True]


async def test_a_dropped_answer_breaks_no_other_connection(api: Api, playground: Playground, ana: User) -> None:
    playground.faults.add(Fault(DropAnswer(), method="sendMessage"))
    poll = asyncio.create_task(api.ok("getUpdates", offset=playground.updates[-1].update_id + 1, timeout=30))
    await until(lambda: playground.telegram.queue._poll)

    with pytest.raises(httpx2.RemoteProtocolError):
        await api.send(ana, "unheard")

    await playground.say(ana, "hola")
    assert len(await poll) == 1


async def test_a_delay_delays(api: Api, playground: Playground, ana: User) -> None:
    playground.faults.add(Fault(Delay(0.1), method="sendMessage"))
    loop = asyncio.get_running_loop()
    began = loop.time()

    await api.send(ana, "slow")

    assert loop.time() - began >= 0.1
    assert playground.journal.calls("sendMessage")[0].took >= 0.1


async def test_of_several_faults_the_first_that_fires_decides(api: Api, playground: Playground) -> None:
    playground.faults.add(Fault(Refuse(flood(1)), every=2), Fault(Refuse(internal_error()), every=3))

    statuses = [(await api.call("getMe")).status_code for _ in range(6)]

    assert statuses == [200, 429, 500, 429, 200, 429]
