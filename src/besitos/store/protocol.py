"""What the engine asks of a database, and the rows that pass between them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol, TypeAlias, TypeVar

from besitos.core.board import Score
from besitos.core.transfer import Transfer

T = TypeVar("T")

Raw: TypeAlias = str
"""JSON as the database holds it. Only the engine knows the shapes."""

Named: TypeAlias = tuple[int, str]
"""A member and the scope of one of their rows."""

Attempt: TypeAlias = tuple[str, int]
"""A key and the month in which it was used."""

Placed: TypeAlias = tuple[str, str, int]
"""A board, a period of it, and a member."""

Keyed: TypeAlias = tuple[str, str]
"""Kind and key of a definition."""


@dataclass(frozen=True, slots=True)
class Locks:
    """What a batch must hold before it reads: members, and shared things by name."""

    members: frozenset[int] = frozenset()
    shared: frozenset[str] = frozenset()


@dataclass(slots=True)
class Held:
    """What came with the locks. Members that are not here do not exist; shared things not yet written are None."""

    members: dict[int, "MemberRow"]
    shared: dict[str, Raw | None]


@dataclass(slots=True)
class Wanted:
    """What to read under the locks.

    `keys` are looked up among the activities that occurred from `since` up to `until`: first days of months,
    so that only the partitions concerned are searched.
    """

    keys: Collection[str] = ()
    since: datetime | None = None
    until: datetime | None = None
    rows: Collection[Named] = ()
    transfers: Collection[str] = ()


@dataclass(slots=True)
class Loaded:
    """What was found of what was wanted. What is not here does not exist.

    A key may have been used in several months, since each is another attempt. `game_version` is the number
    of the game in force, 0 before the first.
    """

    activities: dict[str, list["ActivityRow"]] = field(default_factory=dict)
    rows: dict[Named, Raw] = field(default_factory=dict)
    transfers: dict[str, Transfer] = field(default_factory=dict)
    game_version: int = 0


class MemberRow(NamedTuple):
    """A member: document, accounts, number of movements and of events so far.

    One row, so that locking it loads it, and writing it is one write.
    """

    member_id: int
    state: Raw = "{}"
    wallets: Raw = "{}"
    seq: int = 0
    event_seq: int = 0


class MemberChange(NamedTuple):
    """A member as the batch leaves them. `seq_before` is what was loaded: other than that, an update was lost."""

    member_id: int
    state: Raw
    wallets: Raw
    seq: int
    event_seq: int
    seq_before: int
    last_active: datetime


class ActivityRow(NamedTuple):
    """Inbox and log in one row. What was said is its own fingerprint; `outcome` answers repetitions."""

    key: str
    member_id: int
    kind: str
    content: Raw
    is_dated: bool
    outcome: Raw
    trace: Raw | None
    occurred_at: datetime


class TransactionRow(NamedTuple):
    """One immutable line of a member's history, the `seq`-th.

    Two writers who started from the same state would write the same seq, so the primary key refuses
    a lost update even if the locks ever failed. `details` holds what few rows have: debt, what they
    reverse, metadata.
    """

    member_id: int
    seq: int
    transfer_id: str
    account: str
    amount: int
    balance_after: int
    type: str
    counter: str
    lots: Raw | None
    activity: str
    definition: str
    details: Raw | None
    occurred_at: datetime


class EventRow(NamedTuple):
    """One line of the event log, which is also the outbox."""

    member_id: int
    member_seq: int
    type: str
    body: Raw
    activity: str
    occurred_at: datetime


class TimerRow(NamedTuple):
    """An activity to be. Its key is the activity's."""

    key: str
    due_at: datetime
    kind: str
    activity: Raw


class TextRow(NamedTuple):
    """What somebody typed about a transfer. Erasable, unlike the transfer."""

    transfer_id: str
    member_id: int
    body: str


class ReversalRow(NamedTuple):
    """`transfer_id` was undone by the transfer `by`. The primary key makes that happen once."""

    transfer_id: str
    by: str


class LetterRow(NamedTuple):
    """An activity that failed: a dead letter. Its key stays free: it is decided anew when it comes again.

    Like every attempt it is named by its key and the month of `occurred_at`, which is kept as 202611.
    """

    key: str
    month: int
    member_id: int
    kind: str
    content: Raw
    is_dated: bool
    error: str
    occurred_at: datetime

    @property
    def attempt(self) -> Attempt:
        """Its name."""
        return self.key, self.month


@dataclass(slots=True)
class Changes:
    """Everything a batch writes. One bulk statement per table, whatever the size of the batch."""

    recorded_at: datetime
    game_version: int = 0
    activities: list[ActivityRow] = field(default_factory=list)
    transactions: list[TransactionRow] = field(default_factory=list)
    reversals: list[ReversalRow] = field(default_factory=list)
    texts: list[TextRow] = field(default_factory=list)
    members: list[MemberChange] = field(default_factory=list)
    rows: dict[Named, Raw] = field(default_factory=dict)
    shared: dict[str, Raw] = field(default_factory=dict)
    scores: dict[Placed, Score | None] = field(default_factory=dict)
    events: list[EventRow] = field(default_factory=list)
    timers: dict[str, TimerRow] = field(default_factory=dict)
    cancelled: set[str] = field(default_factory=set)
    letters: dict[Attempt, LetterRow] = field(default_factory=dict)


class MemberRef(NamedTuple):
    """How a caller names a member: exactly one of our id, Telegram's, or an application's."""

    member_id: int | None = None
    telegram_id: int | None = None
    external_id: str | None = None


class NewMember(NamedTuple):
    """A member to be: how they are named, the id they shall have, and the event that tells of them."""

    ref: MemberRef
    member_id: int
    event: Raw


class Query(NamedTuple):
    """Portable SQL with `:named` parameters. Moments, days and spans go in as such; `moment_of` reads moments again.

    What `must_find` and returns no row finds things other than they were looked at: nothing of its transaction remains.
    """

    sql: str
    parameters: Mapping[str, object] = {}
    must_find: bool = False

    def held_to(self, rows: list[Sequence[Any]]) -> list[Sequence[Any]]:
        """These rows of its, or a `TransientError` where it had to find some and did not."""
        if self.must_find and not rows:
            message = "what was to be changed has changed meanwhile"
            raise TransientError(message)
        return rows


class Person(NamedTuple):
    """What is known of who a member is. What is None stays as it was."""

    username: str | None = None
    display_name: str | None = None
    language: str | None = None


class StoreError(Exception):
    """The database refused the content. Nothing of the transaction remains."""


class TransientError(StoreError):
    """It may work the next time: a deadlock, a busy file, a key that a rival wrote first."""


class UnavailableError(TransientError):
    """The database cannot take any work now, so it is nobody's fault in the batch.

    `reason` is a code: `store.unreachable`, `store.full`, `store.read_only`, `store.busy`, `store.damaged`.
    """

    def __init__(self, message: str, reason: str = "store.unreachable") -> None:
        super().__init__(message)
        self.reason = reason


class Transaction(Protocol):
    """One unit of work in progress."""

    async def lock(self, locks: Locks) -> Held:
        """Begin, holding `locks` and nothing else. Called again, it begins anew: what was read is void.

        Locks are taken in one global order, so transactions queue for each other and never deadlock.
        """

    async def load(self, wanted: Wanted) -> Loaded:
        """Read what is wanted, as it is now that the locks are held."""

    async def write(self, changes: Changes) -> None:
        """Write everything, once."""


Work: TypeAlias = Callable[[Transaction], Awaitable[T]]
"""A unit of work. It may await its transaction and nothing else, so a store can run it in any thread."""


class Backlog(Protocol):
    """What waits: timers until they are due, dead letters until somebody tries them again."""

    async def due_timers(self, now: datetime, limit: int, kinds: Collection[str]) -> list[TimerRow]:
        """The timers of these kinds due by `now`, the longest due first. What nobody handles any more stays."""

    async def timers(self, limit: int) -> list[TimerRow]:
        """All timers, the next due first."""

    async def next_timer(self) -> datetime | None:
        """When the next timer is due."""

    async def letters(self, limit: int) -> list[LetterRow]:
        """Dead letters, the oldest first."""

    async def forget_letters(self, attempts: Collection[Attempt]) -> None:
        """Remove dead letters that have been decided after all."""


class Versions(Protocol):
    """The game as it is kept, every version of it."""

    async def latest(self) -> int:
        """The number of the game in force, 0 before the first."""

    async def definitions(self, version: int) -> dict[Keyed, Raw]:
        """The rows of the game as of `version`."""

    async def editions(self, kinds: Collection[str]) -> list[tuple[Keyed, int, Raw]]:
        """What definitions of these kinds said in any version: kind and key, since which version, in order, the row."""

    async def settle(self) -> None:
        """Wait until whatever was decided under an older version is committed."""

    async def apply(self, change: "GameChange") -> int:
        """Bring a version into force and say its number. `GameMovedError` if it builds on an old one."""


class Sql(Protocol):
    """A database that is asked in SQL, beside the game."""

    async def read(self, *queries: Query) -> list[list[Sequence[Any]]]:
        """The rows of each query, all from one snapshot, while work goes on."""

    async def amend(self, *queries: Query) -> list[list[Sequence[Any]]]:
        """Run statements beside the game (keys, staff log, names) in one transaction; what they return."""


class Logs(Sql, Protocol):
    """A database whose logs can be read from one end to the other."""

    def stream(self, query: Query, size: int = 5_000) -> AsyncIterator[list[Sequence[Any]]]:
        """The rows of a query, as many at a time, all from one snapshot: for what does not fit in memory."""


class Store(Protocol):
    """What the engine works with."""

    @property
    def backlog(self) -> Backlog:
        """Timers and dead letters."""

    @property
    def versions(self) -> Versions:
        """The game."""

    async def transact(self, work: Work[T]) -> T:
        """Do `work` and commit it. When this returns, it is durable."""

    async def rehearse(self, work: Work[T]) -> T:
        """Do `work` and roll it back: a dry run on the real path."""

    async def prepare(self, months: Collection[datetime], now: datetime) -> None:
        """Make room for activities that occurred in these months, given as their first days, recorded `now`."""

    async def find_members(self, refs: Collection[MemberRef]) -> dict[MemberRef, int]:
        """The ids of those members that exist."""

    async def open_members(self, members: Sequence[NewMember], at: datetime) -> dict[MemberRef, int]:
        """Create those that do not exist yet. The ids that hold, old and new.

        Who is missing in the answer met another member's id: try again with a new one.
        """

    async def export(self) -> Changes:
        """Everything there is, in a canonical order: for audits and tests of small worlds."""

    async def close(self) -> None:
        """Let go of it."""


class Database(Store, Logs, Protocol):
    """A store that can be asked in SQL, too: what a running besitos has."""


class GameChange(NamedTuple):
    """A new version of the game: rows to put (None archives), on top of version `base`, and the event that tells.

    `along` happens in the same transaction: what was a draft is none any more.
    """

    base: int
    rows: Mapping[Keyed, Raw | None]
    applied_at: datetime
    author: str
    reason: str
    event: Raw = "{}"
    along: tuple[Query, ...] = ()


class GameMovedError(StoreError):
    """Somebody applied another version first. `version` is the one in force."""

    def __init__(self, version: int) -> None:
        super().__init__(f"version {version} of the game is already in force")
        self.version = version
