"""Ranges of a board's scores that many connections write at once."""

import random
from datetime import UTC, datetime

from besitos.core.board import Score
from besitos.store import boards
from besitos.store.boards import Page
from besitos.store.database import open_store
from besitos.store.protocol import Changes, Locks, Placed, Query, Store, Transaction

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
WRITERS, MEMBERS = 6, 40


async def test_ranks_are_exact_whoever_of_many_connections_wrote_a_score_before(postgres_url: str) -> None:
    """Who came into a range by one connection leaves it by another: only the sum over its rows means anything."""
    writers = [await open_store(postgres_url, connections=1) for _ in range(WRITERS)]
    added = "INSERT INTO members (member_id, created_at) SELECT n, :now FROM generate_series(1, :members) AS n"
    await writers[0].amend(Query(added.replace(":now", "CAST(:now AS timestamptz)"), {"now": NOW, "members": MEMBERS}))
    dice, scores = random.Random(3), dict[int, int]()
    for round_ in range(60):
        moved = {member_id: dice.randint(1, 400) for member_id in dice.sample(range(1, MEMBERS + 1), 5)}
        scores |= moved
        await write(writers[round_ % WRITERS], moved)

    shown = await boards.top(writers[0], Page("b", "", MEMBERS))
    ranks = [(await boards.place_of(writers[1], "b", "", member_id)) for member_id in sorted(scores)]
    count = await boards.how_many(writers[2], "b", "")
    for writer in writers:
        await writer.close()

    assert count == len(scores) == len(shown)
    higher = {member_id: sum(other > score for other in scores.values()) for member_id, score in scores.items()}
    assert [place.rank for place in ranks if place is not None] == [higher[each] + 1 for each in sorted(scores)]


async def write(store: Store, scores: dict[int, int]) -> None:
    """As a batch writes them."""

    async def work(transaction: Transaction) -> None:
        await transaction.lock(Locks())
        placed: dict[Placed, Score | None] = {("b", "", each): Score(score) for each, score in scores.items()}
        await transaction.write(Changes(NOW, scores=placed))

    await store.transact(work)
