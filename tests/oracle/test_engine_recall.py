"""Metrics that a game learns later: computed from the log they are what a game counts that had them all along."""

import random
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

import pytest

from besitos.engine.catchup import CatchUp
from besitos.engine.editing.manager import Manager, Signature
from besitos.engine.engine import Engine
from besitos.engine.games import StoredGames
from besitos.mechanics import MECHANICS, SECTIONS
from besitos.mechanics.reward.decide import rewards_in
from besitos.store.database import open_store
from besitos.store.protocol import Database
from tests.oracle.comparing import by_oracle, by_product
from tests.oracle.engine import Product
from tests.oracle.games import POSTS, SPANS, Drawn, drawn
from tests.oracle.oracle import Oracle
from tests.oracle.reading import rows_of
from tests.world import document

LENGTH = 40

Learnt: TypeAlias = Mapping[str, tuple[str, list[str]]]
"""Metrics by key: how they are written, and as what they are asked for."""

OVER = {
    "message.posted": (("length",), ("length", "chat", "day"), ("chat", ("uno", "dos"))),
    "vote.cast": (("delta",), ("delta", "voter", "weekday"), ("post", POSTS)),
    "live.watched": (("minutes",), ("hour", "minutes"), ("live", ("l1",))),
    "[message.posted, reply.posted]": ((), ("chat", "day"), ("chat", ("uno", "dos"))),
    "[signal.seen, gamification.streak_extended]": ((), ("day", "member_type"), None),
    "gamification.level_up": (("level",), ("level",), None),
    "gamification.streak_extended": (("length",), ("streak", "length"), ("streak", ("racha", "larga"))),
    "gamification.achievement_unlocked": ((), ("badge",), ("badge", ("b0", "esp"))),
    "gamification.mission_completed": ((), ("mission", "hour"), None),
    "gamification.daily_claimed": ((), ("weekday",), None),
}
"""By kind: its numbers, its words, and what a metric may be kept per, with values of that."""

WHERE = ("{weekday: [sat, sun, mon]}", "{hour: 8..22}", "{member_type: free}")


def learnt(dice: random.Random) -> Learnt:
    """Some metrics that games do not have."""
    found = {}
    for number in range(8):
        key, kind = f"n{number}", dice.choice(list(OVER))
        numbers, words, per = OVER[kind]
        parts, asked = [f"when: {kind}"], [f"{key}: 1000000+"]
        takes = [f"{word}: {name}" for word in ("sum", "max", "last") for name in numbers]
        takes += [f"distinct: {name}" for name in words]
        if dice.random() < 0.8:
            parts.append(dice.choice(takes))
        if dice.random() < 0.3:
            parts.append(f"where: {dice.choice([*WHERE, *(['{post.topic: mar}'] if kind == 'vote.cast' else [])])}")
        if per is not None and dice.random() < 0.4:
            parts.append(f"per: {per[0]}")
            asked = [f"{key}: 1000000+, at: {value}" for value in per[1]]
        asked += [f"{each}, in: {span}" for each in asked for span in dice.sample(SPANS, 2)]
        found[key] = f"{{{', '.join(parts)}}}", [f"{{{each}}}" for each in asked]
    return found


def with_more(game: str, more: Learnt) -> str:
    """The same game, that counts more: rewards which nobody reaches ask for it."""
    metrics = "".join(f"  {key}: {written}\n" for key, (written, _) in more.items())
    rewards = "".join(
        f"  {key}: {{name: N, pays: {{xp: 1}}, if: [{', '.join(asked)}]}}\n" for key, (_, asked) in more.items()
    )
    game = game.replace("metrics:\n", f"metrics:\n{metrics}", 1)
    return (
        game.replace("rewards:\n", f"rewards:\n{rewards}", 1) if "rewards:\n" in game else f"{game}rewards:\n{rewards}"
    )


class Learner(Product):
    """A product whose game is applied again and again."""

    def __init__(self, store: Database, text: str) -> None:
        super().__init__(store, text)
        self._database = store

    async def apply(self, text: str) -> None:
        await Manager(self._database, self.clock, SECTIONS).apply(document(text), Signature("test"))
        self.engine = Engine(self._database, await StoredGames.open(self._database, MECHANICS), self.clock)

    async def recall(self) -> None:
        await CatchUp(self.engine, self._database).bring_up_to_date(SECTIONS)

    async def counts(self, who: int, reward: str) -> list[Any]:
        asking = rewards_in(self.engine.game).of[reward].asking
        return [each.have for each in await self.engine.look(who, lambda view: asking.unmet(view, who))]


async def recalled(product: Learner, game: Drawn, more: Learnt, dice: random.Random) -> None:
    """Play a history in parts, with a new version before each: it learns, forgets some, and learns them anew."""
    some = {key: each for key, each in more.items() if dice.random() < 0.5}
    whole = with_more(game.game, more)
    texts = dice.choice([(game.game, whole), (game.game, whole, with_more(game.game, some), whole)])
    size = len(game.history) // len(texts) + 1
    for number, text in enumerate(texts):
        await product.apply(text)
        if dice.random() < 0.5:
            await product.recall()
        await by_product(product, game.history[number * size : (number + 1) * size], first=number * size)
    await product.recall()


def values_of(oracle: Oracle, who: str, more: Learnt) -> Iterator[tuple[str, list[Any]]]:
    at = oracle.world.clock
    for key in more:
        yield key, [each.have for each in oracle.unmet(who, "reward", key, at)]


@pytest.mark.parametrize("seed", range(700, 704))
async def test_a_metric_that_is_learnt_is_that_of_a_game_that_always_had_it(seed: int, sqlite_url: str) -> None:
    dice, game, store = random.Random(seed), drawn(seed, LENGTH), await open_store(sqlite_url)
    more = learnt(dice)
    product = Learner(store, game.game)

    await recalled(product, game, more, dice)

    oracle = Oracle(rows_of(with_more(game.game, more)))
    by_oracle(oracle, game.history)
    for member_id, who in product.names.items():
        for key, have in values_of(oracle, who, more):
            assert await product.counts(member_id, key) == have, more[key]
    await store.close()
