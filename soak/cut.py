"""Cuts: power lost in the middle of a write. The log that SQLite writes ahead is cut at any byte and opened again.

What is left is exactly the history up to the last commit that fits: nothing acknowledged by then is missing, and of
what came later not a trace. Sent again from the beginning, it ends as if nothing had happened.
"""

import random
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from besitos.core.activity import Activity
from besitos.store.database import sqlite_path
from besitos.store.protocol import Changes, Database, Query
from soak.part import Figures, Part
from soak.places import SQLITE, opened, place
from tests.books import assert_books_balance, comparable
from tests.engine.test_same_world import RICH, a_busy_week
from tests.world import SetClock, day, engine

A_DAY, BATCH = 60, 7
"""How much happens in a day, and how much of it is committed at once."""

AGAIN_EVERY = 100
DAMAGES = ("nothing", "zeros", "noise")
"""What stands behind the cut: the end of the file, or a rest that was never written as it should be."""

TRANSACTIONS = "SELECT position, member_id, seq, account, amount, activity FROM transactions ORDER BY position"
ACTIVITIES = "SELECT key, month FROM activities ORDER BY rowid"


@dataclass
class Life:
    """A file, its log, and after every commit: how long the log was, and how many rows there were."""

    main: bytes
    log: bytes
    commits: list[tuple[int, int, int]]
    history: tuple[Sequence[Any], Sequence[Any]]
    batches: list[list[Activity]]
    end: Changes


async def cut(seed: int, cuts: int, a_day: int = A_DAY) -> Figures:
    """So many cuts of one log."""
    dice, figures = random.Random(seed), Counter[str]()
    life = await live(seed, a_day)
    ends = [length for length, *_ in life.commits]
    figures["bytes of log"] = len(life.log)
    figures["commits in it"] = len(ends)
    with tempfile.TemporaryDirectory(prefix="besitos-soak-") as folder:
        for number in range(cuts):
            at = dice.randrange(len(life.log) + 1) if number % 3 else dice.choice(ends) + dice.randint(-1, 1)
            at = min(max(0, at), len(life.log))
            damage = dice.choice(DAMAGES)
            path = Path(folder) / f"{number}.db"
            path.write_bytes(life.main)
            log = damaged(life.log, at, damage, dice)
            path.with_name(f"{path.name}-wal").write_bytes(log)
            await look(life, path, intact(log, life.log, at), is_sent_again=number % AGAIN_EVERY == 0)
            forget(path)
    return figures


async def live(seed: int, a_day: int) -> Life:
    """A busy week in small batches, whose log is never written back."""
    week = a_busy_week(seed, a_day)
    batches = [week[start : start + BATCH] for start in range(0, len(week), BATCH)]
    async with place(SQLITE) as where, opened(where.url) as store:
        path = sqlite_path(where.url)
        log = path.with_name(f"{path.name}-wal")
        commits = [(0, 0, 0)]
        running = engine(store, SetClock(day(9)), RICH)
        for batch in batches:
            await running.run(batch)
            transactions, activities = await store.read(Query(TRANSACTIONS), Query(ACTIVITIES))
            commits.append((log.stat().st_size, len(transactions), len(activities)))
        assert commits == sorted(commits), "the log began anew"
        return Life(
            path.read_bytes(), log.read_bytes(), commits, (transactions, activities), batches, await store.export()
        )


def damaged(log: bytes, at: int, damage: str, dice: random.Random) -> bytes:
    """The log up to the cut, and what stands behind it."""
    if damage == "nothing":
        return log[:at]
    rest = len(log) - at
    return log[:at] + (bytes(rest) if damage == "zeros" else dice.randbytes(rest))


def intact(log: bytes, whole: bytes, at: int) -> int:
    """How far a damaged log is as it was: zeros may stand where there were zeros."""
    while at < len(log) and log[at] == whole[at]:
        at += 1
    return at


def forget(path: Path) -> None:
    """Remove the file and whatever stands beside it."""
    for left in path.parent.glob(f"{path.name}*"):
        left.unlink()


async def look(life: Life, path: Path, at: int, *, is_sent_again: bool) -> None:
    """Open what is left and hold it against what was there at the last commit before the cut."""
    _, rows, keys = max(commit for commit in life.commits if commit[0] <= at)
    async with opened(f"sqlite:///{path}") as store:
        [[(verdict,)]] = await store.read(Query("PRAGMA integrity_check"))
        assert verdict == "ok", verdict
        transactions, activities = await store.read(Query(TRANSACTIONS), Query(ACTIVITIES))
        assert (len(transactions), len(activities)) == (rows, keys), f"cut at {at}"
        assert transactions == life.history[0][:rows], f"cut at {at}"
        assert activities == life.history[1][:keys], f"cut at {at}"
        assert_books_balance(await store.export())
        if is_sent_again:
            await send_again(life, store)


async def send_again(life: Life, store: Database) -> None:
    """Everything once more, as callers would who are not sure."""
    running = engine(store, SetClock(day(9)), RICH)
    for batch in life.batches:
        await running.run(batch)
    assert comparable(await store.export()) == comparable(life.end)


CUTS = (Part("cut", 5_000, 500, "cuts", cut),)
