"""A store in memory: for backtests, simulations and quick tests."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from besitos.core.transfer import Transfer
from besitos.store.protocol import (
    ActivityRow,
    Attempt,
    Changes,
    EventRow,
    GameChange,
    GameMovedError,
    Held,
    Keyed,
    LetterRow,
    Loaded,
    Locks,
    MemberRef,
    MemberRow,
    NewMember,
    Raw,
    StoreError,
    T,
    TimerRow,
    TransactionRow,
    TransientError,
    Wanted,
    Work,
)
from besitos.store.transfers import first_row, others_in, transfer_of

START = datetime(1970, 1, 1, tzinfo=UTC)


class MemoryStore:
    """Dictionaries instead of tables. Work never waits, so the event loop is all the locking there is."""

    def __init__(self) -> None:
        self._tables = Tables()
        self.backlog = MemoryBacklog(self._tables)
        self.versions = MemoryVersions(self._tables)

    async def transact(self, work: Work[T]) -> T:
        """Do `work`, then make its changes visible."""
        transaction = MemoryTransaction(self._tables)
        result = await work(transaction)
        if transaction.changes is not None:
            self._tables.apply(transaction.changes)
        return result

    async def rehearse(self, work: Work[T]) -> T:
        """Do `work` and forget it."""
        return await work(MemoryTransaction(self._tables))

    async def prepare(self, months: Collection[datetime], now: datetime) -> None:
        """There is always room."""

    async def find_members(self, refs: Collection[MemberRef]) -> dict[MemberRef, int]:
        """The ids of those members that exist."""
        known = self._tables.names
        return {ref: known[ref] for ref in refs if ref in known}

    async def open_members(self, members: Sequence[NewMember], at: datetime) -> dict[MemberRef, int]:
        """Create those that do not exist yet."""
        tables = self._tables
        for new in members:
            if new.ref in tables.names or new.member_id in tables.members:
                continue
            tables.names[new.ref] = tables.names[MemberRef(new.member_id)] = new.member_id
            tables.members[new.member_id] = MemberRow(new.member_id, event_seq=1)
            tables.all.events.append(
                EventRow(new.member_id, 1, "admin.member_created", new.event, "", at),
            )
        return await self.find_members([new.ref for new in members])

    async def export(self) -> Changes:
        """A copy of everything."""
        tables = self._tables.all
        return Changes(
            START,
            activities=sorted(tables.activities, key=lambda row: (row.key, row.occurred_at)),
            transactions=sorted(tables.transactions, key=lambda row: row[:2]),
            reversals=sorted(tables.reversals),
            texts=sorted(tables.texts),
            members=sorted(self._tables.written.values()),
            rows=dict(tables.rows),
            shared=dict(tables.shared),
            scores=dict(tables.scores),
            events=sorted(tables.events, key=lambda row: row[:2]),
            timers=dict(tables.timers),
            letters=dict(tables.letters),
        )

    async def close(self) -> None:
        """Nothing to let go of."""


class Tables:
    """All rows, and the ways in which they are looked up."""

    def __init__(self) -> None:
        self.all = Changes(START)
        self.inbox: dict[str, list[ActivityRow]] = {}
        self.members: dict[int, MemberRow] = {}
        self.written: dict[int, Any] = {}
        self.names: dict[MemberRef, int] = {}
        self.history: dict[int, list[TransactionRow]] = {}
        self.reversed: dict[str, str] = {}
        self.games: list[dict[Keyed, Raw]] = []

    def apply(self, changes: Changes) -> None:
        """Add what was written."""
        every = self.all
        every.activities += changes.activities
        every.transactions += changes.transactions
        every.reversals += changes.reversals
        every.texts += changes.texts
        every.events += changes.events
        every.rows.update(changes.rows)
        every.shared.update(changes.shared)
        for place, score in changes.scores.items():
            if score is None:
                every.scores.pop(place, None)
            else:
                every.scores[place] = score
        for key in changes.cancelled:
            every.timers.pop(key, None)
        every.timers.update(changes.timers)
        every.letters.update(changes.letters)
        for row in changes.activities:
            self.inbox.setdefault(row.key, []).append(row)
        for line in changes.transactions:
            self.history.setdefault(line.member_id, []).append(line)
        self.reversed.update(changes.reversals)
        for member in changes.members:
            self.members[member.member_id] = MemberRow(*member[:5])
            known = self.written.get(member.member_id)
            seen = member.last_active if known is None else max(known.last_active, member.last_active)
            self.written[member.member_id] = member._replace(seq_before=0, last_active=seen)


class MemoryBacklog:
    """Timers and dead letters."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def due_timers(self, now: datetime, limit: int, kinds: Collection[str]) -> list[TimerRow]:
        """The timers of these kinds due by `now`, the longest due first."""
        timers = self._tables.all.timers.values()
        due = [timer for timer in timers if timer.due_at <= now and timer.kind in kinds]
        return sorted(due, key=lambda timer: (timer.due_at, timer.key))[:limit]

    async def timers(self, limit: int) -> list[TimerRow]:
        """All timers, the next due first."""
        return sorted(self._tables.all.timers.values(), key=lambda timer: (timer.due_at, timer.key))[:limit]

    async def next_timer(self) -> datetime | None:
        """When the next timer is due."""
        return min((timer.due_at for timer in self._tables.all.timers.values()), default=None)

    async def letters(self, limit: int) -> list[LetterRow]:
        """Dead letters, the oldest first."""
        return list(self._tables.all.letters.values())[:limit]

    async def forget_letters(self, attempts: Collection[Attempt]) -> None:
        """Remove dead letters."""
        for attempt in attempts:
            self._tables.all.letters.pop(attempt, None)


class MemoryVersions:
    """The game, every version of it."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def latest(self) -> int:
        """The number of the game in force."""
        return len(self._tables.games)

    async def editions(self, kinds: Collection[str]) -> list[tuple[Keyed, int, Raw]]:
        """What definitions of these kinds said in any version: kind and key, since which version, in order, the row."""
        games = [{}, *self._tables.games]
        return [
            (name, since, row)
            for since, (before, game) in enumerate(pairwise(games), 1)
            for name, row in game.items()
            if name[0] in kinds and before.get(name) != row
        ]

    async def settle(self) -> None:
        """Nothing is ever under way here."""

    async def definitions(self, version: int) -> dict[Keyed, Raw]:
        """The rows of the game as of `version`."""
        return dict(self._tables.games[version - 1]) if version else {}

    async def apply(self, change: GameChange) -> int:
        """Bring a version into force."""
        games = self._tables.games
        if change.base != len(games):
            raise GameMovedError(len(games))
        rows = {**(games[-1] if games else {}), **change.rows}
        games.append({key: body for key, body in rows.items() if body is not None})
        return len(games)


class MemoryTransaction:
    """One unit of work on a `MemoryStore`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self.changes: Changes | None = None

    async def lock(self, locks: Locks) -> Held:
        """The members and shared values; nothing to wait for."""
        members, shared = self._tables.members, self._tables.all.shared
        return Held(
            {member_id: members[member_id] for member_id in locks.members if member_id in members},
            {scope: shared.get(scope) for scope in locks.shared},
        )

    async def load(self, wanted: Wanted) -> Loaded:
        """Look everything up."""
        inbox, rows = self._tables.inbox, self._tables.all.rows
        found = ((name, self._transfer(name)) for name in wanted.transfers)
        return Loaded(
            {key: list(inbox[key]) for key in wanted.keys if key in inbox},
            {name: rows[name] for name in wanted.rows if name in rows},
            {name: transfer for name, transfer in found if transfer is not None},
            len(self._tables.games),
        )

    async def write(self, changes: Changes) -> None:
        """Keep the changes until the commit, and refuse what the SQL stores' constraints would refuse."""
        if any(row.balance_after < 0 for row in changes.transactions):
            message = "a balance would be negative"
            raise StoreError(message)
        if any(row.transfer_id in self._tables.reversed for row in changes.reversals):
            message = "a transfer would be reversed twice"
            raise TransientError(message)
        self.changes = changes

    def _transfer(self, transfer_id: str) -> Transfer | None:
        first = first_row(transfer_id)
        if first is None:
            return None
        own = [row for row in self._tables.history.get(first[0], ()) if row.transfer_id == transfer_id]
        found = [*own]
        for member_id in others_in([_columns(row) for row in own], first[0]):
            found += [row for row in self._tables.history[member_id] if row.transfer_id == transfer_id]
        spent = {
            (row.member_id, row.seq): -sum(
                later.amount
                for later in self._tables.history[row.member_id][row.seq :]
                if later.account == row.account and later.amount < 0
            )
            for row in found
        }
        rows = [_columns(row) for row in found]
        return transfer_of(transfer_id, rows, spent, self._tables.reversed.get(transfer_id, ""))


def _columns(row: TransactionRow) -> Sequence[Any]:
    return (
        *(row.member_id, row.seq, row.account, row.amount, row.type),
        *(row.counter, row.lots, row.details, row.definition),
    )
