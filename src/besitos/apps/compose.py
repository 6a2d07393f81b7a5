"""How the parts are put together: one place for every role, so that all of them run the same game."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from besitos.core.clock import Clock, SystemClock
from besitos.engine.directory import Directory
from besitos.engine.engine import Engine
from besitos.engine.games import StoredGames
from besitos.mechanics import MECHANICS
from besitos.store.database import open_store
from besitos.store.migrate import check
from besitos.store.protocol import Database


@dataclass(frozen=True, slots=True)
class Besitos:
    """A running besitos: what every front end works with."""

    store: Database
    games: StoredGames
    engine: Engine
    directory: Directory
    clock: Clock


@asynccontextmanager
async def open_besitos(url: str, clock: Clock | None = None, *, connections: int = 4) -> AsyncIterator[Besitos]:
    """Open the database behind `url`, whose tables must be of this version, with the game that is in force."""
    await check(url)
    store = await open_store(url, connections=connections)
    try:
        games = await StoredGames.open(store, MECHANICS)
        clock = clock or SystemClock()
        yield Besitos(store, games, Engine(store, games, clock), Directory(store, clock), clock)
    finally:
        await store.close()
