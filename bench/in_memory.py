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
from besitos.engine.book import Book
from besitos.engine.draft import Draft
from besitos.engine.engine import Engine
from besitos.engine.rounds import decide
from besitos.store.memory import MemoryStore
from besitos.store.protocol import Locks, Transaction

SIMULATION = "ordinary, batch of 1,000"
BARE_ALONE, ALONE = "bare, decisions alone", "ordinary, decisions alone"
SMALL, MIDDLE, LARGE = (f"a game of {count} definitions" for count in ("10", "100", "1,000"))

LINES = (
    Line("simulation in memory", of(SIMULATION, "rate"), 20_000, 100_000, "/s"),
    Line("decisions alone, bare", of(BARE_ALONE, "ours"), 20.0, 8.0, "µs", at_most=True),
    Line("decisions alone, ordinary", of(ALONE, "ours"), 20.0, 8.0, "µs", at_most=True),
    Line("100 definitions against 10", times(MIDDLE, SMALL, "ours"), 1.2, 1.05, at_most=True),
    Line("1,000 definitions against 10", times(LARGE, SMALL, "ours"), 1.2, 1.05, at_most=True),
)


@asynccontextmanager
async def in_memory() -> AsyncIterator[Section]:
    """Stores in this process, one for each game."""
    bare, ordinary = await _engine(BARE), await _engine(ORDINARY)
    small, middle, large = [await _engine(with_definitions(count)) for count in (10, 100, 1_000)]
    yield Section(
        {
            SIMULATION: partial(_batches, ordinary),
            BARE_ALONE: partial(_decisions, bare, bare_activities),
            ALONE: partial(_decisions, ordinary, activities),
            SMALL: partial(_batches, small),
            MIDDLE: partial(_batches, middle),
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
    """The rounds of decisions of batches, with what they move and remember; neither loading nor rows of the inbox."""
    spent, count = 0.0, 10
    for _ in range(count):
        spent += await engine.store.rehearse(partial(_decide, engine, make(BATCH)))
    return Sample(BATCH * count / spent, spent / (BATCH * count) * 1e6)


async def _decide(engine: Engine, work: Sequence[Activity], transaction: Transaction) -> float:
    locks = Locks(frozenset(activity.member_id for activity in work))
    book, game, now = Book(locks, await transaction.lock(locks)), engine.game, engine.clock.now()
    started = time.process_time()
    for activity in work:
        draft = Draft(book, activity, game, now)
        decide(draft, activity, game)
        draft.keep()
    return time.process_time() - started
