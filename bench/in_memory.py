"""No database: the engine over the memory store, and decisions alone."""

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial

from bench.callers import in_batches
from bench.load import BARE, BATCH, ORDINARY, activities, bare_activities, game, seed, with_definitions
from bench.meter import Sample, timed
from bench.section import Section
from bench.table import Line, of, times
from besitos.core.activity import Activity
from besitos.engine.batch import Batch
from besitos.engine.engine import Engine
from besitos.store.memory import MemoryStore
from besitos.store.protocol import Transaction

SIMULATION = "ordinary, batch of 1,000"
BARE_ALONE, ALONE = "bare, decisions alone", "ordinary, decisions alone"
SMALL, LARGE = "a game of 10 definitions", "a game of 1,000 definitions"

LINES = (
    Line("simulation in memory", of(SIMULATION, "rate"), 20_000, 100_000, "/s"),
    Line("decisions alone, bare", of(BARE_ALONE, "ours"), 20.0, 8.0, "µs", at_most=True),
    Line("decisions alone, ordinary", of(ALONE, "ours"), 20.0, 8.0, "µs", at_most=True),
    Line("1,000 definitions against 10", times(LARGE, SMALL, "ours"), 1.2, 1.05, at_most=True),
)


@asynccontextmanager
async def in_memory() -> AsyncIterator[Section]:
    """Stores in this process, one for each game."""
    bare, ordinary = await _engine(BARE), await _engine(ORDINARY)
    small, large = await _engine(with_definitions(10)), await _engine(with_definitions(1_000))
    yield Section(
        {
            SIMULATION: partial(_batches, ordinary),
            BARE_ALONE: partial(_decisions, bare, bare_activities),
            ALONE: partial(_decisions, ordinary, activities),
            SMALL: partial(_batches, small),
            LARGE: partial(_batches, large),
        },
        LINES,
    )


async def _engine(text: str) -> Engine:
    store = MemoryStore()
    await seed(store, text)
    return Engine(store, game(text))


async def _batches(engine: Engine) -> Sample:
    await in_batches(engine, activities(2_000))
    work = activities(15_000)
    return await timed(len(work), in_batches(engine, work))


async def _decisions(engine: Engine, make: Callable[[int], Sequence[Activity]]) -> Sample:
    """The rounds of decisions of a batch, between loading and writing. What was decided is forgotten."""
    spent = 0.0
    count = 10
    for _ in range(count):
        batch = Batch(engine.game, make(BATCH), engine.clock.now())
        spent += await engine.store.rehearse(partial(_decide, batch))
    return Sample(BATCH * count / spent, spent / (BATCH * count) * 1e6)


async def _decide(batch: Batch, transaction: Transaction) -> float:
    batch.begin(await transaction.lock(batch.locks), await transaction.load(batch.wanted()))
    started = time.process_time()
    is_whole = batch.decide()
    spent = time.process_time() - started
    assert is_whole, "these games ask for nothing that is not loaded"
    return spent
