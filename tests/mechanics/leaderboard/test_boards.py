"""Leaderboards: who stands where is what sorting everybody's numbers would say, at every moment."""

import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from besitos.core.account import purse
from besitos.core.standing import STANDING
from besitos.core.transfer import Policy
from besitos.engine.engine import Engine
from besitos.mechanics.leaderboard.model import HideFromBoards
from besitos.store.protocol import Database
from tests.mechanics.leaderboard.table import Row, Shown, do, naive, near
from tests.mechanics.scene import HEAD
from tests.world import ALL, ANA, BEA, CARLA, MONDAY, SetClock, engine, grant, happened, new_key, undo

GAME = (
    HEAD.format(zone="UTC", kinds="")
    + """
metrics:
  cosas: {when: thing.done}
  suma: {when: thing.done, sum: n}
  mejor: {when: thing.done, max: n}
  de_quien: {when: thing.done, per: who}
levels: {curve: {linear: 40}, top: 9}
leaderboards:
  ganado: {name: Ganado, by: earned}
  del_mes: {name: Del mes, by: earned, every: month}
  de_la_semana: {name: De la semana, by: earned, every: week}
  experiencia: {name: XP, by: xp, every: day}
  nivel: {name: Nivel, by: level, every: month}
  haberes: {name: Saldo, by: balance}
  cuantas: {name: Cuántas, by: cosas, every: week}
  en_total: {name: En total, by: suma}
  la_mejor: {name: La mejor, by: mejor, every: month}
  de_x: {name: De x, by: de_quien, at: x, every: ever}
  temporada: {name: Temporada, by: cosas, every: season, from: 2026-11-10, until: 2026-11-25}
"""
)
LAST = datetime(2027, 1, 20, 12, tzinfo=UTC)


def hiding(member_id: int, *, is_hidden: bool = True) -> HideFromBoards:
    return HideFromBoards(key=new_key(), member_id=member_id, occurred_at=LAST, is_hidden=is_hidden)


@pytest.fixture
def running(database: Database) -> Engine:
    return engine(database, SetClock(LAST), GAME)


class History:
    """A random history, and what everybody has by it, kept apart from the product."""

    def __init__(self, database: Database, running: Engine, seed: int) -> None:
        self.database = database
        self.engine = running
        self.dice = random.Random(seed)
        self.values: dict[tuple[str, str], dict[int, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        self.hidden: set[int] = set()
        self.transfers: list[str] = []
        self.at = datetime(2026, 11, 1, 1, tzinfo=UTC)

    async def go_on(self, steps: int) -> None:
        for _ in range(steps):
            self.at += timedelta(minutes=self.dice.randint(1, 600))
            member_id = self.dice.choice(ALL)
            act = self.dice.choice(
                [self.earn, self.earn, self.do_something, self.do_something, self.take_back, self.hide]
            )
            await act(member_id)

    async def earn(self, member_id: int) -> None:
        currency, amount = self.dice.choice(["besitos", "xp"]), self.dice.choice([5, 10, 10, 30, 90])
        late = self.at - timedelta(hours=self.dice.choice([0, 0, 0, 30]))
        at = max(late, datetime(2026, 11, 1, tzinfo=UTC))
        before = await self.earned(member_id)
        [outcome] = await self.engine.run([grant(member_id, amount, at, currency=currency)])
        self.transfers.append(outcome.paid[0].transfer_id)
        await self.book_money(member_id, at, before)

    async def take_back(self, _: int) -> None:
        if not self.transfers:
            return
        transfer = self.transfers.pop(self.dice.randrange(len(self.transfers)))
        member_id = int(transfer.partition("-")[0])
        before = await self.earned(member_id)
        await self.engine.run([undo(transfer, Policy.TO_ZERO, self.at)])
        await self.book_money(member_id, self.at, before)

    async def book_money(self, member_id: int, at: datetime, before: tuple[int, int]) -> None:
        besitos, xp = await self.earned(member_id)
        gained = besitos - before[0]
        self.values["ganado", ""][member_id] += gained
        self.values["del_mes", f"{at:%Y-%m}"][member_id] += gained
        self.values["de_la_semana", f"{at:%G-W%V}"][member_id] += gained
        self.values["experiencia", f"{at:%Y-%m-%d}"][member_id] += xp - before[1]
        level, balance = await self.engine.look(
            member_id, lambda view: (view.get(STANDING.of(member_id)).level, view.balance(purse(member_id)))
        )
        self.values["nivel", ""][member_id], self.values["haberes", ""][member_id] = Decimal(level), Decimal(balance)

    async def earned(self, member_id: int) -> tuple[int, int]:
        return await self.engine.look(
            member_id, lambda view: (view.totals(purse(member_id))[0], view.totals(purse(member_id, "xp"))[0])
        )

    async def do_something(self, member_id: int) -> None:
        n, who = Decimal(self.dice.randint(-30, 90)) / self.dice.choice([1, 4]), self.dice.choice("xy")
        await do(self.engine, happened(member_id, "thing.done", self.at, n=n, who=who))
        month, week = f"{self.at:%Y-%m}", f"{self.at:%G-W%V}"
        self.values["cuantas", week][member_id] += 1
        self.values["en_total", ""][member_id] += n
        best = self.values["la_mejor", month]
        best[member_id] = max(best[member_id], n) if member_id in best else n
        self.values["de_x", ""][member_id] += who == "x"
        if datetime(2026, 11, 10, tzinfo=UTC) <= self.at < datetime(2026, 11, 25, tzinfo=UTC):
            self.values["temporada", "2026-11-10"][member_id] += 1
        self.values["nivel", ""][member_id] = max(self.values["nivel", ""][member_id], Decimal(1))

    async def hide(self, member_id: int) -> None:
        is_hidden = self.dice.random() < 0.5
        await self.engine.run([hiding(member_id, is_hidden=is_hidden)])
        (self.hidden.add if is_hidden else self.hidden.discard)(member_id)
        self.values["nivel", ""][member_id] = max(self.values["nivel", ""][member_id], Decimal(1))

    async def compare(self) -> None:
        for (board, period), values in self.values.items():
            shown = Shown(self.engine, self.database, board, period)
            everybody, seen = naive(values), naive(values, self.hidden)
            assert await shown.top() == seen, (board, period)
            assert await shown.top(3) == seen[:3]
            assert await shown.size() == len(everybody)
            for member_id in self.dice.sample(list(ALL), 3):
                await self.compare_one(shown, everybody, member_id)

    async def compare_one(self, shown: Shown, everybody: list[Row], member_id: int) -> None:
        rank = next((row[0] for row in everybody if row[1] == member_id), None)
        assert await shown.rank(member_id) == rank
        if rank is None:
            assert await shown.around(member_id, 2) == []
            return
        seen = [row for row in everybody if row[1] not in self.hidden - {member_id}]
        assert await shown.around(member_id, 2) == near(seen, member_id, 2)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_a_board_is_what_sorting_everybody_would_say(database: Database, running: Engine, seed: int) -> None:
    history = History(database, running, seed)

    for _ in range(4):
        await history.go_on(60)
        await history.compare()


async def test_equals_share_a_rank_and_the_next_one_is_left_out(running: Engine, database: Database) -> None:
    await do(running, grant(1, 50), grant(2, 30), grant(3, 30), grant(4, 10))

    assert [(rank, who) for rank, who, _ in await Shown(running, database, "ganado").top()] == [
        (1, 1),
        (2, 3),
        (2, 2),
        (4, 4),
    ]


async def test_who_has_nothing_does_not_stand_on_a_board(running: Engine, database: Database) -> None:
    [given, _] = await running.run([grant(ANA, 50), grant(BEA, 20)])

    await running.run([undo(given.paid[0].transfer_id)])

    assert await Shown(running, database, "ganado").top() == [(1, BEA, 20)]
    assert await Shown(running, database, "ganado").rank(ANA) is None


async def test_who_hides_is_not_seen_by_others_and_sees_their_own_rank(running: Engine, database: Database) -> None:
    await do(running, grant(ANA, 50), grant(BEA, 40), grant(CARLA, 30), hiding(BEA))
    shown = Shown(running, database, "ganado")

    assert [who for _, who, _ in await shown.top()] == [ANA, CARLA]
    assert [who for _, who, _ in await shown.around(ANA, 5)] == [ANA, CARLA]
    assert [(rank, who) for rank, who, _ in await shown.around(BEA, 5)] == [(1, ANA), (2, BEA), (3, CARLA)]
    assert await shown.rank(CARLA) == 3, "a rank is the same whoever looks"


async def test_what_comes_late_counts_in_its_own_period(running: Engine, database: Database) -> None:
    await do(running, grant(ANA, 50, MONDAY), grant(ANA, 7, MONDAY - timedelta(days=30)))

    assert await Shown(running, database, "del_mes", "2026-11").top() == [(1, ANA, 50)]
    assert await Shown(running, database, "del_mes", "2026-10").top() == [(1, ANA, 7)]


async def test_of_periods_long_gone_nothing_is_known_any_more(running: Engine, database: Database) -> None:
    await do(running, grant(ANA, 50, MONDAY), grant(ANA, 7, MONDAY - timedelta(days=70)))

    assert await Shown(running, database, "del_mes", "2026-09").top() == []
    assert await Shown(running, database, "ganado").top() == [(1, ANA, 57)]


async def test_a_fraction_counts_exactly(running: Engine, database: Database) -> None:
    third, more = Decimal("0.333333333333333333"), Decimal("0.333333333333333334")
    await do(running, happened(ANA, "thing.done", n=third), happened(BEA, "thing.done", n=more))

    assert await Shown(running, database, "en_total").top() == [(1, BEA, more), (2, ANA, third)]
