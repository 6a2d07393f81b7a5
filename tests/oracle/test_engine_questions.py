"""A site of questions and answers that nobody wrote a line of code for: its document, and a history of many votes."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from besitos.store.database import open_store
from tests.oracle.case import Step
from tests.oracle.comparing import by_oracle, by_product
from tests.oracle.engine import Product
from tests.oracle.oracle import Oracle
from tests.oracle.reading import rows_of

GAME = (Path(__file__).parent / "questions.yaml").read_text()
BEGINNING = datetime(2026, 3, 2, 6, tzinfo=UTC)
AUTHORS = [f"autora{number}" for number in range(60)]
TOPICS = ["ciencia", "cocina", "amor"]
ACTIVITIES = 5_000


def a_season(seed: int, length: int) -> Iterator[Step]:
    """Authors who post, and many who vote on the best known posts: whoever is voted on is who the activity is of."""
    dice = random.Random(seed)
    posts: list[tuple[str, str]] = []
    now, apart = BEGINNING, 40 * 86_400 / length
    for number in range(length):
        now += timedelta(seconds=round(dice.uniform(0, 2 * apart)))
        if len(posts) < 20 or dice.random() < 0.08:
            author = AUTHORS[int(len(AUTHORS) * dice.random() ** 2)]
            posts.append((f"p{number}", author))
            yield Step("answer.posted", now, author, {"post": f"p{number}", "topic": dice.choice(TOPICS)})
            continue
        post, author = posts[int(len(posts) * dice.random() ** 3)]
        voter = f"v{dice.randint(1, 300)}"
        if dice.random() < 0.02:
            yield Step("answer.accepted", now, author, {"post": post, "voter": voter})
            continue
        delta, of = dice.choice([1, 1, 1, 1, -1]), dice.choice(["question", "answer"])
        yield Step("vote.received", now, author, {"post": post, "voter": voter, "delta": delta, "of": of})


async def test_a_site_that_is_only_a_document_pays_and_gives_what_its_words_say(sqlite_url: str) -> None:
    history, store = list(a_season(1, ACTIVITIES)), await open_store(sqlite_url)

    said = by_oracle(Oracle(rows_of(GAME)), history)
    done = await by_product(Product(store, GAME), history, 1_000)

    assert done.movements == said.movements
    assert done.awards == said.awards
    given = {badge for each in said.awards.values() for badge, _, _ in each}
    assert {"buena", "muy_buena", "excelente", "redonda", "querida", "cientifica"} <= given
    await store.close()
