"""A season of the site of questions and answers, played by the oracle and by the product on every store."""

import pytest

from besitos.store.database import open_store
from besitos.store.memory import MemoryStore
from tests.oracle.case import Step
from tests.oracle.comparing import Books, by_oracle, by_product
from tests.oracle.engine import Product
from tests.oracle.oracle import Oracle
from tests.oracle.questions import BADGES, GAME, a_season
from tests.oracle.reading import rows_of

ACTIVITIES = 4_000


@pytest.fixture(scope="module")
def season() -> list[Step]:
    return list(a_season(1, ACTIVITIES))


@pytest.fixture(scope="module")
def said(season: list[Step]) -> Books:
    return by_oracle(Oracle(rows_of(GAME)), season)


def test_all_there_is_to_win_is_won_but_for_what_takes_more_posts_than_so_few(said: Books) -> None:
    assert said.badges == BADGES - {"asidua"}


async def test_a_site_that_is_only_a_document_pays_and_gives_what_its_words_say(
    season: list[Step], said: Books
) -> None:
    assert await by_product(Product(MemoryStore(), GAME), season, 10) == said


async def test_a_site_that_is_only_a_document_is_paid_alike_by_databases(
    season: list[Step], said: Books, database_url: str
) -> None:
    store = await open_store(database_url)

    assert await by_product(Product(store, GAME), season, 1_000) == said

    await store.close()
