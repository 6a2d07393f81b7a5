"""Payouts: what is given, once the member and their type are known."""

from datetime import datetime
from typing import Protocol

import msgspec

from besitos.core.account import BESITOS
from besitos.core.calendar import end_of_utc_day
from besitos.core.view import View

BONUS = "bonus"
"""The word beside the currencies: besitos in a lot that expires."""


class Given(msgspec.Struct, frozen=True, array_like=True):
    """One thing that is given: `["items", "llave", 2]`. Of `vip`, the key is empty and the count is seconds."""

    word: str
    key: str = ""
    count: int = 1


class Payout(msgspec.Struct, frozen=True):
    """Amounts by currency or `bonus` in alphabetical order, then what else is given: the order in which it is done.

    A negative amount is a penalty: it stops at zero.
    """

    amounts: tuple[tuple[str, int], ...] = ()
    givings: tuple[Given, ...] = ()

    @classmethod
    def of(cls, **amounts: int) -> "Payout":
        """A payout of these amounts; zeros are nothing."""
        return cls(tuple(sorted((word, amount) for word, amount in amounts.items() if amount)))

    def __bool__(self) -> bool:
        return bool(self.amounts or self.givings)


class Promise(Protocol):
    """Whatever pays VIP members something else: what the game says, or what it said when somebody was promised it."""

    @property
    def pays(self) -> Payout:
        """What free members get."""

    @property
    def pays_vip(self) -> Payout | None:
        """What VIP members get; None where that is the same."""


def promised(promise: Promise, *, is_vip: bool) -> Payout:
    """What somebody of this type gets."""
    return promise.pays_vip if is_vip and promise.pays_vip is not None else promise.pays


def currency_of(word: str) -> str:
    """The currency in which a word of a payout is paid."""
    return BESITOS if word == BONUS else word


def expiry_of(word: str, view: View) -> datetime | None:
    """When what is paid now under this word expires: a bonus at the end of its last day, UTC, all else never."""
    return end_of_utc_day(view.now + view.bonus_lasts) if word == BONUS else None
