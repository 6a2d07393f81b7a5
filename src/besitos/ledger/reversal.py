"""Reversal: the rows that undo a transfer, whatever has happened to its money since."""

from datetime import datetime, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from besitos.core.account import Account, House, source
from besitos.core.decision import Rejected, Reverse
from besitos.core.lot import Lot
from besitos.core.transaction import TransactionType
from besitos.core.transfer import Policy, Posting
from besitos.ledger.post import ALWAYS, Entry, LedgerReason, Posted, WalletOf
from besitos.ledger.wallet import Wallet, merge, take, take_back

REVERSAL_GRACE = timedelta(hours=72)
"""How long a lot lives on that an operator gives back after its expiry."""

ADVANCE = source("debt")
"""What the house advances to the one side when the other has to owe it."""


def reverse(reversal: Reverse, wallet_of: WalletOf, now: datetime) -> Posted | Rejected:
    """Undo every row of a transfer, the last first: what was given is taken back, what was taken is given.

    What cannot be taken back of a gift is not given back either, unless it is owed: then the house
    advances it, and gets it back when the debt is repaid.
    """
    transfer = reversal.transfer
    if transfer.reversed_by:
        return Rejected(LedgerReason.ALREADY_REVERSED, transfer=transfer.transfer_id, by=transfer.reversed_by)
    if any(posting.account.is_hold or "@" in posting.counter for posting in transfer.postings):
        return Rejected(LedgerReason.NOT_REVERSIBLE, transfer=transfer.transfer_id)
    undone = Undoing(reversal, wallet_of, now)
    for posting in reversed(transfer.postings):
        undone.undo(posting)
    return undone.posted


class Change(NamedTuple):
    """What undoing one row does to its account: to the balance, to the debt, and which lots come or go."""

    amount: int
    debt: int = 0
    lots: tuple[Lot, ...] = ()


class Undoing:
    """One reversal under way: the wallets so far, and what came back of each movement."""

    def __init__(self, reversal: Reverse, wallet_of: WalletOf, now: datetime) -> None:
        self.posted = Posted({}, [])
        self._reversal = reversal
        self._before = wallet_of
        self._now = now
        self._lacking: dict[str, int] = {}
        self._taken: dict[str, int] = {}
        self._settled: dict[Account, int] = {}

    def undo(self, posting: Posting) -> None:
        """Post the opposite of one row."""
        if (posting.reversed_type or posting.type) == TransactionType.REPAY:
            self._undo_repayment(posting)
        elif posting.amount - posting.debt >= 0:
            self._take_back(posting)
        else:
            self._give_back(posting)

    def _wallet(self, account: Account) -> Wallet:
        return self.posted.wallets.get(account) or self._before(account)

    def _take_back(self, posting: Posting) -> None:
        """Take what the row gave, as far as the policy goes; what is not there is lacking, or owed.

        Of a movement between members only the money goes back to the other one: a debt that the row forgave
        was owed to the house, which had advanced it.
        """
        wanted = posting.amount - posting.debt
        limit = self._within_policy(posting, wanted)
        money = posting.amount if posting.counter.startswith("member:") else wanted
        taken, debt = self._take_up_to(min(money, limit), money, posting)
        self._taken[_pair(posting)], self._lacking[_pair(posting)] = taken, money - taken - debt
        if wanted > money:
            self._take_up_to(limit - min(money, limit), wanted - money, posting, ADVANCE)

    def _take_up_to(self, limit: int, wanted: int, posting: Posting, counter: House | None = None) -> tuple[int, int]:
        """Take what is there, up to `limit`: how much that was, and what of the rest is owed from now on."""
        wallet = self._wallet(posting.account)
        taken = min(limit, wallet.spendable(self._now))
        debt = wanted - taken if self._reversal.policy is Policy.DEBT else 0
        left, used = self._take(wallet, taken, posting)
        after = replace(wallet, balance=wallet.balance - taken, debt=wallet.debt + debt, lots=left)
        self._record(posting, Change(-taken, debt, used), after, counter)
        return taken, debt

    def _within_policy(self, posting: Posting, wanted: int) -> int:
        """What left the account since is forgiven once, not for every row; and what just came back did not leave."""
        if self._reversal.policy is not Policy.FORGIVE:
            return wanted
        settled = self._settled.get(posting.account, 0)
        forgiven = min(wanted, max(0, posting.spent_since - settled))
        self._settled[posting.account] = settled + forgiven
        return wanted - forgiven

    def _take(self, wallet: Wallet, amount: int, posting: Posting) -> tuple[tuple[Lot, ...], tuple[Lot, ...]]:
        """The lots left and the lots used, when `amount` of what this row gave is taken."""
        own = posting.lots
        permanent = posting.amount - sum(lot.amount for lot in own)
        return take_back(wallet, amount, permanent, self._now, own)

    def _give_back(self, posting: Posting) -> None:
        """Give what the row took: the same lots, with grace if they have expired meanwhile."""
        wallet, mirrored = self._wallet(posting.account), _mirror(posting)
        forgiven = min(wallet.debt, posting.debt)
        amount = posting.debt - posting.amount - forgiven - self._lacking.get(mirrored, 0)
        assert amount >= 0, "of a movement between members as much money came as went"
        paid = min(amount, self._taken.get(mirrored, amount))
        lots = tuple(lot.revived(self._now, REVERSAL_GRACE) for lot in take(posting.lots, paid, ALWAYS)[1])
        after = replace(
            wallet, balance=wallet.balance + paid, debt=wallet.debt - forgiven, lots=merge(wallet.lots, lots)
        )
        self._record(posting, Change(paid, -forgiven, lots), after)
        if amount > paid:
            after = replace(self._wallet(posting.account), balance=after.balance + amount - paid)
            self._record(posting, Change(amount - paid), after, ADVANCE)

    def _undo_repayment(self, posting: Posting) -> None:
        """The money is there again and so is the debt; or, the second time, neither, as far as both still are there."""
        wallet = self._wallet(posting.account)
        amount = max(-posting.amount, -wallet.spendable(self._now), -wallet.debt)
        if amount > 0:
            lots = tuple(lot.revived(self._now, REVERSAL_GRACE) for lot in posting.lots)
            left = merge(wallet.lots, lots)
        else:
            left, lots = self._take(wallet, -amount, posting)
        after = replace(wallet, balance=wallet.balance + amount, debt=wallet.debt + amount, lots=left)
        self._record(posting, Change(amount, amount, lots), after)

    def _record(self, posting: Posting, change: Change, after: Wallet, counter: House | None = None) -> None:
        root = posting.reversed_type or posting.type
        kind, moved = TransactionType[root], change.amount - change.debt
        if kind.is_earn:
            after = replace(after, earned=after.earned + moved)
        elif kind.is_spend or kind is TransactionType.REFUND:
            after = replace(after, spent=after.spent - moved)
        if change.amount > 0:
            self._settled[posting.account] = self._settled.get(posting.account, 0) + change.amount
        self.posted.wallets[posting.account] = after
        self.posted.entries.append(
            Entry(
                posting.account,
                change.amount,
                after,
                TransactionType.REVERSAL,
                counter or posting.counter,
                change.lots,
                debt=change.debt,
                reverses=self._reversal.transfer.transfer_id,
                reversed_type=root,
            )
        )


def _pair(posting: Posting) -> str:
    """Names the two rows of one movement between members, from the side of whoever was paid."""
    return f"{posting.account.member_id}/{posting.account.name}<{posting.counter}"


def _mirror(posting: Posting) -> str:
    """The same name, from the side of whoever paid."""
    counter = posting.counter.removeprefix("member:")
    return f"{counter}<member:{posting.account.member_id}/{posting.account.name}"
