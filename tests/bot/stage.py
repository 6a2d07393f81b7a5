"""A stage: the real bot before a playground, over HTTP, on a real database, with a clock that stands still."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from besitos.apps.bot import run_bot
from besitos.apps.compose import Besitos, open_besitos
from besitos.core.account import purse
from besitos.core.activity import Activity
from besitos.engine.editing.manager import Manager, Signature
from besitos.engine.outcome import Outcome
from besitos.mechanics import SECTIONS
from besitos.playground import Message, Playground, Press, Toast, User
from besitos.store.protocol import Changes, MemberRef, Query
from tests.books import balances_in, comparable
from tests.world import SetClock, document

EVENING = datetime(2026, 11, 24, 18, 47, 30, tzinfo=UTC)
"""5 h 12 min 30 s before midnight."""

GAME = """
game: {name: {es: La plaza, en: The square}, description: {es: Ven a charlar., en: Come and talk.}}
currencies: {gemas: {name: {es: Gemas, en: Gems}, symbol: 💎}}
activities: {salary.paid: {}, promotion.given: {}, prize.won: {}}
daily_gift: {pays: {besitos: 10, xp: 5}}
rules:
  salary: {when: salary.paid, pays: {besitos: 100}, name: Nómina}
  promotion: {when: promotion.given, pays: {bonus: 120}}
  prize: {when: prize.won, pays: {gemas: 3}}
"""


class Stage:
    """Everything at hand: who talks, what they read, and what is in the books afterwards."""

    def __init__(self, besitos: Besitos, playground: Playground, clock: SetClock) -> None:
        self.besitos = besitos
        self.playground = playground
        self.clock = clock
        self._stop = asyncio.Event()
        self._bot: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Let the bot begin."""
        self._stop = asyncio.Event()
        running = run_bot(self.besitos, self.playground.token, self.playground.base_url, self._stop, pauses=(0.02,))
        self._bot = asyncio.create_task(running)

    async def stop(self) -> None:
        """Let it end as it should."""
        self._stop.set()
        if self._bot is not None:
            await self._bot

    async def kill(self) -> None:
        """Let it die where it stands."""
        assert self._bot is not None, "nobody to kill"
        self._bot.cancel()
        with suppress(asyncio.CancelledError):
            await self._bot
        self._bot = None

    async def ask(self, user: User, text: str) -> Message:
        """Say something and read the answer."""
        return await self.playground.answer(user, after=await self.playground.say(user, text))

    async def press(self, user: User, message: Message, label: str) -> tuple[Toast, Message]:
        """Press a button; the toast, and the message as it stands afterwards."""
        press = await self.playground.press(user, message, label)
        toast = await self.playground.toast(press)
        return toast, await self.after(user, press)

    async def after(self, user: User, what: Message | Press) -> Message:
        """What the bot shows after this."""
        return await self.playground.answer(user, after=what)

    async def settle(self) -> None:
        """Wait until every update is handled and acknowledged."""
        async with asyncio.timeout(10):
            while self.playground.telegram.queue.pending:  # noqa: ASYNC110 - it tells nobody when it is empty
                await asyncio.sleep(0.002)

    async def member(self, user: User) -> int:
        """The member that a person is."""
        ref = MemberRef(telegram_id=user.id)
        return (await self.besitos.directory.open([ref]))[ref]

    async def do(self, *activities: Activity) -> list[Outcome]:
        """Something that happens elsewhere."""
        return await self.besitos.engine.run(activities)

    async def balances(self, user: User) -> Mapping[str, int]:
        """What is in the books, once these are found in order."""
        member_id = await self.member(user)
        found = balances_in(await self.tables())
        return {account.name: amount for account, amount in found.items() if account.member_id == member_id}

    async def besitos_of(self, user: User) -> int:
        return balances_in(await self.tables()).get(purse(await self.member(user)), 0)

    async def tables(self) -> Changes:
        return await self.besitos.store.export()

    async def state(self) -> dict[str, Any]:
        """All tables, comparable."""
        return comparable(await self.tables())

    async def set_column(self, user: User, column: str, value: str) -> None:
        """What an operator might write."""
        sql = f"UPDATE members SET {column} = :value WHERE member_id = :id"
        await self.besitos.store.amend(Query(sql, {"value": value, "id": await self.member(user)}))

    def calls(self, method: str) -> list[dict[str, Any]]:
        """The parameters of every call of a method that had its effect."""
        return [call.parameters for call in self.playground.journal.calls(method) if call.is_ok]


@asynccontextmanager
async def stage(url: str, text: str = GAME, *, apply: bool = True) -> AsyncIterator[Stage]:
    """A stage on this database, the bot running."""
    clock = SetClock(EVENING)
    async with open_besitos(url, clock) as besitos, Playground(clock=clock) as playground:
        if apply:
            applied = await Manager(besitos.store, clock, SECTIONS).apply(document(text), Signature("tests"))
            await besitos.games.catch_up(applied.version)
        made = Stage(besitos, playground, clock)
        await made.start()
        try:
            yield made
        finally:
            await made.stop()


def labels(message: Message) -> list[str]:
    return [button.text for button in message.buttons()]


def lines(message: Message) -> list[str]:
    return (message.text or "").splitlines()


def hours(number: float) -> timedelta:
    return timedelta(hours=number)
