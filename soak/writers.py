"""Writers: two to four processes that write to one database for a minute, few members having most of it (Zipf).

No caller sees a deadlock or a serialization failure, and no besito is lost or doubled.
"""

import asyncio
import json
import sys
from collections import Counter
from functools import partial
from typing import Any

from besitos.store.audit import audit
from soak.part import Figures, Part
from soak.places import POSTGRES, SQLITE, opened, place
from soak.writer import MEMBERS
from tests.books import assert_books_balance, balances_in

SECONDS = 60.0


async def write(kind: str, seed: int, runs: int, seconds: float = SECONDS) -> Figures:
    """So many runs, with two, three and four processes in turn."""
    figures: Figures = Counter()
    for number in range(runs):
        figures += await write_together(kind, seed + number, 2 + (seed + number) % 3, seconds)
    return figures


async def write_together(kind: str, seed: int, processes: int, seconds: float) -> Figures:
    """One run: what the writers say they moved is what there is."""
    async with place(kind, members=MEMBERS) as where:
        said = await asyncio.gather(*(writer(where.url, seed * 10 + number, seconds) for number in range(processes)))
        async with opened(where.url) as store:
            tables = await store.export()
            report = await audit(store)
    assert not [error for each in said for error in each["errors"]], [each["errors"][:5] for each in said]
    totals: Counter[int] = Counter()
    for each in said:
        totals.update({int(member): total for member, total in each["totals"].items()})
    assert_books_balance(tables)
    assert not tables.letters
    found = {account.member_id: balance for account, balance in balances_in(tables).items() if balance}
    assert found == {member: total for member, total in totals.items() if total}, f"{found} is not {totals}"
    assert report.is_clean, report.violations
    counted: Figures = Counter(orders=len(tables.activities), repeated=sum(each["replayed"] for each in said))
    counted["processes"] = processes
    return counted


async def writer(url: str, seed: int, seconds: float) -> dict[str, Any]:
    """What one process says at its end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "soak.writer", url, str(seed), str(seconds), stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, f"writer {seed} ended with {process.returncode}"
    answer: dict[str, Any] = json.loads(said)
    return answer


WRITERS = (
    Part("writers/sqlite", 3, 1, "minutes", partial(write, SQLITE)),
    Part("writers/postgres", 3, 1, "minutes", partial(write, POSTGRES)),
)
