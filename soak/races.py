"""Races: sixty-four at once, in eight engines with a pool each, and in several processes through the API."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from functools import partial

import msgspec

from besitos.core.account import purse
from besitos.core.activity import Activity
from besitos.core.clock import SystemClock
from besitos.engine.directory import Directory
from besitos.engine.engine import Engine
from besitos.engine.outcome import Outcome
from besitos.store.audit import audit
from besitos.store.protocol import Database, MemberRef
from soak.callers import Line
from soak.orders import Order, Reply
from soak.part import Figures, Part
from soak.places import POSTGRES, SQLITE, opened, place
from soak.service import furnish, services
from tests.books import assert_books_balance, balances_in
from tests.world import claim, day, engine, gift, grant, spend, undo

WAYS = 64
ENGINES = 8
PROCESSES = 4
PEOPLE = 7
"""Members that one round uses up."""

Run = Callable[[Sequence[Activity]], Awaitable[list[Outcome]]]


async def race(kind: str, seed: int, rounds: int) -> Figures:
    """So many rounds of every race, among engines that share nothing but the database."""
    figures: Figures = Counter()
    async with place(kind, members=range(1, rounds * PEOPLE + 1), durable=False) as where, AsyncExitStack() as stack:
        stores = [await stack.enter_async_context(opened(where.url)) for _ in range(ENGINES)]
        engines = [engine(store) for store in stores]

        async def run(activities: Sequence[Activity]) -> list[Outcome]:
            each = (engines[(nth + seed) % ENGINES].run([activity]) for nth, activity in enumerate(activities))
            return [outcome for [outcome] in await asyncio.gather(*each)]

        expected: dict[int, int] = {}
        for number in range(rounds):
            first = number * PEOPLE + 1
            expected |= await one_round(run, engines[0], first)
            await open_at_once(stores, number)
            figures["orders"] += 5 * WAYS
        tables = await stores[0].export()
        assert_books_balance(tables)
        found = balances_in(tables)
        assert {member: found.get(purse(member), 0) for member in expected} == expected
        assert len(tables.reversals) == rounds
        report = await audit(stores[0])
        assert report.is_clean, report.violations
    return figures


async def open_at_once(stores: Sequence[Database], number: int) -> None:
    """Newcomers of whom all hear at once, each in an order of their own, are one member each."""
    refs = [MemberRef(external_id=f"new-{number}-{nth}") for nth in range(WAYS)]
    shuffled = [random.Random(nth).sample(refs, WAYS) for nth in range(len(stores))]
    directories = [Directory(store, SystemClock()) for store in stores]
    found = await asyncio.gather(*(each.open(some) for each, some in zip(directories, shuffled, strict=True)))
    assert all(each == found[0] for each in found)
    assert len(set(found[0].values())) == WAYS


async def one_round(run: Run, alone: Engine, first: int) -> dict[int, int]:
    """Every race once, with members of its own; what each of them must have in the end."""
    spender, keyed, one, other, undone, claimer = range(first, first + 6)
    await alone.run([grant(spender, 105), grant(one, 1_000), grant(other, 1_000)])
    [granted] = await alone.run([grant(undone, 50)])

    spends = await run([spend(spender, 10) for _ in range(WAYS)])
    assert sum(each.accepted for each in spends) == 10
    assert {each.reason for each in spends} == {"", "ledger.insufficient_funds"}

    alike = await run([grant(keyed, 7)] * WAYS)
    assert len({msgspec.json.encode(msgspec.structs.replace(each, replayed=False)) for each in alike}) == 1
    assert sum(not each.replayed for each in alike) == 1

    gifts = await run([gift(one, other, 7) if nth % 2 else gift(other, one, 7) for nth in range(WAYS)])
    assert all(each.accepted for each in gifts)

    undoings = await run([undo(granted.paid[0].transfer_id) for _ in range(WAYS)])
    assert sum(each.accepted for each in undoings) == 1
    assert {each.reason for each in undoings} == {"", "ledger.already_reversed"}

    # Each round in a month of its own, which the engines make on the way, all at once.
    claims = await run([claim(claimer, day(-5 * first)) for _ in range(WAYS)])
    assert sum(each.accepted for each in claims) == 1
    assert {each.reason for each in claims} == {"", "daily_gift.already_claimed"}
    return {spender: 5, keyed: 7, one: 1_000, other: 1_000, undone: 0, claimer: 10}


async def race_processes(kind: str, seed: int, rounds: int, processes: int = PROCESSES) -> Figures:
    """The same among processes that serve the API on one database."""
    async with place(kind, members=range(1, rounds * PEOPLE + 1), durable=False) as where:
        secret = await furnish(where.url)
        async with services(where.url, processes) as served:
            lines = [Line(served[(nth + seed) % processes].port, secret) for nth in range(WAYS)]
            for number in range(rounds):
                await one_round_of_processes(lines, number * PEOPLE + 1)
            for line in lines:
                line.close()
        async with opened(where.url) as store:
            assert_books_balance(await store.export())
            report = await audit(store)
            assert report.is_clean, report.violations
    return Counter(orders=5 * WAYS * rounds)


async def one_round_of_processes(lines: Sequence[Line], first: int) -> None:
    """Every race once, over HTTP."""
    spender, keyed, one, other, undone, claimer = range(first, first + 6)

    def post(name: object, path: str, body: str = "", member: int = first) -> Order:
        return Order(f"{first}-{name}", path, body, member)

    async def all_at_once(make: Callable[[int], Order]) -> list[Reply]:
        replies = await asyncio.gather(*(line.send(make(nth)) for nth, line in enumerate(lines)))
        assert {reply.status for reply in replies} <= {201, 409}, replies
        return replies

    def statuses(replies: Sequence[Reply]) -> Counter[int]:
        return Counter(reply.status for reply in replies)

    for member, amount in ((spender, 105), (one, 1_000), (other, 1_000)):
        await lines[0].send(post(f"money-{member}", f"/members/{member}/grants", f'{{"amount": {amount}}}'))
    granted = await lines[0].send(post("undone", f"/members/{undone}/grants", '{"amount": 50}'))
    transfer = msgspec.json.decode(granted.body)["paid"][0]["transfer_id"]

    ten = await all_at_once(lambda nth: post(f"s{nth}", f"/members/{spender}/spends", '{"amount": 10}'))
    assert statuses(ten) == {201: 10, 409: WAYS - 10}

    alike = await all_at_once(lambda _: post("one", f"/members/{keyed}/grants", '{"amount": 7}'))
    assert len({reply[:2] for reply in alike}) == 1
    assert sum(not reply.is_replayed for reply in alike) == 1

    pairs = [(one, other), (other, one)]
    gifts = await all_at_once(
        lambda nth: post(
            f"g{nth}", f"/members/{pairs[nth % 2][0]}/gifts", f'{{"to": "{pairs[nth % 2][1]}", "amount": 7}}'
        )
    )
    assert statuses(gifts) == {201: WAYS}

    undoings = await all_at_once(lambda nth: post(f"u{nth}", f"/transfers/{transfer}/reversal", "{}"))
    assert statuses(undoings) == {201: 1, 409: WAYS - 1}

    claims = await all_at_once(lambda nth: post(f"c{nth}", f"/members/{claimer}/daily-gift"))
    assert statuses(claims) == {201: 1, 409: WAYS - 1}


RACES = (
    Part("races/sqlite", 100, 10, "rounds", partial(race, SQLITE)),
    Part("races/postgres", 100, 10, "rounds", partial(race, POSTGRES)),
    Part("races/sqlite-processes", 20, 5, "rounds", partial(race_processes, SQLITE)),
    Part("races/postgres-processes", 40, 10, "rounds", partial(race_processes, POSTGRES)),
)
