"""Callers who share batches: in lanes that run side by side, each member in one of them."""

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


async def _submitted(lanes: int) -> tuple[Slow, list[Activity]]:
    slow, activities = Slow(), [done(member_id=member_id, n=n) for n in range(20) for member_id in MEMBERS]
    coalescer = Coalescer(slow.run, lanes)
    await asyncio.gather(*map(coalescer.submit, activities))
    return slow, activities


async def test_what_a_member_does_is_decided_in_the_order_in_which_it_came() -> None:
    slow, activities = await _submitted(2)

    for member_id in MEMBERS:
        own = [each for each in activities if each.member_id == member_id]
        assert [each for each in slow.decided if each.member_id == member_id] == own


async def test_as_many_batches_are_under_way_as_there_are_lanes() -> None:
    assert [(await _submitted(lanes))[0].most_at_once for lanes in (1, 2, 3)] == [1, 2, 3]


async def test_whoever_comes_while_a_batch_is_under_way_shares_the_next() -> None:
    slow, activities = await _submitted(1)

    assert slow.sizes == [len(activities)]


async def test_an_error_reaches_those_who_share_it_and_nobody_else() -> None:
    async def run(activities: Sequence[Activity]) -> list[Outcome]:
        if activities[0].member_id % 2:
            raise ConnectionError
        return [Outcome() for _ in activities]

    coalescer = Coalescer(run, 2)
    answers = await asyncio.gather(
        *(coalescer.submit(done(member_id=member_id)) for member_id in MEMBERS), return_exceptions=True
    )

    assert [type(answer) for answer in answers] == [ConnectionError, Outcome, ConnectionError, Outcome]
