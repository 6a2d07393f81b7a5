"""Jobs: what is due happens, and no error ends them."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta

import pytest

from besitos.apps.compose import Besitos, open_besitos
from besitos.apps.gamefile import manager_of
from besitos.apps.jobs import DAY, LOOK_EVERY, Job, jobs_of, keep_doing, prove_books, run_jobs, run_timers
from besitos.apps.retention import Retention, terms_of
from besitos.apps.run import together
from besitos.apps.settings import get_settings
from besitos.engine.editing.manager import Signature
from besitos.store.audit import Verdict, last_verdict
from besitos.store.protocol import MemberRef, Query, UnavailableError
from besitos.store.reads import cards
from besitos.store.retention import cleared
from tests.world import MONDAY, SetClock, document, happened


async def ana(besitos: Besitos) -> int:
    """A member in a house with a game."""
    applied = await manager_of(besitos).apply(document(), Signature("test"))
    await besitos.games.catch_up(applied.version)
    ref = MemberRef(external_id="ana")
    return (await besitos.directory.open([ref]))[ref]


async def test_what_is_due_happens_and_is_waited_for_otherwise(database_url: str) -> None:
    clock = SetClock(MONDAY)
    async with open_besitos(database_url, clock) as besitos:
        member_id = await ana(besitos)
        await besitos.engine.submit(happened(member_id, "promotion.given", MONDAY))

        assert await run_timers(besitos) == LOOK_EVERY
        assert (await cards(besitos.store, [member_id]))[member_id].wallet("besitos").balance == 50

        clock.moment = MONDAY + timedelta(days=40)
        assert await run_timers(besitos) == LOOK_EVERY
        assert (await cards(besitos.store, [member_id]))[member_id].wallet("besitos").balance == 0


async def test_the_books_are_audited_once_a_day_and_an_error_is_cried_out(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    clock = SetClock(MONDAY)
    async with open_besitos(database_url, clock) as besitos:
        await besitos.engine.submit(happened(await ana(besitos), "salary.paid", MONDAY))

        assert await prove_books(besitos) == DAY
        assert await last_verdict(besitos.store) == Verdict(MONDAY, 0)
        await besitos.store.amend(Query("UPDATE members SET wallets = '{}'"))
        clock.moment = MONDAY + timedelta(hours=5)
        assert await prove_books(besitos) == DAY - timedelta(hours=5).total_seconds()
        assert not caplog.records
        clock.moment = MONDAY + timedelta(days=1)
        assert await prove_books(besitos) == DAY

        found = await last_verdict(besitos.store)
        assert found is not None
        assert found.at == clock.moment
        assert found.violations == len(caplog.records) > 0
        assert "audit.balance" in caplog.text


async def test_what_is_past_its_time_goes_once_a_day(database_url: str) -> None:
    clock, retain = SetClock(MONDAY), Retention(terms_of(get_settings()))
    async with open_besitos(database_url, clock) as besitos:
        member_id = await ana(besitos)
        for _ in range(4):
            await besitos.engine.submit(happened(member_id, "message.posted", MONDAY))
        clock.moment = MONDAY + timedelta(days=91)

        assert await retain(besitos) == DAY
        clock.moment += timedelta(hours=5)
        assert await retain(besitos) == DAY - timedelta(hours=5).total_seconds()

        gone = await cleared(besitos.store)
        assert (gone.at, gone.traces) == (MONDAY + timedelta(days=91), MONDAY + timedelta(days=1))
        assert gone.rows == {"traces": 1, "events": 2, "requests": 0, "staff_log": 0}


async def test_all_jobs_stop_when_told(sqlite_url: str) -> None:
    stop = asyncio.Event()
    async with open_besitos(sqlite_url) as besitos:
        jobs = asyncio.create_task(run_jobs(besitos, stop, jobs_of(get_settings())))
        await asyncio.sleep(0.05)
        stop.set()
        await asyncio.wait_for(jobs, 5)


@pytest.mark.parametrize(
    ("error", "level"), [(UnavailableError("away"), logging.WARNING), (RuntimeError("a bug"), logging.ERROR)]
)
async def test_an_error_is_told_and_the_job_goes_on(
    sqlite_url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, error: Exception, level: int
) -> None:
    monkeypatch.setattr("besitos.apps.jobs.LONGEST_PAUSE", 0.001)
    stop, calls = asyncio.Event(), 0

    async def work(_: Besitos) -> float:
        nonlocal calls
        calls += 1
        if calls == 4:
            stop.set()
        if calls < 3:
            raise error
        return 0.0

    async with open_besitos(sqlite_url) as besitos:
        await asyncio.wait_for(keep_doing(Job("trial", work), besitos, stop), 5)

    assert calls == 4
    assert [record.levelno for record in caplog.records] == [level, level]


def part(ends: Callable[[], None]) -> Callable[[Besitos, asyncio.Event], "asyncio.Future[None]"]:
    async def work(_: Besitos, stop: asyncio.Event) -> None:
        await asyncio.sleep(0)
        ends()
        await stop.wait()

    return lambda besitos, stop: asyncio.ensure_future(work(besitos, stop))


async def test_when_one_part_fails_the_others_stop_and_its_error_is_told(sqlite_url: str) -> None:
    def fails() -> None:
        message = "out of order"
        raise RuntimeError(message)

    async with open_besitos(sqlite_url) as besitos:
        stop = asyncio.Event()
        with pytest.raises(RuntimeError, match="out of order"):
            await asyncio.wait_for(together([part(fails), part(lambda: None)], besitos, stop), 5)
        assert stop.is_set()


async def test_a_part_that_does_not_listen_is_ended(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("besitos.apps.run.PATIENCE", 0.05)

    async def deaf(_: Besitos, stop: asyncio.Event) -> None:
        stop.set()
        await asyncio.sleep(60)

    async with open_besitos(sqlite_url) as besitos:
        await asyncio.wait_for(together([deaf], besitos, asyncio.Event()), 5)
