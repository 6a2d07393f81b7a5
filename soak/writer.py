"""One of several processes that write at once: `python -m soak.writer URL SEED SECONDS`.

It says, as JSON, what its own orders came to for each member, and every error that a caller would have seen.
"""

import asyncio
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from besitos.core.activity import Activity
from besitos.core.clock import SystemClock
from besitos.engine.engine import Engine
from besitos.engine.outcome import Status
from besitos.mechanics.transfer.model import Gift, Grant, Spend
from besitos.store.database import open_store
from besitos.store.protocol import StoreError
from tests.world import game

MEMBERS = range(1, 201)
SHARED_KEYS = 0.05
"""How many of the keys every writer uses, for the very same order."""


async def write(url: str, seed: int, seconds: float) -> dict[str, Any]:
    """Write for so long, a batch after the other and single orders beside them."""
    store = await open_store(url, connections=3)
    running = Engine(store, game(), SystemClock())
    totals: Counter[int] = Counter()
    said: dict[str, Any] = {"orders": 0, "replayed": 0, "errors": []}
    drawn, dice = orders(seed), random.Random(seed)
    ends = time.monotonic() + seconds

    async def lane() -> None:
        while time.monotonic() < ends:
            batch = [next(drawn) for _ in range(dice.choice([1, 1, 5, 100]))]
            try:
                outcomes = await running.run(batch)
            except StoreError as error:
                said["errors"].append(repr(error))
                continue
            for outcome in outcomes:
                if outcome.status is Status.FAILED:
                    said["errors"].append(str(outcome.details))
                said["replayed"] += outcome.replayed
                if not outcome.replayed:
                    totals.update({paid.member_id: 0 for paid in outcome.paid})
                    for paid in outcome.paid:
                        totals[paid.member_id] += paid.amount
            said["orders"] += len(batch)

    await asyncio.gather(*(lane() for _ in range(3)))
    await store.close()
    return said | {"totals": totals}


def orders(seed: int) -> Iterator[Activity]:
    """Orders for ever. Few members have most of them (Zipf 1.1)."""
    dice, clock = random.Random(seed), SystemClock()
    shared, number = 0, 0
    while True:
        number += 1
        shared += dice.random() < SHARED_KEYS
        is_shared = dice.random() < SHARED_KEYS
        own = random.Random(shared) if is_shared else dice
        key = f"soak:shared-{shared}" if is_shared else f"soak:{seed}-{number}"
        member, to = (min(int(own.paretovariate(0.6)), MEMBERS[-1]) for _ in range(2))
        said: dict[str, Any] = {
            "key": key,
            "member_id": member,
            "occurred_at": clock.now(),
            "is_dated": False,
            "amount": own.randint(1, 50),
        }
        kind = (
            own.choices([Grant, Spend], [3, 2])[0] if to == member else own.choices([Grant, Spend, Gift], [2, 2, 4])[0]
        )
        yield Gift(**said, to=to) if kind is Gift else kind(**said)


def main(arguments: Sequence[str]) -> None:
    """What a process of its own does."""
    url, seed, seconds = arguments
    print(json.dumps(asyncio.run(write(url, int(seed), float(seconds)))))


if __name__ == "__main__":
    main(sys.argv[1:])
