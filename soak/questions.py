"""A season of the site of questions and answers: paid and given to the unit what a second reading of its words says."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache, partial

from besitos.store.audit import audit
from besitos.store.memory import MemoryStore
from besitos.store.protocol import Database
from soak.part import Figures, Part
from soak.places import KINDS, opened, place
from tests.books import assert_books_balance
from tests.oracle.comparing import Books, by_oracle, by_product
from tests.oracle.engine import Product
from tests.oracle.oracle import Oracle
from tests.oracle.questions import BADGES, GAME, a_season
from tests.oracle.reading import rows_of

ACTIVITIES = 50_000
SIZES = (100, 1_000, 5_000)


async def in_memory(seed: int, length: int) -> Figures:
    """A season in nothing but dictionaries."""
    return await a_season_of(MemoryStore(), seed, length)


async def in_database(kind: str, seed: int, length: int) -> Figures:
    """A season in a database of its own."""
    async with place(kind, members=range(0), durable=False) as where, opened(where.url) as store:
        figures = await a_season_of(store, seed, length)
        report = await audit(store)
        assert report.is_clean, report.violations
        return figures


async def a_season_of(store: MemoryStore | Database, seed: int, length: int) -> Figures:
    """Play it, in batches whose size the seed chooses, and hold it against what the oracle says."""
    season = list(a_season(seed, length))
    done = await by_product(Product(store, GAME), season, SIZES[seed % len(SIZES)])
    assert_books_balance(await store.export())
    said = await asyncio.to_thread(said_of, seed, length)
    assert length < ACTIVITIES or said.badges == BADGES, f"only {said.badges} was won"
    assert differences(done, said) == []
    return Counter(movements=sum(map(len, said.movements.values())), badges=sum(map(len, said.awards.values())))


@lru_cache(maxsize=1)
def said_of(seed: int, length: int) -> Books:
    """What the oracle says: once for all stores, for it takes longer than they do."""
    return by_oracle(Oracle(rows_of(GAME)), a_season(seed, length))


def differences(done: Books, said: Books) -> list[str]:
    """Who was paid or given something else, or stands elsewhere, and the first thing of it."""
    pairs: dict[str, tuple[Mapping[str, object], Mapping[str, object]]] = {
        "movements": (done.movements, said.movements),
        "awards": (done.awards, said.awards),
        "standing": (done.standing, said.standing),
    }
    return [
        f"{name} of {who}: {first_difference(ours.get(who), theirs.get(who))}"
        for name, (ours, theirs) in pairs.items()
        for who in sorted(ours.keys() | theirs.keys())
        if ours.get(who) != theirs.get(who)
    ]


def first_difference(ours: object, theirs: object) -> str:
    """The first of two lists in which they differ; all of what is no list."""
    if isinstance(ours, list) and isinstance(theirs, list):
        pairs = (pair for pair in zip(ours, theirs, strict=False) if pair[0] != pair[1])
        ours, theirs = next(pairs, (f"{len(ours)} of them", f"{len(theirs)} of them"))
    return f"{ours}, and should be {theirs}"


QUESTIONS = (
    Part("questions/memory", ACTIVITIES, ACTIVITIES, "activities", in_memory),
    *(Part(f"questions/{kind}", ACTIVITIES, ACTIVITIES, "activities", partial(in_database, kind)) for kind in KINDS),
)
