"""Callers of the API: they send, and send again under the same key, until they have an answer."""

import asyncio
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress

from soak.orders import Journal, Order, Reply

PATIENCE_SECONDS = 20.0
GIVE_UP_SECONDS = 120.0
UNAVAILABLE = 503
TWICE = 0.1


class Line:
    """One connection, opened anew when it breaks."""

    def __init__(self, port: int, secret: str) -> None:
        self.port = port
        self._secret = secret
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, order: Order) -> Reply:
        """The answer to one request; `OSError` when there is none."""
        try:
            return await asyncio.wait_for(self._send(order), PATIENCE_SECONDS)
        except (OSError, EOFError, TimeoutError) as error:
            self.close()
            raise ConnectionError(repr(error)) from error

    def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def _send(self, order: Order) -> Reply:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self._streams
        content = order.body.encode()
        kind = "content-type: application/json\r\n" if content else ""
        writer.write(
            f"POST /api/v1{order.path} HTTP/1.1\r\nhost: soak\r\nauthorization: Bearer {self._secret}\r\n{kind}"
            f"idempotency-key: {order.key}\r\ncontent-length: {len(content)}\r\n\r\n".encode()
            + content
        )
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower().split("\r\n")
        fields = dict(line.split(": ", 1) for line in head[1:] if ": " in line)
        body = await reader.readexactly(int(fields["content-length"]))
        return Reply(int(head[0].split(" ")[1]), body, fields.get("idempotent-replayed") == "true")


class Callers:
    """Many callers at once. While `is_open` is set they draw orders; each ends the one it is at before it rests.

    When all that can be drawn is answered, they are `finished`.
    """

    def __init__(self, ports: Sequence[int], secret: str, journal: Journal, drawn: Iterator[Order]) -> None:
        self.is_open = asyncio.Event()
        self.finished = asyncio.Event()
        self._quiet = asyncio.Event()
        self._ports = ports
        self._secret = secret
        self._journal = journal
        self._drawn = drawn
        self._working = 0
        self._dice = random.Random(1)

    async def work(self, callers: int) -> None:
        """Call until cancelled, or until there is nothing left to ask."""
        await asyncio.gather(*(self._call() for _ in range(callers)))
        self.finished.set()
        await asyncio.Event().wait()

    async def rest(self) -> None:
        """Draw no more, and wait until everybody has their answer."""
        self.is_open.clear()
        if not self._working:
            return
        await self._quiet.wait()

    async def repeat(self, order: Order) -> None:
        """Ask again what was answered long ago."""
        lines = [Line(port, self._secret) for port in self._ports]
        await self._until_answered(lines, order)
        for line in lines:
            line.close()

    async def _call(self) -> None:
        lines = [Line(port, self._secret) for port in self._ports]
        try:
            while True:
                await self.is_open.wait()
                order = next(self._drawn, None)
                if order is None:
                    return
                self._working += 1
                self._quiet.clear()
                await self._ask(lines, order)
                self._working -= 1
                if not self._working:
                    self._quiet.set()
        finally:
            for line in lines:
                line.close()

    async def _ask(self, lines: Sequence[Line], order: Order) -> None:
        """Some press twice: the second attempt runs beside the first, on lines of its own."""
        if self._dice.random() > TWICE:
            await self._until_answered(lines, order)
            return
        others = [Line(port, self._secret) for port in self._ports]
        await asyncio.gather(self._until_answered(lines, order), self._until_answered(others, order))
        for line in others:
            line.close()

    async def _until_answered(self, lines: Sequence[Line], order: Order) -> None:
        deadline, figures, attempts = time.monotonic() + GIVE_UP_SECONDS, self._journal.figures, 0
        while True:
            attempts += 1
            with suppress(ConnectionError):
                reply = await self._dice.choice(lines).send(order)
                if reply.status != UNAVAILABLE:
                    figures["found done when asked again"] += reply.is_replayed and attempts > 1
                    self._journal.note(order, reply)
                    return
                figures["answers 503"] += 1
            figures["sent again"] += 1
            assert time.monotonic() < deadline, f"{order} had no answer for {GIVE_UP_SECONDS:.0f} s"
            await asyncio.sleep(0.02 + 0.05 * self._dice.random())
