"""The API on a real socket: it answers at once, finishes what is under way, and minds its manners."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import suppress

import httpx2
import pytest

from besitos.apps.api import listen, serve, serve_on
from besitos.surfaces.http import body, connection
from tests.http.caller import Caller


class Running:
    """A server on a port of its own."""

    def __init__(self, app: Caller) -> None:
        listening = listen("127.0.0.1", 0)
        listening.listen()  # whoever comes before the server does waits for it
        self.port: int = listening.getsockname()[1]
        self.nodelay = listening.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        self.stop = asyncio.Event()
        self.serving = asyncio.create_task(serve_on(app.api.app, listening, self.stop))

    async def ends(self) -> None:
        self.stop.set()
        async with asyncio.timeout(10):
            await self.serving


@pytest.fixture
async def running(app: Caller) -> AsyncIterator[Running]:
    """A server that runs until the test is over."""
    server = Running(app)
    yield server
    await server.ends()


@pytest.fixture
async def http(app: Caller, running: Running) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of it, with the key of `app`."""
    headers = {"authorization": f"Bearer {app.key}"}
    base = f"http://127.0.0.1:{running.port}"
    async with httpx2.AsyncClient(base_url=base, headers=headers, trust_env=False) as client:
        yield client


async def test_it_answers_over_tcp_without_waiting_for_more(running: Running, http: httpx2.AsyncClient) -> None:
    await http.post("/api/v1/members", json={"external_id": "ana"})

    answers = await asyncio.gather(
        *(
            http.post("/api/v1/members/ext:ana/grants", json={"amount": 1}, headers={"idempotency-key": f"k{number}"})
            for number in range(20)
        )
    )

    assert {each.status_code for each in answers} == {201}
    assert running.nodelay
    assert "server" not in answers[0].headers


async def test_it_finishes_what_is_under_way(
    app: Caller, running: Running, http: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, run = asyncio.Event(), app.api.besitos.engine.run
    await http.post("/api/v1/members", json={"external_id": "ana"})

    async def slow(activities):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - as the engine's
        began.set()
        await asyncio.sleep(0.2)
        return await run(activities)

    monkeypatch.setattr(app.api.besitos.engine._coalescer, "_run", slow)
    call = asyncio.create_task(
        http.post("/api/v1/members/ext:ana/grants", json={"amount": 1}, headers={"idempotency-key": "k"})
    )
    await began.wait()
    await running.ends()

    assert (await call).status_code == 201
    with pytest.raises(httpx2.ConnectError):
        await http.get("/healthz")


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n\r\n",
        b"POST /api/v1/activities HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
        b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\nhost: x\r\n\r\n",
    ],
)
async def test_nonsense_ends_the_connection_and_nothing_else(
    running: Running, http: httpx2.AsyncClient, sent: bytes
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
    writer.write(sent)
    async with asyncio.timeout(5):
        await reader.read(100)
    writer.close()

    assert (await http.get("/healthz")).status_code == 200


async def test_a_caller_who_leaves_in_the_middle_of_a_body_harms_nobody(
    running: Running, http: httpx2.AsyncClient, app: Caller
) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", running.port)
    head = f"POST /api/v1/activities HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {app.key}\r\n"
    writer.write(f"{head}content-type: application/json\r\ncontent-length: 100\r\n\r\n{{".encode())
    await writer.drain()
    writer.close()
    await asyncio.sleep(0.05)

    figures = (await http.get("/metrics")).text
    assert 'route="/api/v1/activities",status="499"} 1.0' in figures
    assert (await http.get("/readyz")).status_code == 200


async def test_a_body_that_does_not_come_is_not_waited_for(
    running: Running, app: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(body, "PATIENCE", 0.05)
    reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
    head = f"POST /api/v1/activities HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {app.key}\r\n"
    writer.write(f"{head}content-type: application/json\r\ncontent-length: 100\r\n\r\n{{".encode())

    answer = await reader.read()
    writer.close()

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"request.too_slow" in answer


@pytest.mark.parametrize(
    "begun", [b"", b"G", b"POST /api/v1/activities HTTP/1.1\r\nhost: x\r\n", b"GET /healthz HTTP/1.1\r\n\r\n\r\n"]
)
async def test_a_head_that_does_not_come_is_not_waited_for(
    app: Caller, monkeypatch: pytest.MonkeyPatch, begun: bytes
) -> None:
    monkeypatch.setattr(connection, "PATIENCE", 0.2)
    server = Running(app)
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)

    async def trickle() -> None:
        for byte in begun + b"a: b\r\n" * 100:
            writer.write(bytes([byte]))
            await asyncio.sleep(0.01)

    trickling = asyncio.create_task(trickle())
    async with asyncio.timeout(5):
        with suppress(ConnectionError):
            await reader.read()
    trickling.cancel()
    writer.close()

    await server.ends()


async def test_a_head_without_end_is_not_kept(running: Running, http: httpx2.AsyncClient) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
    writer.write(b"GET /healthz HTTP/1.1\r\n")
    with suppress(ConnectionError):
        for _ in range(100):
            writer.write(b"a: " + b"x" * 4_000 + b"\r\n")
            await writer.drain()
            await asyncio.sleep(0.001)
        async with asyncio.timeout(5):
            assert await reader.read() == b""
    writer.close()

    assert (await http.get("/healthz")).status_code == 200


async def test_whoever_is_one_too_many_is_turned_away(app: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "connections_max", lambda: 2)
    server = Running(app)
    ask = b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n"
    many = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(4)]
    answers = []
    for reader, writer in many:
        with suppress(ConnectionError):
            writer.write(ask)
            answers.append(await reader.read(12))
    for _, writer in many:
        writer.close()

    assert sorted(filter(None, answers)) == [b"HTTP/1.1 200"] * 2
    await server.ends()


async def test_a_port_that_is_taken_is_an_error(app: Caller, running: Running) -> None:
    with pytest.raises(OSError, match="in use"):
        await serve(app.api.app, "127.0.0.1", running.port, asyncio.Event())
