"""Reversals: whatever has happened since, no money appears or vanishes, and undoing the undoing restores."""

from collections.abc import Sequence
from datetime import timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from besitos.core.account import Account, purse, sink, source
from besitos.core.decision import Move, Rejected, Reverse
from besitos.core.lot import Lot
from besitos.core.transaction import TransactionType
from besitos.core.transfer import Policy, Posting, Transfer
from besitos.ledger.post import Entry, LedgerReason, Posted, post
from besitos.ledger.reversal import reverse
from besitos.ledger.wallet import Wallet
from tests.world import ANA, BEA, MONDAY

Wallets = dict[Account, Wallet]


def transfer(entries: Sequence[Entry], spent_since: int = 0, reversed_by: str = "") -> Transfer:
    postings = [
        Posting(
            entry.account,
            entry.amount,
            entry.type,
            entry.counter,
            entry.lots,
            entry.debt,
            entry.reversed_type,
            spent_since,
        )
        for entry in entries
    ]
    return Transfer("1-1", "test", tuple(postings), reversed_by)


def earn(amount: int) -> Move:
    return Move(debit=source("admin"), credit=purse(ANA), amount=amount, type=TransactionType.EARN_ADMIN)


def spend(amount: int) -> Move:
    return Move(debit=purse(ANA), credit=sink("admin"), amount=amount, type=TransactionType.SPEND_ADMIN)


def give(amount: int) -> Move:
    sent, received = TransactionType.GIFT_SENT, TransactionType.GIFT_RECEIVED
    return Move(debit=purse(ANA), credit=purse(BEA), amount=amount, type=sent, credit_type=received)


def carry_out(move: Move, wallets: Wallets) -> list[Entry]:
    posted = post(move, lambda account: wallets.get(account, Wallet()), MONDAY)
    assert isinstance(posted, Posted)
    wallets |= posted.wallets
    return posted.entries


def undo(what: Transfer, policy: Policy, wallets: Wallets) -> list[Entry]:
    posted = reverse(Reverse(what, policy), lambda account: wallets.get(account, Wallet()), MONDAY)
    assert isinstance(posted, Posted)
    wallets |= posted.wallets
    return posted.entries


def held(wallets: Wallets) -> int:
    return sum(wallet.balance for wallet in wallets.values())


def minted(entries: Sequence[Entry]) -> int:
    """What came from the house less what went to it: rows whose other side is a member cancel out."""
    return sum(entry.amount for entry in entries if not entry.counter.startswith("member:"))


@given(st.integers(1, 100), st.integers(0, 100), st.sampled_from(Policy))
def test_undoing_an_earning_and_undoing_that_leaves_what_was(amount: int, spent: int, policy: Policy) -> None:
    wallets: Wallets = {}
    earned = carry_out(earn(amount), wallets)
    spent = min(spent, amount)
    if spent:
        carry_out(spend(spent), wallets)
    before = dict(wallets)

    undone = undo(transfer(earned, spent), policy, wallets)
    left = wallets[purse(ANA)]
    undo(transfer(undone), policy, wallets)

    assert (left.balance, left.debt) == (0, spent if policy is Policy.DEBT else 0)
    assert wallets == before


@given(st.integers(1, 100), st.integers(0, 100), st.sampled_from(Policy))
def test_undoing_a_gift_moves_money_and_makes_none_but_what_is_owed(amount: int, spent: int, policy: Policy) -> None:
    wallets: Wallets = {purse(ANA): Wallet(balance=amount)}
    given_away = carry_out(give(amount), wallets)
    spent = min(spent, amount)
    if spent:
        carry_out(Move(debit=purse(BEA), credit=sink("admin"), amount=spent, type=TransactionType.SPEND_ADMIN), wallets)
    before = held(wallets)

    undone = undo(transfer(given_away, spent), policy, wallets)

    owed = wallets[purse(BEA)].debt
    assert owed == (spent if policy is Policy.DEBT else 0)
    assert held(wallets) - before == minted(undone) == owed
    assert wallets[purse(ANA)].balance == amount - spent + owed


@given(st.integers(1, 100), st.integers(1, 100))
def test_undoing_a_spend_gives_it_back(amount: int, more: int) -> None:
    wallets: Wallets = {}
    carry_out(earn(amount + more), wallets)
    before = dict(wallets)
    spent = carry_out(spend(amount), wallets)

    undo(transfer(spent), Policy.FORGIVE, wallets)

    assert wallets == before


@given(st.integers(1, 100), st.integers(1, 100), st.integers(1, 100))
def test_undoing_an_earning_that_repaid_a_debt_brings_the_debt_back(first: int, spent: int, then: int) -> None:
    wallets: Wallets = {}
    earned = carry_out(earn(first), wallets)
    spent = min(spent, first)
    carry_out(spend(spent), wallets)
    undo(transfer(earned, spent), Policy.DEBT, wallets)
    before = wallets[purse(ANA)]

    repaying = carry_out(earn(then), wallets)
    undo(transfer(repaying), Policy.DEBT, wallets)

    assert wallets[purse(ANA)] == before


def in_debt(debt: int) -> Wallets:
    return {purse(ANA): Wallet(debt=debt)}


def bonus(amount: int, days: int) -> Move:
    return msgspec.structs.replace(earn(amount), expires_at=MONDAY + timedelta(days=days))


def test_what_repaid_a_debt_at_once_was_not_spent() -> None:
    """It comes back with the debt, so nothing of it is forgiven: once it was, and the member kept it."""
    wallets = in_debt(30)
    repaying = carry_out(earn(100), wallets)
    assert (wallets[purse(ANA)].balance, wallets[purse(ANA)].debt) == (70, 0)

    undo(transfer(repaying, spent_since=30), Policy.FORGIVE, wallets)

    assert (wallets[purse(ANA)].balance, wallets[purse(ANA)].debt) == (0, 30)


def test_bonus_that_repaid_a_debt_comes_back_as_bonus() -> None:
    """It came back as permanent money once, which is worth more."""
    wallets = in_debt(30)
    repaying = carry_out(bonus(100, 9), wallets)
    carry_out(spend(70), wallets)

    undo(transfer(repaying[1:]), Policy.DEBT, wallets)

    assert wallets[purse(ANA)].lots == (Lot(MONDAY + timedelta(days=9), 30),)


def test_a_gift_of_both_kinds_is_taken_back_of_both_kinds() -> None:
    """Besides its own lots only permanent money is taken, and not a bonus that the member has of somebody else."""
    wallets: Wallets = {}
    carry_out(earn(20), wallets)
    carry_out(bonus(30, 9), wallets)
    given_away = carry_out(give(50), wallets)
    later = Lot(MONDAY + timedelta(days=12), 40)
    theirs = wallets[purse(BEA)]
    wallets[purse(BEA)] = msgspec.structs.replace(theirs, balance=90, lots=(*theirs.lots, later))

    undo(transfer(given_away), Policy.TO_ZERO, wallets)

    assert (wallets[purse(BEA)].balance, wallets[purse(BEA)].lots) == (40, (later,))


def test_what_is_undone_already_is_refused() -> None:
    wallets: Wallets = {}
    earned = carry_out(earn(5), wallets)

    refused = reverse(
        Reverse(transfer(earned, reversed_by="1-2"), Policy.FORGIVE), lambda _: wallets[purse(ANA)], MONDAY
    )

    assert refused == Rejected(LedgerReason.ALREADY_REVERSED, transfer="1-1", by="1-2")


def test_what_left_since_is_forgiven_once_however_many_rows_gave_something() -> None:
    """Each row forgave it once more, so of three tens, ten of them spent, nothing came back."""
    wallets: Wallets = {}
    paid = [entry for _ in range(3) for entry in carry_out(earn(10), wallets)]
    carry_out(spend(10), wallets)

    undo(transfer(paid, spent_since=10), Policy.FORGIVE, wallets)

    assert (wallets[purse(ANA)].balance, wallets[purse(ANA)].earned) == (0, 10)


def test_what_repaid_a_debt_in_two_steps_was_not_spent_either() -> None:
    """Only the last step was counted as come back: what the first had repaid, the member kept."""
    wallets = in_debt(30)
    first, second = carry_out(earn(10), wallets), carry_out(earn(10), wallets)
    repaid = [*transfer(first, spent_since=20).postings, *transfer(second, spent_since=10).postings]

    undo(Transfer("1-1", "test", tuple(repaid)), Policy.FORGIVE, wallets)

    assert (wallets[purse(ANA)].balance, wallets[purse(ANA)].debt) == (0, 30)


def test_what_an_act_gave_and_then_took_itself_was_not_spent() -> None:
    """The reversal has just given it back, so it is there; the member kept it and had the price back as well."""
    wallets: Wallets = {}
    given, taken = carry_out(earn(30), wallets), carry_out(spend(20), wallets)
    whole = [*transfer(given, spent_since=20).postings, *transfer(taken).postings]

    undo(Transfer("1-1", "test", tuple(whole)), Policy.FORGIVE, wallets)

    assert wallets[purse(ANA)] == Wallet()
