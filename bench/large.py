"""`python -m bench.large`: what an activity costs the database as members and transactions grow.

Three databases on one server: few members and few transactions, many members, and many of both. They are filled by
SQL, month by month, with rows as the game would have written them; then batches run in each in turn.
"""

import argparse
import random
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

import asyncpg
import uvloop

from bench.callers import in_batches
from bench.load import ORDINARY, activities, game
from bench.meter import Cpu, Sample, Subject, family_cpu, percentiles, timed
from bench.section import Section
from bench.table import Line, missed, of, times
from besitos.apps.process import prepare_for_work
from besitos.core.calendar import month_of
from besitos.engine.engine import Engine
from besitos.store import migrate, partitions
from besitos.store.database import open_store
from besitos.store.protocol import Database
from besitos.store.reads import history
from tests.services.postgres import PostgresServer

AT_ONCE = 250_000
"""Rows of one statement of the filling."""

SPREAD = 7_919
"""A prime: consecutive rows belong to members far apart, as they do when members take turns."""

MEASURED = 10_000
PAGES = 300
SETTINGS = {"max_wal_size": "16GB", "checkpoint_timeout": "1h", "autovacuum": "off"}
"""No checkpoint but ours, and nobody tidies up while we measure: it is done before."""


class Size(NamedTuple):
    """How large a database is. Every member has as many transactions as any other."""

    members: int
    transactions: int
    monthly: int

    @property
    def name(self) -> str:
        """As it stands in the table."""
        return f"{self.members:,} members, {self.transactions:,} transactions"

    @property
    def months(self) -> int:
        """Over how many months the transactions are spread, the present one included."""
        return -(-self.transactions // self.monthly)


ADD_MEMBERS = """
    INSERT INTO members (member_id, external_id, created_at, last_active, state, wallets, seq)
    SELECT n, 'm' || n, $3::timestamptz, $3::timestamptz,
        '{"limits":{"of":{"rule/message:/day":[0,1,0],"cap/total: besitos/day":[0,1,0]}}}',
        json_build_object('besitos', json_build_object('balance', $4::bigint, 'earned', $4::bigint)), $4::bigint
    FROM generate_series($1::bigint, $2::bigint) AS n
"""
ADD_TRANSACTIONS = """
    INSERT INTO transactions (position, member_id, seq, transfer_id, account, amount, balance_after, type, counter,
        activity, definition, game_version, occurred_at, recorded_at)
    SELECT (SELECT nextval('transaction_positions')), member_id, seq, member_id || '-' || seq, 'besitos', 1, seq,
        'EARN_RULE', 'source:message', 'seed:' || n, 'rule/message', 0, at, at
    FROM generate_series($1::bigint, $2::bigint - 1) AS n,
        LATERAL (SELECT n * $3::bigint % $4::bigint + 1, n / $4::bigint + 1,
            $5::timestamptz + ($6::timestamptz - $5::timestamptz) * (n - $1) / ($2 - $1)) AS made (member_id, seq, at)
"""
ADD_ACTIVITIES = """
    INSERT INTO activities (key, member_id, kind, content, is_dated, outcome, game_version, occurred_at,
        recorded_at)
    SELECT 'bench:' || (random() * 9e18)::bigint, n % $3::bigint + 1, 'chat.message',
        '{"chat":-100123,"post":40194}', true,
        '{"paid":[["rule/message",2,"besitos",1,1,"2-1"]]}', 1, at, at
    FROM generate_series($1::bigint, $2::bigint - 1) AS n,
        LATERAL (SELECT $4::timestamptz + ($5::timestamptz - $4::timestamptz) * (n - $1) / ($2 - $1)) AS made (at)
    ON CONFLICT DO NOTHING
"""


async def main(sizes: list[Size], repetitions: int, folder: Path | None) -> int:
    """Fill, measure, print; 1 if a floor is not reached."""
    async with grown(sizes, folder) as section:
        prepare_for_work()
        runs = await section.run(repetitions)
        section.report(runs)
    below = missed(section.lines, runs)
    print("All floors are reached." if not below else f"Below the floor: {'; '.join(below)}.")
    return 1 if below else 0


@asynccontextmanager
async def grown(sizes: list[Size], folder: Path | None) -> AsyncIterator[Section]:
    """A server with a database of each size."""
    server = PostgresServer.start(folder, durable=True, settings=SETTINGS)
    try:
        database = partial(family_cpu, server.pid)
        subjects: dict[str, Subject] = {}
        stores: list[Database] = []
        for number, size in enumerate(sizes):
            dsn = await server.address.create(f"size_{number}")
            await _fill(dsn, size)
            stores.append(await open_store(dsn))
            world = World(stores[-1], size.members, dsn, database)
            subjects |= {f"{size.name}{kind}": subject for kind, subject in world.subjects.items()}
        yield Section(subjects, list(_lines(sizes)))
        for store in stores:
            await store.close()
    finally:
        server.close()


class World:
    """One database at work."""

    def __init__(self, store: Database, members: int, dsn: str, server: Cpu) -> None:
        self._store = store
        self._engine = Engine(store, game(ORDINARY))
        self._members = members
        self._dsn = dsn
        self._server = server
        self.subjects: dict[str, Subject] = {COLD: self._cold, WARM: self._run, HISTORY: self._pages}

    async def _cold(self) -> Sample:
        """Right after a checkpoint, when each page that is touched goes into the log whole."""
        connection = await asyncpg.connect(self._dsn)
        await connection.execute("CHECKPOINT")
        await connection.close()
        return await self._run()

    async def _run(self) -> Sample:
        work = activities(MEASURED, lambda: random.randint(1, self._members))
        before = await self._written()
        sample = await timed(len(work), in_batches(self._engine, work), database=self._server)
        return sample._replace(wal=(await self._written() - before) / len(work))

    async def _pages(self) -> Sample:
        """The newest page of the history of members drawn by lot."""
        waits: list[float] = []
        for _ in range(PAGES):
            started = time.perf_counter()
            lines = await history(self._store, random.randint(1, self._members))
            waits.append(time.perf_counter() - started)
            assert lines, "everybody has a history"
        p50, p99 = percentiles(waits)
        return Sample(PAGES / sum(waits), p50=p50, p99=p99)

    async def _written(self) -> int:
        """Bytes that the server has written to its log so far."""
        connection = await asyncpg.connect(self._dsn)
        written = await connection.fetchval("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")
        await connection.close()
        return int(written)


COLD, WARM, HISTORY = ", after a checkpoint", ", warm", ", history page"


def _lines(sizes: list[Size]) -> Iterator[Line]:
    few, many, most = (size.name for size in sizes)
    for kind in (COLD, WARM):
        yield Line(
            f"database CPU, more members{kind}", times(many + kind, few + kind, "database"), 1.6, 1.2, at_most=True
        )
    for kind in (COLD, WARM):
        growth = times(most + kind, many + kind, "database")
        yield Line(f"database CPU, more transactions{kind}", growth, 1.4, 1.2, at_most=True)
        yield Line(f"WAL, more transactions{kind}", times(most + kind, many + kind, "wal"), 1.4, 1.2, at_most=True)
    yield Line("history page, p50", of(most + HISTORY, "p50"), 5.0, 1.0, "ms", at_most=True)


async def _fill(dsn: str, size: Size) -> None:
    """Tables, members, transactions of each month, and the activities of the present one."""
    assert size.transactions % size.members == 0, "each member has as many transactions as any other"
    started = time.perf_counter()
    await migrate.upgrade(dsn)
    connection = await asyncpg.connect(dsn)
    now = datetime.now(UTC)
    spans = list(_spans(size, now))
    for log in ("transactions", "activities"):
        await partitions.ensure(connection, log, {month_of(begins) for *_, begins, _ in spans})
    each = size.transactions // size.members
    for first in range(1, size.members + 1, AT_ONCE):
        last = min(first + AT_ONCE - 1, size.members)
        await connection.execute(ADD_MEMBERS, first, last, spans[0][2], each)
    for first, last, begins, ends in spans:
        for start in range(first, last, AT_ONCE):
            stop = min(start + AT_ONCE, last)
            at = (begins + (ends - begins) * ((edge - first) / (last - first)) for edge in (start, stop))
            await connection.execute(ADD_TRANSACTIONS, start, stop, SPREAD, size.members, *at)
        print(f"\r{size.name}: {last:,} transactions, {time.perf_counter() - started:.0f} s", end="", flush=True)
    first, last, begins, ends = spans[-1]
    await connection.execute(ADD_ACTIVITIES, first, last, size.members, begins, ends)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()
    print(f"\r{size.name}: filled in {time.perf_counter() - started:.0f} s{'':20}", flush=True)


def _spans(size: Size, now: datetime) -> Iterator[tuple[int, int, datetime, datetime]]:
    """The rows of each month, the oldest first: from, up to, and when the first and the last were written."""
    begins = month_of(now)
    months = [(begins, now)]
    while len(months) < size.months:
        begins, ends = month_of(begins - timedelta(days=1)), begins
        months.append((begins, ends))
    for number, (begins, ends) in enumerate(reversed(months)):
        yield number * size.monthly, min((number + 1) * size.monthly, size.transactions), begins, ends


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.large", description=__doc__)
    parser.add_argument("repetitions", nargs="?", type=int, default=5)
    parser.add_argument("--few-members", type=int, default=10_000)
    parser.add_argument("--members", type=int, default=1_000_000)
    parser.add_argument("--few-transactions", type=int, default=1_000_000)
    parser.add_argument("--transactions", type=int, default=20_000_000)
    parser.add_argument("--folder", type=Path, help="where the server keeps its data; about 8 GB for the usual size")
    return parser.parse_args()


if __name__ == "__main__":
    given = _arguments()
    chosen = [
        Size(given.few_members, given.few_transactions, given.few_transactions),
        Size(given.members, given.few_transactions, given.few_transactions),
        Size(given.members, given.transactions, given.few_transactions),
    ]
    sys.exit(uvloop.run(main(chosen, given.repetitions, given.folder)))
