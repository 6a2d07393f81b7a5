"""Payouts: what is given, once the member and their type are known."""

import msgspec

BONUS = "bonus"
"""The word beside the currencies: besitos in a lot that expires."""


class Payout(msgspec.Struct, frozen=True):
    """Amounts by currency or `bonus`, in alphabetical order, which is the order in which they are paid.

    A negative amount is a penalty: it stops at zero.
    """

    amounts: tuple[tuple[str, int], ...] = ()

    @classmethod
    def of(cls, **amounts: int) -> "Payout":
        """A payout of these amounts; zeros are nothing."""
        return cls(tuple(sorted((word, amount) for word, amount in amounts.items() if amount)))

    def __bool__(self) -> bool:
        return bool(self.amounts)
