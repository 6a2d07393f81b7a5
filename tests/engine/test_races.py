"""Many at once: nobody is paid twice, nothing is lost, nobody waits for ever."""

import asyncio
import random

import msgspec

from besitos.core.account import hold, purse
from besitos.engine.outcome import Status
from besitos.store.protocol import Store
from tests.books import assert_books_balance, balances_in, held_in_all, wallets_in
from tests.world import ANA, BEA, CARLA, auction, bid, claim, engine, gift, grant, message, salaries, spend, undo

WAYS = 64


async def test_sixty_four_claims_at_once_pay_once(database: Store) -> None:
    engines = [engine(database) for _ in range(4)]
    claims = [claim(member_id) for member_id in range(1, 11) for _ in range(WAYS)]
    random.Random(1).shuffle(claims)

    outcomes = await asyncio.gather(*(engines[number % 4].submit(activity) for number, activity in enumerate(claims)))

    assert sum(outcome.accepted for outcome in outcomes) == 10
    assert held_in_all(await database.export()) == 10 * 10


async def test_the_same_key_sent_to_many_processes_is_answered_alike_and_counts_once(database: Store) -> None:
    engines = [engine(database) for _ in range(8)]
    press = claim(ANA)

    outcomes = await asyncio.gather(*(each.run([press]) for each in engines for _ in range(8)))

    assert len({msgspec.json.encode(msgspec.structs.replace(outcome, replayed=False)) for [outcome] in outcomes}) == 1
    assert sum(not outcome.replayed for [outcome] in outcomes) == 1
    assert balances_in(await database.export())[purse(ANA)] == 10


async def test_one_key_raced_by_two_members_stands_for_one_of_them(database: Store) -> None:
    engines = [engine(database) for _ in range(8)]
    shared = [msgspec.structs.replace(grant(member_id, 5), key="test:raced") for member_id in (ANA, BEA)]

    outcomes = await asyncio.gather(*(engines[number].run([shared[number % 2]]) for number in range(8)))

    statuses = [outcome.status for [outcome] in outcomes]
    assert (statuses.count(Status.ACCEPTED), statuses.count(Status.CONFLICT)) == (4, 4)
    assert held_in_all(await database.export()) == 5


async def test_money_for_ten_is_spent_ten_times_sixty_four_ways(database: Store) -> None:
    engines = [engine(database) for _ in range(8)]
    await engines[0].submit(grant(ANA, 105))

    outcomes = await asyncio.gather(*(engines[number % 8].run([spend(ANA, 10)]) for number in range(WAYS)))

    assert sum(outcome.accepted for [outcome] in outcomes) == 10
    assert balances_in(await database.export()) == {purse(ANA): 5}


async def test_sixty_four_reversals_undo_once(database: Store) -> None:
    engines = [engine(database) for _ in range(8)]
    granted = await engines[0].submit(grant(ANA, 50))
    transfer = granted.paid[0].transfer_id

    outcomes = await asyncio.gather(*(engines[number % 8].run([undo(transfer)]) for number in range(WAYS)))

    assert sum(outcome.accepted for [outcome] in outcomes) == 1
    assert {outcome.reason for [outcome] in outcomes if not outcome.accepted} == {"ledger.already_reversed"}


async def test_opposite_gifts_neither_deadlock_nor_lose_money(database: Store) -> None:
    engines = [engine(database) for _ in range(8)]
    await engines[0].run([grant(ANA, 1_000), grant(BEA, 1_000)])
    pairs = [(ANA, BEA) if number % 2 else (BEA, ANA) for number in range(WAYS)]

    outcomes = await asyncio.wait_for(
        asyncio.gather(*(engines[number % 8].run([gift(*pair, 7)]) for number, pair in enumerate(pairs))), timeout=60
    )

    assert all(outcome.accepted for [outcome] in outcomes)
    assert balances_in(await database.export()) == {purse(ANA): 1_000, purse(BEA): 1_000}


async def test_what_pays_nothing_is_counted_all_the_same(database: Store) -> None:
    """No transaction row guards this number (its primary key would): only the lock does."""
    engines = [engine(database) for _ in range(8)]
    await asyncio.gather(*(engines[number % 8].run([message(ANA)]) for number in range(WAYS)))

    tables = await database.export()
    [member] = tables.members
    counters = msgspec.json.decode(member.state)["limits"]["of"]
    assert [used for _, used, _ in counters.values()] == [3]


async def test_opposite_bids_neither_deadlock_nor_lose_money(database: Store) -> None:
    """Ana tops Bea here while Bea tops Ana there: each needs the other's lock, found out only on the way."""
    await engine(database).run([*salaries(range(1, 9), times=50)])
    await engine(database).run([auction(name, CARLA) for name in "wxyz"])
    dice = random.Random(2)
    bids = [bid(dice.choice([1, 2, 4, 5, 6, 7, 8]), dice.choice("wxyz"), amount) for amount in range(15, 1215, 5)]

    lanes = [engine(database) for _ in range(8)]
    await asyncio.wait_for(
        asyncio.gather(*(lanes[number % 8].submit(each) for number, each in enumerate(bids))), timeout=60
    )

    tables = await database.export()
    assert_books_balance(tables)
    assert held_in_all(tables) == 8 * 50 * 100
    held = {account: wallet.balance for account, wallet in wallets_in(tables).items() if account.is_hold}
    assert sum(balance > 0 for balance in held.values()) == 4
    assert hold(CARLA, "auction/x") not in held


async def test_timers_run_by_eight_workers_at_once_act_once(database: Store) -> None:
    engines = [engine(database) for _ in range(8)]
    await engines[0].run([*salaries([ANA, BEA]), auction("7", CARLA), bid(ANA, "7", 95)])

    await asyncio.gather(*(each.run_due_timers() for each in engines for _ in range(4)))

    assert balances_in(await database.export()) == {purse(ANA): 5, purse(BEA): 100, purse(CARLA): 86}
