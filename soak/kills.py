"""Kills: `kill -9` of the process that serves the API, or of the database, at any moment of busy traffic.

After each kill, once everybody has their answer: every key that was answered is there, once, and answers the same;
every balance is the sum of the answers; nothing is there that nobody was told of.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from soak.callers import Callers
from soak.orders import Journal, orders
from soak.part import Figures, Part
from soak.places import MEMBERS, POSTGRES, SQLITE, Place, opened, place
from soak.service import Service, furnish, services

CALLERS = 16
REPEATED = 20
SERVER_EVERY = 10
"""Of the kills on PostgreSQL, every so manieth is one of the database itself."""

AUDIT_EVERY = 5


async def kill(kind: str, seed: int, kills: int, server_every: int = SERVER_EVERY) -> Figures:
    """So many kills on one database."""
    journal = Journal()
    async with place(kind) as where:
        secret = await furnish(where.url)
        async with services(where.url) as [service]:
            callers = Callers([service.port], secret, journal, orders(seed, MEMBERS))
            async with at_work(callers):
                dice = random.Random(seed)
                for number in range(1, kills + 1):
                    callers.is_open.set()
                    await asyncio.sleep(dice.uniform(0.02, 0.6))
                    await strike(service, where, is_server=number % server_every == 0)
                    await asyncio.sleep(dice.uniform(0, 0.2))
                    await callers.rest()
                    await hold_to_account(journal, callers, dice)
                    async with opened(where.url) as store:
                        await journal.check(store, thoroughly=number % AUDIT_EVERY == 0 or number == kills)
    return journal.figures


async def hold_to_account(journal: Journal, callers: Callers, dice: random.Random) -> None:
    """Ask again some of what was answered at any time before."""
    journal.figures["kills"] += 1
    answered = [order for order, _ in journal.answered.values()]
    for order in dice.sample(answered, min(REPEATED, len(answered))):
        await callers.repeat(order)


async def strike(service: Service, where: Place, *, is_server: bool) -> None:
    """Kill the one or the other. The service must find a database that comes back without being started again."""
    if is_server and where.server is not None:
        await asyncio.to_thread(where.server.kill)
        await asyncio.sleep(0.2)
        await asyncio.to_thread(where.server.restart)
        return
    await service.kill()
    await service.start()


@asynccontextmanager
async def at_work(callers: Callers) -> AsyncIterator[None]:
    """Callers at work meanwhile; what one of them finds wrong is raised here."""
    work = asyncio.create_task(callers.work(CALLERS))
    body = asyncio.current_task()
    assert body is not None, "called from a task"
    work.add_done_callback(lambda done: body.cancel() if not done.cancelled() and done.exception() else None)
    try:
        yield
    except asyncio.CancelledError:
        if work.done() and not work.cancelled() and (error := work.exception()):
            body.uncancel()
            raise error from None
        raise
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)


KILLS = (
    Part("kills/sqlite", 300, 10, "kills", partial(kill, SQLITE)),
    Part("kills/postgres", 300, 10, "kills", partial(kill, POSTGRES)),
)
