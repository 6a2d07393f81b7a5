"""Transfers that somebody orders: what they ask, and why it may not stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

import msgspec

from besitos.core.account import BESITOS
from besitos.core.activity import Activity
from besitos.core.transfer import Policy

ADMIN = "admin"
"""The source and the sink of what an operator or an application moves without naming another."""

SINKS = frozenset({ADMIN, "shop", "story", "gift_fee", "auction_fee"})
"""Where a spend may go: what mechanics call their own sinks."""


class Order(Activity, frozen=True, kw_only=True):
    """What somebody decided about money. A note is typed by people, and stands apart from the books."""

    note: str = ""

    @property
    def content(self) -> Mapping[str, Any]:
        """What was said. Of the note only its hash, so that erasing the note leaves repetitions recognisable."""
        return {**super().content, "note": sha256(self.note.encode()).hexdigest()[:32] if self.note else ""}


class Movement(Order, frozen=True, kw_only=True):
    """An order to move so much of one currency."""

    amount: int
    currency: str = BESITOS
    metadata: Mapping[str, Any] = {}


class Grant(Movement, frozen=True, kw_only=True, tag="ledger.grant"):
    """Mint money for a member. With `expires_at` it is bonus money, in a lot of its own."""

    source: str = ADMIN
    expires_at: datetime | None = None


class Spend(Movement, frozen=True, kw_only=True, tag="ledger.spend"):
    """Burn money of a member, for something they got elsewhere."""

    sink: str = ADMIN


class Gift(Movement, frozen=True, kw_only=True, tag="ledger.gift"):
    """Money from a member to another."""

    to: int


class ReverseTransfer(Order, frozen=True, kw_only=True, tag="ledger.reverse"):
    """Undo a transfer. The member is whoever its first row belongs to."""

    transfer: str
    policy: Policy = Policy.FORGIVE


class TransferReason(StrEnum):
    """Why an order does not stand, besides what the ledger refuses."""

    UNKNOWN_CURRENCY = "currency.unknown"
    NOT_SPENDABLE = "currency.not_spendable"
    NOT_GIFTABLE = "currency.not_giftable"
    UNKNOWN_SOURCE = "ledger.unknown_source"
    UNKNOWN_SINK = "ledger.unknown_sink"
    TO_ONESELF = "ledger.gift_to_oneself"
    UNKNOWN_TRANSFER = "ledger.unknown_transfer"
    EXPIRED_LOT = "ledger.expired_lot"
    EXPIRES_TOO_LATE = "ledger.expires_too_late"
    NOT_WAITING = "quarantine.not_waiting"
    BANNED = "quarantine.banned"


class CurrencyRules(msgspec.Struct, frozen=True):
    """What may be done with a currency."""

    is_spendable: bool
    is_giftable: bool


@dataclass(frozen=True, slots=True)
class TransferRules:
    """What the game says of money: its currencies, and the sources that pay in it."""

    currencies: Mapping[str, CurrencyRules]
    sources: frozenset[str]
