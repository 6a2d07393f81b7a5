"""Missions and rewards against the oracle: the same histories, and after every activity the same members."""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from besitos.core.account import purse
from besitos.core.activity import Activity
from besitos.core.view import View
from besitos.engine.engine import Engine
from besitos.mechanics.mission.decide import settled_run
from besitos.mechanics.mission.model import RUN, TakeMission
from besitos.mechanics.reward.decide import standing_of
from besitos.mechanics.reward.model import ClaimReward
from besitos.store.memory import MemoryStore
from tests.oracle.oracle import Oracle
from tests.oracle.reading import rows_of
from tests.world import ANA, BEA, MONDAY, SetClock, engine, happened, people

GAME = """
game: {name: Prueba, zone: America/Mexico_City}
activities: {thing.done: {attributes: {n: number, who: text}}}
metrics:
  hechos: {when: thing.done}
  suma: {when: thing.done, sum: n}
  mayor: {when: thing.done, max: n}
  ultimo: {when: thing.done, last: n}
  gente: {when: thing.done, distinct: who}
  por: {when: thing.done, per: who}
  grandes: {when: thing.done, where: {n: 3+}}
rules:
  gana: {when: thing.done, where: {n: 2}, pays: {besitos: 3}}
  marca: {when: thing.done, where: {n: 4}, pays: {flags: [lista]}}
  empieza: {when: gamification.mission_assigned, pays: {xp: 1}}
  acaba: {when: gamification.mission_completed, pays: {xp: 2}}
  abre: {when: gamification.reward_unlocked, pays: {xp: 4}}
  pasa: {when: gamification.mission_expired, pays: {xp: 100}}
  cierra: {when: gamification.reward_expired, pays: {xp: 1000}}
missions:
  dia: {name: A, type: daily, repeats: daily, goals: {hechos: 3+}, pays: {besitos: 5}}
  semana:
    name: B
    type: weekly
    repeats: weekly
    if: {hechos: 4+}
    goals: [{suma: 12+}, {gente: 2+}]
    pays: {besitos: 7}
  una:
    name: C
    type: special
    if: {hechos: 3+}
    goals: [{hechos: 2+}, {any: [{mayor: 4+}, {earned: 6+}]}]
    lasts: 30h
    pays: {besitos: 11}
  tomada: {name: D, type: daily, repeats: daily, assign: taken, goals: {ultimo: 3+}, pays: {besitos: 2}}
  elegida: {name: E, type: special, assign: taken, if: {flag: lista}, goals: {por: 2+, at: a}, pays: {besitos: 13}}
  varias: {name: F, type: special, goals: [{mission: dia}, {missions_completed: 2+}], pays: {besitos: 17}}
  corta:
    name: G
    type: daily
    repeats: daily
    if: {hechos: 3+, in: day}
    goals: {grandes: 1+}
    lasts: 4h
    pays: {besitos: 1}
  premiada: {name: H, type: special, goals: {rewards_claimed: 2+}, pays: {besitos: 19}}
rewards:
  primera: {name: P, if: {hechos: 2+}, claim_within: 20h, pays: {besitos: 10}}
  doble: {name: Q, limit: 2/day, claim_within: 6h, pays: {besitos: 1}}
  pocas: {name: R, if: {mission: dia}, limit: [1/ever, 2/week for all], pays: {besitos: 3}}
  rica: {name: S, if: {earned: 30+}, limit: 1/week, pays: {xp: 3}}
  quieta:
    name: T
    if: [{not: {flag: lista}}, {hechos: ..2, in: day}, {hechos: 5+}]
    claim_within: 9h
    pays: {besitos: 2}
"""
LENGTH = 60


def an_act(dice: random.Random, at: datetime) -> tuple[Activity, str, Mapping[str, Any]]:
    """Something that Ana or Bea does, as the engine and as the oracle are told of it."""
    who, chance = dice.choice([ANA, ANA, BEA]), dice.random()
    if chance < 0.6:
        said: dict[str, Any] = {"n": dice.randint(1, 5), "who": dice.choice("abc")}
        return happened(who, "thing.done", at, **said), "thing.done", said
    key = f"test:{at.isoformat()}/{chance}"
    if chance < 0.75:
        mission = dice.choice(["tomada", "elegida", "dia"])
        taken = TakeMission(key=key, member_id=who, occurred_at=at, mission=mission)
        return taken, "mission.take", {"mission": mission}
    reward = dice.choice(["primera", "doble", "pocas", "rica", "quieta"])
    return ClaimReward(key=key, member_id=who, occurred_at=at, reward=reward), "reward.claim", {"reward": reward}


async def standing_in(running: Engine, member_id: int) -> tuple[object, ...]:
    """Missions, rewards and purses of a member."""
    document = running.game.document

    def question(view: View) -> tuple[object, ...]:
        return (
            {
                key: settled_run(view.get(RUN.named(member_id, key)), view.now).state.value
                for key in document.all("mission")
            },
            {key: standing_of(view, member_id, key).state.value for key in document.all("reward")},
            view.balance(purse(member_id)),
            view.balance(purse(member_id, "xp")),
        )

    return await running.look(member_id, question)


def standing_by(oracle: Oracle, member_id: int, missions: Mapping[str, object]) -> tuple[object, ...]:
    found = oracle.member(str(member_id))
    runs = {key: (found.missions.get(key) or [""])[-1] for key in missions}
    return runs, found.rewards, found.balance.get("besitos", 0), found.balance.get("xp", 0)


@pytest.mark.parametrize("seed", range(6))
async def test_the_engine_and_the_oracle_agree_after_every_activity(seed: int) -> None:
    dice, store, clock, seen = random.Random(seed), MemoryStore(), SetClock(MONDAY), set[int]()
    await people(store)
    running, oracle = engine(store, clock, GAME), Oracle(rows_of(GAME))
    for number in range(LENGTH):
        clock.moment += timedelta(minutes=dice.choice([0, 1, 7, 60, 300, 700]), seconds=dice.randint(0, 50))
        activity, kind, said = an_act(dice, clock.moment)
        while await running.run_due_timers():
            pass
        outcome = await running.submit(activity)
        known = oracle.submit(
            key=str(number), member=str(activity.member_id), kind=kind, at=clock.moment, attributes=said
        )
        seen.add(activity.member_id)

        assert bool(outcome.reason) is (known.refused is not None), (number, outcome.reason, known.refused)
        for member_id in seen:
            found = await standing_in(running, member_id)
            assert found == standing_by(oracle, member_id, running.game.document.all("mission")), (number, kind, said)
