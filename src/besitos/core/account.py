"""Accounts: where money stands, and the names of the house's sides."""

from functools import cache
from typing import NewType

import msgspec

BESITOS = "besitos"
XP = "xp"

QUARANTINE = "quarantine"
"""Purpose of the holds in which risky payouts wait: minted, not yet earned."""


class Account(msgspec.Struct, frozen=True):
    """One pot of one currency that belongs to a member.

    The purse is named like its currency. A hold has a purpose as well (`besitos@auction/7`): money that
    is still the member's, but promised. Since a hold belongs to whoever pays for it, the member's lock
    covers it too, and no escrow is shared between members.
    """

    member_id: int
    name: str = BESITOS

    @property
    def is_hold(self) -> bool:
        """Whether this is promised money."""
        return "@" in self.name

    @property
    def currency(self) -> str:
        """What stands in it."""
        return self.name.partition("@")[0]

    @property
    def purpose(self) -> str:
        """What a hold is for, which is also the scope of the state that explains it; of a purse, nothing."""
        return self.name.partition("@")[2]

    @property
    def purse(self) -> "Account":
        """What a hold was taken from; of a purse, itself."""
        return Account(self.member_id, self.currency)

    @property
    def is_quarantine(self) -> bool:
        """Whether this holds a payout that waits for review."""
        return self.purpose.startswith(f"{QUARANTINE}/")


House = NewType("House", str)
"""The other side of what is minted or burned. A name on the transaction, never a row with a balance.

There are as many as a game has definitions, so they are made once.
"""


def purse(member_id: int, currency: str = BESITOS) -> Account:
    """What a member can spend."""
    return Account(member_id, currency)


def hold(member_id: int, purpose: str, currency: str = BESITOS) -> Account:
    """What a member has promised for `purpose`."""
    return Account(member_id, f"{currency}@{purpose}")


@cache
def source(name: str) -> House:
    """Where money is minted: `source:daily_gift`."""
    return House(f"source:{name}")


@cache
def sink(name: str) -> House:
    """Where money is burned: `sink:auction_fee`."""
    return House(f"sink:{name}")
