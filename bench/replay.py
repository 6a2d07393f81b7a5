"""`python -m bench.replay`: what a new badge would have given for a million activities that are recorded already.

The log is filled by SQL with messages, reactions and the rest in their proportions, spread over a year; then the badge
is previewed as an operator would: the past is read member by member, and what comes of it is decided and rolled back.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg

from bench.load import KINDS, ORDINARY, WEIGHTS, game
from bench.meter import own_cpu, peak_mib
from besitos.apps.process import prepare_for_work
from besitos.core.calendar import month_of
from besitos.engine.catchup import CatchUp
from besitos.engine.engine import Engine
from besitos.store import migrate, partitions
from besitos.store.database import open_store
from besitos.store.protocol import Database, Query
from tests.services.postgres import PostgresServer

BADGE = "diligent"
GAME = ORDINARY.replace("badges:\n", f"badges:\n  {BADGE}: {{name: Diligent, if: {{messages: 30+}}}}\n")
"""The ordinary game with one badge more, which most members have earned long since."""

YEAR = timedelta(days=365)

KIND_OF = "CASE " + "".join(
    f"WHEN (n * 7919 + n / :members * 37) % 100 < {up_to} THEN '{kind}' "
    for kind, up_to in zip(KINDS, accumulate(WEIGHTS), strict=True)
)
ADD_MEMBERS = "INSERT INTO members (member_id, created_at) SELECT n, :at FROM {numbers} WHERE n <= :members"
ADD_ACTIVITIES = f"""
    INSERT INTO activities (key, {{month}} member_id, kind, content, is_dated, outcome, game_version, occurred_at,
        recorded_at)
    SELECT 'bench:' || n, {{month_of}} n * 31 % :members + 1, {KIND_OF} END,
        '{{{{"chat":-100123,"post":40194}}}}', {{true}}, '{{{{}}}}', 0, {{at}}, {{at}}
    FROM {{numbers}} WHERE n <= :activities
"""
ON = {
    "sqlite": {
        "numbers": "(WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s LIMIT :activities)"
        " SELECT n FROM s)",
        "month": "month,",
        "month_of": "CAST(strftime('%Y%m', (:at + :step * n) / 1000000, 'unixepoch') AS integer),",
        "true": "1",
        "at": ":at + :step * n",
    },
    "postgresql": {
        "numbers": "generate_series(1, CAST(:activities AS bigint)) AS s (n)",
        "month": "",
        "month_of": "",
        "true": "true",
        "at": "CAST(:at AS timestamptz) + CAST(:step AS interval) * n",
    },
}


async def main(activities: int, members: int, kinds: Sequence[str]) -> int:
    """Each database, one after the other."""
    print(f"{activities:,} activities of {members:,} members, one new badge")
    for kind in kinds:
        async with past(kind, activities, members) as store:
            prepare_for_work()
            await preview(kind, store, activities)
    return 0


@asynccontextmanager
async def past(kind: str, activities: int, members: int) -> AsyncIterator[Database]:
    """A database with so much in its log."""
    began = datetime.now(UTC) - YEAR
    if kind == "sqlite":
        with TemporaryDirectory(prefix="besitos-bench-") as folder:
            url = f"sqlite:///{Path(folder) / 'besitos.db'}"
            await migrate.upgrade(url)
            store = await open_store(url)
            await fill(kind, store, activities, members, began)
            yield store
            await store.close()
        return
    server = PostgresServer.start(None, durable=True, settings={"max_wal_size": "8GB"})
    try:
        url = await server.address.create("replay")
        await migrate.upgrade(url)
        connection = await asyncpg.connect(url)
        await partitions.ensure(connection, "activities", {month_of(began + timedelta(days=n)) for n in range(366)})
        await connection.close()
        store = await open_store(url)
        await fill(kind, store, activities, members, began)
        yield store
        await store.close()
    finally:
        server.close()


async def fill(kind: str, store: Database, activities: int, members: int, began: datetime) -> None:
    """Members, and what they did in a year, taking turns."""
    words = ON[kind]
    await store.amend(Query(ADD_MEMBERS.format(**words), {"activities": activities, "members": members, "at": began}))
    said = {"activities": activities, "members": members, "at": began, "step": YEAR / activities}
    await store.amend(Query(ADD_ACTIVITIES.format(**words), said))
    await store.amend(Query("ANALYZE"))


async def preview(kind: str, store: Database, activities: int) -> None:
    """Look at what the badge would give."""
    with peak_mib() as peak:
        started, used = time.perf_counter(), own_cpu()
        gains = await CatchUp(Engine(store, game(GAME)), store).preview([f"badge/{BADGE}"])
        took, used = time.perf_counter() - started, own_cpu() - used
    gain = gains[f"badge/{BADGE}"]
    print(
        f"{kind:<11} {took:6.1f} s, {activities / took:8,.0f} activities a second, our CPU {used:5.1f} s, "
        f"peak {peak():4.0f} MiB, {len(gain.members):,} members would get it",
        flush=True,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.replay", description=__doc__)
    parser.add_argument("--activities", type=int, default=1_000_000)
    parser.add_argument("--members", type=int, default=20_000)
    parser.add_argument("--on", choices=list(ON), nargs="+", default=list(ON))
    given = parser.parse_args()
    sys.exit(asyncio.run(main(given.activities, given.members, given.on)))
