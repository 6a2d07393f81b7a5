"""Prizes: when a period is over its ranks are fixed for ever, and each winner is paid once."""

import asyncio
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from besitos.apps import boards as keeping
from besitos.apps.boards import award_prizes, close_boards, fill_boards, keep_boards, sweep_boards
from besitos.core.activity import Activity
from besitos.core.event import SeasonFinished
from besitos.engine.engine import Engine
from besitos.engine.outcome import Outcome
from besitos.mechanics.leaderboard.model import AwardPrize
from besitos.store import boards
from besitos.store.boards import Page
from besitos.store.protocol import Database, Query
from tests.mechanics.leaderboard.table import Row, Shown, do, naive, plain
from tests.mechanics.scene import HEAD
from tests.world import ALL, ANA, BEA, CARLA, SetClock, engine, grant, happened, new_key

NOVEMBER = datetime(2026, 11, 20, 12, tzinfo=UTC)
END = datetime(2026, 12, 1, tzinfo=UTC)
LATER = END + timedelta(hours=1)

TEXT = (
    HEAD.format(zone="UTC", kinds="")
    + """
levels: {curve: {linear: 100}, top: 9}
leaderboards:
  ganado: {name: Ganado, by: earned, every: month, prizes: {1: {besitos: 100}, 2..3: {besitos: 20, xp: 5}}}
"""
)
FOR_EVER = re.sub(r", every: month, prizes: .*", "}", TEXT)
NIVEL = "  nivel: {name: Nivel, by: level, every: month, prizes: {1: {xp: 50}}}\n"
SEASON = """
  feria: {name: Feria, by: earned, every: season, from: 2026-11-10, until: 2026-11-25 18:00, prizes: {1: {xp: 7}}}
"""


def of(store: Database, text: str = TEXT, now: datetime = LATER) -> Engine:
    return engine(store, SetClock(now), text)


def november(member_id: int, amount: int) -> object:
    return grant(member_id, amount, NOVEMBER)


async def prizes(running: Engine) -> list[tuple[int, str, int, datetime]]:
    rows = (await running.store.export()).transactions
    return [(row.member_id, row.account, row.amount, row.occurred_at) for row in rows if row.type == "PRIZE"]


async def finals(database: Database, board: str = "ganado", period: str = "2026-11") -> list[Row]:
    return plain(await boards.final_top(database, Page(board, period, 50)))


async def told(running: Engine) -> list[tuple[int, str, int]]:
    rows = [row for row in (await running.store.export()).events if row.type == SeasonFinished.__struct_config__.tag]
    events = [msgspec.json.decode(row.body, type=SeasonFinished) for row in rows]
    return [(event.member_id, event.period, event.rank) for event in events]


async def ended(database: Database, clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """A November that is over, with a score for everybody, two by two, and ranks that are fixed three at a time."""
    monkeypatch.setattr(boards, "STEP", 3)
    running = engine(database, clock, TEXT)
    await do(running, *(grant(member_id, member_id // 2 + 1, NOVEMBER) for member_id in ALL))
    await fill_boards(running, database)
    return running


async def test_each_rank_wins_its_prize_when_the_period_is_over_and_equals_win_the_same(database: Database) -> None:
    running = of(database)
    await do(running, grant(1, 90, NOVEMBER), grant(2, 50, NOVEMBER), grant(3, 50, NOVEMBER), grant(4, 9, NOVEMBER))

    assert await keep_boards(running, database) == 3

    won = [(2, "besitos", 20, END), (2, "xp", 5, END), (3, "besitos", 20, END), (3, "xp", 5, END)]
    assert sorted(await prizes(running)) == [(1, "besitos", 100, END), *won]
    assert sorted(await told(running)) == [(1, "2026-11", 1), (2, "2026-11", 2), (3, "2026-11", 2)]


async def test_before_its_end_no_period_is_closed(database: Database) -> None:
    running = of(database, now=END - timedelta(seconds=1))
    await do(running, grant(ANA, 90, NOVEMBER))

    assert (await keep_boards(running, database), await finals(database)) == (0, [])


async def test_a_prize_counts_in_the_period_that_it_is_given_in(database: Database) -> None:
    running = of(database)
    await do(running, grant(ANA, 90, NOVEMBER))

    await keep_boards(running, database)

    assert await finals(database) == [(1, ANA, 90)]
    assert await Shown(running, database, "ganado", "2026-12").top() == [(1, ANA, 100)]


async def test_once_closed_a_board_stays_as_it_is_and_nothing_is_paid_again(database: Database) -> None:
    running = of(database)
    await do(running, grant(ANA, 90, NOVEMBER), grant(BEA, 50, NOVEMBER))
    await keep_boards(running, database)

    await do(running, grant(BEA, 500, NOVEMBER))

    assert await keep_boards(running, database) == 0
    assert await finals(database) == [(1, ANA, 90), (2, BEA, 50)]
    assert len(await prizes(running)) == 3


async def test_what_was_interrupted_is_finished_and_paid_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = of(database, TEXT.replace("2..3", "2..20"))
    await do(running, *(grant(member_id, member_id, NOVEMBER) for member_id in ALL))
    await fill_boards(running, database)
    await close_boards(running, database)
    monkeypatch.setattr(keeping, "AT_ONCE", 7)
    real, calls = running.run, []

    async def dies_at_the_second(activities: Sequence[Activity]) -> list[Outcome]:
        calls.append(activities)
        if len(calls) == 2:
            raise ConnectionError
        return await real(activities)

    monkeypatch.setattr(running, "run", dies_at_the_second)
    with pytest.raises(ConnectionError):
        await award_prizes(running, database)
    monkeypatch.undo()

    assert await award_prizes(of(database, TEXT.replace("2..3", "2..20")), database) == 13
    assert sorted(who for who, account, *_ in await prizes(running) if account == "besitos") == list(ALL)


async def test_ranks_are_fixed_in_small_steps_from_one_snapshot_while_others_write(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = await ended(database, SetClock(LATER), monkeypatch)
    real, steps = database.amend, 0

    async def meanwhile(*queries: Query) -> object:
        nonlocal steps
        steps += 1
        done = await real(*queries)
        if steps == 3:
            await do(running, grant(ANA, 500, NOVEMBER))
        return done

    monkeypatch.setattr(database, "amend", meanwhile)
    assert await close_boards(running, database) == 1

    assert steps > len(ALL) / 3
    assert await finals(database) == sorted(naive({member_id: member_id // 2 + 1 for member_id in ALL}))


async def test_who_dies_while_closing_is_followed_by_another_once_the_claim_has_lapsed(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SetClock(LATER)
    running = await ended(database, clock, monkeypatch)
    real, steps = database.amend, 0

    async def dies(*queries: Query) -> object:
        nonlocal steps
        steps += 1
        if steps == 5:
            raise ConnectionError
        return await real(*queries)

    monkeypatch.setattr(database, "amend", dies)
    with pytest.raises(ConnectionError):
        await close_boards(running, database)
    monkeypatch.setattr(database, "amend", real)
    await do(running, grant(ANA, 500, NOVEMBER))

    assert await close_boards(running, database) == 0
    assert await boards.closings(database) == []
    clock.moment += boards.LAPSES_AFTER + timedelta(seconds=1)
    assert await close_boards(running, database) == 1

    scores = {member_id: member_id // 2 + 1 for member_id in ALL}
    assert await finals(database) == sorted(naive({**scores, ANA: scores[ANA] + 500}))


async def test_who_was_thought_dead_and_goes_on_fixes_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SetClock(LATER)
    running = await ended(database, clock, monkeypatch)
    real, steps = database.amend, 0

    async def sleeps(*queries: Query) -> object:
        nonlocal steps
        steps += 1
        if steps == 5:
            clock.moment += boards.LAPSES_AFTER + timedelta(seconds=1)
            assert await close_boards(running, database) == 1
        return await real(*queries)

    monkeypatch.setattr(database, "amend", sleeps)

    assert await close_boards(running, database) == 0
    assert await finals(database) == sorted(naive({member_id: member_id // 2 + 1 for member_id in ALL}))
    assert [closing.members for closing in await boards.closings(database)] == [len(ALL)]


async def test_who_was_thought_dead_and_wakes_before_the_first_rank_removes_none_of_another(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SetClock(LATER)
    running = await ended(database, clock, monkeypatch)
    real, sleeper = database.amend, asyncio.current_task()
    has_fixed, is_awake, others = asyncio.Event(), asyncio.Event(), list[asyncio.Task[int]]()

    async def sleeps(*queries: Query) -> object:
        if asyncio.current_task() is not sleeper:
            done = await real(*queries)
            if "INTO final_ranks" in queries[-1].sql and not has_fixed.is_set():
                has_fixed.set()
                await is_awake.wait()
            return done
        if "FROM final_ranks" not in queries[-1].sql or has_fixed.is_set():
            return await real(*queries)
        clock.moment += boards.LAPSES_AFTER + timedelta(seconds=1)
        others.append(asyncio.create_task(close_boards(running, database)))
        await has_fixed.wait()
        try:
            return await real(*queries)
        finally:
            is_awake.set()

    monkeypatch.setattr(database, "amend", sleeps)

    assert [await close_boards(running, database), *(await asyncio.gather(*others))] == [0, 1]
    assert await finals(database) == sorted(naive({member_id: member_id // 2 + 1 for member_id in ALL}))


async def test_two_processes_close_and_pay_once(database: Database) -> None:
    running, other = of(database), of(database)
    await do(running, grant(ANA, 90, NOVEMBER), grant(BEA, 50, NOVEMBER))

    await asyncio.gather(keep_boards(running, database), keep_boards(other, database))
    await keep_boards(running, database)

    assert len(await prizes(running)) == 3
    assert await finals(database) == [(1, ANA, 90), (2, BEA, 50)]


async def test_a_prize_is_guarded_by_state_whatever_the_key(database: Database) -> None:
    running = of(database)
    await do(running, grant(ANA, 90, NOVEMBER))
    await keep_boards(running, database)

    def award(board: str = "ganado", period: str = "2026-11", rank: int = 1) -> AwardPrize:
        return AwardPrize(
            key=new_key(), member_id=ANA, occurred_at=END, board=board, period=period, rank=rank, score="90"
        )

    outcomes = await running.run([award(), award(period="2026-10", rank=9), award(board="otra")])

    reasons = ["leaderboard.already_awarded", "leaderboard.no_prize", "payout.not_there"]
    assert [outcome.reason for outcome in outcomes] == reasons


async def test_a_season_ends_at_its_moment_and_counts_only_what_was_in_it(database: Database) -> None:
    clock = SetClock(datetime(2026, 11, 25, 18, tzinfo=UTC))
    running = engine(database, clock, TEXT + SEASON)
    await do(running, grant(ANA, 90, datetime(2026, 11, 9, 23, 59, tzinfo=UTC)), grant(ANA, 10, NOVEMBER))
    await do(running, grant(BEA, 11, NOVEMBER), grant(ANA, 50, clock.moment))

    await keep_boards(running, database)

    assert await finals(database, "feria", "2026-11-10") == [(1, BEA, 11), (2, ANA, 10)]
    assert [(who, account) for who, account, *_ in await prizes(running)] == [(BEA, "xp")]


async def test_a_board_of_now_shows_now_and_is_closed_with_what_it_shows(database: Database) -> None:
    clock = SetClock(NOVEMBER)
    running = engine(database, clock, TEXT + NIVEL)
    await do(running, grant(ANA, 350, NOVEMBER), grant(BEA, 100, NOVEMBER))
    await keep_boards(running, database)
    assert await finals(database, "nivel", "2026-10") == [], "it was not there in October"

    clock.moment = LATER
    await keep_boards(running, database)

    assert await finals(database, "nivel") == [(1, ANA, 4), (2, BEA, 2)]
    assert await Shown(running, database, "nivel").top() == [(1, ANA, 5), (2, BEA, 2)], (
        "the prize of the other board since"
    )
    assert (ANA, "xp", 50, END) in await prizes(running)


async def test_a_new_board_is_filled_with_what_was_before_it(database: Database) -> None:
    before = of(database, HEAD.format(zone="UTC", kinds=""), NOVEMBER)
    await do(before, grant(ANA, 90, NOVEMBER), happened(BEA, "thing.done", NOVEMBER), grant(CARLA, 70, NOVEMBER))
    running = of(database, FOR_EVER, NOVEMBER)
    assert await Shown(running, database, "ganado").top() == []

    await fill_boards(running, database)

    assert await Shown(running, database, "ganado").top() == [(1, ANA, 90), (2, CARLA, 70)]
    assert await fill_boards(running, database) == 0, "it is done once"


async def test_a_board_that_counts_something_else_begins_anew_and_the_old_scores_go(database: Database) -> None:
    before = of(database, FOR_EVER, NOVEMBER)
    await do(before, grant(ANA, 90, NOVEMBER), grant(BEA, 5, NOVEMBER, currency="xp"))
    await keep_boards(before, database)
    running = of(database, FOR_EVER.replace("earned", "xp"), NOVEMBER)

    await keep_boards(running, database)

    assert await Shown(running, database, "ganado").top() == [(1, BEA, 5)]
    assert len((await database.export()).scores) == 1


async def test_the_scores_of_what_is_over_are_swept_away(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boards, "SWEEP", 3)
    running = of(database)
    await do(running, *(grant(member_id, 5, NOVEMBER) for member_id in ALL))
    await close_boards(running, database)

    await sweep_boards(running, database)

    assert (await database.export()).scores == {}
    assert await boards.kept_periods(database) == []
    assert len(await finals(database)) == 20
