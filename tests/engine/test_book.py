"""What a batch knows is gone with it."""

import gc

from besitos.engine.book import Book
from besitos.store.memory import MemoryStore
from tests.mechanics.scene import HEAD, done
from tests.world import SetClock, day, engine, people

GAME = """
metrics: {hechos: {when: thing.done}}
rules: {una_vez: {when: thing.done, pays: {besitos: 1}, limit: 1/ever per who}}
missions: {tres: {name: Tres, type: daily, repeats: daily, goals: {hechos: 3+}, pays: {besitos: 20}}}
"""


async def test_a_batch_leaves_nothing_for_the_collector() -> None:
    """In a circle, all that was loaded would stay until half a million objects have come together."""
    store = MemoryStore()
    await people(store)
    running = engine(store, SetClock(day(3)), HEAD.format(zone="UTC", kinds="") + GAME)
    gc.collect()
    gc.disable()
    try:
        await running.run([done(day(1), n=n, who=str(n % 3)) for n in range(20)])
        books = [each for each in gc.get_objects() if isinstance(each, Book)]
    finally:
        gc.enable()

    assert books == []
