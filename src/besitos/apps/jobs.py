"""Jobs: what must happen without anybody asking. They hold no rules: they turn what is due into activities.

Each may run twice, late, or on two machines at once. An error ends none of them: it is logged, and tried again
after a while.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import NamedTuple, TypeAlias

from besitos.apps.boards import keep_boards
from besitos.apps.compose import Besitos
from besitos.apps.gamefile import drafts_of
from besitos.apps.retention import Retention, terms_of
from besitos.apps.settings import Settings
from besitos.engine.catchup import CatchUp
from besitos.mechanics import SECTIONS
from besitos.store.audit import Verdict, audit, keep_verdict, last_verdict
from besitos.store.protocol import TransientError
from besitos.store.seals import seal_all

Work: TypeAlias = Callable[[Besitos], Awaitable[float]]
"""Does what is to be done now, and says in how many seconds to come again."""

AT_ONCE = 1_000
"""Timers of one batch."""

LOOK_EVERY = 5.0
"""Seconds after which timers are looked at again, for another process may have set one."""

SOON = 0.02
MINUTE, DAY = 60.0, 86_400.0
LONGEST_PAUSE = 60.0

ROWS_LOGGED = 3
"""Offending rows of a rule that stand in the log; `besitos audit` shows more."""

log = logging.getLogger(__name__)


class Job(NamedTuple):
    """One of them."""

    name: str
    work: Work


async def run_timers(besitos: Besitos) -> float:
    """Bring about what is due."""
    done = await besitos.engine.run_due_timers(AT_ONCE)
    if done == AT_ONCE:
        return 0.0
    due = await besitos.store.backlog.next_timer()
    if due is None:
        return LOOK_EVERY
    left = (due - besitos.clock.now()).total_seconds()
    if left <= 0 and not done:
        return LOOK_EVERY  # a timer of a kind that this program does not know: whoever knows it will come
    return min(max(left, SOON), LOOK_EVERY)


async def retry_letters(besitos: Besitos) -> float:
    """Decide anew what failed: the bug may be gone by now, or the moment may be a better one."""
    outcomes = await besitos.engine.retry_letters()
    if outcomes:
        stand = sum(outcome.status.value != "failed" for outcome in outcomes)
        log.info("dead letters tried again", extra={"tried": len(outcomes), "decided": stand})
    return 10 * MINUTE


async def seal(besitos: Besitos) -> float:
    """Seal what is closed of the ledger, and add it to the daily totals."""
    await seal_all(besitos.store, besitos.clock.now())
    return 10 * MINUTE


async def prove_books(besitos: Besitos) -> float:
    """Audit the books once a day, whichever process does it, and cry out if they are not in order."""
    last, now = await last_verdict(besitos.store), besitos.clock.now()
    if last is not None and abs(now - last.at) < timedelta(seconds=DAY):
        return DAY - abs(now - last.at).total_seconds()
    report = await audit(besitos.store)
    await keep_verdict(besitos.store, Verdict(now, len(report.violations)))
    for finding in report.violations:
        log.error(
            "the books are not in order: %s, %d rows",
            finding.code,
            finding.count,
            extra={"rule": finding.code, "rows": finding.rows[:ROWS_LOGGED]},
        )
    return DAY


async def publish(besitos: Besitos) -> float:
    """Apply the drafts whose moment has come."""
    drafts = drafts_of(besitos)
    for draft in await drafts.publish_due():
        log.info(
            "scheduled draft %s",
            draft.state.value,
            extra={"draft": draft.name, "version": draft.version, "refused": draft.refused},
        )
    due = await drafts.next_due()
    if due is None:
        return LOOK_EVERY
    return min(max((due - besitos.clock.now()).total_seconds(), SOON), LOOK_EVERY)


async def recall(besitos: Besitos) -> float:
    """Compute the metrics of a new version over what was recorded before it."""
    await besitos.games.catch_up(await besitos.store.versions.latest())
    catching_up = CatchUp(besitos.engine, besitos.store)
    count = await catching_up.bring_up_to_date(SECTIONS)
    if count:
        log.info("metrics computed over the past", extra={"values": count})
    for event, until in catching_up.forgotten.items():
        log.warning("metrics do not count %s before %s: it is no longer kept", event, until)
    return LOOK_EVERY


async def boards(besitos: Besitos) -> float:
    """Fill new boards, close what is over, give prizes."""
    given = await keep_boards(besitos.engine, besitos.store)
    if given:
        log.info("prizes given", extra={"prizes": given})
    return LOOK_EVERY


async def make_room(besitos: Besitos) -> float:
    """Make the months of the logs ahead of time."""
    await besitos.store.prepare((), besitos.clock.now())
    return DAY


def jobs_of(settings: Settings) -> Sequence[Job]:
    """All jobs, on the terms of these settings."""
    return (*JOBS, Job("retention", Retention(terms_of(settings))))


JOBS: Sequence[Job] = (
    Job("timers", run_timers),
    Job("dead letters", retry_letters),
    Job("seals", seal),
    Job("months", make_room),
    Job("drafts", publish),
    Job("boards", boards),
    Job("metrics", recall),
    Job("audit", prove_books),
)


async def run_jobs(besitos: Besitos, stop: asyncio.Event, jobs: Sequence[Job]) -> None:
    """These jobs, until `stop`. One that is under way is finished first."""
    async with asyncio.TaskGroup() as group:
        for job in jobs:
            group.create_task(keep_doing(job, besitos, stop), name=f"job: {job.name}")


async def keep_doing(job: Job, besitos: Besitos, stop: asyncio.Event) -> None:
    """One job, again and again. After a failure it waits longer each time, up to a minute."""
    failures = 0
    while not stop.is_set():
        try:
            pause = await job.work(besitos)
            failures = 0
        except Exception as error:  # noqa: BLE001 - one failure must not end the job
            failures += 1
            pause = min(2.0**failures, LONGEST_PAUSE)
            _complain(job, error, pause)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)


def _complain(job: Job, error: Exception, pause: float) -> None:
    """A database that is away is worth a line; anything else is a bug and shows where."""
    details = {"job": job.name, "again_in": pause}
    if isinstance(error, TransientError):
        log.warning("job put off: %s", error, extra=details)
        return
    log.error("job failed", exc_info=error, extra=details)
