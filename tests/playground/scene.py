"""What the tests of the playground share: a clock to move, a bare client of the Bot API, a receiver of webhooks."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from besitos.playground import TOKEN, Message, Playground, User
from besitos.playground.server import Guest

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class MovedClock:
    """A clock that stands still until somebody moves it."""

    def __init__(self) -> None:
        self.moment = NOON

    def now(self) -> datetime:
        return self.moment

    def move(self, by: timedelta) -> None:
        self.moment += by


class Api:
    """A bot that knows nothing but HTTP."""

    def __init__(self, playground: Playground, client: httpx2.AsyncClient) -> None:
        self.client = client
        self.base = f"{playground.base_url}/bot{TOKEN}"

    async def call(self, method: str, **parameters: object) -> httpx2.Response:
        return await self.client.post(f"{self.base}/{method}", json=parameters)

    async def ok(self, method: str, **parameters: object) -> Any:  # noqa: ANN401 - whatever the method answers
        answer = await self.call(method, **parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]

    async def refused(self, method: str, **parameters: object) -> str:
        """`400 Bad Request: …`, after checking that status and body say the same."""
        answer = await self.call(method, **parameters)
        body = answer.json()
        assert (body["ok"], body["error_code"]) == (False, answer.status_code)
        return f"{body['error_code']} {body['description']}"

    async def send(self, user: User, text: str, **more: object) -> int:
        """Send a message; its number."""
        sent: int = (await self.ok("sendMessage", chat_id=user.id, text=text, **more))["message_id"]
        return sent


class Receiver:
    """A bot's own address for webhooks. Answers 200 with nothing, unless statuses or answers are laid ready."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.statuses: list[int] = []
        self.answers: list[dict[str, Any]] = []
        self.retry_after: int | None = None
        self.holds: asyncio.Event | None = None
        self.most_at_once = 0
        self._at_once = 0

    async def start(self) -> str:
        app = Starlette(routes=[Route("/hook", self._take, methods=["POST"])])
        self._guest = Guest(app)
        return f"http://127.0.0.1:{await self._guest.start('127.0.0.1', 0)}/hook"

    async def stop(self) -> None:
        await self._guest.stop()

    async def received(self, count: int) -> list[dict[str, Any]]:
        """Wait until so many requests have come."""
        await until(lambda: len(self.bodies) >= count)
        return self.bodies

    async def _take(self, request: Request) -> Response:
        self.bodies.append(await request.json())
        self.secrets.append(request.headers.get("x-telegram-bot-api-secret-token"))
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        if self.holds is not None:
            await self.holds.wait()
        self._at_once -= 1
        status = self.statuses.pop(0) if self.statuses else 200
        headers = {"retry-after": str(self.retry_after)} if status == 429 and self.retry_after is not None else {}
        return JSONResponse(self.answers.pop(0) if self.answers else {}, status, headers)


async def until(holds: Callable[[], object]) -> None:
    """Wait for what nobody announces, five seconds at most."""
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 - said above
            await asyncio.sleep(0.002)


def texts(messages: list[Message]) -> list[str | None]:
    return [message.text for message in messages]


def keyboard(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


def button(text: str, data: str) -> dict[str, Any]:
    return {"text": text, "callback_data": data}
