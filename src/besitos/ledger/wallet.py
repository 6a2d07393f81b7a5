"""Wallets: what one account holds, which part of it expires, and how it is spent."""

from datetime import datetime

import msgspec

from besitos.core.lot import Lot


class Wallet(msgspec.Struct, frozen=True, omit_defaults=True):
    """One account: balance, lifetime totals, debt, and the lots, soonest first.

    What is not in a lot is permanent. Lots with the same expiry are one lot, so a wallet stays as
    small as the number of different expiries, and needs no table of lots beside it.
    """

    balance: int = 0
    earned: int = 0
    spent: int = 0
    debt: int = 0
    lots: tuple[Lot, ...] = ()

    def spendable(self, now: datetime) -> int:
        """The balance without what has expired, whether or not the expiry was booked already."""
        if not self.lots:
            return self.balance
        return self.balance - self.expired(now)

    def expired(self, now: datetime) -> int:
        """What stands in lots past their expiry."""
        return sum(lot.amount for lot in self.lots if lot.expires_at <= now)


def take(
    lots: tuple[Lot, ...], amount: int, now: datetime, first: tuple[Lot, ...] = ()
) -> tuple[tuple[Lot, ...], tuple[Lot, ...]]:
    """Spend `amount` from `lots`, soonest expiry first: the lots left, and the lots used.

    Expired lots are left alone: they are nobody's to spend. What the lots do not cover is permanent.
    Of lots that are also in `first`, that much is used before any other: a reversal takes back what it gave.
    """
    if first:
        return _take_these_first(lots, amount, now, first)
    left: list[Lot] = []
    used: list[Lot] = []
    for lot in lots:
        part = 0 if lot.expires_at <= now else min(lot.amount, amount)
        amount -= part
        if part:
            used.append(lot.part(part))
        if part < lot.amount:
            left.append(lot.part(lot.amount - part))
    return tuple(left), tuple(used)


def merge(lots: tuple[Lot, ...], more: tuple[Lot, ...]) -> tuple[Lot, ...]:
    """Both together, soonest first, one lot per expiry and lineage."""
    if not more:
        return lots
    amounts: dict[tuple[datetime, datetime | None], int] = {}
    for lot in (*lots, *more):
        name = (lot.expires_at, lot.first_expiry)
        amounts[name] = amounts.get(name, 0) + lot.amount
    named = [Lot(expires_at, amount, first) for (expires_at, first), amount in amounts.items()]
    return tuple(sorted(named, key=lambda lot: (lot.expires_at, lot.first_expiry or lot.expires_at)))


def take_back(
    wallet: Wallet, amount: int, permanent: int, now: datetime, own: tuple[Lot, ...]
) -> tuple[tuple[Lot, ...], tuple[Lot, ...]]:
    """Take what a row gave: its `own` lots, then as much permanent money as it gave, then as a spend would."""
    there = wallet.balance - sum(lot.amount for lot in wallet.lots)
    first = sum(lot.amount for lot in _in_both(wallet.lots, own, amount, now))
    return take(wallet.lots, amount - min(there, permanent, amount - first), now, own)


def _take_these_first(
    lots: tuple[Lot, ...], amount: int, now: datetime, first: tuple[Lot, ...]
) -> tuple[tuple[Lot, ...], tuple[Lot, ...]]:
    own = _in_both(lots, first, amount, now)
    left, used = take(without(lots, own), amount - sum(lot.amount for lot in own), now)
    return left, merge(own, used)


def _in_both(lots: tuple[Lot, ...], others: tuple[Lot, ...], amount: int, now: datetime) -> tuple[Lot, ...]:
    """What of the living `lots` is also in `others`, up to `amount`."""
    wanted = {(lot.expires_at, lot.first_expiry): lot.amount for lot in others}
    own: list[Lot] = []
    for lot in lots:
        part = min(lot.amount, wanted.get((lot.expires_at, lot.first_expiry), 0), amount)
        if part and lot.expires_at > now:
            own.append(lot.part(part))
            amount -= part
    return tuple(own)


def without(lots: tuple[Lot, ...], gone: tuple[Lot, ...]) -> tuple[Lot, ...]:
    """`lots` less `gone`, which are all parts of them."""
    amounts = {(lot.expires_at, lot.first_expiry): lot.amount for lot in gone}
    rest = ((lot, lot.amount - amounts.get((lot.expires_at, lot.first_expiry), 0)) for lot in lots)
    return tuple(lot.part(amount) for lot, amount in rest if amount)
