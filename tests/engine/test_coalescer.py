"""Callers who share batches."""

import asyncio
from collections.abc import Sequence

from besitos.core.activity import Activity
from besitos.engine.coalescer import Coalescer
from besitos.engine.outcome import Outcome
from tests.mechanics.scene import done

MEMBERS = range(1, 5)


class Slow:
    """Batches that take their time. What was decided stands in `decided`, in that order."""

    def __init__(self) -> None:
        self.decided: list[Activity] = []
        self.sizes: list[int] = []
        self.under_way = self.most_at_once = 0

    async def run(self, activities: Sequence[Activity]) -> list[Outcome]:
        self.under_way += 1
        self.most_at_once = max(self.most_at_once, self.under_way)
        self.sizes.append(len(activities))
        for _ in range(3):
            await asyncio.sleep(0)
        self.decided += activities
        self.under_way -= 1
        return [Outcome() for _ in activities]


async def _submitted() -> tuple[Slow, list[Activity]]:
    slow, activities = Slow(), [done(member_id=member_id, n=n) for n in range(20) for member_id in MEMBERS]
    coalescer = Coalescer(slow.run)
    await asyncio.gather(*map(coalescer.submit, activities))
    return slow, activities


async def test_it_is_decided_in_the_order_in_which_it_came_one_batch_after_the_other() -> None:
    slow, activities = await _submitted()

    assert slow.decided == activities
    assert slow.most_at_once == 1


async def test_whoever_comes_while_a_batch_is_under_way_shares_the_next() -> None:
    slow, activities = await _submitted()

    assert slow.sizes == [len(activities)]


async def test_an_error_reaches_those_who_share_it_and_nobody_else() -> None:
    sizes: list[int] = []

    async def run(activities: Sequence[Activity]) -> list[Outcome]:
        sizes.append(len(activities))
        await asyncio.sleep(0)
        if len(sizes) == 1:
            raise ConnectionError
        return [Outcome() for _ in activities]

    coalescer = Coalescer(run)
    first = asyncio.create_task(coalescer.submit(done()))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    others = [asyncio.create_task(coalescer.submit(done())) for _ in MEMBERS]
    answers = await asyncio.gather(first, *others, return_exceptions=True)

    assert [type(answer) for answer in answers] == [ConnectionError, *[Outcome] * len(MEMBERS)]
    assert sizes == [1, len(MEMBERS)]
