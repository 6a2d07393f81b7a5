"""The store on SQLite: one connection that writes, in a thread of its own, and a few that read beside it."""

import asyncio
import os
import queue
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

import msgspec

from besitos.store import sqlite_statements as sql
from besitos.store.backlog import StoredBacklog
from besitos.store.export import everything
from besitos.store.moments import as_stored, from_micros, month_number, to_micros
from besitos.store.protocol import (
    ActivityRow,
    Changes,
    Held,
    Loaded,
    Locks,
    MemberChange,
    MemberRef,
    MemberRow,
    NewMember,
    Query,
    StoreError,
    T,
    TransactionRow,
    TransientError,
    UnavailableError,
    Wanted,
    Work,
)
from besitos.store.scores import NOWHERE, ScoreRow, score_rows
from besitos.store.transfers import first_row, others_in, transfer_of
from besitos.store.versions import StoredVersions

READERS = 4
BUSY_SECONDS = 10.0
ASKING_ANEW = "PRAGMA busy_timeout = 20"
"""How long SQLite waits by itself before the writer asks anew. Left alone it asks ever more rarely, in the end ten
times a second, and under load whoever has waited longest loses to whoever comes, for the file is free for moments."""

UNAVAILABLE = {
    sqlite3.SQLITE_FULL: "store.full",
    sqlite3.SQLITE_IOERR: "store.full",
    sqlite3.SQLITE_READONLY: "store.read_only",
    sqlite3.SQLITE_CANTOPEN: "store.unreachable",
    sqlite3.SQLITE_CORRUPT: "store.damaged",
    sqlite3.SQLITE_NOTADB: "store.damaged",
    sqlite3.SQLITE_BUSY: "store.busy",
    sqlite3.SQLITE_LOCKED: "store.busy",
}
"""Primary result codes that say nothing about the content. Busy comes after `BUSY_SECONDS` of waiting."""


class SqliteStore:
    """A file. Whole batches run in the writer's thread; the event loop stays free while the disk syncs."""

    def __init__(self, path: Path) -> None:
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="besitos-writer")
        self._readers = ThreadPoolExecutor(max_workers=READERS, thread_name_prefix="besitos-reader")
        self._path = path.absolute()
        self._opened = _identity(self._path)
        self._db = _connect(self._path)
        self._db.executescript(sql.PRAGMAS)
        self._db.execute(ASKING_ANEW)
        self._idle: queue.SimpleQueue[sqlite3.Connection] = queue.SimpleQueue()
        self.backlog = StoredBacklog(self)
        self.versions = StoredVersions(self)

    async def transact(self, work: Work[T]) -> T:
        """Do `work` in the writer's thread and commit it."""
        return await self._write(lambda: self._run(work, "COMMIT"))

    async def rehearse(self, work: Work[T]) -> T:
        """Do `work` in the writer's thread and roll it back."""
        return await self._write(lambda: self._run(work, "ROLLBACK"))

    async def prepare(self, months: Collection[datetime], now: datetime) -> None:
        """One table holds all months."""

    async def find_members(self, refs: Collection[MemberRef]) -> dict[MemberRef, int]:
        """The ids of those members that exist."""
        return await self._read(lambda db: _find_members(db, refs))

    async def open_members(self, members: Sequence[NewMember], at: datetime) -> dict[MemberRef, int]:
        """Create those that do not exist yet."""

        async def work(_: object) -> dict[MemberRef, int]:
            now = to_micros(at)
            for new in members:
                row = (new.member_id, new.ref.telegram_id, new.ref.external_id, now, 1)
                if self._db.execute(sql.OPEN_MEMBER, row).rowcount:
                    event = (new.member_id, 1, "admin.member_created", new.event, "", 0, now, now)
                    self._db.execute(sql.ADD_EVENT, event)
            return _find_members(self._db, [new.ref for new in members])

        return await self.transact(work)

    async def read(self, *queries: Query) -> list[list[Sequence[Any]]]:
        """The rows of each query, all from one snapshot."""

        def work(db: sqlite3.Connection) -> list[list[Sequence[Any]]]:
            db.execute("BEGIN")
            try:
                return [db.execute(query.sql, _bound(query)).fetchall() for query in queries]
            finally:
                db.execute("COMMIT")

        return await self._read(work)

    async def stream(self, query: Query, size: int = 5_000) -> AsyncIterator[list[Sequence[Any]]]:
        """The rows of a query, so many at a time, over a connection of its own."""
        loop, db = asyncio.get_running_loop(), _connect(self._path)
        try:
            cursor = await loop.run_in_executor(self._readers, lambda: db.execute(query.sql, _bound(query)))
            while rows := await loop.run_in_executor(self._readers, cursor.fetchmany, size):
                yield rows
        except sqlite3.Error as error:
            raise refusal_of(error) from error
        finally:
            db.close()

    async def amend(self, *queries: Query) -> list[list[Sequence[Any]]]:
        """Run statements in one transaction of the writer's."""

        async def work(_: object) -> list[list[Sequence[Any]]]:
            return [query.held_to(self._db.execute(query.sql, _bound(query)).fetchall()) for query in queries]

        return await self.transact(work)

    async def export(self) -> Changes:
        """Everything there is."""
        return await everything(self)

    async def close(self) -> None:
        """Close the connections and end the threads."""
        await self._write(self._db.close)
        self._writer.shutdown()
        self._readers.shutdown()
        while not self._idle.empty():
            self._idle.get().close()

    async def _write(self, do: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._writer, do)

    async def _read(self, do: Callable[[sqlite3.Connection], T]) -> T:
        def lend() -> T:
            try:
                db = self._idle.get_nowait()
            except queue.Empty:
                db = _connect(self._path)
                db.execute("PRAGMA query_only = ON")
            try:
                self._check_place()
                return do(db)
            except sqlite3.Error as error:
                raise refusal_of(error) from error
            finally:
                self._idle.put(db)

        return await asyncio.get_running_loop().run_in_executor(self._readers, lend)

    def _run(self, work: Work[T], ending: str) -> T:
        try:
            self._begin()
            result = finish(work(SqliteTransaction(self._db)))
            self._check_place()
            self._db.execute(ending)
        except BaseException as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error | OverflowError):
                raise refusal_of(error) from error
            raise
        return result

    def _begin(self) -> None:
        """Get the right to write, or fail after `BUSY_SECONDS` of asking."""
        ends = monotonic() + BUSY_SECONDS
        while True:
            try:
                self._db.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() >= ends:
                    raise
            else:
                return

    def _check_place(self) -> None:
        """Refuse to work on a file that was deleted or replaced: it lives on for us alone, and is gone when we end."""
        if _identity(self._path) != self._opened:
            message = f"{self._path} is no longer the file that was opened: it was deleted or replaced; start again"
            raise UnavailableError(message, "store.unreachable")


class SqliteTransaction:
    """One unit of work. `async` only to fit the protocol: nothing here ever waits."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    async def lock(self, locks: Locks) -> Held:
        """Read what the locks cover. The one writer already holds the whole file."""
        members = self._db.execute(sql.MEMBERS, (to_json(sorted(locks.members)),))
        shared = dict(self._db.execute(sql.SHARED, (to_json(sorted(locks.shared)),))) if locks.shared else {}
        return Held({row[0]: MemberRow(*row) for row in members}, {scope: shared.get(scope) for scope in locks.shared})

    async def load(self, wanted: Wanted) -> Loaded:
        """Read what is wanted, one statement per table."""
        loaded = Loaded()
        [loaded.game_version] = self._db.execute(sql.GAME_VERSION).fetchone()
        if wanted.keys:
            for *row, at in self._db.execute(sql.INBOX, (to_json(wanted.keys),)):
                known = ActivityRow._make([*row[:4], bool(row[4]), *row[5:], from_micros(at)])
                loaded.activities.setdefault(known.key, []).append(known)
        if wanted.rows:
            for member_id, scope, body in self._db.execute(sql.ROWS, (to_json(wanted.rows),)):
                loaded.rows[member_id, scope] = body
        for transfer_id in wanted.transfers:
            self._load_transfer(transfer_id, loaded)
        return loaded

    async def write(self, changes: Changes) -> None:
        """Write everything, one statement per table."""
        version, now = changes.game_version, to_micros(changes.recorded_at)
        self._many(sql.ADD_ACTIVITY, (_activity(row, version, now) for row in changes.activities))
        self._many(sql.ADD_TRANSACTION, (_transaction(row, version, now) for row in changes.transactions))
        self._many(sql.ADD_REVERSAL, ((*row, now) for row in changes.reversals))
        self._many(sql.ADD_TEXT, changes.texts)
        self._many(sql.ADD_EVENT, ((*row[:5], version, to_micros(row.occurred_at), now) for row in changes.events))
        self._put_members(changes.members)
        self._many(sql.PUT_ROW, ((*name, body) for name, body in changes.rows.items()))
        self._many(sql.PUT_SHARED, changes.shared.items())
        if changes.scores:
            self._put_scores(score_rows(changes.scores))
        self._many(sql.PUT_LETTER, ((*row[:7], to_micros(row.occurred_at), now) for row in changes.letters.values()))
        self._many(sql.DROP_TIMER, ((key,) for key in changes.cancelled))
        self._many(
            sql.PUT_TIMER,
            ((row.key, to_micros(row.due_at), row.kind, row.activity) for row in changes.timers.values()),
        )

    def _many(self, statement: str, rows: Iterable[Any]) -> None:
        self._db.executemany(statement, rows)

    def _put_scores(self, scores: Sequence[ScoreRow]) -> None:
        """Buckets first: they look at where the members stood before."""
        self._many(sql.LEAVE_BUCKET, scores)
        self._many(sql.ENTER_BUCKET, scores)
        self._many(sql.PUT_SCORE, (row for row in scores if row[5] != NOWHERE))
        self._many(sql.DROP_SCORE, (row[:3] for row in scores if row[5] == NOWHERE))

    def _put_members(self, members: Sequence[MemberChange]) -> None:
        if not members:
            return
        rows = ((*row[1:5], to_micros(row.last_active), row.member_id, row.seq_before) for row in members)
        if self._db.executemany(sql.PUT_MEMBER, rows).rowcount != len(members):
            message = "a member has changed under the lock"
            raise TransientError(message)

    def _load_transfer(self, transfer_id: str, loaded: Loaded) -> None:
        first = first_row(transfer_id)
        if first is None:
            return
        member_id, seq = first
        rows = self._db.execute(sql.TRANSFER_OF_MEMBER, (member_id, seq, transfer_id)).fetchall()
        for other in others_in(rows, member_id):
            rows += self._db.execute(sql.TRANSFER_OF_MEMBER, (other, 0, transfer_id)).fetchall()
        spent = {
            (row[0], row[1]): self._db.execute(sql.SPENT_SINCE, (row[0], row[1], row[2])).fetchone()[0] for row in rows
        }
        by = self._db.execute(sql.REVERSED_BY, (transfer_id,)).fetchone()
        transfer = transfer_of(transfer_id, rows, spent, by[0] if by else "")
        if transfer is not None:
            loaded.transfers[transfer_id] = transfer


def finish(work: Awaitable[T]) -> T:
    """Run a coroutine that never waits to its end, without an event loop."""
    try:
        work.__await__().send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    message = "a unit of work may await only its transaction"
    raise RuntimeError(message)


def refusal_of(error: Exception) -> StoreError:
    """What SQLite's error means: the content is at fault, or nothing can be written now."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in UNAVAILABLE:
        return UnavailableError(str(error), UNAVAILABLE[code])
    if isinstance(error, sqlite3.OperationalError):
        return TransientError(str(error))
    return StoreError(str(error))


def to_json(value: object) -> str:
    """JSON text for `json_each`."""
    return msgspec.json.encode(value).decode()


def _connect(path: Path) -> sqlite3.Connection:
    """Open a file that is there: only a migration makes one, for an empty one would be taken for a lost one."""
    name = f"{path.as_uri()}?mode=rw"
    try:
        return sqlite3.connect(name, uri=True, isolation_level=None, check_same_thread=False, timeout=BUSY_SECONDS)
    except sqlite3.Error as error:
        raise refusal_of(error) from error


def _identity(path: Path) -> tuple[int, int]:
    """Which file bears this name; of none, zeros."""
    try:
        found = os.stat(path)  # noqa: PTH116 - a third of the time of Path.stat, at every commit
    except OSError:
        return 0, 0
    return found.st_dev, found.st_ino


def _bound(query: Query) -> dict[str, object]:
    return {name: as_stored(value) for name, value in query.parameters.items()}


def _find_members(db: sqlite3.Connection, refs: Collection[MemberRef]) -> dict[MemberRef, int]:
    found: dict[MemberRef, int] = {}
    for place, statement in enumerate(sql.FIND_MEMBERS):
        named = {ref[place]: ref for ref in refs if ref[place] is not None}
        if named:
            rows = db.execute(statement, (to_json(list(named)),))
            found.update((named[name], member_id) for name, member_id in rows)
    return found


def _activity(row: ActivityRow, version: int, now: int) -> Sequence[Any]:
    at = row.occurred_at
    return (row.key, month_number(at), *row[1:7], to_micros(at), now, version)


def _transaction(row: TransactionRow, version: int, now: int) -> Sequence[Any]:
    return (*row[:11], version, row.details, to_micros(row.occurred_at), now)
