"""When something breaks: a bug in a rule, a database that refuses, a rival, a flood of events."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from besitos.core.decision import Accepted, Decision, Publish
from besitos.core.event import BesitosExpired
from besitos.core.view import View
from besitos.engine.engine import Engine
from besitos.engine.outcome import Status
from besitos.engine.rounds import MOST_EVENTS
from besitos.game.document import Document
from besitos.game.mechanic import Listens, Mechanic, Phase, Signal
from besitos.store.database import open_store
from besitos.store.memory import MemoryStore
from besitos.store.protocol import (
    Changes,
    Held,
    Loaded,
    Locks,
    Store,
    StoreError,
    T,
    Transaction,
    TransientError,
    UnavailableError,
    Wanted,
    Work,
)
from tests.books import assert_books_balance
from tests.world import ANA, BEA, GAME, MONDAY, SetClock, day, engine, grant, happened, message, people

TRAPS = GAME.replace("activities:", "activities:\n  trap.sprung: {}")


def spring(_view: View, _signal: Signal, _trap: None) -> Decision:
    raise ZeroDivisionError


def echo(_view: View, signal: Signal, _trap: None) -> Decision:
    return Accepted(Publish(BesitosExpired(member_id=signal.member_id, currency="besitos", amount=1)))


def trapped(store: Store, decide: Callable[[View, Any, None], Decision], *topics: str) -> Engine:
    def compile_rules(_: Document) -> Iterable[tuple[str, None]]:
        yield "trap", None

    listens = Listens(lambda _: ("trap.sprung", *topics), decide, Phase.RULE)
    trap = Mechanic(name="trap", compile=compile_rules, listens=(listens,))
    return engine(store, SetClock(), TRAPS, trap)


class Picky(MemoryStore):
    """A store that refuses to write what `objection` objects to."""

    def __init__(self, objection: Callable[[Changes], StoreError | None]) -> None:
        super().__init__()
        self._objection = objection

    async def transact(self, work: Work[T]) -> T:
        async def picky_work(transaction: Transaction) -> T:
            return await work(PickyTransaction(transaction, self._objection))

        return await super().transact(picky_work)


class PickyTransaction:
    def __init__(self, inner: Transaction, objection: Callable[[Changes], StoreError | None]) -> None:
        self._inner = inner
        self._objection = objection

    async def lock(self, locks: Locks) -> Held:
        return await self._inner.lock(locks)

    async def load(self, wanted: Wanted) -> Loaded:
        return await self._inner.load(wanted)

    async def write(self, changes: Changes) -> None:
        refusal = self._objection(changes)
        if refusal is not None:
            raise refusal
        await self._inner.write(changes)


async def test_a_bug_in_one_decision_fails_that_activity_alone(store: Store) -> None:
    running = trapped(store, spring)

    outcomes = await running.run([message(ANA), happened(ANA, "trap.sprung"), message(BEA)])

    assert [outcome.status for outcome in outcomes] == [Status.ACCEPTED, Status.FAILED, Status.ACCEPTED]
    assert outcomes[1].details == {"error": "ZeroDivisionError()"}
    assert [row.member_id for row in (await store.export()).transactions] == [ANA, BEA]


async def test_mechanics_that_answer_each_other_for_ever_are_cut_off() -> None:
    store = MemoryStore()
    await people(store)
    running = trapped(store, echo, "gamification.besitos_expired")

    outcome = await running.submit(happened(ANA, "trap.sprung"))

    assert outcome.accepted
    assert outcome.trace[-1].reason == "rounds.too_deep"
    assert outcome.trace[-1].details == {"dropped": ["gamification.besitos_expired"]}
    assert len((await store.export()).events) == 20 + 8


async def test_rules_that_pay_for_every_payment_are_cut_off_before_they_fill_the_books() -> None:
    store = MemoryStore()
    await people(store)
    rules = "".join(f"  r{n}: {{when: gamification.besitos_earned, pays: {{besitos: 1}}}}\n" for n in range(9))

    outcome = await engine(store, text=f"{GAME}{rules}").submit(happened(ANA, "salary.paid"))

    assert outcome.accepted
    assert outcome.trace[-1].reason == "rounds.too_deep"
    assert MOST_EVENTS <= len(outcome.paid) < MOST_EVENTS + 100


async def test_a_failed_key_stays_free_and_is_decided_anew(store: Store) -> None:
    trap = happened(ANA, "trap.sprung")
    failed = await trapped(store, spring).submit(trap)

    again = await trapped(store, echo).submit(trap)

    assert (failed.status, again.status, again.replayed) == (Status.FAILED, Status.ACCEPTED, False)


async def test_a_dead_letter_is_tried_again_and_then_forgotten(store: Store) -> None:
    trap = happened(ANA, "trap.sprung")
    await trapped(store, spring).submit(trap)
    assert [letter.key for letter in await store.backlog.letters(10)] == [trap.key]

    still_broken = await trapped(store, spring).retry_letters()
    mended = await trapped(store, echo).retry_letters()

    assert [outcome.status for outcome in still_broken + mended] == [Status.FAILED, Status.ACCEPTED]
    assert await store.backlog.letters(10) == []


async def test_the_culprit_of_a_refused_batch_is_found_and_the_others_stand() -> None:
    activities = [message(member_id) for member_id in range(1, 12)]
    culprit = activities[6]

    def objection(changes: Changes) -> StoreError | None:
        has_culprit = any(row.key == culprit.key for row in changes.activities)
        return StoreError("no") if has_culprit and changes.transactions else None

    store = Picky(objection)
    await people(store)
    outcomes = await engine(store).run(activities)

    assert [number for number, outcome in enumerate(outcomes, 1) if not outcome.accepted] == [7]
    assert outcomes[6].status is Status.FAILED
    tables = await store.export()
    assert len(tables.activities) == 10
    assert [key for key, _ in tables.letters] == [culprit.key]
    assert_books_balance(tables)


async def test_a_timer_goes_with_the_refused_activity_that_it_brought_about() -> None:
    def objection(changes: Changes) -> StoreError | None:
        return StoreError("no") if any(row.kind == "ledger.expire" for row in changes.activities) else None

    store = Picky(objection)
    await people(store)
    running = engine(store)
    await running.submit(happened(ANA, "promotion.given"))
    [timer] = (await store.export()).timers

    assert await running.run_due_timers(until=day(31)) == 1

    tables = await store.export()
    assert ([key for key, _ in tables.letters], tables.timers) == ([timer], {})


async def test_a_deadlock_never_reaches_the_caller() -> None:
    answers: list[StoreError | None] = [TransientError("deadlock"), TransientError("deadlock"), None]
    store = Picky(lambda _: answers.pop(0))
    await people(store)

    outcome = await engine(store).submit(message(ANA))

    assert outcome.accepted


async def test_a_clock_set_back_while_timers_run_leaves_nothing_undone(store: Store) -> None:
    """Found due by one look at the clock and decided by the next, a lot was not burned, and its timer was gone."""

    class Faltering(SetClock):
        def now(self) -> datetime:
            self.moment -= timedelta(milliseconds=1)
            return self.moment

    await engine(store).submit(grant(ANA, 50, expires_at=MONDAY + timedelta(days=1)))
    midnight = (MONDAY + timedelta(days=2)).replace(hour=0)
    clock = Faltering(midnight + timedelta(milliseconds=1))

    assert await engine(store, clock).run_due_timers() == 1

    tables = await store.export()
    assert clock.moment < midnight
    assert (tables.transactions[-1].type, tables.transactions[-1].balance_after) == ("EXPIRE", 0)


async def test_an_unreachable_database_is_nobodys_fault() -> None:
    store = Picky(lambda _: UnavailableError("gone"))
    await people(store)

    with pytest.raises(UnavailableError):
        await engine(store).run([message(ANA), message(BEA)])
    assert (await store.export()).activities == []


async def test_what_the_database_cannot_store_fails_alone(postgres_url: str) -> None:
    """PostgreSQL takes no NUL characters. The edge refuses them; behind it they hurt nobody else."""
    store = await open_store(postgres_url)
    await people(store)
    spoiled = message(ANA)
    outcomes = await engine(store).run([message(ANA), replace(spoiled, key="test:a\0b"), message(BEA)])
    await store.close()

    assert [outcome.status for outcome in outcomes] == [Status.ACCEPTED, Status.FAILED, Status.ACCEPTED]
