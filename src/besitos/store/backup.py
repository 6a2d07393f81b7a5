"""A copy of a live SQLite database, whole and consistent, while work goes on."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

from besitos.store import sqlite
from besitos.store.protocol import StoreError

PAGES = 4_096
"""Pages copied at a time, between which others may write."""


def back_up(source: Path, target: Path, progress: Callable[[int, int], None]) -> int:
    """Copy `source` to `target`, which must not exist yet, and say how many bytes it has.

    The copy grows beside its name and takes it when it is whole and checked, so a file of that name is a good one.
    `progress` is told how many pages are left, and of how many.
    """
    if target.exists():
        raise FileExistsError(None, None, str(target))
    unfinished = target.with_name(f"{target.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    try:
        _copy(source, unfinished, progress)
        os.link(unfinished, target)  # unlike a rename it never replaces what has appeared there meanwhile
    finally:
        for name in (
            unfinished,
            *(unfinished.with_name(unfinished.name + end) for end in ("-journal", "-wal", "-shm")),
        ):
            name.unlink(missing_ok=True)
    return target.stat().st_size


def _copy(source: Path, target: Path, progress: Callable[[int, int], None]) -> None:
    try:
        original = sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=sqlite.BUSY_SECONDS)
        copy = sqlite3.connect(target)
        try:
            original.backup(copy, pages=PAGES, progress=lambda _, left, total: progress(left, total))
            copy.execute("PRAGMA journal_mode = DELETE")
            [verdict] = copy.execute("PRAGMA integrity_check(1)").fetchone()
        finally:
            copy.close()
            original.close()
    except sqlite3.Error as error:
        raise sqlite.refusal_of(error) from error
    if verdict != "ok":
        message = f"the copy is not whole: {verdict}"
        raise StoreError(message)
