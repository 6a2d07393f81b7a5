"""What a game learns later: catching up with the past comes to what the oracle says of a game that had it all along."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from besitos.core.holding import HOLDINGS
from besitos.engine.catchup import CatchUp
from besitos.engine.engine import Engine
from besitos.engine.games import FixedGame
from besitos.game.game import compile_game
from besitos.mechanics import MECHANICS
from besitos.mechanics.badge.model import AWARD
from besitos.store.database import open_store
from tests.oracle.case import Step
from tests.oracle.comparing import Books, Given, by_oracle, by_product
from tests.oracle.engine import Product
from tests.oracle.oracle import Oracle
from tests.oracle.reading import rows_of
from tests.world import document

BEFORE = """
game: {name: Juego, zone: Europe/Madrid}
activities:
  post.begun: {attributes: {post: text, topic: text}}
  vote.cast: {attributes: {post: text, voter: text, delta: number}}
rules:
  habla: {when: message.posted, pays: {besitos: 3, xp: 2}, limit: 4/day}
  multa: {when: reply.posted, pays: {besitos: -1}}
"""
METRICS = """
things: {post: {begins: post.begun, keeps: [topic]}}
metrics:
  mensajes: {when: message.posted}
  letras: {when: message.posted, sum: length}
  mayor: {when: message.posted, max: length}
  salas: {when: message.posted, distinct: chat}
  dias: {when: [message.posted, vote.cast], distinct: day}
  puntos: {when: vote.cast, sum: delta, per: post}
  votantes: {when: vote.cast, distinct: voter, per: post}
  mar: {when: vote.cast, where: {post.topic: mar}}
"""
NEW = {
    "hablada": "{name: N, if: {mensajes: 8+}, pays: {besitos: 5}}",
    "larga": "{name: N, if: [{letras: 30+}, {mayor: 7+}]}",
    "rica": "{name: N, if: [{balance: 12+}, {earned: 15+}], pays: {xp: 1}}",
    "aguda": "{name: N, if: {mensajes: 4+, in: day}}",
    "viva": "{name: N, if: [{mensajes: 3+, in: 3h}, {salas: 2+}]}",
    "votada": "{name: N, per: post, if: [{puntos: 3+}, {votantes: 2+}], pays: {besitos: 4}}",
    "primera": "{name: N, per: post, once: true, if: {votantes: 3+}}",
    "marina": "{name: N, if: [{mar: 3+}, {dias: 2+}], pays: {besitos: 9}}",
}
RULE = "  nueva: {when: message.posted, where: {length: 4+}, pays: {gemas: 1 per 5 length}, limit: [3/day, 1/20m]}\n"
GEMAS = "currencies: {gemas: {name: gemas}}\n"


def a_history(seed: int, length: int = 120) -> tuple[Step, ...]:
    dice, found = random.Random(seed), list[Step]()
    now = datetime(2026, 10, 23, 8, tzinfo=UTC)
    found += [Step("post.begun", now, "bea", {"post": post, "topic": "mar"}) for post in ("p1", "p2")]
    for _ in range(length):
        now += timedelta(minutes=dice.choice([1, 7, 30, 200]), seconds=dice.randint(1, 59))
        who, post, chance = dice.choice(["ana", "bea"]), dice.choice(["p1", "p2"]), dice.random()
        if chance < 0.45:
            found.append(Step("message.posted", now, who, {"length": dice.randint(1, 9), "chat": dice.choice("ab")}))
        elif chance < 0.8:
            said = {"post": post, "voter": dice.choice(["v1", "v2", "v3"]), "delta": dice.choice([1, 1, 2, -1])}
            found.append(Step("vote.cast", now, who, said))
        elif chance < 0.9:
            found.append(Step("post.begun", now, who, {"post": post, "topic": dice.choice(["mar", "sol"])}))
        else:
            found.append(Step("reply.posted", now, who, {"chat": "a"}))
    return tuple(found)


def some_late(history: Sequence[Step], dice: random.Random) -> tuple[Step, ...]:
    """The same, some of it told late; nothing of two moments that were one."""
    late = [replace(step, at=step.at - timedelta(minutes=dice.choice([5, 90, 2_000]))) for step in history[2:]]
    told = (one if dice.random() < 0.2 else other for one, other in zip(late, history[2:], strict=True))
    return (*history[:2], *told)


async def awarded(engine: Engine, names: Mapping[int, str], said: Books) -> dict[str, list[Given]]:
    """Which of the awards that the oracle names are given, and when; and how many more, where there are any."""
    found: dict[str, list[Given]] = {}
    for member_id, who in names.items():
        held = await engine.look(member_id, lambda view, member_id=member_id: view.get(HOLDINGS.of(member_id)).badges)  # type: ignore[misc]  # bound now
        found[who] = []
        for badge, value, _ in said.awards[who]:
            key = AWARD.of(member_id, f"{badge}/{value}" if value else badge)
            award = await engine.look(member_id, lambda view, key=key: view.get(key))  # type: ignore[misc]  # as above
            found[who] += [(badge, value, award.at)] if award.at is not None else []
        more = sum(held.values()) - len(found[who])
        found[who] += [("more", str(more), engine.clock.now())] if more else []
    return found


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("badge", NEW)
async def test_a_badge_for_the_past_is_that_of_a_game_that_always_had_it(
    badge: str, seed: int, sqlite_url: str
) -> None:
    history, store = a_history(seed), await open_store(sqlite_url)
    whole = f"{BEFORE}{METRICS}badges: {{{badge}: {NEW[badge]}}}\n"
    product = Product(store, BEFORE)
    await by_product(product, history, 50)
    after = Engine(store, FixedGame(compile_game(MECHANICS, document(whole), seed="seed")), product.clock)

    gains = await CatchUp(after, store).back_fill([f"badge/{badge}"])

    said = by_oracle(Oracle(rows_of(whole)), history)
    assert await awarded(after, product.names, said) == said.awards
    paid = [(each[0], each[1]) for rows in said.movements.values() for each in rows if each[4] == f"badge/{badge}"]
    assert sorted(gains[f"badge/{badge}"].amounts.items()) == sorted(
        (currency, sum(amount for other, amount in paid if other == currency))
        for currency in {each[0] for each in paid}
    )
    await store.close()


@pytest.mark.parametrize("seed", range(3))
async def test_in_the_past_what_came_late_stands_where_it_happened(seed: int, sqlite_url: str) -> None:
    history, store = some_late(a_history(seed), random.Random(seed)), await open_store(sqlite_url)
    asked_of_metrics = {key: written for key, written in NEW.items() if key != "rica"}
    badges = "".join(f"  {key}: {written}\n" for key, written in asked_of_metrics.items())
    whole = f"{BEFORE}{METRICS}badges:\n{badges}"
    product = Product(store, BEFORE)
    await by_product(product, history)
    after = Engine(store, FixedGame(compile_game(MECHANICS, document(whole), seed="seed")), product.clock)

    await CatchUp(after, store).back_fill([f"badge/{key}" for key in asked_of_metrics])

    said = by_oracle(Oracle(rows_of(whole)), sorted(history, key=lambda step: step.at))
    assert await awarded(after, product.names, said) == said.awards
    await store.close()


@pytest.mark.parametrize("seed", range(6))
async def test_a_rule_for_the_past_pays_what_it_would_have_paid(seed: int, sqlite_url: str) -> None:
    history, store = a_history(seed), await open_store(sqlite_url)
    product = Product(store, BEFORE + GEMAS)
    await by_product(product, history, 50)
    whole = BEFORE + RULE + GEMAS
    after = Engine(store, FixedGame(compile_game(MECHANICS, document(whole), seed="seed")), product.clock)

    gains = await CatchUp(after, store).back_fill(["rule/nueva"])

    said = by_oracle(Oracle(rows_of(whole)), history)
    expected = sum(each[1] for rows in said.movements.values() for each in rows if each[4] == "rule/nueva")
    assert dict(gains["rule/nueva"].amounts) == {"gemas": expected}
    await store.close()
