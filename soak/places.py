"""Databases of our own: made for one slice, gone after it."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from besitos.store import migrate
from besitos.store.database import open_store
from besitos.store.protocol import Database
from tests.services.postgres import PostgresServer
from tests.world import people

SQLITE, POSTGRES = "sqlite", "postgres"
KINDS = (SQLITE, POSTGRES)
MEMBERS = range(1, 21)


@dataclass(frozen=True, slots=True)
class Place:
    """A database with members 1 to 20, and the server under it if it has one."""

    url: str
    server: PostgresServer | None = None


@asynccontextmanager
async def place(kind: str, *, members: range = MEMBERS, durable: bool = True) -> AsyncIterator[Place]:
    """A new database of this kind, with all tables and these members."""
    if kind == SQLITE:
        with tempfile.TemporaryDirectory(prefix="besitos-soak-") as folder:
            yield await _prepared(Place(f"sqlite:///{Path(folder) / 'besitos.db'}"), members)
        return
    server = await asyncio.to_thread(lambda: PostgresServer.start(durable=durable))
    try:
        yield await _prepared(Place(await server.address.create("besitos"), server), members)
    finally:
        await asyncio.to_thread(server.close)


@asynccontextmanager
async def opened(url: str, *, connections: int = 2) -> AsyncIterator[Database]:
    """The store behind `url`, for as long as it is needed."""
    store = await open_store(url, connections=connections)
    try:
        yield store
    finally:
        await store.close()


async def _prepared(new: Place, members: range) -> Place:
    await migrate.upgrade(new.url)
    async with opened(new.url) as store:
        await people(store, members)
    return new
