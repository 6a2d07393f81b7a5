"""SQLite, waiting for the disk at each commit: ours, and the ORM on aiosqlite."""

import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from bench.callers import coalesced, in_batches
from bench.load import BARE, ORDINARY, activities, bare_activities, game, seed
from bench.meter import Sample, no_cpu, timed
from bench.peers import Orm
from bench.section import Section
from bench.table import Line, faster, of
from besitos.core.activity import Activity
from besitos.engine.engine import Engine
from besitos.store import migrate
from besitos.store.database import open_store

ORM = "SQLAlchemy ORM, aiosqlite, bare award"
BARE_BATCH, BATCH = "bare, batch of 1,000", "ordinary, batch of 1,000"
SHARED, LONE = "ordinary, 64 callers", "ordinary, 1 caller"

LINES = (
    Line("SQLite: bare, batch, against the ORM", faster(BARE_BATCH, ORM), 15.0, 40.0),
    Line("SQLite: ordinary, batch, against the ORM's bare awards", faster(BATCH, ORM), 12.0, 25.0),
    Line("SQLite: 1 caller, p50", of(LONE, "p50"), 1.0, 0.3, "ms", at_most=True),
)


@asynccontextmanager
async def on_sqlite() -> AsyncIterator[Section]:
    """A file for each game and one for the ORM."""
    with tempfile.TemporaryDirectory(prefix="besitos-bench-") as folder:
        bare = await _engine(Path(folder) / "bare.db", BARE)
        ordinary = await _engine(Path(folder) / "ordinary.db", ORDINARY)
        orm = await Orm.open(f"sqlite:///{folder}/orm.db")
        yield Section(
            {
                BARE_BATCH: partial(_batches, bare, bare_activities),
                BATCH: partial(_batches, ordinary, activities),
                SHARED: partial(_coalesced, ordinary, 6_000, 64),
                LONE: partial(_coalesced, ordinary, 1_000, 1),
                ORM: partial(orm.awards, 1_000, no_cpu),
            },
            LINES,
        )
        await orm.close()
        for engine in (bare, ordinary):
            await engine.store.close()


async def _engine(path: Path, text: str) -> Engine:
    url = f"sqlite:///{path}"
    await migrate.upgrade(url)
    store = await open_store(url)
    await seed(store, text)
    return Engine(store, game(text))


async def _batches(engine: Engine, make: Callable[[int], Sequence[Activity]]) -> Sample:
    await in_batches(engine, make(2_000))
    work = make(15_000)
    return await timed(len(work), in_batches(engine, work))


async def _coalesced(engine: Engine, count: int, callers: int) -> Sample:
    await coalesced(engine, activities(count // 10), callers)
    work = activities(count)
    return await timed(count, coalesced(engine, work, callers))
