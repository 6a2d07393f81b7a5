"""Updates pushed to the bot's own address: in order within a chat, side by side between chats, again until taken."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import httpx2
import msgspec

from besitos.playground.parameters import Parameters, read
from besitos.playground.refusals import Refused
from besitos.playground.updates import Pending, UpdateQueue

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of the header, not what is in it
LONGEST_PAUSE_SECONDS = 60.0
ANSWER_WITHIN_SECONDS = 60.0
NEVER_IN_AN_ANSWER = ("setwebhook", "deletewebhook", "close", "logout")

Perform = Callable[[str, Parameters], Awaitable[object]]


@dataclass(frozen=True)
class WebhookSettings:
    """What setWebhook was told."""

    url: str
    secret_token: str = ""
    max_connections: int = 40
    ip_address: str = ""


@dataclass
class Trouble:
    """The last error, as getWebhookInfo tells it."""

    message: str = ""
    date: int = 0


@dataclass
class Webhook:
    """The delivery to one address, from setWebhook until it is replaced.

    Anything but 2xx is repeated: at once, then after pauses that double, `first_pause` being the unit, or when
    `Retry-After` says. An answer may itself be a call, which `perform` does.
    """

    settings: WebhookSettings
    queue: UpdateQueue
    perform: Perform
    now: Callable[[], int]
    first_pause: float = 1.0
    trouble: Trouble = field(default_factory=Trouble)
    _busy: dict[int | None, asyncio.Task[None]] = field(default_factory=dict)
    _client: httpx2.AsyncClient = field(init=False)

    def start(self) -> None:
        """Begin with what waits already, and go on with what comes."""
        limits = httpx2.Limits(max_connections=self.settings.max_connections)
        self._client = httpx2.AsyncClient(timeout=ANSWER_WITHIN_SECONDS, limits=limits, trust_env=False)
        self.queue.on_news.append(self.deliver)
        self.deliver()

    async def stop(self) -> None:
        """Leave what was not taken in the queue."""
        self.queue.on_news.remove(self.deliver)
        tasks = list(self._busy.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._client.aclose()

    def deliver(self) -> None:
        """Send the first update of every chat that has none on its way, up to the connections allowed."""
        for pending in self.queue.pending:
            if len(self._busy) >= self.settings.max_connections:
                return
            lane = pending.update.chat_id
            if lane not in self._busy:
                self._busy[lane] = asyncio.create_task(self._deliver_one(pending, lane))

    async def _deliver_one(self, pending: Pending, lane: int | None) -> None:
        try:
            await self._until_taken(pending)
            self.queue.done(pending)
        finally:
            del self._busy[lane]
        self.deliver()

    async def _until_taken(self, pending: Pending) -> None:
        failures = 0
        while True:
            pause = await self._attempt(pending)
            if pause is None:
                return
            failures += 1
            doubling = 0.0 if failures == 1 else self.first_pause * 2 ** (failures - 1)
            await asyncio.sleep(pause or min(doubling, LONGEST_PAUSE_SECONDS))

    async def _attempt(self, pending: Pending) -> float | None:
        """One POST. None when it was taken, else the pause that the receiver asked for, 0 for ours."""
        headers = {"content-type": "application/json"}
        if self.settings.secret_token:
            headers[SECRET_HEADER] = self.settings.secret_token
        body = msgspec.json.encode(self.queue.hand_out(pending).as_json())
        try:
            answer = await self._client.post(self.settings.url, content=body, headers=headers)
        except httpx2.HTTPError as error:
            self._note(f"Webhook connection failed: {type(error).__name__}")
            return 0.0
        if not answer.is_success:
            self._note(f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}")
            asked = answer.headers.get("retry-after", "")
            return float(asked) if asked.isdecimal() else 0.0
        await self._answered(answer)
        return None

    def _note(self, what: str) -> None:
        self.trouble = Trouble(what, self.now())

    async def _answered(self, answer: httpx2.Response) -> None:
        """Do the call that the answer holds, if it holds one; how it went is for the journal alone."""
        try:
            asked = read("", answer.headers.get("content-type", ""), answer.content)
        except Refused:
            return
        method = asked.text("method").lower()
        if method and method not in NEVER_IN_AN_ANSWER and not method.startswith("get"):
            await self.perform(method, asked)
