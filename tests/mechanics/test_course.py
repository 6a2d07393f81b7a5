"""A term of a course, generated and played under examples/academia: its grades and experts are those computed by hand.

Every hour of a day has one thing of one student in it; where within the minute a message falls is drawn by lot.
"""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import NamedTuple

from besitos.apps.gamefile import EXAMPLES, read_game
from besitos.core.account import purse
from besitos.core.activity import Activity, topic_of
from besitos.core.event import AchievementUnlocked
from besitos.core.holding import HOLDINGS, Holdings
from besitos.core.view import View
from besitos.engine.codec import parse
from besitos.engine.engine import Engine
from besitos.game.game import compile_game
from besitos.mechanics import MECHANICS
from besitos.mechanics.module.model import Heartbeat, WayOfWatching
from besitos.mechanics.vip.model import GiveVip
from besitos.store.memory import MemoryStore
from tests.world import SetClock, message, new_key, people

BEGINS = datetime(2026, 9, 1, tzinfo=UTC)
WHOLE_TERM = 60
ANA, BEA, CARLA, DANI, EVA, FEDE, GAEL, HUGO = range(1, 9)


class Habit(NamedTuple):
    """What a student does on each of some days, from an hour on: so many messages, or minutes of watching."""

    student: int
    days: range
    hour: int
    what: str
    each_day: int
    module: str = "fundamentos"


TERM = (
    Habit(ANA, range(20), 8, "message", 13),
    Habit(ANA, range(4), 10, "live", 30),
    Habit(BEA, range(5), 8, "message", 50),
    Habit(CARLA, range(24), 8, "message", 10, "bienvenida"),
    Habit(CARLA, range(24, 25), 8, "message", 9, "bienvenida"),
    Habit(DANI, range(3), 8, "replay", 130),
    Habit(EVA, range(1), 8, "stage", 20),
    Habit(EVA, range(1, 2), 8, "stage", 70),
    Habit(EVA, range(1, 2), 12, "live", 150),
    Habit(EVA, range(1, 2), 18, "message", 40),
    Habit(FEDE, range(10), 8, "message", 25),
    Habit(FEDE, range(10), 10, "message", 25, "practica"),
    Habit(GAEL, range(14), 8, "stage", 50),
    Habit(HUGO, range(14), 8, "stage", 60),
)

XP = {
    # 20 days of the gift, 26 a day for messages, 4 x 30 minutes live, streaks of 5 and 20, the module, its badge
    ANA: 20 * 5 + 20 * 13 * 2 + 4 * 30 * 2 + 25 + 120 + 50 + 100,
    # messages come to 60 a day at most
    BEA: 5 * 5 + 5 * 60 + 25 + 100,
    # 249 messages: one too few for the badge; the module of welcome is completed by the first
    CARLA: 25 * 5 + 249 * 2 + 25 + 120 + 10,
    # replays come to 120 a day at most
    DANI: 3 * 5 + 3 * 120,
    # the first time on stage, 20 minutes there; the next day the cap on all: 5 + 300 + 240 + what is left
    EVA: 5 + 50 + 20 * 5 + 600,
    # two experts; the module of practice is completed by 40 messages, whoever may enter it
    FEDE: 10 * 5 + 10 * 60 + 25 + 80 + 2 * 100,
    # on stage a minute is worth 6 to VIP and 5 to others, 300 a day at most
    GAEL: 14 * 5 + 50 + 14 * 300,
    HUGO: 14 * 5 + 50 + 14 * 300,
}
GRADES = {
    ANA: "specialist",
    BEA: "explorer",
    CARLA: "contributor",
    DANI: "explorer",
    EVA: "contributor",
    FEDE: "contributor",
    GAEL: "mentor",
    HUGO: "veteran",
}
EXPERTS = {(ANA, "fundamentos", 19), (BEA, "fundamentos", 4), (FEDE, "fundamentos", 9), (FEDE, "practica", 9)}
"""Who wrote 250 messages in a module, in which, and on which day of the term."""


def term(seed: int) -> list[Activity]:
    """All that happens, as it happens."""
    dice = random.Random(seed)
    vip = GiveVip(key=new_key(), member_id=GAEL, occurred_at=BEGINS, lasts=WHOLE_TERM * 86_400)
    done = [each for habit in TERM for day in habit.days for each in _done(habit, day, dice)]
    return [vip, *sorted(done, key=lambda each: each.occurred_at)]


def _done(habit: Habit, day: int, dice: random.Random) -> Iterator[Activity]:
    begins = BEGINS + timedelta(days=day, hours=habit.hour)
    if habit.what == "message":
        for number in range(habit.each_day):
            at = begins + timedelta(minutes=number, seconds=dice.randrange(25))
            yield message(habit.student, at, module=habit.module, length=dice.randint(1, 400))
        return
    for number in range(habit.each_day + 1):
        yield _beat(habit, day, begins, number)


def _beat(habit: Habit, day: int, begins: datetime, number: int) -> Heartbeat:
    ways: dict[str, WayOfWatching] = {"live": "live", "replay": "replay", "stage": "stage"}
    return Heartbeat(
        key=new_key(),
        member_id=habit.student,
        occurred_at=begins + timedelta(minutes=number),
        session=f"{habit.what}-{habit.student}-{day}",
        way=ways[habit.what],
        live=f"l{day}",
        module=habit.module,
        position=None if habit.what == "stage" else number * 60,
    )


async def played(seed: int) -> Engine:
    store = MemoryStore()
    await people(store)
    academy = compile_game(MECHANICS, read_game(EXAMPLES / "academia"), seed="seed")
    running = Engine(store, academy, SetClock(BEGINS + timedelta(days=30)))
    happens = term(seed)
    for start in range(0, len(happens), 500):
        outcomes = await running.run(happens[start : start + 500])
        assert all(outcome.accepted for outcome in outcomes)
    return running


async def test_a_term_ends_with_the_grades_and_the_experts_computed_by_hand() -> None:
    academy = await played(seed=1)

    found = {who: await academy.look(who, partial(standing, who)) for who in XP}

    held = {who: holdings for who, (_, holdings) in found.items()}
    assert {who: xp for who, (xp, _) in found.items()} == XP
    assert {who: each.grade for who, each in held.items()} == GRADES
    assert await experts_of(academy) == EXPERTS
    experts = Counter(who for who, _, _ in EXPERTS)
    assert {who: each.badges.get("experto_del_modulo", 0) for who, each in held.items() if who in experts} == experts
    assert {who for who, each in held.items() if "primer_experto" in each.badges} == set(experts)
    assert {who for who, each in held.items() if "sin_miedo" in each.badges} == {EVA, GAEL, HUGO}


def standing(who: int, view: View) -> tuple[int, Holdings]:
    return view.balance(purse(who, "xp")), view.get(HOLDINGS.of(who))


async def experts_of(academy: Engine) -> set[tuple[int, str, int]]:
    """Whom the events say to be experts, of what, since which day."""
    unlocked = (row for row in (await academy.store.export()).events if row.type == topic_of(AchievementUnlocked))
    told = [(row, parse(row.body)) for row in unlocked]
    return {
        (row.member_id, body["value"], (row.occurred_at - BEGINS).days)
        for row, body in told
        if body["badge"] == "experto_del_modulo"
    }
