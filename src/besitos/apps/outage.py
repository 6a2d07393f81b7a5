"""After an outage of ours: every streak that it broke stands again."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from besitos.apps.compose import Besitos
from besitos.core.activity import Activity
from besitos.mechanics.streak.model import RestoreStreak
from besitos.store.people import member_ids

SLICE = 500
"""Members of one batch: others take their turn between two."""


class Outage(NamedTuple):
    """Which streak it broke, and when it was. Its keys are made of that: restoring twice restores once."""

    streak: str
    since: datetime
    until: datetime

    def order(self, member_id: int, now: datetime) -> Activity:
        """What is asked for one member."""
        span = f"{self.since:%Y%m%dT%H%M%S}-{self.until:%Y%m%dT%H%M%S}"
        return RestoreStreak(
            key=f"cli:streak.restore/{self.streak}/{span}/{member_id}",
            member_id=member_id,
            occurred_at=now,
            is_dated=False,
            streak=self.streak,
            since=self.since,
            until=self.until,
        )


async def restore(
    besitos: Besitos, outage: Outage, progress: Callable[[float, int], None], *, is_rehearsal: bool
) -> int:
    """Restore what the outage broke, or only say how much that is. `progress` is told how far it is, and how many.

    All members are rehearsed and only those whose streak broke are asked for: the others are left in peace.
    """
    ids = await member_ids(besitos.store)
    count = 0
    for done, chunk in _slices(ids):
        now = besitos.clock.now()
        orders = [outage.order(member_id, now) for member_id in chunk]
        answers = await besitos.engine.rehearse(orders)
        standing = [
            order for order, answer in zip(orders, answers, strict=True) if answer.accepted and not answer.replayed
        ]
        if standing and not is_rehearsal:
            standing = [
                order
                for order, answer in zip(standing, await besitos.engine.run(standing), strict=True)
                if answer.accepted
            ]
        count += len(standing)
        progress(done / len(ids), count)
    return count


def _slices(ids: Sequence[int]) -> Iterator[tuple[int, Sequence[int]]]:
    """Members by the hundred, and how many have been looked at by the end of each slice."""
    for start in range(0, len(ids), SLICE):
        chunk = ids[start : start + SLICE]
        yield start + len(chunk), chunk
