"""Posting: from a movement to the rows that record it. No database, no clock."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeAlias

import msgspec

from besitos.core.account import Account, House, sink
from besitos.core.decision import Move, Rejected
from besitos.core.lot import Lot
from besitos.core.transaction import MAX_BALANCE, TransactionType
from besitos.ledger.wallet import Wallet, merge, take, without

HOLD_GRACE = timedelta(hours=24)
"""How long a lot lives on when it comes back from a hold after its expiry."""

ALWAYS = datetime.min.replace(tzinfo=UTC)
"""A moment at which nothing has expired."""

DEBT = sink("debt")
"""Where repaid debts are burned."""

EXPIRED = sink("expired")
"""Where lots go when their time is up."""

WalletOf: TypeAlias = Callable[[Account], Wallet]


class LedgerReason(StrEnum):
    """Why the ledger refuses."""

    INSUFFICIENT_FUNDS = "ledger.insufficient_funds"
    OVERFLOW = "ledger.overflow"
    ALREADY_REVERSED = "ledger.already_reversed"
    NOT_REVERSIBLE = "ledger.not_reversible"


class Entry(msgspec.Struct, frozen=True):
    """What one movement did to one account: one immutable row.

    `debt` is what it added to the member's debt; `reverses` and `reversed_type` are set by reversals alone.
    """

    account: Account
    amount: int
    after: Wallet
    type: TransactionType
    counter: str
    lots: tuple[Lot, ...] = ()
    debt: int = 0
    reverses: str = ""
    reversed_type: str = ""
    metadata: Mapping[str, Any] | None = None


class Posted(msgspec.Struct, frozen=True):
    """Movements carried out: the wallets they leave and the entries that record them."""

    wallets: dict[Account, Wallet]
    entries: list[Entry]


def post(move: Move, wallet_of: WalletOf, now: datetime) -> Posted | Rejected:
    """Carry out `move`, or refuse it when the payer lacks the money.

    The lots that are used up travel along: a gift or a hold keeps the expiry of what it consists of, unless
    the movement names an expiry of its own. An earning of somebody in debt is posted in full and then repays at once.
    """
    assert move.amount > 0, "a movement has a positive amount; swap the sides to go back"
    assert move.debit != move.credit, "a movement needs two sides"
    posted = Posted({}, [])
    lots: tuple[Lot, ...] = () if move.expires_at is None else (Lot(move.expires_at, move.amount),)
    if not isinstance(move.debit, str):
        taken = _debit(move, move.debit, wallet_of, now, posted)
        if isinstance(taken, Rejected):
            return taken
        lots = lots or taken
    if not isinstance(move.credit, str):
        if lots and not move.credit.is_hold:
            lots = tuple(lot.revived(now, HOLD_GRACE) for lot in lots)
        wallet = posted.wallets.get(move.credit) or wallet_of(move.credit)
        return _credit(move, wallet, lots, posted)
    return posted


def expire(account: Account, wallet_of: WalletOf, now: datetime) -> Posted:
    """Burn what stands in lots past their expiry; nothing to burn is nothing posted."""
    wallet = wallet_of(account)
    gone = tuple(lot for lot in wallet.lots if lot.expires_at <= now)
    if not gone:
        return Posted({}, [])
    amount = sum(lot.amount for lot in gone)
    after = msgspec.structs.replace(wallet, balance=wallet.balance - amount, lots=without(wallet.lots, gone))
    return Posted({account: after}, [Entry(account, -amount, after, TransactionType.EXPIRE, EXPIRED, gone)])


def counter_name(side: Account | House) -> str:
    """How the other side of a movement is named on a row."""
    return side if isinstance(side, str) else f"member:{side.member_id}/{side.name}"


def _debit(
    move: Move, payer: Account, wallet_of: WalletOf, now: datetime, posted: Posted
) -> tuple[Lot, ...] | Rejected:
    wallet = wallet_of(payer)
    # A hold keeps its lots alive: a bid does not die of old age while the auction runs.
    spent_at = ALWAYS if payer.is_hold else now
    available = wallet.spendable(spent_at)
    if available < move.amount:
        return Rejected(
            LedgerReason.INSUFFICIENT_FUNDS, currency=payer.currency, needed=move.amount, available=available
        )
    if _is_spent(move, payer) and wallet_of(payer.purse).spent + move.amount > MAX_BALANCE:
        return Rejected(LedgerReason.OVERFLOW, currency=payer.currency)

    left, lots = take(wallet.lots, move.amount, spent_at)
    after = Wallet(wallet.balance - move.amount, wallet.earned, wallet.spent, wallet.debt, left)
    if _is_spent(move, payer) and not payer.is_hold:
        after = msgspec.structs.replace(after, spent=after.spent + move.amount)
    posted.wallets[payer] = after
    posted.entries.append(
        Entry(payer, -move.amount, after, move.type, counter_name(move.credit), lots, metadata=move.metadata)
    )
    if _is_spent(move, payer) and payer.is_hold:
        purse = wallet_of(payer.purse)
        posted.wallets[payer.purse] = msgspec.structs.replace(purse, spent=purse.spent + move.amount)
    return lots


def _credit(move: Move, wallet: Wallet, lots: tuple[Lot, ...], posted: Posted) -> Posted | Rejected:
    payee, kind = move.credit, move.credit_type or move.type
    assert isinstance(payee, Account), "the house has no wallet"
    balance, earned, spent = wallet.balance + move.amount, wallet.earned, wallet.spent
    is_earned = _is_earned(move, kind, payee)
    if is_earned:
        earned += move.amount
    elif kind is TransactionType.REFUND:
        spent -= move.amount
    if balance > MAX_BALANCE or earned > MAX_BALANCE:
        return Rejected(LedgerReason.OVERFLOW, currency=payee.currency)
    after = Wallet(balance, earned, spent, wallet.debt, merge(wallet.lots, lots) if lots else wallet.lots)
    posted.wallets[payee] = after
    counter = counter_name(move.debit)
    posted.entries.append(Entry(payee, move.amount, after, kind, counter, lots, metadata=move.metadata))
    if after.debt and is_earned:
        _repay(payee, after, min(after.debt, move.amount), lots, posted)
    return posted


def _repay(payee: Account, wallet: Wallet, amount: int, lots: tuple[Lot, ...], posted: Posted) -> None:
    """Repay out of what was just earned, of its own lots first: a debt must not cost anything else."""
    left, used = take(wallet.lots, amount if lots else 0, ALWAYS, lots)
    after = msgspec.structs.replace(wallet, balance=wallet.balance - amount, debt=wallet.debt - amount, lots=left)
    posted.wallets[payee] = after
    posted.entries.append(Entry(payee, -amount, after, TransactionType.REPAY, DEBT, used, debt=-amount))


def _is_earned(move: Move, kind: TransactionType, payee: Account) -> bool:
    """What is paid into quarantine is minted but not earned, until it is released."""
    if kind.is_earn:
        return not payee.is_hold
    if kind is not TransactionType.RELEASE or payee.is_hold:
        return False
    return not isinstance(move.debit, str) and move.debit.is_quarantine


def _is_spent(move: Move, payer: Account) -> bool:
    """A bid is spent when it is paid out of its hold; until then it is only set aside."""
    return move.type.is_spend or (move.type is TransactionType.AUCTION_BID and payer.is_hold)
