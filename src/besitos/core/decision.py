"""Decisions: what a mechanic answers, as values that the engine can check, carry out and explain."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeAlias, TypeVar

import msgspec

from besitos.core.account import Account, House
from besitos.core.activity import Activity
from besitos.core.event import Event
from besitos.core.limit import Allowance
from besitos.core.number import Number
from besitos.core.payout import Given, Payout
from besitos.core.state import Key, State
from besitos.core.transaction import TransactionType
from besitos.core.transfer import Policy, Transfer

S = TypeVar("S", bound=State)


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """Move money. At least one side is a member's; what the payer lacks refuses the whole decision.

    `type` is what it is to whoever pays, and `credit_type` to whoever is paid, where that differs. `cause` is as of
    `Pay`.
    """

    debit: Account | House
    credit: Account | House
    amount: int
    type: TransactionType
    credit_type: TransactionType | None = None
    expires_at: datetime | None = None
    metadata: Mapping[str, Any] | None = None
    cause: str = ""


class Pay(msgspec.Struct, frozen=True, kw_only=True):
    """Give a payout. The engine turns it into movements and givings, one way for the whole game.

    `within` are the payer's own limits; the caps of `source` hold besides. What they cut is in the trace.
    `cause` is the definition that pays (`reward/primero`), where it is not the one that decides.
    """

    member_id: int
    payout: Payout
    source: str
    type: TransactionType
    within: tuple[Allowance, ...] = ()
    quarantine_seconds: int = 0
    cause: str = ""


class Give(msgspec.Struct, frozen=True):
    """Give one thing, by the mechanic that such things belong to. What is had already is not given again.

    `cause` is the definition that gives it, where no payment tells so: then the trace does.
    """

    member_id: int
    given: Given
    source: str
    cause: str = ""


class Change(msgspec.Struct, frozen=True):
    """Say that something has changed that conditions may ask for: `mensajes`, `earned:besitos`, `badge:amiga`.

    `value` is that of the attribute it is kept per; `after` the number it came to, where it is one.
    """

    member_id: int
    name: str
    value: str = ""
    after: Number | None = None


class Expire(msgspec.Struct, frozen=True):
    """Burn what has expired in `account` by now."""

    account: Account


class Reverse(msgspec.Struct, frozen=True):
    """Undo a transfer with rows that name the old ones. Once."""

    transfer: Transfer
    policy: Policy


class Put(msgspec.Struct, Generic[S], frozen=True):
    """Remember `value` under `key`."""

    key: Key[S]
    value: S


class Stand(msgspec.Struct, frozen=True):
    """Let a member stand on a board, in a period of it, with this number; at 0 or below they do not stand there."""

    member_id: int
    board: str
    period: str
    value: Number


class Note(msgspec.Struct, frozen=True):
    """Text that somebody typed about this transfer. It stands apart from the books, so that it can be erased."""

    body: str


class Publish(msgspec.Struct, frozen=True):
    """Tell the rest of the game, and then the world, in the same transaction as what it reports."""

    event: Event


class Schedule(msgspec.Struct, frozen=True):
    """Bring `activity` about at `due_at`. The activity's key is the timer's: scheduling again moves it."""

    due_at: datetime
    activity: Activity


class Cancel(msgspec.Struct, frozen=True):
    """Forget the timer of this key."""

    key: str


Effect: TypeAlias = (
    Move | Pay | Give | Expire | Reverse | Put[Any] | Change | Stand | Note | Publish | Schedule | Cancel
)


class Accepted:
    """It stands, with these effects: all of them, or, if the ledger refuses one, none."""

    __slots__ = ("effects",)

    def __init__(self, *effects: Effect) -> None:
        self.effects = effects

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Accepted) and other.effects == self.effects

    __hash__ = None  # type: ignore[assignment]  # effects hold values that are compared, never looked up

    def __repr__(self) -> str:
        return f"Accepted{self.effects!r}"


class Rejected:
    """It does not stand. An expected answer, not an error; `details` say how far away it was.

    From the mechanic that handles an activity it refuses the activity. From one that merely listens
    it only explains, in the trace, why nothing came of it.
    """

    __slots__ = ("details", "reason")

    def __init__(self, reason: StrEnum, **details: object) -> None:
        self.reason = reason
        self.details = details

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rejected) and (other.reason, other.details) == (self.reason, self.details)

    __hash__ = None  # type: ignore[assignment]  # as above

    def __repr__(self) -> str:
        return f"Rejected({self.reason.value}, {self.details!r})"


Decision: TypeAlias = Accepted | Rejected

NOTHING = Accepted()
"""What a listener answers when a signal does not concern it. Leaves no trace."""
