"""Servers in processes of their own, and a client that keeps many connections busy with as little work as can be."""

import asyncio
import os
import socket
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import cast

PATIENCE = 30.0
STEP = 0.005
"""Seconds between two looks at a server that starts."""


def free_port() -> int:
    """A port that nobody has now."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port: int = bound.getsockname()[1]
    return port


@asynccontextmanager
async def running(
    *arguments: str, environment: Mapping[str, str] | None = None
) -> AsyncIterator[asyncio.subprocess.Process]:
    """`python -m ARGUMENTS`, ended when it is no longer needed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        *arguments,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, **(environment or {})},
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def answers(process: asyncio.subprocess.Process, port: int, path: str) -> float:
    """Wait until `path` is answered with 200. The moment of the answer, by `time.perf_counter`."""
    deadline = time.perf_counter() + PATIENCE
    while time.perf_counter() < deadline:
        assert process.returncode is None, "the server has ended"
        try:
            if await _status(port, path) == 200:
                return time.perf_counter()
        except OSError:
            pass
        await asyncio.sleep(STEP)
    message = f"no answer at port {port} in {PATIENCE} s"
    raise TimeoutError(message)


def request(path: str, body: bytes, headers: Mapping[str, str] | None = None) -> bytes:
    """A POST, as it goes over the wire."""
    lines = [f"POST {path} HTTP/1.1", "host: bench", "content-type: application/json", f"content-length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def send_all(port: int, requests: Sequence[bytes], connections: int) -> list[float]:
    """Send the requests over so many connections, each of which waits for its answer. The waits."""
    waiting, waits = iter(requests), list[float]()
    loop = asyncio.get_running_loop()
    ended = [loop.create_future() for _ in range(connections)]
    for each in ended:
        await loop.create_connection(lambda each=each: Caller(waiting, waits, each), "127.0.0.1", port)  # type: ignore[misc]  # bound at once
    await asyncio.gather(*ended)
    return waits


class Caller(asyncio.Protocol):
    """One connection: the next request when the last one is answered."""

    def __init__(self, waiting: Iterator[bytes], waits: list[float], ended: asyncio.Future[None]) -> None:
        self._waiting = waiting
        self._waits = waits
        self._ended = ended
        self._received = b""
        self._sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first."""
        self._transport = cast("asyncio.WriteTransport", transport)  # uvloop's is one, but not by inheritance
        self._next()

    def data_received(self, data: bytes) -> None:
        """Count an answer when all of it is here."""
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        if not end or len(body) < _length(head):
            return
        self._waits.append(time.perf_counter() - self._sent_at)
        if not head.startswith(b"HTTP/1.1 2"):
            self._ended.set_exception(RuntimeError(self._received.decode(errors="replace")))
            self._transport.close()
            return
        self._received = b""
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        """A server that hangs up has failed."""
        if not self._ended.done():
            self._ended.set_exception(exc or ConnectionError("the server hung up"))

    def _next(self) -> None:
        try:
            self._transport.write(next(self._waiting))
        except StopIteration:
            self._ended.set_result(None)
            self._transport.close()
            return
        self._sent_at = time.perf_counter()


def _length(head: bytes) -> int:
    lines = head.lower().split(b"\r\n")
    return int(next(line for line in lines if line.startswith(b"content-length:")).partition(b":")[2])


async def _status(port: int, path: str) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n\r\n".encode())
        line = await reader.readline()
    finally:
        writer.close()
    return int(line.split()[1]) if line else 0
