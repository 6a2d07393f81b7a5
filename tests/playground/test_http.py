"""The Bot API's manners over HTTP: bodies, tokens, unknown methods."""

import asyncio
import socket

import httpx2
import pytest

from besitos.playground import TOKEN, Playground, User
from besitos.playground.server import listen
from tests.playground.scene import Api, until


@pytest.mark.parametrize("kind", ["json", "form", "multipart", "query"])
async def test_parameters_may_come_in_any_of_four_ways(api: Api, ana: User, kind: str) -> None:
    values = {"chat_id": str(ana.id), "text": "¡Hola, ñandú 💋!", "protect_content": "true"}
    url = f"{api.base}/sendMessage"

    if kind == "json":
        answer = await api.client.post(url, json=values | {"chat_id": ana.id, "protect_content": True})
    elif kind == "form":
        answer = await api.client.post(url, data=values)
    elif kind == "multipart":
        answer = await api.client.post(url, files={name: (None, value) for name, value in values.items()})
    else:
        answer = await api.client.get(url, params=values)

    result = answer.json()["result"]
    assert (answer.status_code, result["text"], result["has_protected_content"]) == (200, "¡Hola, ñandú 💋!", True)


async def test_structures_in_forms_are_json_in_text(api: Api, ana: User) -> None:
    markup = '{"inline_keyboard": [[{"text": "Sí", "callback_data": "yes"}]]}'

    answer = await api.client.post(
        f"{api.base}/sendMessage", data={"chat_id": ana.id, "text": "?", "reply_markup": markup}
    )

    assert answer.json()["result"]["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "yes"


async def test_method_names_are_read_in_any_case(api: Api) -> None:
    assert (await api.ok("GETME"))["is_bot"] is True


@pytest.mark.parametrize(
    ("path", "status", "description"),
    [
        ("/bot700700:another/getMe", 401, "Unauthorized"),
        ("/botnonsense/getMe", 401, "Unauthorized: invalid token specified"),
        (f"/bot{TOKEN}/sendHugs", 404, "Not Found: method not found"),
        ("/", 404, "Not Found"),
        (f"/bot{TOKEN}", 404, "Not Found"),
    ],
)
async def test_what_is_not_there_is_refused_as_telegram_does(
    api: Api, playground: Playground, path: str, status: int, description: str
) -> None:
    answer = await api.client.get(playground.base_url + path)

    assert answer.status_code == status
    assert answer.json() == {"ok": False, "error_code": status, "description": description}


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{"),
        ("application/json", b"[1]"),
        ("application/json", b'{"text": "\xff"}'),
        ("application/json", rb'{"text": "\ud800"}'),
        ("application/x-www-form-urlencoded", b"text=\xff"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n\xff\r\n--x--\r\n',
        ),
    ],
)
async def test_broken_bodies_are_400(api: Api, content_type: str, body: bytes) -> None:
    answer = await api.client.post(f"{api.base}/sendMessage", content=body, headers={"content-type": content_type})

    assert answer.status_code == 400
    assert answer.json()["description"].startswith("Bad Request: ")


async def test_log_out_and_close_do_no_harm(api: Api) -> None:
    assert await api.ok("logOut") is True
    assert await api.ok("close") is True
    assert (await api.ok("getMe"))["username"] == "besitos_playground_bot"


def test_the_socket_says_that_it_is_tcp() -> None:
    with listen("127.0.0.1", 0) as listening:
        assert listening.proto == socket.IPPROTO_TCP


async def test_a_taken_port_is_an_error_of_whoever_starts(playground: Playground) -> None:
    taken = int(playground.base_url.rpartition(":")[2])

    with pytest.raises(OSError, match="in use"):
        await Playground().start(port=taken)


async def test_stopping_ends_a_long_poll_at_once() -> None:
    playground = Playground()
    base = await playground.start()

    async with httpx2.AsyncClient(verify=False, trust_env=False) as client:
        poll = asyncio.create_task(client.get(f"{base}/bot{TOKEN}/getUpdates?timeout=30"))
        await until(lambda: playground.telegram.queue._poll)
        async with asyncio.timeout(2):
            await playground.stop()
        answer = await poll

    assert answer.json() == {"ok": True, "result": []}
