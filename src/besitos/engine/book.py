"""The book of a batch: what was loaded, and on top of it what has been decided so far."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from besitos.core.account import Account
from besitos.core.activity import Activity
from besitos.core.board import Score, score_of
from besitos.core.decision import Stand
from besitos.core.event import Event
from besitos.core.state import Hot, Key, Once, Row, State
from besitos.core.view import Missing, UnknownMemberError
from besitos.engine.codec import to_raw
from besitos.engine.journal import ABSENT, Journal
from besitos.engine.transfers import Transfers
from besitos.ledger.wallet import Wallet
from besitos.store.protocol import (
    Changes,
    EventRow,
    Held,
    Loaded,
    Locks,
    MemberChange,
    MemberRow,
    Named,
    Placed,
    Raw,
    ReversalRow,
    TransactionRow,
)

S = TypeVar("S", bound=State)

EMPTY = Wallet()
SECTIONS = msgspec.json.Decoder(dict[str, msgspec.Raw])
"""A member's document, cut into its slots. A slot is decoded when somebody asks for it."""
WALLETS = msgspec.json.Decoder(dict[str, Wallet])


class Page:
    """One member: document, wallets, and how many lines their history and their event log have."""

    __slots__ = ("document", "event_seq", "seq", "seq_before", "wallets")

    def __init__(self, row: MemberRow) -> None:
        self.document: dict[str, Any] = SECTIONS.decode(row.state)
        self.wallets: dict[str, Wallet] = WALLETS.decode(row.wallets)
        self.seq = self.seq_before = row.seq
        self.event_seq = row.event_seq


class Ground:
    """What was loaded, under which locks."""

    __slots__ = ("locks", "pages", "rows", "shared")

    def __init__(self, locks: Locks, held: Held) -> None:
        self.locks = locks
        self.pages = {row.member_id: Page(row) for row in held.members.values()}
        self.rows: dict[Named, Raw | None] = {}
        self.shared = held.shared

    def page(self, member_id: int) -> Page:
        """The member's page. `Missing` if it is not locked, `UnknownMemberError` if there is none."""
        try:
            return self.pages[member_id]
        except KeyError:
            if member_id in self.locks.members:
                raise UnknownMemberError(member_id) from None
            raise Missing(member_id) from None

    def beside(self, key: Key[Any]) -> Raw | msgspec.Raw | None:
        """What stands under `key` beside documents, or None if nothing does; `Missing` if nobody has looked."""
        slot, member_id = key.slot, key.member_id
        if isinstance(slot, (Hot, Row)):
            self.page(member_id)
        try:
            return self.rows[member_id, key.scope] if isinstance(slot, (Row, Once)) else self.shared[key.scope]
        except KeyError:
            raise Missing(key) from None


class Values(dict[Key[Any], Any]):
    """What stands under each key that was asked for: decoded when somebody asks for it first.

    It knows the ground and not the book: in a circle, both would wait for the collector, with all that a batch loads.
    """

    __slots__ = ("_ground",)

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def __missing__(self, key: Key[Any]) -> State:
        slot, ground = key.slot, self._ground
        page = ground.pages.get(key.member_id) if slot.is_hot else None
        raw = ground.beside(key) if page is None else page.document.get(key.scope)
        value: State = slot.blank if raw is None else slot.decode(raw)
        self[key] = value
        return value


class Book:
    """Everything the batch knows: what was loaded, and what has been decided since.

    A draft writes straight into it, and the journal says what stood there before, so that what does not
    stand in the end is undone. One draft is open at a time; `keep` or `journal.undo` closes it.
    """

    def __init__(self, locks: Locks, held: Held) -> None:
        self.timers: dict[str, tuple[datetime, Activity] | None] = {}
        self.transfers = Transfers()
        self.journal = Journal()
        self._ground = ground = Ground(locks, held)
        self._pages = ground.pages
        self._touched: dict[int, datetime] = {}
        self._scores: dict[Placed, Score | None] = {}
        self._values = Values(ground)
        self._changed: dict[Key[Any], None] = {}
        self.get: Callable[[Key[Any]], Any] = self._values.__getitem__
        """The value under a key, as it stands. The most frequent question of all, so nothing stands between."""
        self.page = ground.page

    def add(self, rows: Iterable[Named], transfers: Iterable[str], loaded: Loaded) -> None:
        """Take in what was asked for, whether or not it exists."""
        self._ground.rows.update((name, loaded.rows.get(name)) for name in rows)
        self.transfers.add(transfers, loaded.transfers)

    def add_shared(self, scope: str) -> None:
        """Take it that nothing stands under this shared name."""
        self._ground.shared[scope] = None

    def forget(self, key: Key[Any]) -> None:
        """Take it that nobody has looked under this key yet."""
        self._values.pop(key, None)
        self._ground.rows.pop((key.member_id, key.scope), None)

    def values(self) -> Iterable[tuple[Key[Any], State]]:
        """All that was asked for or written, as it stands."""
        return self._values.items()

    def wallet(self, account: Account) -> Wallet:
        """The wallet as it stands. All accounts of a member come with the member."""
        page = self._pages.get(account.member_id) or self.page(account.member_id)
        return page.wallets.get(account.name, EMPTY)

    def put(self, key: Key[Any], value: State) -> None:
        """Let `value` stand under `key`. Writing what is not locked and loaded is as wrong as reading it."""
        values = self._values
        self.journal.note((values, key, values[key]))
        values[key] = value

    def put_wallet(self, account: Account, wallet: Wallet) -> None:
        """Let `wallet` stand. A hold that is empty is over, and forgotten."""
        pots = self.page(account.member_id).wallets
        self.journal.note((pots, account.name, pots.get(account.name, ABSENT)))
        if wallet.balance or not account.is_hold:
            pots[account.name] = wallet
        else:
            pots.pop(account.name, None)

    def put_timer(self, key: str, timer: tuple[datetime, Activity] | None) -> None:
        """Set a timer, or forget it."""
        self.journal.note((self.timers, key, self.timers.get(key, ABSENT)))
        self.timers[key] = timer

    def stand(self, at: Stand) -> None:
        """Let a member stand on a board."""
        self.page(at.member_id)
        place = (at.board, at.period, at.member_id)
        self.journal.note((self._scores, place, self._scores.get(place, ABSENT)))
        self._scores[place] = score_of(at.value)

    def keep(
        self, member_id: int, rows: Iterable[TransactionRow], reversals: Collection[ReversalRow], at: datetime
    ) -> None:
        """Let what was written stand, and take note of what later reversals of the same batch must know.

        `member_id` is whoever was here, and so is touched already.
        """
        values, changed = self._values, self._changed
        for where, name, _ in self.journal.lines:
            if where is values:
                changed[name] = None
                if name.member_id != member_id and isinstance(name.slot, Hot):
                    self._touch(name.member_id, at)
        self.journal.lines.clear()
        for row in rows:
            self._pages[row.member_id].seq = row.seq
            if row.member_id != member_id:
                self._touch(row.member_id, at)
            self.transfers.take_note(row)
        if reversals:
            self.transfers.mark_reversed(reversals)

    def greet(self, member_id: int, at: datetime) -> None:
        """The member was here."""
        if member_id in self._pages:
            self._touch(member_id, at)

    def event_row(self, event: Event, activity: str, at: datetime) -> EventRow:
        """The next line of the member's event log."""
        page = self.page(event.member_id)
        page.event_seq += 1
        self._touch(event.member_id, at)
        return EventRow(event.member_id, page.event_seq, event.topic, to_raw(event), activity, at)

    def write_to(self, changes: Changes) -> None:
        """Add the members, rows and shared values that have changed, each once."""
        for key in self._changed:
            value = self._values[key]
            if isinstance(key.slot, Hot):
                self._pages[key.member_id].document[key.scope] = value
            elif isinstance(key.slot, (Row, Once)):
                changes.rows[key.member_id, key.scope] = to_raw(value)
            else:
                changes.shared[key.scope] = to_raw(value)
        changes.scores.update(self._scores)
        for member_id, at in self._touched.items():
            page = self._pages[member_id]
            changes.members.append(
                MemberChange(
                    member_id,
                    to_raw(page.document),
                    to_raw(page.wallets),
                    page.seq,
                    page.event_seq,
                    page.seq_before,
                    at,
                )
            )

    def _touch(self, member_id: int, at: datetime) -> None:
        """The latest moment counts, so that it does not matter how a history is cut into batches."""
        before = self._touched.get(member_id)
        if before is None or before < at:
            self._touched[member_id] = at
