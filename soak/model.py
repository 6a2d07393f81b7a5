"""The real ledger beside a simple one: hypothesis draws what members do, and after each step both must be equal."""

import asyncio
import itertools
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import hypothesis
import msgspec
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from besitos.core.activity import Activity
from besitos.engine.outcome import Outcome, Status
from besitos.ledger.wallet import Wallet
from besitos.mechanics.transfer.model import ReverseTransfer
from besitos.store import migrate
from besitos.store.database import open_store
from besitos.store.memory import MemoryStore
from besitos.store.protocol import Store, TransactionRow
from soak.attempts import MEMBERS, Attempt, Attempts
from soak.ledger import Kind, Ledger, Line, RefusedError, Transfer, sorted_kinds
from soak.part import Figures, Part
from tests.books import assert_books_balance
from tests.services.postgres import PostgresServer
from tests.world import SetClock, engine, people

T = TypeVar("T")

START = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
REMEMBERED = timedelta(days=31)
STEPS = 40

Opener = Callable[[], Awaitable[Store]]


@dataclass(frozen=True)
class Known:
    """What a key was used for, and how it was answered."""

    activity: Activity
    outcome: Outcome

    def again(self) -> Outcome:
        """The answer to a repetition."""
        return msgspec.structs.replace(self.outcome, replayed=True)


class LedgerMachine(RuleBasedStateMachine):
    """What members, operators, timers and clocks do, in any order. `opener` says on which store."""

    opener: Opener
    figures: Figures

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.clock = SetClock(START)
        self.ledger = Ledger(MEMBERS)
        self.known: dict[str, list[Known]] = {}
        self.attempts = Attempts(self.clock)
        self.turns = itertools.count()

    @initialize()
    def open(self) -> None:
        self.store = self.do(type(self).opener())
        self.do(people(self.store, MEMBERS))
        self.engines = [engine(self.store, self.clock) for _ in range(2)]

    @rule(hours=st.integers(1, 60))
    def time_goes_by(self, hours: int) -> None:
        self.clock.moment += timedelta(hours=hours)

    @rule(minutes=st.sampled_from([1, 90, 3_000, 60_000]))
    def the_clock_is_set_back(self, minutes: int) -> None:
        self.clock.moment -= timedelta(minutes=minutes)

    @rule(data=st.data(), is_rehearsed=st.booleans())
    def something_happens(self, data: st.DataObject, is_rehearsed: bool) -> None:
        attempts = data.draw(st.lists(self.attempts.any(self.ledger.transfers), min_size=1, max_size=6))
        if data.draw(st.booleans()):
            attempts.append(data.draw(st.sampled_from(attempts)))
        self._run(attempts, is_rehearsed=is_rehearsed)

    @rule(seed=st.integers(0, 2**32), count=st.integers(1, 12))
    def an_hour_is_busy(self, seed: int, count: int) -> None:
        dice = random.Random(seed)
        attempts = self.attempts.busy(dice, list(self.ledger.transfers), count)
        self._run([*attempts, *dice.sample(attempts, count // 4)], is_rehearsed=False)

    @rule(seed=st.integers(0, 2**32), days=st.integers(1, 5))
    def days_go_by(self, seed: int, days: int) -> None:
        dice = random.Random(seed)
        for _ in range(days):
            self._run(self.attempts.busy(dice, list(self.ledger.transfers), 4), is_rehearsed=False)
            self.clock.moment += timedelta(hours=dice.randint(1, 30))
            self.timers_run()

    @rule(seed=st.integers(0, 2**32), times=st.integers(2, 5))
    def a_gift_is_undone_again_and_again(self, seed: int, times: int) -> None:
        dice = random.Random(seed)
        pair = dice.sample(MEMBERS, 2)
        self._run(self.attempts.given(dice, pair), is_rehearsed=False)
        for _ in range(times):
            [*_, last] = self.ledger.transfers
            self._run(self.attempts.undone_meanwhile(dice, pair, self.ledger, last), is_rehearsed=False)

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def a_key_comes_again(self, data: st.DataObject) -> None:
        known = data.draw(st.sampled_from([each for uses in self.known.values() for each in uses]))
        again = known.activity
        if not again.is_dated:
            again = msgspec.structs.replace(again, occurred_at=self.clock.moment)
        [outcome] = self.do(self.engines[0].run([again]))
        before = self._recognised(again)
        if before is None:
            assert not outcome.replayed
            hypothesis.reject()  # another attempt under an old key: not what this rule is about
        assert outcome == before.again()
        other = msgspec.structs.replace(again, member_id=again.member_id % len(MEMBERS) + 1)
        [outcome] = self.do(self.engines[1].run([other]))
        assert outcome.status is Status.CONFLICT
        self._compare()

    @rule()
    def timers_run(self) -> None:
        while self.do(self.engines[0].run_due_timers()):
            pass
        now = self.clock.moment
        before = len(self.ledger.lines)
        while due := sorted(each for each in self.ledger.timers if each[0] <= now):
            self.ledger.timers -= set(due)
            for moment, what, member in due:
                self._on_time(moment, what, member)
        self._compare()
        self._name_expiries(self.ledger.lines[before:])

    def _run(self, attempts: Sequence[Attempt], *, is_rehearsed: bool) -> None:
        """Let this be one batch, and hold what comes of it against the simple ledger."""
        batch = [each.activity for each in attempts]
        running = self.engines[next(self.turns) % 2]
        rehearsed = self.do(running.rehearse(batch)) if is_rehearsed else None
        outcomes = self.do(running.run(batch))
        assert rehearsed is None or rehearsed == outcomes, "a rehearsal answers otherwise than the act"
        made: dict[str, Transfer] = {}
        for attempt, outcome in zip(attempts, outcomes, strict=True):
            self._judge(attempt, outcome, made)
        self.ledger.transfers.update(made)
        self._compare()

    def _on_time(self, moment: datetime, what: str, member: int) -> None:
        """One timer: the end of an auction, or of some lots."""
        if what == "b":
            self.ledger.burn(member, moment)
            return
        kept = self.ledger.copy()
        try:
            self.ledger.close(what.removeprefix("a/"), moment)
        except RefusedError:
            self.ledger = kept

    def _recognised(self, activity: Activity) -> Known | None:
        """The use of its key that an activity repeats."""
        uses = self.known.get(activity.key, [])
        if activity.is_dated:
            month = (activity.occurred_at.year, activity.occurred_at.month)
            return next(
                (use for use in uses if (use.activity.occurred_at.year, use.activity.occurred_at.month) == month), None
            )
        recent = [use for use in uses if use.activity.occurred_at > self.clock.moment - REMEMBERED]
        return max(recent, key=lambda use: use.activity.occurred_at, default=None)

    def _judge(self, attempt: Attempt, outcome: Outcome, made: dict[str, Transfer]) -> None:
        """Do in the simple ledger what was asked for, and compare the answers."""
        activity = attempt.activity
        known = self._recognised(activity)
        if known is not None:
            assert outcome == known.again(), activity
            return
        kept, first = self.ledger.copy(), len(self.ledger.lines)
        reason = ""
        try:
            attempt.act(self.ledger, min(activity.occurred_at, self.clock.moment))
        except RefusedError as refusal:
            self.ledger, reason = kept, str(refusal)
        assert (outcome.status, outcome.reason) == (Status.REJECTED if reason else Status.ACCEPTED, reason), (
            activity,
            outcome,
        )
        self.known.setdefault(activity.key, []).append(Known(activity, outcome))
        lines = self.ledger.lines[first:]
        self._tell(activity, reason, lines)
        paid = [(each.member_id, each.account, each.amount) for each in outcome.paid]
        assert paid == [line[:3] for line in lines], activity
        if lines:
            made[outcome.paid[0].transfer_id] = Transfer(outcome.paid[0].transfer_id, lines)

    def _tell(self, activity: Activity, reason: str, lines: Sequence[Line]) -> None:
        figures = type(self).figures
        figures["orders"] += 1
        figures["refused"] += bool(reason)
        figures["undone"] += isinstance(activity, ReverseTransfer) and not reason
        figures["debts made or repaid"] += any(line.debt for line in lines)

    def _compare(self) -> None:
        """Every account equal to the simple one, and the books in order."""
        tables = self.do(self.store.export())
        found = {
            (row.member_id, account): wallet
            for row in tables.members
            for account, wallet in msgspec.json.decode(row.wallets, type=dict[str, Wallet]).items()
            if wallet != Wallet()
        }
        simple = {
            name: Wallet(purse.balance, purse.earned, purse.spent, purse.debt, lots_of(purse.coins))
            for name, purse in self.ledger.purses.items()
        }
        wrong = {
            name: (found.get(name), simple.get(name))
            for name in found.keys() | simple.keys()
            if found.get(name, Wallet()) != simple.get(name, Wallet())
        }
        assert not wrong, f"what is there, and what should be: {wrong}"
        assert_books_balance(tables)
        assert not tables.letters
        assert Counter(row.member_id for row in tables.transactions) == Counter(
            {member: len(lines) for member, lines in self.ledger.history.items() if lines}
        )

    def _name_expiries(self, lines: list[Line]) -> None:
        """What expired can be given back, so it needs the name that the store gave it."""
        named: dict[int, list[TransactionRow]] = {}
        for row in self.do(self.store.export()).transactions:
            named.setdefault(row.member_id, []).append(row)
        for line in lines:
            if line.root == "EXPIRE":
                row = named[line.member][line.place]
                assert (row.type, row.amount) == ("EXPIRE", line.amount)
                type(self).figures["lots expired"] += 1
                self.ledger.transfers[row.transfer_id] = Transfer(row.transfer_id, [line])

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.do(self.store.close())
        self.loop.close()

    def do(self, work: Awaitable[T]) -> T:
        """The result of `work`."""

        async def wait() -> T:
            return await work

        return self.loop.run_until_complete(wait())


def lots_of(coins: Counter[Kind]) -> tuple[Any, ...]:
    """As a wallet has them."""
    expiring = [kind for kind in sorted_kinds(coins) if kind.expires is not None]
    return msgspec.convert([[k.expires, coins[k], k.first] for k in expiring], Wallet.__annotations__["lots"])


def run_machines(opener: Opener, seed: int, machines: int) -> Figures:
    """Draw so many machines on stores that `opener` opens."""
    figures: Figures = Counter()
    kind = type("SomeLedgerMachine", (LedgerMachine,), {"opener": staticmethod(opener), "figures": figures})
    chosen = settings(
        max_examples=machines,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    run_state_machine_as_test(hypothesis.seed(seed)(kind), settings=chosen)
    return figures


async def in_memory() -> Store:
    """Nothing but dictionaries."""
    return MemoryStore()


async def beside_memory(seed: int, machines: int) -> Figures:
    """A slice in memory."""
    return await asyncio.to_thread(run_machines, in_memory, seed, machines)


async def beside_sqlite(seed: int, machines: int) -> Figures:
    """A slice on SQLite, each machine in a file of its own."""
    with tempfile.TemporaryDirectory(prefix="besitos-soak-") as folder:
        template, names = Path(folder) / "template.db", itertools.count()
        await migrate.upgrade(f"sqlite:///{template}")

        async def fresh() -> Store:
            path = Path(folder) / f"{next(names)}.db"
            shutil.copyfile(template, path)
            return await open_store(f"sqlite:///{path}")

        return await asyncio.to_thread(run_machines, fresh, seed, machines)


async def beside_postgres(seed: int, machines: int) -> Figures:
    """A slice on PostgreSQL, each machine in a database of its own."""
    with PostgresServer.start() as server:
        await migrate.upgrade(await server.address.create("template"))
        names = itertools.count()

        async def fresh() -> Store:
            url = await server.address.create(f"m{next(names)}", template="template")
            return await open_store(url, connections=2)

        return await asyncio.to_thread(run_machines, fresh, seed, machines)


MODELS = (
    Part("model/memory", 1_000, 100, "machines", beside_memory),
    Part("model/sqlite", 200, 20, "machines", beside_sqlite),
    Part("model/postgres", 60, 10, "machines", beside_postgres),
)
