"""Writers that wait for a file which another process holds."""

import sqlite3

from besitos.store.database import open_store, sqlite_path
from besitos.store.sqlite import SqliteStore
from tests.world import ANA, engine, grant, people


async def test_who_waits_asks_again_and_again_until_it_is_its_turn(sqlite_url: str) -> None:
    """It once asked SQLite alone, which asks ever more rarely: of four busy processes one starved for ten seconds."""
    store = await open_store(sqlite_url)
    assert isinstance(store, SqliteStore)
    await people(store)
    rival = sqlite3.connect(sqlite_path(sqlite_url), isolation_level=None, check_same_thread=False)
    rival.execute("BEGIN IMMEDIATE")
    asked: list[str] = []

    def listen(statement: str) -> None:
        asked.append(statement)
        if len(asked) == 5:
            rival.rollback()

    store._db.set_trace_callback(listen)
    [outcome] = await engine(store).run([grant(ANA, 5)])
    await store.close()
    rival.close()

    assert outcome.accepted
    assert asked[:5] == ["BEGIN IMMEDIATE"] * 5
