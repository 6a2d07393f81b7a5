"""Lots: the parts of a balance that expire, and the verb of the timer that each of them sets."""

from datetime import datetime, timedelta

import msgspec

from besitos.core.activity import Activity

LINEAGE_MAX = timedelta(hours=72)
"""How far past its first expiry a lot may ever live, however often it was held and given back."""


class Lot(msgspec.Struct, frozen=True, array_like=True, order=True):
    """A part of a balance that expires, stored as `[expires_at, amount, first_expiry]`.

    `first_expiry` is when the money would have expired at first, where it has been given more time since.
    """

    expires_at: datetime
    amount: int
    first_expiry: datetime | None = None

    def part(self, amount: int) -> "Lot":
        """So much of this lot."""
        return Lot(self.expires_at, amount, self.first_expiry)

    def revived(self, now: datetime, grace: timedelta) -> "Lot":
        """This lot as it comes back to a purse: with some grace if it has expired meanwhile.

        The grace ends 72 hours after the first expiry over the whole lineage; otherwise bidding and being
        outbid, again and again, would make money immortal.
        """
        if self.expires_at > now:
            return self
        first = self.first_expiry or self.expires_at
        return Lot(min(now + grace, first + LINEAGE_MAX), self.amount, first)


class ExpireLots(Activity, frozen=True, kw_only=True, tag="ledger.expire"):
    """The time of some lots in this account is up. Comes from a timer, dated when they expired."""

    account: str
