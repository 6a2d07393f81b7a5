"""The store on PostgreSQL, spoken to with asyncpg."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import asyncpg

from besitos.core.calendar import month_of
from besitos.store import partitions
from besitos.store import postgres_statements as sql
from besitos.store.backlog import StoredBacklog
from besitos.store.export import everything
from besitos.store.protocol import (
    ActivityRow,
    Changes,
    Held,
    Loaded,
    Locks,
    MemberRef,
    MemberRow,
    NewMember,
    Query,
    StoreError,
    T,
    TransientError,
    UnavailableError,
    Wanted,
    Work,
)
from besitos.store.scores import NOWHERE, score_rows
from besitos.store.statement import numbered
from besitos.store.transfers import first_row, others_in, transfer_of
from besitos.store.versions import StoredVersions

Connection: TypeAlias = Any
"""An asyncpg connection, lent by the pool (whose proxy has no useful type)."""

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

TRANSIENT = (
    asyncpg.TransactionRollbackError,  # deadlock, serialization failure
    asyncpg.UniqueViolationError,  # a rival wrote the same key first: decided again, it is a replay
    asyncpg.LockNotAvailableError,
)
UNAVAILABLE: dict[type[BaseException], str] = {
    asyncpg.DiskFullError: "store.full",
    asyncpg.ReadOnlySQLTransactionError: "store.read_only",
    asyncpg.TooManyConnectionsError: "store.busy",
    asyncpg.OutOfMemoryError: "store.busy",
    asyncpg.OperatorInterventionError: "store.unreachable",  # shutting down, starting up, killed
    asyncpg.PostgresConnectionError: "store.unreachable",
    asyncpg.InternalClientError: "store.unreachable",
    asyncpg.InterfaceError: "store.unreachable",
    asyncpg.InvalidAuthorizationSpecificationError: "store.unreachable",
    asyncpg.InvalidCatalogNameError: "store.unreachable",
    OSError: "store.unreachable",
    TimeoutError: "store.busy",
}
FAULTS: tuple[type[Exception], ...] = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
)
"""All that the driver raises on its own account."""

PLANS_LAST = 5_000
"""Activities after which statements are planned anew.

A plan that was made while a month was nearly empty reads all of it, and PostgreSQL keeps it until it has gathered
statistics, a minute or more later: until then each batch would read the whole month so far.
"""

PLAN_EACH = "SET LOCAL plan_cache_mode = auto"
"""What people look at differs more than what the engine does: there a plan may depend on the values."""

MONTHS_AHEAD = 3
LOGS_BY_RECORDING = ("transactions", "events")


class PostgresStore:
    """A database, reached through a pool."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self.backlog = StoredBacklog(self)
        self.versions = StoredVersions(self, "LOCK TABLE versions IN ACCESS EXCLUSIVE MODE")
        self._months: dict[str, set[datetime]] = {log: set() for log in partitions.KEYS}
        self._written = 0
        self._planned: dict[int, int] = {}

    @classmethod
    async def connect(cls, dsn: str, *, connections: int = 4) -> "PostgresStore":
        """Connect. `UnavailableError` if the server cannot be reached."""
        try:
            pool = await asyncpg.create_pool(dsn, min_size=1, max_size=connections, init=_prepare, reset=_tidy)
        except FAULTS as error:
            raise refusal_of(error) from error
        return cls(pool)

    async def transact(self, work: Work[T]) -> T:
        """Do `work` and commit it."""
        return await self._run(work, PostgresTransaction, "COMMIT")

    async def rehearse(self, work: Work[T]) -> T:
        """Do `work` and roll it back."""
        return await self._run(work, Rehearsal, "ROLLBACK")

    async def prepare(self, months: Collection[datetime], now: datetime) -> None:
        """Make the months of the logs: those of the activities, and those in which it is being recorded."""
        present = month_of(now)
        if self._months["activities"].issuperset(months) and present in self._months["events"]:
            return
        ahead = set(partitions.months_from(present, MONTHS_AHEAD))
        wanted = dict.fromkeys(LOGS_BY_RECORDING, ahead) | {"activities": ahead | set(months)}
        try:
            async with self._pool.acquire() as connection:
                for log, each in wanted.items():
                    await partitions.ensure(connection, log, each)
                    self._months[log] |= each
        except FAULTS as error:
            raise refusal_of(error) from error

    async def find_members(self, refs: Collection[MemberRef]) -> dict[MemberRef, int]:
        """The ids of those members that exist."""
        found: dict[MemberRef, int] = {}
        for place, statement in enumerate(sql.FIND_MEMBERS):
            named = {ref[place]: ref for ref in refs if ref[place] is not None}
            if named:
                rows = await self._fetch(statement, list(named))
                found.update((named[name], member_id) for name, member_id in rows)
        return found

    async def open_members(self, members: Sequence[NewMember], at: datetime) -> dict[MemberRef, int]:
        """Create those that do not exist yet."""
        await self.prepare((), at)
        ids, events = [new.member_id for new in members], [new.event for new in members]
        telegram, external = (
            [new.ref.telegram_id for new in members],
            [new.ref.external_id for new in members],
        )
        await self._fetch(sql.OPEN_MEMBERS, ids, telegram, external, events, at)
        return await self.find_members([new.ref for new in members])

    async def read(self, *queries: Query) -> list[list[Sequence[Any]]]:
        """The rows of each query, all from one snapshot."""
        return await self._together("REPEATABLE READ READ ONLY", queries)

    async def stream(self, query: Query, size: int = 5_000) -> AsyncIterator[list[Sequence[Any]]]:
        """The rows of a query, so many at a time, by a cursor of the server's."""
        statement, arguments = numbered(query)
        try:
            async with self._pool.acquire() as connection, connection.transaction(readonly=True):
                await connection.execute(PLAN_EACH)
                cursor = await connection.cursor(statement, *arguments)
                while rows := await cursor.fetch(size):
                    yield [tuple(row) for row in rows]
        except FAULTS as error:
            raise refusal_of(error) from error

    async def amend(self, *queries: Query) -> list[list[Sequence[Any]]]:
        """Run statements in one transaction."""
        return await self._together("READ COMMITTED", queries)

    async def export(self) -> Changes:
        """Everything there is."""
        return await everything(self)

    async def close(self) -> None:
        """Close the pool."""
        await self._pool.close()

    async def _fetch(self, statement: str, *arguments: object) -> list[Any]:
        try:
            rows: list[Any] = await self._pool.fetch(statement, *arguments)
        except FAULTS as error:
            raise refusal_of(error) from error
        return rows

    async def _together(self, isolation: str, queries: Sequence[Query]) -> list[list[Sequence[Any]]]:
        async def work(transaction: PostgresTransaction) -> list[list[Sequence[Any]]]:
            await transaction.connection.execute(f"BEGIN ISOLATION LEVEL {isolation}; {PLAN_EACH}")
            results = []
            for query in queries:
                statement, arguments = numbered(query)
                results.append(query.held_to(await transaction.connection.fetch(statement, *arguments)))
            return results

        return await self._run(work, PostgresTransaction, "COMMIT")

    async def _run(self, work: Callable[[Any], Awaitable[T]], kind: type["PostgresTransaction"], ending: str) -> T:
        try:
            async with self._pool.acquire() as connection:
                await self._plan_anew(connection)
                transaction = kind(connection)
                try:
                    result = await work(transaction)
                    await connection.execute(ending)
                    self._written += transaction.written
                except BaseException:
                    if not connection.is_closed() and connection.is_in_transaction():
                        await connection.execute("ROLLBACK")
                    raise
        except FAULTS as error:
            raise refusal_of(error) from error
        return result

    async def _plan_anew(self, connection: Connection) -> None:
        """Forget the plans of a connection that are too old by what has been written since."""
        server = connection.get_server_pid()
        if self._written - self._planned.setdefault(server, self._written) >= PLANS_LAST:
            await connection.execute("DISCARD PLANS")
            self._planned[server] = self._written


class PostgresTransaction:
    """One unit of work: lock, load, write, in one statement each where it can be."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.written = 0

    async def lock(self, locks: Locks) -> Held:
        """Begin, holding `locks`: members by number, then shared things by name.

        Locking is a statement of its own: one that also read other tables would see them as they were
        before it had to wait.
        """
        members, shared = sorted(locks.members), sorted(locks.shared)
        held = await self._try_lock(members, shared)
        if len(held.shared) == len(shared):
            return held
        return await self._open_and_lock(members, shared)

    async def load(self, wanted: Wanted) -> Loaded:
        """Read what is wanted, in one round trip; transfers, which few acts ask for, in a few more."""
        loaded = Loaded()
        names = (
            [member_id for member_id, _ in wanted.rows],
            [scope for _, scope in wanted.rows],
        )
        arguments = (list(wanted.keys), *names, wanted.since, wanted.until)
        for name, member_id, kind, body, *rest in await self.connection.fetch(sql.LOAD, *arguments):
            if kind is not None:
                known = ActivityRow(name, member_id, kind, body, *rest)
                loaded.activities.setdefault(name, []).append(known)
            elif name is not None:
                loaded.rows[member_id, name] = body
            else:
                loaded.game_version = member_id
        for transfer_id in wanted.transfers:
            await self._load_transfer(transfer_id, loaded)
        return loaded

    async def write(self, changes: Changes) -> None:
        """Write everything, in one round trip."""
        self.written += len(changes.activities)
        scores = score_rows(changes.scores)
        tables: dict[str, Collection[Sequence[Any]]] = {
            "activities": changes.activities,
            "transactions": changes.transactions,
            "reversals": changes.reversals,
            "texts": changes.texts,
            "members": changes.members,
            "rows": [(*name, body) for name, body in changes.rows.items()],
            "shared": changes.shared.items(),
            "score_buckets": scores,
            "scores": scores,
            "scores_lost": [row[:3] for row in scores if row[5] == NOWHERE],
            "events": changes.events,
            "timers": changes.timers.values(),
            "letters": changes.letters.values(),
            "cancelled": [(key,) for key in changes.cancelled],
        }
        filled = {name: rows for name, rows in tables.items() if rows}
        if not filled:
            return
        arrays = [array for name, rows in filled.items() for array in sql.arrays_of(name, rows)]
        written = await self.connection.fetchval(
            sql.fuse(tuple(filled)), changes.recorded_at, changes.game_version, *arrays
        )
        if written != len(changes.members):
            message = "a member has changed under the lock"
            raise TransientError(message)

    async def _try_lock(self, members: Sequence[int], shared: Sequence[str]) -> Held:
        if self.connection.is_in_transaction():
            await self.connection.execute("ROLLBACK")
        await self.connection.execute("BEGIN")
        rows = await self.connection.fetch(sql.LOCK_MEMBERS, members) if members else ()
        found = await self.connection.fetch(sql.LOCK_SHARED, shared) if shared else ()
        return Held({row[0]: MemberRow(*row) for row in rows}, dict(found))

    async def _open_and_lock(self, members: Sequence[int], shared: Sequence[str]) -> Held:
        """Create the shared rows that were not there to be locked, in a small transaction of its own.

        Inserted while other rows are locked they could deadlock with a rival who does the same.
        """
        await self.connection.execute("ROLLBACK")
        await self.connection.execute(sql.OPEN_SHARED, shared)
        return await self._try_lock(members, shared)

    async def _load_transfer(self, transfer_id: str, loaded: Loaded) -> None:
        first, connection = first_row(transfer_id), self.connection
        found = await connection.fetch(sql.TRANSFER_FIRST, *first, transfer_id) if first else ()
        if not found or first is None:
            return
        recorded_at = found[0][9]
        rows = [tuple(row)[:9] for row in found]
        for other in others_in(rows, first[0]):
            rows += await connection.fetch(sql.TRANSFER_OTHERS, other, recorded_at, transfer_id)
        spent = {(row[0], row[1]): await connection.fetchval(sql.SPENT_SINCE, row[0], row[1], row[2]) for row in rows}
        by = await connection.fetchval(sql.REVERSED_BY, transfer_id)
        transfer = transfer_of(transfer_id, rows, spent, by or "")
        if transfer is not None:
            loaded.transfers[transfer_id] = transfer


class Rehearsal(PostgresTransaction):
    """A unit of work that will be rolled back, and so must not open rows on the side either."""

    async def _open_and_lock(self, members: Sequence[int], shared: Sequence[str]) -> Held:
        held = await self._try_lock(members, shared)
        for scope in shared:
            held.shared.setdefault(scope, None)
        return held


def refusal_of(error: BaseException) -> StoreError:
    """What an error of the driver means: the content is at fault, or the moment, or the server is not there."""
    if isinstance(error, TRANSIENT):
        return TransientError(str(error))
    if isinstance(error, asyncpg.DataError) or (
        isinstance(error, asyncpg.PostgresError) and not isinstance(error, tuple(UNAVAILABLE))
    ):
        return StoreError(str(error))
    reason = next((reason for kind, reason in UNAVAILABLE.items() if isinstance(error, kind)), "")
    return UnavailableError(str(error), reason or "store.unreachable")


async def _tidy(connection: Connection) -> None:
    """All that work can leave behind in a session. The usual reset of everything costs each lone act a round trip."""
    if connection.is_in_transaction():
        await connection.execute("ROLLBACK")


async def _prepare(connection: Connection) -> None:
    """Two habits of every connection.

    Statements are planned once: arrays of one look so much cheaper to the planner than what it takes for usual that
    it would plan a lone act anew each time, which costs as much as the act. And times travel as microseconds since
    2000, as PostgreSQL keeps them: half the cost of the usual way.
    """
    await connection.execute("SET plan_cache_mode = force_generic_plan")
    await connection.set_type_codec(
        "timestamptz",
        schema="pg_catalog",
        format="tuple",
        encoder=lambda moment: ((moment - EPOCH) // MICROSECOND,),
        decoder=lambda stored: EPOCH + stored[0] * MICROSECOND,
    )
