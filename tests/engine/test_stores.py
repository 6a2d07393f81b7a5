"""One suite for all stores: whatever the engine relies on, each of them must do."""

from datetime import timedelta

import msgspec

from besitos.core.account import hold, purse
from besitos.core.transfer import Policy
from besitos.engine.outcome import Outcome, Status
from besitos.ledger.post import HOLD_GRACE
from besitos.store.protocol import Store
from tests.books import assert_books_balance, balances_in, comparable, held_in_all, wallets_in
from tests.world import (
    ANA,
    BEA,
    CARLA,
    MONDAY,
    SetClock,
    auction,
    bid,
    claim,
    day,
    engine,
    gift,
    grant,
    happened,
    message,
    salaries,
    spend,
    undo,
)


def transfer_of(outcome: Outcome) -> str:
    return outcome.paid[0].transfer_id


async def test_a_claim_pays_besitos_and_xp(store: Store) -> None:
    outcome = await engine(store).submit(claim(ANA))

    assert outcome.accepted
    assert outcome.paid_to(purse(ANA)) == 10
    assert balances_in(await store.export()) == {purse(ANA): 10, purse(ANA, "xp"): 5}


async def test_a_second_claim_of_the_day_is_refused_until_midnight(store: Store) -> None:
    await engine(store).submit(claim(ANA))

    outcome = await engine(store).submit(claim(ANA, MONDAY + timedelta(hours=11)))

    assert (outcome.status, outcome.reason) == (Status.REJECTED, "daily_gift.already_claimed")
    assert outcome.details == {"retry_at": "2026-11-24T00:00:00Z"}
    assert balances_in(await store.export())[purse(ANA)] == 10


async def test_a_member_who_does_not_exist_is_told_and_nothing_is_remembered(store: Store) -> None:
    unknown = claim(4711)

    outcome = await engine(store).submit(unknown)

    assert (outcome.status, outcome.reason) == (Status.INVALID, "member.unknown")
    assert (await store.export()).activities == []


async def test_an_activity_that_nothing_handles_is_refused(store: Store) -> None:
    outcome = await engine(store, None, "game: {name: Nada}").submit(claim(ANA))

    assert outcome.reason == "activity.unhandled"


async def test_a_rule_pays_up_to_its_limit_and_says_why_not(store: Store) -> None:
    outcomes = await engine(store).run([message(ANA) for _ in range(4)])

    assert [outcome.paid_to(purse(ANA)) for outcome in outcomes] == [2, 2, 2, 0]
    assert all(outcome.accepted for outcome in outcomes)
    [step] = outcomes[3].trace
    assert (step.definition, step.reason) == ("rule/message", "limit.reached")
    assert step.details == {"limit": "3/day", "retry_at": "2026-11-24T00:00:00Z"}


async def test_a_grant_a_spend_and_a_gift_move_what_they_say(store: Store) -> None:
    outcomes = await engine(store).run([grant(ANA, 50), spend(ANA, 20), gift(ANA, BEA, 10), spend(ANA, 21)])

    assert [outcome.status for outcome in outcomes] == ["accepted", "accepted", "accepted", "rejected"]
    assert outcomes[3].details == {"currency": "besitos", "needed": 21, "available": 20}
    tables = await store.export()
    assert balances_in(tables) == {purse(ANA): 20, purse(BEA): 10}
    assert (wallets_in(tables)[purse(ANA)].earned, wallets_in(tables)[purse(ANA)].spent) == (50, 20)


async def test_an_order_says_what_is_wrong_with_it(store: Store) -> None:
    orders = [
        grant(ANA, 5, currency="gemas"),
        grant(ANA, 5, source="nowhere"),
        spend(ANA, 5, currency="xp"),
        spend(ANA, 5, sink="nowhere"),
        gift(ANA, ANA, 5),
        gift(ANA, 4711, 5),
    ]

    outcomes = await engine(store).run(orders)

    assert [outcome.reason for outcome in outcomes] == [
        "currency.unknown",
        "ledger.unknown_source",
        "currency.not_spendable",
        "ledger.unknown_sink",
        "ledger.gift_to_oneself",
        "member.unknown",
    ]


async def test_a_transfer_is_undone_once_and_its_undoing_too(store: Store) -> None:
    running = engine(store)
    granted = await running.submit(grant(ANA, 50))

    undone = await running.submit(undo(transfer_of(granted)))
    again = await running.submit(undo(transfer_of(granted)))
    redone = await running.submit(undo(transfer_of(undone)))

    assert (undone.paid_to(purse(ANA)), redone.paid_to(purse(ANA))) == (-50, 50)
    assert again.reason == "ledger.already_reversed"
    wallet = wallets_in(await store.export())[purse(ANA)]
    assert (wallet.balance, wallet.earned) == (50, 50)


async def test_what_has_been_spent_is_forgiven_taken_or_owed(store: Store) -> None:
    running = engine(store)
    taken = {}
    for member_id, policy in ((ANA, Policy.FORGIVE), (BEA, Policy.TO_ZERO), (CARLA, Policy.DEBT)):
        granted, *_ = await running.run([grant(member_id, 50), grant(member_id, 10), spend(member_id, 40)])
        outcome = await running.submit(undo(transfer_of(granted), policy))
        taken[policy] = -outcome.paid_to(purse(member_id))

    wallets = wallets_in(await store.export())
    assert taken == {Policy.FORGIVE: 10, Policy.TO_ZERO: 20, Policy.DEBT: 20}
    assert [wallets[purse(member_id)].balance for member_id in (ANA, BEA, CARLA)] == [10, 0, 0]
    assert wallets[purse(CARLA)].debt == 30


async def test_a_debt_is_repaid_by_the_next_earnings(store: Store) -> None:
    running = engine(store)
    granted, _ = await running.run([grant(ANA, 50), spend(ANA, 40)])
    await running.submit(undo(transfer_of(granted), Policy.DEBT))

    outcomes = await running.run([grant(ANA, 15), grant(ANA, 45)])

    assert [outcome.paid_to(purse(ANA)) for outcome in outcomes] == [0, 20]
    wallet = wallets_in(await store.export())[purse(ANA)]
    assert (wallet.balance, wallet.earned, wallet.debt) == (20, 60, 0)


async def test_two_reversals_at_once_undo_once(store: Store) -> None:
    granted = await engine(store).submit(grant(ANA, 50))

    outcomes = await engine(store).run([undo(transfer_of(granted)), undo(transfer_of(granted))])

    assert [outcome.reason for outcome in outcomes] == ["", "ledger.already_reversed"]


async def test_a_reversed_gift_comes_back_as_far_as_it_is_there(store: Store) -> None:
    running = engine(store)
    await running.run([grant(ANA, 50)])
    given, _ = await running.run([gift(ANA, BEA, 50), spend(BEA, 30)])

    await running.submit(undo(transfer_of(given), Policy.DEBT))

    wallets = wallets_in(await store.export())
    assert (wallets[purse(ANA)].balance, wallets[purse(BEA)].balance, wallets[purse(BEA)].debt) == (50, 0, 30)


async def test_outbidding_releases_the_bid_before_at_once(store: Store) -> None:
    await engine(store).run([*salaries([ANA, BEA]), auction("7", CARLA)])
    await engine(store).submit(bid(ANA, "7", 60))

    outcome = await engine(store).submit(bid(BEA, "7", 80))

    assert outcome.accepted
    assert balances_in(await store.export()) == {purse(ANA): 100, purse(BEA): 20, hold(BEA, "auction/7"): 80}


async def test_who_raises_their_own_bid_pays_only_the_difference(store: Store) -> None:
    await engine(store).run([*salaries([ANA]), auction("7", CARLA), bid(ANA, "7", 60)])

    outcome = await engine(store).submit(bid(ANA, "7", 100))

    assert outcome.accepted
    assert outcome.paid_to(purse(ANA)) == -40


async def test_the_timer_closes_the_auction_once_and_burns_a_tenth(store: Store) -> None:
    clock = SetClock(MONDAY)
    running = engine(store, clock)
    await running.run([*salaries([ANA]), auction("7", CARLA), bid(ANA, "7", 95)])
    assert await running.run_due_timers() == 0

    clock.moment = day(1)
    assert await running.run_due_timers() == 1
    assert await running.run_due_timers() == 0

    tables = await store.export()
    assert balances_in(tables) == {purse(ANA): 5, purse(CARLA): 86}
    assert wallets_in(tables)[purse(ANA)].spent == 95


async def test_bonus_besitos_are_spent_first(store: Store) -> None:
    await engine(store).run([happened(ANA, "promotion.given"), *salaries([ANA]), auction("7", CARLA)])
    await engine(store).submit(bid(ANA, "7", 60))

    tables = await store.export()

    assert wallets_in(tables)[purse(ANA)].lots == ()
    assert [lot.amount for lot in wallets_in(tables)[hold(ANA, "auction/7")].lots] == [50]
    assert_books_balance(tables)


async def test_bonus_besitos_expire_at_the_end_of_their_last_day_by_a_transfer_of_their_own(store: Store) -> None:
    clock = SetClock(MONDAY)
    running = engine(store, clock)
    await running.run([happened(ANA, "promotion.given"), spend(ANA, 20), grant(ANA, 5)])
    clock.moment = day(31).replace(hour=0)

    assert await running.run_due_timers() == 1

    tables = await store.export()
    assert balances_in(tables) == {purse(ANA): 5}
    assert (tables.transactions[-1].type, tables.transactions[-1].amount) == ("EXPIRE", -30)
    assert tables.transactions[-1].occurred_at == clock.moment
    assert tables.timers == {}


async def test_what_has_expired_cannot_be_spent(store: Store) -> None:
    promotion = happened(ANA, "promotion.given", day(-32))

    _, outcome = await engine(store).run([promotion, spend(ANA, 10)])

    assert outcome.reason == "ledger.insufficient_funds"
    assert outcome.details == {"currency": "besitos", "needed": 10, "available": 0}


async def test_a_lot_that_expired_in_a_hold_comes_back_with_a_day_of_grace(store: Store) -> None:
    promotion = happened(ANA, "promotion.given", day(-30))
    await engine(store).run([promotion, *salaries([BEA]), auction("7", CARLA), bid(ANA, "7", 50)])
    late = MONDAY + timedelta(hours=20)

    await engine(store).submit(bid(BEA, "7", 60, at=late))

    [lot] = wallets_in(await store.export())[purse(ANA)].lots
    assert (lot.amount, lot.expires_at) == (50, late + HOLD_GRACE)
    assert lot.first_expiry == day(1).replace(hour=0)


async def test_a_rehearsal_answers_and_leaves_nothing(store: Store) -> None:
    before = comparable(await store.export())

    [outcome] = await engine(store).rehearse([claim(ANA)])

    assert outcome.paid_to(purse(ANA)) == 10
    assert comparable(await store.export()) == before


async def test_money_is_minted_moved_and_burned_but_never_lost(store: Store) -> None:
    await engine(store).run([*salaries([ANA, BEA], times=3), auction("7", CARLA), auction("8", ANA)])
    await engine(store).run(
        [bid(ANA, "7", 50), bid(BEA, "7", 60), bid(BEA, "8", 100), bid(CARLA, "8", 200), bid(ANA, "7", 70)]
    )
    await engine(store, SetClock(day(2))).run_due_timers()

    tables = await store.export()
    assert_books_balance(tables)
    assert held_in_all(tables) == 600 - 7 - 10


async def test_what_nobody_handles_any_more_waits_in_its_timer(store: Store) -> None:
    await engine(store, SetClock(MONDAY)).run([happened(ANA, "promotion.given")])

    tables = await store.export()

    [timer] = tables.timers.values()
    assert msgspec.json.decode(timer.activity)["account"] == "besitos"
