"""What callers ask of the API, and a model of what must follow, made of the answers alone."""

import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from besitos.store.audit import audit
from besitos.store.protocol import Database, Query
from tests.books import assert_books_balance

REMEMBERED = {201, 409}
BALANCES = "SELECT member_id, balance FROM accounts WHERE account = 'besitos' AND balance <> 0"
KEYS = "SELECT key FROM activities"
LETTERS = "SELECT key, error FROM dead_letters"
SCOPE = "api:soak:"


class Order(NamedTuple):
    """One request under its key. Asked again, it is the same to the letter."""

    key: str
    path: str
    body: str
    member: int
    to: int = 0


class Reply(NamedTuple):
    """What came back. `is_replayed` says that the first attempt had been heard."""

    status: int
    body: bytes
    is_replayed: bool


@dataclass
class Journal:
    """Every key that was answered, with its answer, and what members have if all of them are true."""

    answered: dict[str, tuple[Order, Reply]] = field(default_factory=dict)
    balances: Counter[int] = field(default_factory=Counter)
    figures: Counter[str] = field(default_factory=Counter)

    def note(self, order: Order, reply: Reply) -> None:
        """Take down an answer. The same key must be answered the same, whenever and however often it is asked."""
        assert reply.status in REMEMBERED, f"{order} was answered {reply}"
        known = self.answered.get(order.key)
        if known is not None:
            assert known[1][:2] == reply[:2], f"{order} was first answered {known[1]}, and now {reply}"
            self.figures["answers repeated"] += 1
            return
        self.answered[order.key] = (order, reply)
        self.figures["keys answered"] += 1
        if reply.status == 201:
            for paid in json.loads(reply.body)["paid"]:
                if paid["account"] == "besitos":
                    self.balances[int(paid["member_id"])] += paid["amount"]

    async def check(self, store: Database, *, thoroughly: bool = False) -> None:
        """Hold the database against the answers, while nobody is asking."""
        found, keys, letters = await store.read(Query(BALANCES), Query(KEYS), Query(LETTERS))
        assert not letters, f"dead letters: {letters}"
        assert {key for (key,) in keys} == {SCOPE + key for key in self.answered}, "keys answered and keys there differ"
        assert len(keys) == len(self.answered), "a key stands twice"
        expected = {member: balance for member, balance in self.balances.items() if balance}
        assert dict(map(tuple, found)) == expected, "balances are not what was answered"
        if thoroughly:
            assert_books_balance(await store.export())
            report = await audit(store)
            assert report.is_clean, f"the audit found {report.violations}"
            self.figures["audits"] += 1


def orders(seed: int, members: range) -> Iterator[Order]:
    """Orders for ever: money in and out, gifts, claims, messages; a few members have most of it."""
    dice = random.Random(seed)
    number = 0
    while True:
        number += 1
        key = f"{seed}-{number}"
        member, to = (members[min(int(dice.paretovariate(1.1)) - 1, len(members) - 1)] for _ in range(2))
        if to == member:
            to = members[(members.index(member) + 1) % len(members)]
        amount = dice.randint(1, 40)
        kind = dice.choices(["grants", "spends", "gifts", "daily-gift", "activities"], [4, 3, 4, 1, 2])[0]
        if kind == "activities":
            yield Order(key, "/activities", _json(member=str(member), kind="message.posted"), member)
        elif kind == "daily-gift":
            yield Order(key, f"/members/{member}/daily-gift", "", member)
        elif kind == "gifts":
            yield Order(key, f"/members/{member}/gifts", _json(to=str(to), amount=amount), member, to)
        else:
            yield Order(key, f"/members/{member}/{kind}", _json(amount=amount), member)


def _json(**body: object) -> str:
    return json.dumps(body)
