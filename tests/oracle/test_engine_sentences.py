"""The sentences of the language, one by one, held against the product."""

import pytest

from besitos.store.database import open_store
from besitos.store.memory import MemoryStore
from tests.oracle.case import Case
from tests.oracle.engine import play
from tests.oracle.sentences import CASES

WITHOUT_DATABASE = [case for case in CASES if "prizes:" not in case.game]
"""Boards are closed by SQL, so their prizes take a database."""


@pytest.mark.parametrize("case", WITHOUT_DATABASE, ids=lambda case: case.name)
async def test_the_product_does_what_the_sentence_says(case: Case) -> None:
    assert await play(case, MemoryStore()) == []


SOME = [case for number, case in enumerate(CASES) if number % 3 == 0 or case not in WITHOUT_DATABASE]


@pytest.mark.parametrize("case", SOME, ids=lambda case: case.name)
async def test_so_it_does_on_sqlite(case: Case, sqlite_url: str) -> None:
    store = await open_store(sqlite_url)

    assert await play(case, store) == []

    await store.close()


@pytest.mark.parametrize("case", CASES[::16], ids=lambda case: case.name)
async def test_so_it_does_on_postgresql(case: Case, postgres_url: str) -> None:
    store = await open_store(postgres_url)

    assert await play(case, store) == []

    await store.close()
