"""The product under test: `besitos api` as a process of its own, on a port that it keeps when it is started again."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from besitos.apps.compose import open_besitos
from besitos.apps.gamefile import manager_of
from besitos.engine.editing.manager import Signature
from besitos.surfaces.http.keys import Scope, create_key
from tests.world import document

START_SECONDS = 60.0
GAME = """
game: {name: Soak}
daily_gift: {pays: {besitos: 10, xp: 5}}
rules:
  message: {when: message.posted, pays: {besitos: 2, xp: 1}, limit: 20 besitos/day}
"""


class Service:
    """One process that serves the API on a database. It is killed, never asked to stop."""

    def __init__(self, url: str, port: int) -> None:
        self.port = port
        self._url = url
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Start it and wait until it answers."""
        await asyncio.to_thread(self._spawn)
        deadline = time.monotonic() + START_SECONDS
        while not await self._answers():
            assert self._process is not None, "it was started"
            assert self._process.poll() is None, f"the service ended by itself: {self._process.returncode}"
            assert time.monotonic() < deadline, f"the service did not answer within {START_SECONDS:.0f} s"
            await asyncio.sleep(0.05)

    async def kill(self) -> None:
        """SIGKILL: no moment to tidy up."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            await asyncio.to_thread(self._process.wait)
            self._process = None

    def _spawn(self) -> None:
        environment = {**os.environ, "DATABASE_URL": self._url, "LOG_LEVEL": "error"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "besitos", "api", "--quiet", "--host", "127.0.0.1", "--port", str(self.port)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )

    async def _answers(self) -> bool:
        with suppress(OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            writer.write(b"GET /healthz HTTP/1.1\r\nhost: soak\r\nconnection: close\r\n\r\n")
            said = await reader.read(64)
            writer.close()
            return b" 200 " in said
        return False


@asynccontextmanager
async def services(url: str, count: int = 1) -> AsyncIterator[list[Service]]:
    """So many processes on one database, all answering."""
    made = [Service(url, free_port()) for _ in range(count)]
    try:
        await asyncio.gather(*(each.start() for each in made))
        yield made
    finally:
        for each in made:
            await each.kill()


async def furnish(url: str) -> str:
    """Bring a small game into force, and make an API key: what it is."""
    async with open_besitos(url) as house:
        await manager_of(house).apply(document(GAME), Signature("soak"))
        return await create_key(house.store, house.clock, "soak", [Scope.LEDGER, Scope.ACTIVITIES], "soak")


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
