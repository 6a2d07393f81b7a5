"""What a second attempt under the same key is answered, written down before anything else was built.

The key names one attempt. The same content of the same member, dated in the same month, is that attempt again;
dated in another month it is another one. A refusal is remembered, a failure is not.
"""

import asyncio
import itertools
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum

import pytest
from msgspec.structs import replace

from besitos.core.account import purse, source
from besitos.core.activity import Activity, Happened
from besitos.core.decision import Accepted, Decision, Move, Rejected
from besitos.core.transaction import TransactionType
from besitos.core.view import View
from besitos.engine.engine import Engine
from besitos.engine.outcome import Outcome, Status
from besitos.game.document import Document
from besitos.game.mechanic import Handles, Mechanic
from besitos.store.protocol import Store
from tests.world import ANA, BEA, GAME, MONDAY, SetClock, engine, new_key

OTHER_MONTH = MONDAY + timedelta(days=20)
MINUTES = {"live": "l1", "minutes": Decimal("1.5")}


class Knock(Activity, frozen=True, kw_only=True, tag="knock"):
    """Knock at a door that may be open, closed or broken."""

    words: str


class Closed(StrEnum):
    CLOSED = "door.closed"


class Door:
    """How the door answers at the moment."""

    def __init__(self) -> None:
        self.is_closed = False
        self.is_broken = False

    def answer(self, _view: View, knock: Knock, _rules: None) -> Decision:
        if self.is_broken:
            raise ZeroDivisionError
        if self.is_closed:
            return Rejected(Closed.CLOSED)
        pay = Move(debit=source("admin"), credit=purse(knock.member_id), amount=1, type=TransactionType.EARN_ADMIN)
        return Accepted(pay)

    def mechanic(self) -> Mechanic[None]:
        def compile_rules(_: Document) -> Iterable[tuple[str, None]]:
            yield "door", None

        return Mechanic(name="door", compile=compile_rules, handles=(Handles(Knock, self.answer),))


def at_the_door(store: Store, door: Door) -> Engine:
    return engine(store, SetClock(OTHER_MONTH + timedelta(days=1)), GAME, door.mechanic())


FIRST = {
    "running": Status.ACCEPTED,
    "in the same batch": Status.ACCEPTED,
    "committed": Status.ACCEPTED,
    "refused": Status.REJECTED,
    "failed": Status.FAILED,
}

CASES = list(itertools.product(["same", "other"], ["same", "other"], ["same", "other"], FIRST))


def expected(content: str, member: str, month: str, state: str) -> str:
    """The table. `first`: the first answer again; `conflict`; `anew`: decided by itself."""
    if month == "other" or state == "failed":
        return "anew"
    return "first" if content == member == "same" else "conflict"


@pytest.mark.parametrize(("content", "member", "month", "state"), CASES)
async def test_a_second_attempt(store: Store, content: str, member: str, month: str, state: str) -> None:
    door = Door()
    first = Knock(key=new_key(), member_id=ANA, occurred_at=MONDAY, words="hola")
    second = replace(
        first,
        words="hola" if content == "same" else "adiós",
        member_id=ANA if member == "same" else BEA,
        occurred_at=MONDAY if month == "same" else OTHER_MONTH,
    )
    door.is_closed, door.is_broken = state == "refused", state == "failed"

    one, two = await _attempts(store, door, first, second, state)

    assert one.status is FIRST[state]
    answers = {
        "first": (one.status, one.paid, True),
        "conflict": (Status.CONFLICT, (), False),
        "anew": (Status.ACCEPTED, None, False),
    }
    status, paid, replayed = answers[expected(content, member, month, state)]
    assert (two.status, two.replayed) == (status, replayed)
    assert paid is None or two.paid == paid
    tables = await store.export()
    accepted = [row for row in tables.activities if '"rejected"' not in row.outcome]
    assert len(tables.transactions) == len(accepted) == sum(each.accepted and not each.replayed for each in (one, two))


async def _attempts(store: Store, door: Door, first: Activity, second: Activity, state: str) -> list[Outcome]:
    """Both outcomes, the first attempt's first. While the first is running, the second waits for it."""
    if state == "in the same batch":
        return await at_the_door(store, door).run([first, second])
    if state == "running":
        [one], [two] = await asyncio.gather(*(at_the_door(store, door).run([each]) for each in (first, second)))
        return [one, two] if not one.replayed and one.status is not Status.CONFLICT else [two, one]
    [one] = await at_the_door(store, door).run([first])
    door.is_closed = door.is_broken = False
    [two] = await at_the_door(store, door).run([second])
    return [one, two]


async def test_a_request_without_a_time_is_recognised_for_31_days_across_months(store: Store) -> None:
    asked = Knock(key=new_key(), member_id=ANA, occurred_at=MONDAY, is_dated=False, words="hola")
    outcomes = {}
    for days in (0, 20, 30, 32):
        now = MONDAY + timedelta(days=days)
        running = engine(store, SetClock(now), GAME, Door().mechanic())
        outcomes[days] = await running.submit(replace(asked, occurred_at=now))

    assert [outcome.replayed for outcome in outcomes.values()] == [False, True, True, False]
    assert [outcome.status for outcome in outcomes.values()] == [Status.ACCEPTED] * 4


async def test_a_clock_that_is_set_back_across_a_month_pays_nobody_twice(store: Store) -> None:
    """PostgreSQL looked for the key in the months up to ours, and the first answer stood in the next one."""
    asked = Knock(key=new_key(), member_id=ANA, occurred_at=OTHER_MONTH, is_dated=False, words="hola")
    outcomes = []
    for now in (OTHER_MONTH, OTHER_MONTH - timedelta(days=15), OTHER_MONTH - timedelta(days=80)):
        running = engine(store, SetClock(now), GAME, Door().mechanic())
        outcomes.append(await running.submit(replace(asked, occurred_at=now)))

    assert [outcome.replayed for outcome in outcomes] == [False, True, True]
    assert len((await store.export()).transactions) == 1


async def test_a_time_that_was_said_is_part_of_what_was_said(store: Store) -> None:
    door = Door()
    first = Knock(key=new_key(), member_id=ANA, occurred_at=MONDAY, words="hola")
    later = replace(first, occurred_at=MONDAY + timedelta(minutes=1))
    await at_the_door(store, door).run([first])

    said, unsaid = await at_the_door(store, door).run([later, replace(later, is_dated=False)])

    assert said.status is Status.CONFLICT
    assert unsaid.status is Status.ACCEPTED
    assert unsaid.replayed


async def test_a_month_begins_at_midnight_utc_wherever_the_time_was_said(store: Store) -> None:
    door, in_madrid = Door(), timezone(timedelta(hours=1))
    late_in_november = datetime(2026, 12, 1, 0, 30, tzinfo=in_madrid)
    knock = Knock(key=new_key(), member_id=ANA, occurred_at=late_in_november, words="hola")

    first = await at_the_door(store, door).submit(knock)
    second = await at_the_door(store, door).submit(knock)

    assert (first.status, second) == (Status.ACCEPTED, replace(first, replayed=True))


async def test_the_content_is_compared_not_its_spelling(store: Store) -> None:
    told = Happened(key=new_key(), member_id=ANA, occurred_at=MONDAY, kind="live.watched", attributes=MINUTES)
    turned = replace(told, attributes=dict(reversed(MINUTES.items())))

    first, again, other = await engine(store).run([told, turned, replace(told, attributes={**MINUTES, "minutes": 2})])

    assert (first.status, again.replayed, other.status) == (Status.ACCEPTED, True, Status.CONFLICT)
