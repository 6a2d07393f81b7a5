"""What is read when something changed: badges, missions, rewards, the completion of modules."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from tests.oracle.asking import PERIOD_OF, Asking, head_of, wakes
from tests.oracle.counting import counters
from tests.oracle.paying import TYPES, Payment, give_badge, pay
from tests.oracle.reading import Body, facts_of
from tests.oracle.state import Mission, Reward, Transaction


def read_all(tx: Transaction) -> None:
    """The eighth step of a round: who asks for what has changed since the last one. What it changes is for the next."""
    tx.noticed, tx.changed = tx.changed, set()
    read_badges(tx)
    read_missions(tx)
    assign_missions(tx, tx.activity + 1)
    read_rewards(tx)
    read_modules(tx)


def woken(tx: Transaction, lines: object) -> list[tuple[Body, str]]:
    """The facts of a condition that may have changed since it was read, each with the value at which they did."""
    found = []
    for fact in facts_of(lines):
        word, of = wakes(tx.game, fact)
        found += [(fact, subject) for changed, subject in tx.noticed if changed == word and of in {None, subject}]
    return found


def holds(tx: Transaction, lines: object, values: Mapping[str, str] | None = None) -> bool:
    return Asking(tx.game, tx.member, tx.now, values or {}).holds(lines)


# ------------------------------------------------------------------------------------------------ badges
def read_badges(tx: Transaction) -> None:
    """Give what now holds; a badge with `per` at the values concerned."""
    asked = [
        (key, value)
        for key, body in tx.game.all("badge").items()
        if "if" in body and woken(tx, body["if"])
        for value in values_of(tx, body)
    ]
    for key, value in asked:
        body = tx.game.all("badge")[key]
        values = {body["per"]: value} if "per" in body else {}
        if tx.game.is_in_play(body, tx.now) and holds(tx, body["if"], values):
            give_badge(tx, key, value, values)


def values_of(tx: Transaction, body: Body) -> list[str]:
    """At which values a badge is read: those that changed, then all of the member if something else did."""
    if "per" not in body:
        return [""]
    kept = [name for name, metric in tx.game.all("metric").items() if metric.get("per") == body["per"]]
    changed = woken(tx, body["if"])
    if any(head_of(fact) not in kept or "at" in fact for fact, _ in changed):
        names = {head_of(fact) for fact in facts_of(body["if"])}
        known = {subject for word, subject in tx.member.points if word in names and word in kept}
        first = {subject for fact, subject in changed if head_of(fact) in kept and "at" not in fact}
        return [*sorted(first), *sorted(known - first)]
    return sorted({subject for _, subject in changed})


# ------------------------------------------------------------------------------------------------ missions
def assign_missions(tx: Transaction, first_activity: int) -> None:
    """Assign every automatic mission that the member may have now and has not had."""
    for key, body in tx.game.all("mission").items():
        if body.get("assign", "automatic") != "automatic" or not can_begin(tx, key, body):
            continue
        if tx.is_due and body.get("repeats", "once") != "once":
            continue
        if (tx.is_due or first_activity > tx.activity) and not woken(tx, body.get("if")):
            continue
        assign(tx, key, first_activity)


def can_begin(tx: Transaction, key: str, body: Body) -> bool:
    """Whether a mission is in play, meets its `if`, and was not assigned yet in its period."""
    had = [each for each in tx.member.missions if each.key == key]
    period = period_of(tx, body)
    if any(each.state == "active" for each in had) or (had and period is None):
        return False
    if period is not None and any(each.period is not None and each.period >= period for each in had):
        return False
    return tx.game.is_in_play(body, tx.now) and holds(tx, body.get("if"))


def period_of(tx: Transaction, body: Body) -> datetime | None:
    every = PERIOD_OF.get(body.get("repeats", "once"))
    return tx.game.calendar.period(every, tx.now) if every else None


def end_of(tx: Transaction, body: Body) -> datetime | None:
    """The earliest of the end of its period, `lasts` and `until`."""
    ends = [at for at in (tx.game.window(body)[1],) if at is not None]
    if "lasts" in body:
        ends.append(tx.now + tx.game.lasting(body, "lasts", ""))
    if (period := period_of(tx, body)) is not None:
        ends.append(tx.game.calendar.end(PERIOD_OF[body["repeats"]], period))
    return min(ends, default=None)


def assign(tx: Transaction, key: str, first_activity: int) -> None:
    """Begin a mission: one that repeats is measured from the beginning of its period, another from now."""
    body, period = tx.game.all("mission")[key], period_of(tx, tx.game.all("mission")[key])
    begins = tx.now if period is None else tx.game.calendar.begin(PERIOD_OF[body["repeats"]], period)
    run = Mission(key, body, tx.now, begins, first_activity, period, end_of(tx, body))
    tx.member.missions.append(run)
    tx.changed.add(("goals", key))
    tx.publish("gamification.mission_assigned", mission=key)


def read_missions(tx: Transaction) -> None:
    """Complete what has reached its goals. What has just begun is read as well: it may have reached them already."""
    running = [each for each in tx.member.missions if each.state == "active"]
    asked = [run for run in running if woken(tx, run.body["goals"]) or ("goals", run.key) in tx.noticed]
    for run in sorted(asked, key=lambda each: each.key):
        if tx.now >= run.measured_from and Asking(tx.game, tx.member, tx.now, {}, run).holds(run.body["goals"]):
            tell = partial(complete_mission, tx, run)
            pay(tx, Payment(run.body["pays"], "mission", f"mission/{run.key}", TYPES["mission"], tell=tell))


def complete_mission(tx: Transaction, run: Mission) -> None:
    run.state = "completed"
    tx.member.owned["mission"].add(run.key)
    tx.changed.add(("mission", run.key))
    tx.count("missions_completed")
    tx.publish("gamification.mission_completed", mission=run.key, type=run.body["type"])


def expire_mission(tx: Transaction, run: Mission) -> None:
    run.state = "expired"
    tx.publish("gamification.mission_expired", mission=run.key)


# ------------------------------------------------------------------------------------------------ rewards
def read_rewards(tx: Transaction) -> None:
    """Unlock what now holds: at every activity of the member, or when what it asks for changed."""
    for key, body in tx.game.all("reward").items():
        reward = tx.member.rewards[key]
        if reward.state == "UNLOCKED" or not tx.game.is_in_play(body, tx.now):
            continue
        if tx.is_due and (reward.state != "LOCKED" or not woken(tx, body.get("if"))):
            continue
        if reward.state != "LOCKED" and (not is_repeatable(tx, body) or reward.closed_by == tx.activity):
            continue
        if has_room(tx, key, body) and holds(tx, body.get("if")):
            reward.state, reward.pays = "UNLOCKED", body["pays"]
            reward.deadline = tx.now + tx.game.lasting(body, "claim_within", "7d")
            tx.publish("gamification.reward_unlocked", reward=key)


def is_repeatable(tx: Transaction, body: Body) -> bool:
    """Whether a member may claim it more than once, one day."""
    limits = tx.game.limits(with_limit(body))
    return not any(each.number == 1 and each.period == "ever" and not each.is_shared for each in limits)


def with_limit(body: Body) -> Body:
    return {"limit": ["1/ever"], **body}


def has_room(tx: Transaction, key: str, body: Body) -> bool:
    return all(each.room(tx, {})[0] > 0 for each in counters(tx, "reward", key, with_limit(body)))


def claim(tx: Transaction, key: str) -> None:
    """Pay an unlocked reward, as it was when it was unlocked."""
    body, reward = tx.game.all("reward")[key], tx.member.rewards[key]
    for counter in counters(tx, "reward", key, with_limit(body)):
        counter.use(tx, {}, 1)

    def tell() -> None:
        reward.state, reward.deadline, reward.closed_by = "CLAIMED", None, tx.activity
        reward.claims += 1
        tx.member.owned["reward"].add(key)
        tx.changed.add(("reward", key))
        tx.count("rewards_claimed")
        tx.publish("gamification.reward_claimed", reward=key)

    pay(tx, Payment(reward.pays, "reward", f"reward/{key}", TYPES["reward"], tell=tell))


def expire_reward(tx: Transaction, key: str, reward: Reward) -> None:
    reward.state, reward.deadline, reward.closed_by = "EXPIRED", None, tx.activity
    tx.publish("gamification.reward_expired", reward=key)


# ------------------------------------------------------------------------------------------------ modules
def read_modules(tx: Transaction) -> None:
    for key, body in tx.game.all("module").items():
        lines = body.get("completed_if")
        is_open = tx.member.modules.get(key) != "Completed" and tx.game.is_in_play(body, tx.now)
        if lines and is_open and woken(tx, lines) and holds(tx, lines):
            tell = partial(complete_module, tx, key)
            pay(tx, Payment(body.get("pays", {}), "module", f"module/{key}", "EARN_RULE", tell=tell))


def complete_module(tx: Transaction, key: str) -> None:
    tx.member.modules[key] = "Completed"
    tx.changed.add(("module", key))
    tx.publish("gamification.module_completed", module=key)
