"""Postings: what one movement does to the wallets it touches."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from besitos.core.account import Account, hold, purse, sink, source
from besitos.core.decision import Move, Rejected
from besitos.core.lot import LINEAGE_MAX, Lot
from besitos.core.transaction import MAX_BALANCE, TransactionType
from besitos.ledger.post import HOLD_GRACE, LedgerReason, Posted, expire, post
from besitos.ledger.wallet import Wallet, merge, take
from tests.world import ANA, BEA, MONDAY

SOON, LATER = MONDAY + timedelta(days=1), MONDAY + timedelta(days=9)
LOTS = st.lists(
    st.builds(Lot, st.sampled_from([MONDAY - timedelta(days=1), SOON, LATER]), st.integers(1, 50)), max_size=6
).map(lambda lots: merge((), tuple(lots)))


def gift(amount: int) -> Move:
    return Move(debit=purse(ANA), credit=purse(BEA), amount=amount, type=TransactionType.GIFT_SENT)


def posted(move: Move, wallets: dict[Account, Wallet]) -> Posted:
    outcome = post(move, lambda account: wallets.get(account, Wallet()), MONDAY)
    assert isinstance(outcome, Posted)
    return outcome


def test_the_soonest_expiry_is_spent_first_and_travels_along() -> None:
    wallets = {purse(ANA): Wallet(balance=100, lots=(Lot(SOON, 10), Lot(LATER, 20)))}

    after = posted(gift(25), wallets).wallets

    assert after[purse(ANA)] == Wallet(balance=75, lots=(Lot(LATER, 5),))
    assert after[purse(BEA)] == Wallet(balance=25, lots=(Lot(SOON, 10), Lot(LATER, 15)))


def test_what_has_expired_is_not_spendable_before_the_job_has_run() -> None:
    wallets = {purse(ANA): Wallet(balance=10, lots=(Lot(MONDAY, 10),)), purse(BEA): Wallet()}

    refused = post(gift(1), wallets.__getitem__, MONDAY)

    assert refused == Rejected(LedgerReason.INSUFFICIENT_FUNDS, currency="besitos", needed=1, available=0)


def test_expiry_burns_what_is_past_and_leaves_the_rest() -> None:
    wallets = {purse(ANA): Wallet(balance=30, lots=(Lot(MONDAY, 10), Lot(SOON, 5)))}

    burned = expire(purse(ANA), wallets.__getitem__, MONDAY)

    assert burned.wallets == {purse(ANA): Wallet(balance=20, lots=(Lot(SOON, 5),))}
    assert [(entry.type, entry.amount, entry.counter) for entry in burned.entries] == [("EXPIRE", -10, "sink:expired")]


def test_earning_counts_and_releasing_a_hold_does_not() -> None:
    wallets: dict[Account, Wallet] = {hold(ANA, "x"): Wallet(balance=5)}
    earn = Move(debit=source("rule"), credit=purse(ANA), amount=3, type=TransactionType.EARN_RULE)
    release = Move(debit=hold(ANA, "x"), credit=purse(ANA), amount=5, type=TransactionType.RELEASE)

    for move in (earn, release):
        wallets |= posted(move, wallets).wallets

    assert wallets[purse(ANA)] == Wallet(balance=8, earned=3)


def test_what_waits_in_quarantine_is_earned_when_it_is_released() -> None:
    held = hold(ANA, "quarantine/q")
    wallets: dict[Account, Wallet] = {}
    minted = Move(debit=source("rule"), credit=held, amount=5, type=TransactionType.EARN_RULE)
    release = Move(debit=held, credit=purse(ANA), amount=5, type=TransactionType.RELEASE)

    wallets |= posted(minted, wallets).wallets
    assert wallets[held] == Wallet(balance=5)
    wallets |= posted(release, wallets).wallets

    assert wallets[purse(ANA)] == Wallet(balance=5, earned=5)


def test_a_bid_is_spent_when_it_is_paid_and_the_purse_remembers() -> None:
    wallets = {purse(ANA): Wallet(balance=3), hold(ANA, "x"): Wallet(balance=5)}
    bid, sale = TransactionType.AUCTION_BID, TransactionType.AUCTION_SALE
    win = Move(debit=hold(ANA, "x"), credit=purse(BEA), amount=5, type=bid, credit_type=sale)

    outcome = posted(win, wallets)

    assert outcome.wallets[purse(ANA)] == Wallet(balance=3, spent=5)
    assert outcome.wallets[purse(BEA)] == Wallet(balance=5)
    assert [(entry.amount, entry.type) for entry in outcome.entries] == [(-5, bid), (5, sale)]


def test_an_earning_in_debt_is_posted_in_full_and_repays_at_once() -> None:
    wallets = {purse(ANA): Wallet(balance=0, debt=8, lots=())}
    earn = Move(debit=source("rule"), credit=purse(ANA), amount=5, type=TransactionType.EARN_RULE, expires_at=SOON)

    outcome = posted(earn, wallets)

    assert outcome.wallets[purse(ANA)] == Wallet(balance=0, earned=5, debt=3)
    assert [(entry.type, entry.amount, entry.debt) for entry in outcome.entries] == [
        ("EARN_RULE", 5, 0),
        ("REPAY", -5, -5),
    ]


def test_a_sum_that_no_row_can_hold_is_refused() -> None:
    wallets = {purse(ANA): Wallet(balance=MAX_BALANCE - 1)}
    earn = Move(debit=source("admin"), credit=purse(ANA), amount=2, type=TransactionType.EARN_ADMIN)

    refused = post(earn, wallets.__getitem__, MONDAY)

    assert refused == Rejected(LedgerReason.OVERFLOW, currency="besitos")


def test_a_lifetime_total_that_no_row_can_hold_is_refused() -> None:
    wallets = {purse(ANA): Wallet(balance=2, spent=MAX_BALANCE - 1)}
    spend = Move(debit=purse(ANA), credit=sink("admin"), amount=2, type=TransactionType.SPEND_ADMIN)

    refused = post(spend, wallets.__getitem__, MONDAY)

    assert refused == Rejected(LedgerReason.OVERFLOW, currency="besitos")


def test_a_lot_lives_no_more_than_72_hours_past_its_first_expiry() -> None:
    lot, now, lives = Lot(MONDAY, 10), MONDAY, []
    for _ in range(6):
        lot = lot.revived(now, HOLD_GRACE)
        lives.append(lot.expires_at - MONDAY)
        now = lot.expires_at

    assert lives == [timedelta(hours=24), timedelta(hours=48), *[LINEAGE_MAX] * 4]


@given(LOTS, st.integers(1, 400))
def test_lots_left_and_lots_used_are_the_lots_there_were(lots: tuple[Lot, ...], amount: int) -> None:
    left, used = take(lots, amount, MONDAY)

    assert merge(left, used) == lots
    assert sum(lot.amount for lot in used) <= amount
    assert all(lot.expires_at > MONDAY for lot in used)


@given(LOTS, LOTS, st.integers(1, 400))
def test_the_lots_of_a_reversal_are_used_before_any_other(
    lots: tuple[Lot, ...], own: tuple[Lot, ...], amount: int
) -> None:
    left, used = take(lots, amount, MONDAY, own)

    assert merge(left, used) == lots
    mine = {lot.expires_at: lot.amount for lot in own if lot.expires_at > MONDAY}
    there = {lot.expires_at: lot.amount for lot in lots}
    first = sum(min(each, there.get(expires_at, 0)) for expires_at, each in mine.items())
    taken = sum(min(lot.amount, mine.get(lot.expires_at, 0)) for lot in used)
    assert taken >= min(first, amount)
