"""REST: one award a request over 64 connections, ours through the whole API, the peer's through FastAPI and the ORM."""

import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial

import msgspec

from bench.load import KINDS, MEMBERS, ORDINARY, WEIGHTS, chunks, game, new_key, newcomers
from bench.meter import Cpu, Sample, family_cpu, process_cpu, timed
from bench.peers import Orm
from bench.section import Section
from bench.table import Line, faster
from bench.wire import answers, free_port, request, running, send_all
from besitos.core.clock import SystemClock
from besitos.engine.editing.manager import Manager, Signature
from besitos.mechanics import SECTIONS
from besitos.store import migrate
from besitos.store.database import open_store
from besitos.surfaces.http.keys import Scope, create_key
from tests.services.postgres import PostgresServer

CONNECTIONS = 64
CLIENTS = 16
"""Each may make 2,000 requests a second, and together they make more."""

ACTIVE = 10_000
"""Members who take part: few enough that each was seen before, as in a community of people."""

OURS, PEER = "besitos, ordinary award", "FastAPI + ORM, bare award"
LINES = (Line("REST: ordinary award against FastAPI + ORM's bare award", faster(OURS, PEER), 2.5, 4.0),)


@asynccontextmanager
async def rest() -> AsyncIterator[Section]:
    """Both servers, each a process of its own, on one PostgreSQL."""
    postgres = PostgresServer.start(durable=True)
    try:
        database = partial(family_cpu, postgres.pid)
        ours, peer = await postgres.address.create("ours"), await postgres.address.create("peer")
        keys = await _prepare(ours)
        await (await Orm.open(peer)).close()
        port, peer_port = free_port(), free_port()
        async with (
            running("besitos", "api", "--port", str(port), environment={"DATABASE_URL": ours}) as ours_process,
            running("bench.peer_api", peer, str(peer_port)) as peer_process,
        ):
            await answers(ours_process, port, "/readyz")
            await answers(peer_process, peer_port, "/healthz")
            await send_all(port, [_activity(n, keys) for n in range(1, ACTIVE + 1)], CONNECTIONS)
            yield Section(
                {
                    OURS: partial(_ours, port, keys, database, partial(process_cpu, ours_process.pid)),
                    PEER: partial(_peer, peer_port, database, partial(process_cpu, peer_process.pid)),
                },
                LINES,
            )
    finally:
        postgres.close()


async def _prepare(dsn: str) -> list[str]:
    """The tables, the members, the ordinary game in force, and keys for some clients."""
    await migrate.upgrade(dsn)
    store, clock = await open_store(dsn), SystemClock()
    for ids in chunks(MEMBERS, 5_000):
        await store.open_members(newcomers(ids), clock.now())
    await Manager(store, clock, SECTIONS).apply(game(ORDINARY).document, Signature("bench"))
    keys = [await create_key(store, clock, f"bench-{n}", [Scope.ACTIVITIES], "bench") for n in range(CLIENTS)]
    await store.close()
    return keys


async def _ours(port: int, keys: Sequence[str], database: Cpu, ours: Cpu) -> Sample:
    work = [_activity(random.randint(1, ACTIVE), keys) for _ in range(8_000)]
    return await timed(len(work), send_all(port, work, CONNECTIONS), database=database, ours=ours)


async def _peer(port: int, database: Cpu, ours: Cpu) -> Sample:
    work = [_award(random.randint(1, ACTIVE)) for _ in range(3_000)]
    return await timed(len(work), send_all(port, work, CONNECTIONS), database=database, ours=ours)


def _activity(member: int, keys: Sequence[str]) -> bytes:
    [kind] = random.choices(KINDS, WEIGHTS)
    said = {"chat": -100123, "post": random.getrandbits(16)}
    body = {"key": new_key().partition(":")[2], "member": f"m{member}", "kind": kind, "attributes": said}
    return request("/api/v1/activities", msgspec.json.encode(body), {"authorization": f"Bearer {random.choice(keys)}"})


def _award(member: int) -> bytes:
    body = {"key": new_key(), "member_id": member, "amount": 5}
    return request("/awards", msgspec.json.encode(body))
