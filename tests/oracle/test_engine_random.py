"""Games drawn by lot: the product pays and gives what the oracle says, however the history comes to it."""

import pytest

from besitos.core import metric
from besitos.store.database import open_store
from besitos.store.memory import MemoryStore
from tests.oracle.comparing import Books, by_oracle, by_product
from tests.oracle.engine import Product
from tests.oracle.games import Drawn, drawn
from tests.oracle.oracle import Oracle
from tests.oracle.reading import rows_of

LENGTH = 40


def said_of(game: Drawn) -> Books:
    return by_oracle(Oracle(rows_of(game.game)), game.history)


def calm(first: int, count: int) -> list[Drawn]:
    """Games in which nothing depends on when timers run, so that batches may be of any size."""
    games = (drawn(seed, LENGTH) for seed in range(first, first + 20 * count))
    return [game for game in games if game.is_calm][:count]


@pytest.mark.parametrize("seed", range(400, 424))
async def test_what_comes_live_is_paid_as_the_oracle_says(seed: int) -> None:
    game = drawn(seed, LENGTH)

    assert await by_product(Product(MemoryStore(), game.game), game.history) == said_of(game)


@pytest.mark.parametrize("seed", range(700, 706))
async def test_values_that_stand_on_shelves_count_like_others(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metric, "KEPT_TOGETHER", 1)
    monkeypatch.setattr(metric, "SHELVES", 2)
    game = drawn(seed, LENGTH)

    assert await by_product(Product(MemoryStore(), game.game), game.history) == said_of(game)


@pytest.mark.parametrize("size", [7, 100])
async def test_what_comes_in_batches_and_twice_over_is_paid_once(size: int) -> None:
    for game in calm(500, 4):
        done = await by_product(Product(MemoryStore(), game.game), game.history, size, times=2)

        assert done == said_of(game)


@pytest.mark.parametrize(("seed", "size"), [(600, 1), (620, 7), (640, 100)])
async def test_a_database_pays_as_the_oracle_says(seed: int, size: int, database_url: str) -> None:
    store = await open_store(database_url)
    [game] = calm(seed, 1)

    assert await by_product(Product(store, game.game), game.history, size) == said_of(game)

    await store.close()
