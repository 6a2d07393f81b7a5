"""How fast one client may call: a bucket of tokens each, in this process."""

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass

from besitos.surfaces.http.problem import Refused

REMEMBERED_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Rate:
    """Requests a second that a client may keep up, and how many it may make at once after a rest."""

    per_second: float = 2_000.0
    burst: int = 4_000


class Pace:
    """The buckets. A bucket that is full again is the same as none, so forgetting them all is harmless."""

    def __init__(self, rate: Rate, time: Callable[[], float] | None = None) -> None:
        self._rate = rate
        self._time = time
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, client: str) -> None:
        """Take a token, or refuse and say when there is one again."""
        now = self._time() if self._time else asyncio.get_running_loop().time()
        tokens, since = self._buckets.get(client, (float(self._rate.burst), now))
        tokens = min(self._rate.burst, tokens + (now - since) * self._rate.per_second)
        if tokens < 1:
            self._buckets[client] = (tokens, now)
            wait = math.ceil((1 - tokens) / self._rate.per_second)
            raise Refused(429, "rate.exceeded", {"per_second": self._rate.per_second}).told(retry_after=str(wait))
        if len(self._buckets) >= REMEMBERED_MAX:
            self._buckets.clear()
        self._buckets[client] = (tokens - 1, now)
