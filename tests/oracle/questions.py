"""A site of questions and answers that nobody wrote a line of code for: its document, and a history of many votes."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.oracle.case import Step

GAME = (Path(__file__).parent / "questions.yaml").read_text()
BADGES = frozenset({"buena", "muy_buena", "excelente", "redonda", "querida", "cientifica", "constante", "asidua"})
BEGINNING = datetime(2026, 3, 2, 6, tzinfo=UTC)
DAYS = 40
AUTHORS = [f"autora{number}" for number in range(60)]
TOPICS = ["ciencia", "cocina", "amor"]


def a_season(seed: int, length: int) -> Iterator[Step]:
    """Authors who post, and many who vote on the best known posts: whoever is voted on is who the activity is of."""
    dice = random.Random(seed)
    posts: list[tuple[str, str]] = []
    now, apart = BEGINNING, DAYS * 86_400 / length
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
