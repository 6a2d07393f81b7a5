"""Lost answers: a proxy that hangs up, three times in ten, when the answer is already on its way.

The effect has happened and nobody was told. Callers ask again under the same key, and in the end everything is as if
no answer had been lost.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from itertools import islice

from soak.callers import Callers
from soak.kills import at_work
from soak.orders import Journal, orders
from soak.part import Figures, Part
from soak.places import MEMBERS, POSTGRES, SQLITE, opened, place
from soak.service import free_port, furnish, services

LOST = 0.3
CHUNK = 65_536


class Proxy:
    """Hands on what it hears. Every connection carries one request at a time."""

    def __init__(self, port: int, seed: int) -> None:
        self.port = free_port()
        self.lost = 0
        self._behind = port
        self._dice = random.Random(seed)
        self._serving: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Listen meanwhile."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        try:
            yield
        finally:
            server.close()
            for task in self._serving:
                task.cancel()
            await asyncio.gather(*self._serving)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None, "a connection is served in a task of its own"
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)
        with suppress(OSError, EOFError, asyncio.CancelledError):
            behind_reader, behind_writer = await asyncio.open_connection("127.0.0.1", self._behind)
            asking = asyncio.create_task(self._ask(reader, behind_writer))
            try:
                while answer := await behind_reader.read(CHUNK):
                    if answer.startswith(b"HTTP/") and self._dice.random() < LOST:
                        self.lost += 1
                        break
                    writer.write(answer)
                    await writer.drain()
            finally:
                asking.cancel()
                behind_writer.close()
        writer.close()

    async def _ask(self, reader: asyncio.StreamReader, behind: asyncio.StreamWriter) -> None:
        while asked := await reader.read(CHUNK):
            behind.write(asked)
        behind.close()


async def lose(kind: str, seed: int, answers: int) -> Figures:
    """So many orders answered in the end."""
    journal = Journal()
    async with place(kind, durable=False) as where:
        secret = await furnish(where.url)
        async with services(where.url) as [service]:
            proxy = Proxy(service.port, seed)
            async with proxy.listening():
                callers = Callers([proxy.port], secret, journal, islice(orders(seed, MEMBERS), answers))
                async with at_work(callers):
                    callers.is_open.set()
                    await callers.finished.wait()
        async with opened(where.url) as store:
            await journal.check(store, thoroughly=True)
    journal.figures["answers lost"] = proxy.lost
    return journal.figures


LOSSES = (
    Part("lost/sqlite", 10_000, 1_000, "orders", partial(lose, SQLITE)),
    Part("lost/postgres", 10_000, 1_000, "orders", partial(lose, POSTGRES)),
)
