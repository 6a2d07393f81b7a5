"""Transfers as they stand in the history: what a reversal reads."""

from enum import StrEnum

import msgspec

from besitos.core.account import Account
from besitos.core.lot import Lot


class Policy(StrEnum):
    """What a reversal does about money that has been spent since."""

    FORGIVE = "forgive"
    """What was spent since is forgiven: only what is left of this very transfer is taken back."""
    TO_ZERO = "to_zero"
    """What is there is taken, wherever it came from; the balance stops at zero."""
    DEBT = "debt"
    """All is taken; what is not there becomes a debt, which the next earnings repay."""


class Posting(msgspec.Struct, frozen=True):
    """One row of a transfer: what it did to one account.

    `spent_since` is what left the account in later rows; `debt` what the row added to the member's debt;
    `reversed_type` the type at the root of a chain of reversals.
    """

    account: Account
    amount: int
    type: str
    counter: str
    lots: tuple[Lot, ...] = ()
    debt: int = 0
    reversed_type: str = ""
    spent_since: int = 0


class Transfer(msgspec.Struct, frozen=True):
    """All that one act moved. `reversed_by` names the transfer that undid it, if one did."""

    transfer_id: str
    definition: str
    postings: tuple[Posting, ...]
    reversed_by: str = ""

    @property
    def members(self) -> list[int]:
        """Whose accounts it touched, in order."""
        return sorted({posting.account.member_id for posting in self.postings})


class TransferRef(msgspec.Struct, frozen=True):
    """The name of a transfer that a decision wants to read."""

    transfer_id: str
