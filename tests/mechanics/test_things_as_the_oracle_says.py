"""Reactions, boosts, VIP time, items and modules, step by step beside the oracle."""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import pytest

from besitos.core.account import purse
from besitos.core.activity import Activity
from besitos.core.holding import HOLDINGS
from besitos.core.member import PROFILE
from besitos.core.view import View
from besitos.mechanics.module.model import MODULES
from besitos.mechanics.reaction.model import AddReaction
from besitos.mechanics.shop.model import GiveItem
from besitos.mechanics.vip.model import GiveVip
from besitos.store.memory import MemoryStore
from tests.oracle.oracle import Oracle
from tests.world import SetClock, day, document, engine, message, new_key, people

GAME = """
game: {name: Prueba, zone: America/Mexico_City}
vip: {grace: 6h}
metrics: {mensajes: {when: message.posted, per: module}}
modules:
  x: {name: X, completed_if: {mensajes: 3+, at: x}, pays: {besitos: 30, items: {llave: 1}}}
  y: {name: Y, for: vip, completed_if: [{module: x}, {reactions: 4+}], pays: {besitos: 50, vip: 1d}}
  z: {name: Z, completed_if: [{member: vip}, {item: llave, quantity: 3+}], pays: {xp: 5}}
reactions:
  rosa: {emoji: 🌹, pays: {besitos: {free: 1, vip: 5}}}
  fuego: {emoji: 🔥, pays: {xp: 3}, if: {member: vip}}
items: {llave: {name: Llave, type: narrative_key}}
boosts:
  gold: {name: Oro, multiply: 1.25, if: {member: vip}}
  silver: {name: Plata, multiply: 1.33, sources: [reaction, chat]}
caps: {few: {limit: 12 besitos/day, sources: [reaction, chat]}}
rules:
  chat: {when: message.posted, pays: {besitos: 3}, limit: 20 besitos/day}
  prize: {when: gamification.module_completed, pays: {xp: 7}}
  became: {when: admin.member_type_changed, pays: {xp: 1}}
"""


class Step(NamedTuple):
    """One thing that somebody does, in the words of the product and in those of the oracle."""

    activity: Activity
    kind: str
    sent: Mapping[str, Any]


def step(dice: random.Random, who: int, at: datetime) -> Step:
    common: dict[str, Any] = {"key": new_key(), "member_id": who, "occurred_at": at}
    match dice.randint(0, 9):
        case 0 | 1 | 2 | 3:
            module = dice.choice("xyzw")
            return Step(message(who, at, module=module), "message.posted", {"module": module})
        case 4 | 5 | 6:
            sent: dict[str, Any] = {"post": f"p{dice.randint(1, 12)}", "reaction": dice.choice(["rosa", "fuego"])}
            return Step(AddReaction(**common, **sent), "reaction.added", sent)
        case 7:
            return Step(GiveVip(**common, lasts=12 * 3_600), "member.vip", {"lasts": "12h"})
        case _:
            return Step(GiveItem(**common, item="llave"), "item.give", {"item": "llave", "count": 1})


def standing(view: View, who: int) -> tuple[dict[str, int], str, dict[str, int], dict[str, str]]:
    """What a member has and is: money, type, items, modules."""
    money = {name: view.balance(purse(who, name)) for name in ("besitos", "xp")}
    modules = {key: each.state.value for key, each in sorted(view.get(MODULES.of(who)).of.items())}
    return (
        {name: amount for name, amount in money.items() if amount},
        view.get(PROFILE.of(who)).type.value,
        dict(view.get(HOLDINGS.of(who)).items),
        modules,
    )


@pytest.mark.parametrize("seed", range(4))
async def test_each_step_comes_to_what_the_oracle_says(seed: int) -> None:
    oracle, store, clock, dice = Oracle(document(GAME).rows), MemoryStore(), SetClock(day(0)), random.Random(seed)
    await people(store)
    running = engine(store, clock, GAME)

    for number in range(300):
        clock.moment += timedelta(minutes=dice.randint(1, 300))
        await running.run_due_timers()
        who = dice.randint(1, 3)
        made = step(dice, who, clock.moment)
        outcome = await running.submit(made.activity)
        said = oracle.submit(key=str(number), member=str(who), kind=made.kind, at=clock.moment, attributes=made.sent)
        theirs = oracle.member(str(who))

        assert outcome.accepted == (said.refused is None), made
        ours = await running.look(who, lambda view, who=who: standing(view, who))  # type: ignore[misc]  # bound now
        assert ours == (theirs.balance, theirs.type, theirs.items, theirs.modules), made
