"""PostgreSQL: ours in batches and one by one, pgbench, and the ORM, on one server."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial

import asyncpg

from bench.callers import coalesced, each_alone, in_batches
from bench.load import BARE, ORDINARY, activities, bare_activities, game, seed, zipf
from bench.meter import Cpu, Sample, Subject, family_cpu, timed
from bench.peers import Orm, Pgbench, pgbench_program
from bench.section import Section
from bench.table import Line, faster, of, wait
from besitos.core.activity import Activity
from besitos.engine.engine import Engine
from besitos.store import migrate
from besitos.store.database import open_store
from tests.services.postgres import PostgresServer

SETTINGS = {"autovacuum": "off"}
"""It would come for what one subject has left while another is measured. We vacuum before we begin."""

CONNECTIONS = 16
CALLERS = 64

PGBENCH, PGBENCH_1 = "pgbench, 8 clients", "pgbench, 1 client"
ORM = "SQLAlchemy ORM, 32 sessions, bare award"
BARE_BATCH, BARE_ZIPF = "bare, batch of 1,000", "bare, batch of 1,000, Zipf 1.1"
BATCH, ZIPF = "ordinary, batch of 1,000", "ordinary, batch of 1,000, Zipf 1.1"
SHARED, ALONE, LONE = "ordinary, 64 callers", "ordinary, 64 callers, a transaction each", "ordinary, 1 caller"

LINES = (
    Line("bare, batch, against pgbench", faster(BARE_BATCH, PGBENCH), 1.8, 3.0),
    Line("ordinary, batch, against pgbench", faster(BATCH, PGBENCH), 1.2, 2.0),
    Line("ordinary, batch, Zipf, against pgbench", faster(ZIPF, PGBENCH), 1.8, 3.5),
    Line("64 callers against pgbench", faster(SHARED, PGBENCH), 1.0, 1.5),
    Line("64 callers against a transaction each", faster(SHARED, ALONE), 5.0, 8.0),
    Line("64 callers against a transaction each, p50", wait(SHARED, ALONE, "p50"), 0.2, 0.125, at_most=True),
    Line("64 callers against a transaction each, p99", wait(SHARED, ALONE, "p99"), 0.2, 0.125, at_most=True),
    Line("1 caller against pgbench -c 1", faster(LONE, PGBENCH_1), 0.3, 0.5),
    Line("1 caller, p50", of(LONE, "p50"), 1.2, 0.7, "ms", at_most=True),
    Line("ordinary, batch, against the ORM's bare awards", faster(BATCH, ORM), 8.0, 12.0),
    Line("Python CPU, bare, batch", of(BARE_BATCH, "ours"), 25.0, 15.0, "µs", at_most=True),
    Line("Python CPU, ordinary, batch", of(BATCH, "ours"), 45.0, 25.0, "µs", at_most=True),
)


@asynccontextmanager
async def on_postgres() -> AsyncIterator[Section]:
    """A server of our own that waits for the disk, with a database for each game and one for the peers."""
    server = PostgresServer.start(durable=True, settings=SETTINGS)
    try:
        database = partial(family_cpu, server.pid)
        bare = await _engine(server, "bare", BARE)
        ordinary = await _engine(server, "ordinary", ORDINARY)
        peers = await server.address.create("peers")
        pgbench = await _pgbench(server, peers, database)
        orm = await Orm.open(peers)
        await _settle(server, "bare", "ordinary", "peers")
        # Whoever is alone comes first: what the others leave to the checkpointer would weigh on so few operations.
        subjects: dict[str, Subject] = {LONE: partial(_coalesced, ordinary, 2_000, 1, database)}
        if pgbench is not None:
            subjects |= {PGBENCH_1: partial(pgbench.measure, 1, 2), PGBENCH: partial(pgbench.measure, 8, 3)}
        subjects |= {
            BARE_BATCH: partial(_batches, bare, bare_activities, database),
            BARE_ZIPF: partial(_batches, bare, partial(bare_activities, draw=zipf), database),
            BATCH: partial(_batches, ordinary, activities, database),
            ZIPF: partial(_batches, ordinary, partial(activities, draw=zipf), database),
            SHARED: partial(_coalesced, ordinary, 10_000, CALLERS, database),
            ALONE: partial(_each_alone, ordinary, database),
            ORM: partial(orm.awards, 3_000, database),
        }
        yield Section(subjects, LINES)
        await orm.close()
        for engine in (bare, ordinary):
            await engine.store.close()
    finally:
        server.close()


async def _engine(server: PostgresServer, name: str, text: str) -> Engine:
    dsn = await server.address.create(name)
    await migrate.upgrade(dsn)
    store = await open_store(dsn, connections=CONNECTIONS)
    await seed(store, text)
    return Engine(store, game(text))


async def _pgbench(server: PostgresServer, dsn: str, database: Cpu) -> Pgbench | None:
    program = pgbench_program(server)
    if program is None:
        print("There is no pgbench on this machine: the lines against it are left out.")
        return None
    await _execute(dsn, Pgbench.SCHEMA)
    return Pgbench(program, dsn, database)


async def _settle(server: PostgresServer, *names: str) -> None:
    """Nothing of the filling is left to do while we measure."""
    for name in names:
        await _execute(server.dsn(name), "VACUUM ANALYZE")
    await _execute(server.dsn(), "CHECKPOINT")


async def _execute(dsn: str, statements: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statements)
    finally:
        await connection.close()


async def _batches(engine: Engine, make: Callable[[int], Sequence[Activity]], database: Cpu) -> Sample:
    await in_batches(engine, make(2_000))
    work = make(15_000)
    return await timed(len(work), in_batches(engine, work), database=database)


async def _coalesced(engine: Engine, count: int, callers: int, database: Cpu) -> Sample:
    await coalesced(engine, activities(count // 10), callers)
    work = activities(count)
    return await timed(count, coalesced(engine, work, callers), database=database)


async def _each_alone(engine: Engine, database: Cpu) -> Sample:
    await each_alone(engine, activities(200), CALLERS)
    work = activities(2_500)
    return await timed(len(work), each_alone(engine, work, CALLERS), database=database)
