"""Connections of the server: how many, and how long and how large the head of a request may be.

uvicorn has no bounds of its own for a client that sends its head a byte at a time, or nothing at all.
"""

import asyncio
import resource
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

PATIENCE = 10.0
"""Seconds that the head of a request may take to come, counted from the connection or the head's first byte."""

HEAD_MAX = 64 * 1024
"""Bytes of a head that has not come to its end."""

CONNECTIONS_MAX = 4_096
RESERVED = 128
"""Open files that are left for the database and for whatever else the process opens."""


class Connection(HttpToolsProtocol):
    """uvicorn's connection, which gives up on whoever does not get to the point."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as uvicorn calls it
        super().__init__(*args, **kwargs)
        self._late: asyncio.TimerHandle | None = None
        self._head_size = 0
        self._most = connections_max()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Wait for a head; turn away whoever is one too many, so that those who are here can still be served."""
        super().connection_made(transport)
        if len(self.connections) > self._most:
            transport.close()
            return
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Read on. A head that goes on after this has so much time and no more."""
        super().data_received(data)
        if not self._is_idle:
            return
        self._head_size += len(data)
        if self._head_size > HEAD_MAX:
            self.transport.close()
        elif self._late is None:
            self._wait()

    def on_headers_complete(self) -> None:
        """The head is here."""
        self._stop_waiting()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """The other side has gone, or we have."""
        self._stop_waiting()
        super().connection_lost(exc)

    @property
    def _is_idle(self) -> bool:
        """Whether no request is under way."""
        cycle: Any = self.cycle  # its type leaves out that there may be none
        return cycle is None or bool(cycle.response_complete)

    def _wait(self) -> None:
        self._late = self.loop.call_later(PATIENCE, self._give_up)

    def _stop_waiting(self) -> None:
        self._head_size = 0
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _give_up(self) -> None:
        self._late = None
        if self._is_idle:
            self.transport.close()


def connections_max() -> int:
    """How many connections this process can afford by the number of files that it may open."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return CONNECTIONS_MAX
    return max(min(CONNECTIONS_MAX, files - RESERVED), RESERVED // 2)
