"""The Bot API over HTTP, in the event loop of whoever starts it."""

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import cast

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from besitos.playground.calls import Answer
from besitos.playground.parameters import Parameters, read
from besitos.playground.refusals import Refused, not_found, unauthorized

GRACE_SECONDS = 2
TOKEN = re.compile(r"[1-9]\d{0,15}:\S{1,64}")

Perform = Callable[[str, Parameters], Awaitable[Answer]]


class BotApi:
    """The one route, `/bot<token>/<method>`, as an ASGI application."""

    def __init__(self, token: str, perform: Perform, hang_up: Callable[[Scope], Awaitable[None]]) -> None:
        self._token = token
        self._perform = perform
        self._hang_up = hang_up

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or break its connection."""
        answer = await self._answer(Request(scope, receive))
        if answer.is_dropped:
            await self._hang_up(scope)
            return
        await json_response(answer.status, answer.body)(scope, receive, send)

    async def _answer(self, request: Request) -> Answer:
        try:
            self._check(request.path_params["token"])
            asked = read(request.url.query, request.headers.get("content-type", ""), await request.body())
        except Refused as refusal:
            return Answer(refusal.status, refusal.body())
        return await self._perform(request.path_params["method"], asked)

    def _check(self, token: str) -> None:
        if not TOKEN.fullmatch(token):
            what = "invalid token specified"
            raise unauthorized(what)
        if token != self._token:
            raise unauthorized()


class BotApiServer:
    """The Bot API of one bot, served. Start it once; stopping waits for calls under way, briefly."""

    def __init__(self, token: str, perform: Perform) -> None:
        route = Route("/bot{token}/{method}", BotApi(token, perform, self._hang_up), methods=["GET", "POST"])
        self._guest = Guest(Starlette(routes=[route], exception_handlers={404: nothing_here, 405: nothing_here}))

    async def start(self, host: str, port: int) -> int:
        """Listen; says on which port. OSError if somebody else does already."""
        return await self._guest.start(host, port)

    async def stop(self) -> None:
        """Take no more calls and end."""
        await self._guest.stop()

    async def _hang_up(self, scope: Scope) -> None:
        """Break the connection of this request without a word, and wait until it is gone."""
        connections = self._guest.connections
        for connection in [one for one in connections if one.client == scope["client"]]:
            connection.transport.abort()
            while connection in connections:  # noqa: ASYNC110 - connections tell nobody when they go
                await asyncio.sleep(0)


class Guest:
    """An application served by uvicorn inside somebody else's loop: no signals taken, no ticking, gone at once."""

    def __init__(self, app: ASGIApp) -> None:
        config = uvicorn.Config(
            app, http=HttpToolsProtocol, log_config=None, access_log=False, lifespan="off", proxy_headers=False
        )
        config.load()
        self._server = uvicorn.Server(config)
        self._server.lifespan = config.lifespan_class(config)

    @property
    def connections(self) -> set[HttpToolsProtocol]:
        """The connections that are open."""
        return cast("set[HttpToolsProtocol]", self._server.server_state.connections)

    async def start(self, host: str, port: int) -> int:
        """Listen; says on which port."""
        listening = listen(host, port)
        await self._server.startup(sockets=[listening])
        bound: int = listening.getsockname()[1]
        return bound

    async def stop(self) -> None:
        """Let go of idle connections, give the others a moment, break what is left."""
        for server in self._server.servers:
            server.close()
        for connection in list(self.connections):
            connection.shutdown()
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE_SECONDS):
                while self.connections:  # noqa: ASYNC110 - connections tell nobody when they go
                    await asyncio.sleep(0.001)
        for connection in list(self.connections):
            connection.transport.abort()


def listen(host: str, port: int) -> socket.socket:
    """A listening socket that says it is TCP: asyncio sets TCP_NODELAY only then, and without it answers wait 40 ms."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listening = socket.socket(family, kind, protocol or socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except OSError:
        listening.close()
        raise
    return listening


async def nothing_here(_: Request, __: Exception) -> Response:
    """Telegram's answer to every other address."""
    refusal = not_found()
    return json_response(refusal.status, refusal.body())


def json_response(status: int, body: dict[str, object]) -> Response:
    """An answer as JSON."""
    return Response(msgspec.json.encode(body), status, media_type="application/json")
