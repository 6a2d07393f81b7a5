"""`python -m bench.boards`: how long it takes to look at a board of a million members, and what keeping it costs.

Scores are log-normal and written by the store as batches write them. Each page is asked for on one connection, for
members drawn at random; the times include the driver and the threads of the store.
"""

import argparse
import asyncio
import random
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from tempfile import TemporaryDirectory

from besitos.core.board import Score
from besitos.core.clock import SystemClock
from besitos.store import boards, migrate
from besitos.store.boards import Closing, Page
from besitos.store.database import open_store
from besitos.store.protocol import Changes, Database, Locks, Query, Transaction
from tests.services.postgres import PostgresServer

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
AT_ONCE = 1_000
PAGES = 400

ADD_MEMBERS = {
    "sqlite": """
        WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < :members)
        INSERT INTO members (member_id, created_at) SELECT id, :now FROM n
    """,
    "postgresql": """
        INSERT INTO members (member_id, created_at)
        SELECT id, CAST(:now AS timestamptz) FROM generate_series(1, CAST(:members AS bigint)) AS n (id)
    """,
}


async def main(members: int, kinds: Sequence[str]) -> int:
    """Each database, one after the other."""
    if "sqlite" in kinds:
        with TemporaryDirectory(prefix="besitos-bench-") as folder:
            await measure(f"sqlite:///{folder}/boards.db", members)
    if "postgresql" in kinds:
        server = PostgresServer.start(None, durable=True, settings={"max_wal_size": "16GB"})
        try:
            await measure(await server.address.create("boards"), members)
        finally:
            server.close()
    return 0


async def measure(url: str, members: int) -> None:
    """Fill one database and look at it in every way."""
    await migrate.upgrade(url)
    store, kind = await open_store(url, connections=4), "postgresql" if url.startswith("postgres") else "sqlite"
    await store.amend(Query(ADD_MEMBERS[kind], {"members": members, "now": NOW}))
    dice = random.Random(1)
    everybody = {number: Score(int(dice.lognormvariate(6, 1.5)) + 1) for number in range(1, members + 1)}
    began = time.perf_counter()
    for start in range(1, members + 1, AT_ONCE):
        await write(store, {number: everybody[number] for number in range(start, start + AT_ONCE)})
    say(kind, f"first {members:,} scores, an activity", [(time.perf_counter() - began) / members])
    await store.amend(Query("ANALYZE"))
    await moving(store, kind, everybody, dice)
    await looking(store, kind, members, dice)
    await close(store, kind, everybody)
    await store.close()


async def close(store: Database, kind: str, everybody: dict[int, Score]) -> None:
    """The end of a period, while others write."""
    waits, is_over = list[float](), asyncio.Event()

    async def go_on_writing() -> None:
        while not is_over.is_set():
            began = time.perf_counter()
            await write(store, {1: everybody[1]})
            waits.append(time.perf_counter() - began)

    writing = asyncio.create_task(go_on_writing())
    began = time.perf_counter()
    closing = Closing("b", "2026-11", NOW, NOW, 0, None)
    assert await boards.close(store, closing, ("b", ""), SystemClock())
    say(kind, "closing it", [time.perf_counter() - began])
    is_over.set()
    await writing
    say(kind, "a score written meanwhile", waits)
    say(kind, "the slowest of these", [max(waits)])


async def moving(store: Database, kind: str, everybody: dict[int, Score], dice: random.Random) -> None:
    """Scores that change, a thousand in a transaction."""
    took = []
    for _ in range(20):
        moved = {
            number: Score(everybody[number].whole + dice.randint(1, 50))
            for number in dice.sample(list(everybody), AT_ONCE)
        }
        began = time.perf_counter()
        await write(store, moved)
        took.append((time.perf_counter() - began) / AT_ONCE)
    say(kind, "a changed score, of 1,000", took)


async def looking(store: Database, kind: str, members: int, dice: random.Random) -> None:
    """Every way to look."""
    asked: dict[str, Callable[[int], Awaitable[object]]] = {
        "top 10": lambda _: boards.top(store, Page("b", "", 10)),
        "rank of a random member": lambda member_id: boards.place_of(store, "b", "", member_id),
        "5 on either side of a random member": lambda member_id: boards.around(store, Page("b", "", 5, member_id)),
        "how many there are": lambda _: boards.how_many(store, "b", ""),
    }
    for name, ask in asked.items():
        took = []
        for _ in range(PAGES):
            member_id = dice.randint(1, members)
            began = time.perf_counter()
            assert await ask(member_id)
            took.append(time.perf_counter() - began)
        say(kind, name, took)


async def write(store: Database, scores: dict[int, Score]) -> None:
    """As a batch writes them."""

    async def work(transaction: Transaction) -> None:
        await transaction.lock(Locks())
        await transaction.write(
            Changes(NOW, scores={("b", "", member_id): score for member_id, score in scores.items()})
        )

    await store.transact(work)


def say(kind: str, what: str, seconds: list[float]) -> None:
    """One line of the table."""
    ordered = sorted(seconds)
    p50, p99 = ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]
    print(f"{kind:<11} {what:<40} p50 {p50 * 1_000:9.3f} ms   p99 {p99 * 1_000:9.3f} ms", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=1_000_000)
    parser.add_argument("--on", choices=list(ADD_MEMBERS), nargs="+", default=list(ADD_MEMBERS))
    given = parser.parse_args()
    sys.exit(asyncio.run(main(given.members, given.on)))
