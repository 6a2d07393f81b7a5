"""Ways to bring activities to an engine: in batches, by many callers who share them, by callers each for itself."""

import asyncio
import time
from collections.abc import Iterator, Sequence

from bench.load import BATCH
from besitos.core.activity import Activity
from besitos.engine.engine import Engine
from besitos.engine.outcome import Status


async def in_batches(engine: Engine, activities: Sequence[Activity]) -> None:
    """A thousand at a time, one batch after the other."""
    for start in range(0, len(activities), BATCH):
        outcomes = await engine.run(activities[start : start + BATCH])
        assert all(outcome.status is Status.ACCEPTED for outcome in outcomes), "a bench measures work that is done"


async def coalesced(engine: Engine, activities: Sequence[Activity], callers: int) -> list[float]:
    """Callers who wait for one activity after the other, sharing transactions. How long each waited."""
    waits: list[float] = []

    async def caller(waiting: Iterator[Activity]) -> None:
        for one in waiting:
            started = time.perf_counter()
            await engine.submit(one)
            waits.append(time.perf_counter() - started)

    waiting = iter(activities)
    await asyncio.gather(*(caller(waiting) for _ in range(callers)))
    return waits


async def each_alone(engine: Engine, activities: Sequence[Activity], callers: int) -> list[float]:
    """The same callers, with a transaction for each activity."""
    waits: list[float] = []

    async def caller(waiting: Iterator[Activity]) -> None:
        for one in waiting:
            started = time.perf_counter()
            await engine.run([one])
            waits.append(time.perf_counter() - started)

    waiting = iter(activities)
    await asyncio.gather(*(caller(waiting) for _ in range(callers)))
    return waits
