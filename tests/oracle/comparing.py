"""One history, played by the oracle and by the product: what either paid and gave, to the unit and to the second."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from besitos.core.activity import Activity
from besitos.engine.outcome import Status
from besitos.mechanics.badge.decide import badges_in
from besitos.store.protocol import Changes
from tests.oracle.case import Seen, Step
from tests.oracle.engine import Product, fill
from tests.oracle.oracle import Oracle

Movement = tuple[str, int, int, str, str, datetime]
"""Currency, amount, balance after it, type, cause, when."""

Given = tuple[str, str, datetime]
"""Badge, value, when."""


class Books(NamedTuple):
    """What each member was paid and given, in order, and where they stand in the end."""

    movements: dict[str, list[Movement]]
    awards: dict[str, list[Given]]
    standing: dict[str, dict[str, Any]]

    @property
    def badges(self) -> frozenset[str]:
        """Every badge that anybody was given."""
        return frozenset(badge for given in self.awards.values() for badge, _, _ in given)


SINGLE = {"daily_gift": "daily_gift", "levels": "level", "level": "level", "lot": "", "transfer": ""}
"""How either of them calls what is one in a game, and what nobody designed."""


def cause_of(name: str) -> str:
    """A definition as both call it. What a release pays is paid by what had been held."""
    return SINGLE.get(name.partition("/")[0], name)


def by_oracle(oracle: Oracle, history: Iterable[Step]) -> Books:
    """What the oracle says of a history."""
    for number, step in enumerate(history):
        oracle.submit(key=f"k{number}", member=step.by, kind=step.kind, at=step.at, attributes=step.attributes)
    oracle.advance(oracle.world.clock)
    return said_by(oracle)


def said_by(oracle: Oracle) -> Books:
    """Everything that the oracle has paid and given by now."""
    movements: dict[str, list[Movement]] = {who: [] for who in oracle.world.members}
    awards: dict[str, list[Given]] = {who: [] for who in oracle.world.members}
    for entry in oracle.world.journal.entries:
        movements[entry.member].append(
            (entry.currency, entry.amount, entry.after, entry.type, cause_of(entry.cause), entry.at)
        )
    for award in oracle.world.journal.awards:
        awards[award.member].append((award.badge, award.value, award.at))
    standing = {}
    for who in oracle.world.members:
        shown = oracle.member(who)
        standing[who] = {
            "level": shown.level,
            "grade": shown.grade,
            "type": shown.type,
            "items": shown.items,
            "rewards": shown.rewards,
            "streaks": {key: each["length"] for key, each in shown.streaks.items() if each["best"]},
        }
    return Books(movements, in_order(awards), standing)


def in_order(awards: dict[str, list[Given]]) -> dict[str, list[Given]]:
    """By badge: in which order several came at once is nobody's promise."""
    return {who: sorted(given) for who, given in awards.items()}


async def by_product(
    product: Product, history: Sequence[Step], size: int = 1, *, times: int = 1, first: int = 0
) -> Books:
    """What the product does of a history that comes in batches of a size, so many times over.

    `first` is the number of its first step, where others came before.
    """
    asked: list[Sequence[Activity]] = []
    for start in range(0, len(history), size):
        steps = history[start : start + size]
        await product.pass_time(max(product.clock.moment, steps[0].at))
        product.clock.moment = max(product.clock.moment, *(step.at for step in steps))
        activities: Sequence[Activity] = [
            each
            for number, step in enumerate(steps, first + start)
            for each in await as_activities(product, step, number)
        ]
        asked.append(activities)
        for outcome in await product.engine.run(activities):
            assert outcome.status in (Status.ACCEPTED, Status.REJECTED), outcome
    for activities in asked * (times - 1):
        assert all(outcome.replayed for outcome in await product.engine.run(activities))
    return await done_by(product)


async def as_activities(product: Product, step: Step, number: int) -> Sequence[Activity]:
    activities = await product.activities_of(step, f"k{number}")
    assert not isinstance(activities, str), f"{step}: {activities}"
    return activities


async def done_by(product: Product) -> Books:
    """Everything that the product has paid and given by now."""
    await product.pass_time(product.clock.moment)
    tables = await product.store.export()
    names = product.names
    movements: dict[str, list[Movement]] = {who: [] for who in names.values()}
    for row in tables.transactions:
        if "@" not in row.account:
            movements[names[row.member_id]].append(
                (row.account, row.amount, row.balance_after, str(row.type), cause_of(row.definition), row.occurred_at)
            )
    return Books(movements, awards_of(product, tables), {who: await stands(product, key) for key, who in names.items()})


def awards_of(product: Product, tables: Changes) -> dict[str, list[Given]]:
    badges, found = badges_in(product.engine.game), dict[str, list[Given]]({who: [] for who in product.names.values()})
    for event in tables.events:
        if event.type == "gamification.achievement_unlocked":
            body = msgspec.json.decode(event.body)
            value = "" if badges[body["badge"]].is_once else body.get("value", "")
            found[product.names[event.member_id]].append((body["badge"], value, event.occurred_at))
    return in_order(found)


async def stands(product: Product, member_id: int) -> dict[str, Any]:
    seen = Seen()
    await product.engine.look(member_id, lambda view: fill(seen, view, member_id, product.engine))
    return {
        "level": seen.level,
        "grade": seen.grade,
        "type": seen.type,
        "items": seen.items,
        "rewards": seen.rewards,
        "streaks": {key: each["length"] for key, each in seen.streaks.items() if each["best"]},
    }
