"""The sentences of the language, one by one, held against the product."""

from collections.abc import AsyncIterator
from typing import NamedTuple
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from besitos.store.database import dsn_of, open_store
from besitos.store.memory import MemoryStore
from besitos.store.protocol import Database
from besitos.store.tables import metadata
from tests.oracle.case import Case
from tests.oracle.engine import play
from tests.oracle.sentences import CASES
from tests.services.postgres import PostgresAddress

WITHOUT_DATABASE = [case for case in CASES if "prizes:" not in case.game]
"""Boards are closed by SQL, so their prizes take a database."""

WITHOUT_GUARDS = "; ".join(f"DROP TRIGGER {table}_stay ON {table}" for table in ("transactions", "reversals", "seals"))
EMPTIED = "; ".join(f"DELETE FROM {table.name}" for table in metadata.tables.values())


class Shared(NamedTuple):
    """One database for all sentences, and a connection that empties it."""

    store: Database
    cleaner: asyncpg.Connection


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(postgres_server: PostgresAddress, migrated_database: str) -> AsyncIterator[Shared]:
    """To make a database, and its months, takes many times as long as to play a sentence in it."""
    name = f"besitos_test_{uuid4().hex[:16]}"
    url = await postgres_server.create(name, template=migrated_database)
    store, cleaner = await open_store(url), await asyncpg.connect(dsn_of(url))
    await cleaner.execute(WITHOUT_GUARDS)
    yield Shared(store, cleaner)
    await cleaner.close()
    await store.close()
    await postgres_server.drop(name)


@pytest.mark.parametrize("case", WITHOUT_DATABASE, ids=lambda case: case.name)
async def test_the_product_does_what_the_sentence_says(case: Case) -> None:
    assert await play(case, MemoryStore()) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_so_it_does_on_sqlite(case: Case, sqlite_url: str) -> None:
    store = await open_store(sqlite_url)

    assert await play(case, store) == []

    await store.close()


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_so_it_does_on_postgresql(case: Case, shared: Shared) -> None:
    await shared.cleaner.execute(EMPTIED)

    assert await play(case, shared.store) == []
