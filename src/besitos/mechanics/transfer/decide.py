"""Transfers that somebody orders: the decisions."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from besitos.core.account import QUARANTINE, purse, sink, source
from besitos.core.activity import JOB
from besitos.core.calendar import end_of_utc_day
from besitos.core.decision import (
    Accepted,
    Cancel,
    Decision,
    Effect,
    Expire,
    Give,
    Move,
    Note,
    Publish,
    Put,
    Rejected,
    Reverse,
)
from besitos.core.event import GiftReceived, GiftSent, TransferReversed, earned
from besitos.core.lot import ExpireLots
from besitos.core.member import PROFILE
from besitos.core.payout import currency_of, expiry_of
from besitos.core.quarantine import WAITING, RefusePayout, ReleasePayout, Waiting, held_in, release_key
from besitos.core.state import Key
from besitos.core.transaction import TransactionType
from besitos.core.view import View
from besitos.mechanics.transfer.model import (
    SINKS,
    Gift,
    Grant,
    Order,
    ReverseTransfer,
    Spend,
    TransferReason,
    TransferRules,
)

LONGEST = timedelta(days=36_525)
"""How far off an expiry may be."""


def grant(view: View, order: Grant, rules: TransferRules) -> Decision:
    """Mint money for the member, in a lot of its own where it expires."""
    if order.currency not in rules.currencies:
        return Rejected(TransferReason.UNKNOWN_CURRENCY, currency=order.currency)
    if order.source not in rules.sources:
        return Rejected(TransferReason.UNKNOWN_SOURCE, source=order.source)
    if order.expires_at is not None and order.expires_at <= view.now:
        return Rejected(TransferReason.EXPIRED_LOT, expires_at=order.expires_at)
    if order.expires_at is not None and order.expires_at > view.now + LONGEST:
        return Rejected(TransferReason.EXPIRES_TOO_LATE, expires_at=order.expires_at)
    move = Move(
        debit=source(order.source),
        credit=purse(order.member_id, order.currency),
        amount=order.amount,
        type=TransactionType.EARN_ADMIN,
        expires_at=None if order.expires_at is None else end_of_utc_day(order.expires_at),
        metadata=order.metadata,
    )
    return Accepted(move, *_note(order))


def spend(_view: View, order: Spend, rules: TransferRules) -> Decision:
    """Burn what the member has paid for elsewhere."""
    currency = rules.currencies.get(order.currency)
    if currency is None:
        return Rejected(TransferReason.UNKNOWN_CURRENCY, currency=order.currency)
    if not currency.is_spendable:
        return Rejected(TransferReason.NOT_SPENDABLE, currency=order.currency)
    if order.sink not in SINKS:
        return Rejected(TransferReason.UNKNOWN_SINK, sink=order.sink)
    move = Move(
        debit=purse(order.member_id, order.currency),
        credit=sink(order.sink),
        amount=order.amount,
        type=TransactionType.SPEND_ADMIN,
        metadata=order.metadata,
    )
    return Accepted(move, *_note(order))


def give(view: View, gift: Gift, rules: TransferRules) -> Decision:
    """From one member to another. What expires goes on expiring at the same time."""
    currency = rules.currencies.get(gift.currency)
    if currency is None:
        return Rejected(TransferReason.UNKNOWN_CURRENCY, currency=gift.currency)
    if not currency.is_giftable:
        return Rejected(TransferReason.NOT_GIFTABLE, currency=gift.currency)
    if gift.to == gift.member_id:
        return Rejected(TransferReason.TO_ONESELF)
    view.get(PROFILE.of(gift.to))  # whoever does not exist is missed before any money is
    move = Move(
        debit=purse(gift.member_id, gift.currency),
        credit=purse(gift.to, gift.currency),
        amount=gift.amount,
        type=TransactionType.GIFT_SENT,
        credit_type=TransactionType.GIFT_RECEIVED,
        metadata=gift.metadata,
    )
    sent = GiftSent(member_id=gift.member_id, to=str(gift.to), currency=gift.currency, amount=gift.amount)
    received = GiftReceived(member_id=gift.to, by=str(gift.member_id), currency=gift.currency, amount=gift.amount)
    return Accepted(move, *_note(gift), Publish(sent), Publish(received))


def reverse(view: View, order: ReverseTransfer, _rules: TransferRules) -> Decision:
    """Undo a transfer, once. A reversal is a transfer too, and can be undone like any other."""
    transfer = view.transfer(order.transfer)
    if transfer is None:
        return Rejected(TransferReason.UNKNOWN_TRANSFER, transfer=order.transfer)
    told = (
        Publish(TransferReversed(member_id=member_id, transfer=order.transfer, policy=order.policy.value))
        for member_id in transfer.members
    )
    return Accepted(Reverse(transfer, order.policy), *_note(order), *told)


def expire(_view: View, due: ExpireLots, _rules: TransferRules) -> Decision:
    """Burn what has expired. Whatever is left of the lot by then; if it was spent, nothing."""
    return Accepted(Expire(purse(due.member_id, due.account)))


def release(view: View, order: ReleasePayout, _rules: TransferRules) -> Decision:
    """Earn the payout that waited: now it counts, and its bonus begins to expire.

    Of a banned member it goes on waiting when its time is up: only somebody who has reviewed it can release it then.
    """
    waiting = view.get(WAITING.of(order.member_id, order.payout))
    if not waiting:
        return Rejected(TransferReason.NOT_WAITING, payout=order.payout)
    if order.key.startswith(JOB) and view.get(PROFILE.of(order.member_id)).is_banned:
        return Rejected(TransferReason.BANNED, payout=order.payout)
    moves = (
        Move(
            debit=held_in(order.member_id, order.payout, word),
            credit=purse(order.member_id, currency_of(word)),
            amount=amount,
            type=TransactionType.RELEASE,
            expires_at=expiry_of(word, view),
            cause=waiting.cause,
        )
        if amount > 0
        else _penalty(view, order.member_id, waiting, word, -amount)
        for word, amount in waiting.amounts
    )
    told = (
        Publish(earned(order.member_id, currency_of(word), amount, waiting.source))
        for word, amount in waiting.amounts
        if amount > 0
    )
    gives = (Give(order.member_id, given, waiting.source, waiting.cause) for given in waiting.givings)
    return Accepted(*(move for move in moves if move.amount), *_over(order), *told, *gives)


def refuse(view: View, order: RefusePayout, _rules: TransferRules) -> Decision:
    """Burn the payout that waited: it was never earned."""
    waiting = view.get(WAITING.of(order.member_id, order.payout))
    if not waiting:
        return Rejected(TransferReason.NOT_WAITING, payout=order.payout)
    moves = (
        Move(
            debit=held_in(order.member_id, order.payout, word),
            credit=sink(QUARANTINE),
            amount=amount,
            type=TransactionType.RELEASE,
        )
        for word, amount in waiting.amounts
        if amount > 0
    )
    return Accepted(*moves, *_over(order))


def what_waits(order: ReleasePayout | RefusePayout, _rules: TransferRules) -> Iterable[Key[Any]]:
    """The payout in question."""
    yield WAITING.of(order.member_id, order.payout)


def other_side(gift: Gift, _rules: TransferRules) -> Iterable[int]:
    """Who is given to."""
    yield gift.to


def _penalty(view: View, member_id: int, waiting: Waiting, currency: str, amount: int) -> Move:
    """What waited with the payout is taken when that is earned, of what is there."""
    account = purse(member_id, currency)
    taken = min(amount, view.balance(account))
    house, cause = sink(waiting.source), waiting.cause
    return Move(debit=account, credit=house, amount=taken, type=TransactionType.PENALTY, cause=cause)


def _over(order: ReleasePayout | RefusePayout) -> Iterable[Effect]:
    """The payout waits no longer, and its timer is not needed."""
    yield Put(WAITING.of(order.member_id, order.payout), Waiting())
    yield Cancel(release_key(order.member_id, order.payout))


def _note(order: Order) -> Iterable[Effect]:
    return (Note(order.note),) if order.note else ()
