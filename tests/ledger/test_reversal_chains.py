"""Reversals of reversals: audits of random books found that the third or fourth undoing went wrong."""

from collections import Counter
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from besitos.core.account import purse, sink, source
from besitos.core.decision import Move
from besitos.core.lot import Lot
from besitos.core.transaction import TransactionType
from besitos.core.transfer import Policy
from besitos.ledger.post import Entry, counter_name
from besitos.ledger.reversal import ADVANCE
from besitos.ledger.wallet import Wallet
from tests.ledger.test_reversal import Wallets, carry_out, earn, give, held, transfer, undo
from tests.world import ANA, BEA, MONDAY

AMOUNTS = st.integers(0, 60)
MEANWHILE = st.tuples(st.sampled_from([ANA, BEA]), st.sampled_from(["earn", "spend"]), AMOUNTS)
STEPS = st.lists(st.tuples(st.lists(MEANWHILE, max_size=2), st.sampled_from(Policy)), min_size=2, max_size=6)


@given(st.integers(1, 60), STEPS)
def test_however_often_a_gift_is_undone_nobody_gets_what_nobody_gave(
    amount: int, steps: list[tuple[list[tuple[int, str, int]], Policy]]
) -> None:
    wallets: Wallets = {purse(ANA): Wallet(amount), purse(BEA): Wallet()}
    supply, entries = amount, carry_out(give(amount), wallets)

    for meanwhile, policy in steps:
        supply += sum(from_the_house(pass_time(each, wallets)) for each in meanwhile)
        entries = undo(transfer(entries), policy, wallets)
        supply += from_the_house(entries)

        assert between_members(entries) == Counter()
        assert held(wallets) == supply
        assert all(wallet.balance >= 0 and wallet.debt >= 0 for wallet in wallets.values())


@given(st.integers(1, 40), st.integers(1, 60), STEPS)
def test_however_often_an_earning_in_debt_is_undone_no_debt_falls_below_zero(
    debt: int, amount: int, steps: list[tuple[list[tuple[int, str, int]], Policy]]
) -> None:
    wallets: Wallets = {purse(ANA): Wallet(0, debt=debt), purse(BEA): Wallet()}
    entries = carry_out(earn(amount), wallets)

    for meanwhile, policy in steps:
        for each in meanwhile:
            pass_time(each, wallets)
        entries = undo(transfer(entries), policy, wallets)

        assert all(wallet.balance >= 0 and wallet.debt >= 0 for wallet in wallets.values())


def test_an_advance_that_came_back_to_the_house_comes_again_whole_and_as_it_was() -> None:
    """It is the house's to give: what the other member has or lacks is of no account, nor is it split over rows."""
    wallets: Wallets = {purse(ANA): Wallet(59), purse(BEA): Wallet()}
    bonus = (Lot(MONDAY + timedelta(days=9), 27),)
    entries = carry_out(give(59), wallets)
    pass_time((BEA, "spend", 27), wallets)
    entries = undo(transfer(entries), Policy.DEBT, wallets)
    pass_time((BEA, "earn", 27), wallets)
    wallets[purse(ANA)] = Wallet(36, lots=bonus)
    entries = undo(transfer(entries), Policy.DEBT, wallets)
    assert wallets[purse(ANA)] == Wallet(debt=23)

    entries = undo(transfer(entries), Policy.TO_ZERO, wallets)

    assert [(entry.amount, entry.debt, entry.counter) for entry in entries if entry.account == purse(ANA)] == [
        (9, -23, counter_name(purse(BEA))),
        (27, 0, ADVANCE),
    ]
    assert wallets[purse(ANA)] == Wallet(36, lots=bonus)
    assert wallets[purse(BEA)].balance == 0


def test_a_debt_that_a_row_forgave_is_taken_for_the_house_and_only_after_what_is_the_others() -> None:
    wallets: Wallets = {purse(ANA): Wallet(20), purse(BEA): Wallet()}
    entries = carry_out(give(20), wallets)
    pass_time((BEA, "spend", 15), wallets)
    entries = undo(transfer(entries), Policy.DEBT, wallets)
    pass_time((ANA, "spend", 2), wallets)
    entries = undo(transfer(entries), Policy.TO_ZERO, wallets)
    assert wallets[purse(BEA)] == Wallet(3, spent=15)
    pass_time((BEA, "earn", 7), wallets)

    entries = undo(transfer(entries), Policy.TO_ZERO, wallets)

    assert [(entry.account, entry.amount, entry.counter) for entry in entries] == [
        (purse(BEA), -3, counter_name(purse(ANA))),
        (purse(BEA), -7, ADVANCE),
        (purse(ANA), 3, counter_name(purse(BEA))),
        (purse(ANA), 15, ADVANCE),
    ]


def pass_time(act: tuple[int, str, int], wallets: Wallets) -> list[Entry]:
    """A member earns or spends, as far as they can."""
    member_id, verb, amount = act
    account = purse(member_id)
    if verb == "earn":
        move = Move(debit=source("admin"), credit=account, amount=amount, type=TransactionType.EARN_ADMIN)
    else:
        amount = min(amount, wallets[account].balance)
        move = Move(debit=account, credit=sink("admin"), amount=amount, type=TransactionType.SPEND_ADMIN)
    return carry_out(move, wallets) if amount else []


def from_the_house(entries: list[Entry]) -> int:
    """What was minted, less what was burned."""
    return sum(entry.amount for entry in entries if not entry.counter.startswith("member:"))


def between_members(entries: list[Entry]) -> Counter[tuple[str, str]]:
    """What was moved from one account to another and did not arrive, or arrived and was never sent."""
    moved: Counter[tuple[str, str]] = Counter()
    for entry in entries:
        if entry.counter.startswith("member:"):
            own = counter_name(entry.account)
            moved[(own, entry.counter) if entry.amount < 0 else (entry.counter, own)] += entry.amount
    return Counter({sides: amount for sides, amount in moved.items() if amount})
