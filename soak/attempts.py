"""What members and operators may ask for, drawn by hypothesis, each with what it does in the simple ledger."""

import itertools
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from besitos.core.activity import Activity, Happened
from besitos.core.transfer import Policy
from besitos.mechanics.transfer.model import Gift, Grant, ReverseTransfer, Spend
from soak.ledger import Ledger, Sale
from tests.auction.model import PlaceBid, StartAuction
from tests.world import SetClock

MEMBERS = (1, 2, 3, 4)
AUCTIONS = "xyz"
LARGEST = 2**53 - 1

Act = Callable[[Ledger, datetime], None]


@dataclass(frozen=True)
class Attempt:
    """One order: the activity, and what it does in the simple ledger."""

    activity: Activity
    act: Act


class Attempts:
    """Draws what is asked for, at the time of a clock and under keys of its own."""

    def __init__(self, clock: SetClock) -> None:
        self._clock = clock
        self._numbers = itertools.count()

    def any(self, transfers: Iterable[str]) -> st.SearchStrategy[Attempt]:
        """Anything that may be asked for now; these transfers may be undone, and some that do not exist."""
        member, little = st.sampled_from(MEMBERS), st.integers(1, 60)
        much = st.integers(1, 20).map(lambda drawn: LARGEST if drawn == 20 else 10 * drawn)
        moments = st.tuples(st.sampled_from([0, 0, 0, -50, -3_000, 4]), st.booleans()).map(self.moment)
        known = st.sampled_from([*transfers][::-1] or ["1-1", "2-7"])
        return st.one_of(
            st.builds(self.grant, moments, member, much, st.none()),
            st.builds(self.grant, moments, member, much, st.integers(-1, 5)),
            st.builds(self.bonus, moments, member),
            st.builds(self.spend, moments, member, little),
            st.builds(self.spend, moments, member, much),
            st.builds(self.gift, moments, member, member, little),
            st.builds(self.start, moments, member, st.sampled_from(AUCTIONS), st.integers(1, 90)),
            st.builds(self.bid, moments, member, st.sampled_from(AUCTIONS), st.integers(1, 200)),
            st.builds(self.undo, moments, known, st.sampled_from(list(Policy))),
            st.builds(self.undo, moments, known, st.just(Policy.DEBT)),
        )

    def busy(self, dice: random.Random, transfers: Sequence[str], count: int) -> list[Attempt]:
        """So many at once, out of one number: what hypothesis draws piece by piece comes to few in a run."""
        recent = transfers[-12:] or ["1-1"]

        def one() -> Attempt:
            said = self.moment((dice.choice([0, 0, 0, -50, -3_000, 4]), dice.random() < 0.5))
            member, other = dice.choice(MEMBERS), dice.choice(MEMBERS)
            little, much, name = dice.randint(1, 60), dice.randint(30, 150), dice.choice(AUCTIONS)
            made: list[Callable[[], Attempt]] = [
                lambda: self.grant(said, member, much, dice.choice([None, None, 0, 1, 3])),
                lambda: self.bonus(said, member),
                lambda: self.spend(said, member, dice.choice([little, much])),
                lambda: self.gift(said, member, other, little),
                lambda: self.start(said, member, name, dice.randint(1, 60)),
                lambda: self.bid(said, member, name, much),
                lambda: self.undo(said, dice.choice(recent), dice.choice(list(Policy))),
                lambda: self.undo(said, dice.choice(recent), Policy.DEBT),
            ]
            return dice.choices(made, [4, 1, 4, 3, 1, 3, 2, 2])[0]()

        return [one() for _ in range(count)]

    def given(self, dice: random.Random, pair: Sequence[int]) -> list[Attempt]:
        """One of the two gets something and gives of it to the other."""
        member, to = pair
        amount = dice.randint(20, 60)
        return [
            self.grant(self._now(dice), member, amount, dice.choice([None, 1, 3])),
            self.gift(self._now(dice), member, to, dice.randint(1, amount)),
        ]

    def undone_meanwhile(
        self, dice: random.Random, pair: Sequence[int], ledger: Ledger, transfer: str
    ) -> list[Attempt]:
        """The two spend nearly all that they have, or earn; then this is undone. Chance alone seldom comes so far."""
        meanwhile: list[Attempt] = []
        for member in pair:
            if dice.random() < 0.4:
                amount, days = dice.randint(1, 60), dice.choice([None, 3])
                meanwhile.append(self.grant(self._now(dice), member, amount, days))
            if dice.random() < 0.4:
                there = ledger.purses[member, "besitos"].spendable(self._clock.moment)
                meanwhile.append(self.spend(self._now(dice), member, max(1, there - dice.randint(0, 20))))
        return [*meanwhile, self.undo(self._now(dice), transfer, dice.choice([*Policy, Policy.DEBT]))]

    def _now(self, dice: random.Random) -> dict[str, Any]:
        return self.moment((0, dice.random() < 0.5))

    def moment(self, drawn: tuple[int, bool]) -> dict[str, Any]:
        """When something is said to happen, by whoever says it."""
        minutes, is_dated = drawn
        at = self._clock.moment + timedelta(minutes=minutes if is_dated else 0)
        return {"occurred_at": at, "is_dated": is_dated, "key": f"soak:{next(self._numbers)}"}

    def grant(self, said: dict[str, Any], member: int, amount: int, days: int | None) -> Attempt:
        expires = None if days is None else self._clock.moment + timedelta(days=days)
        order = Grant(**said, member_id=member, amount=amount, expires_at=expires)
        return Attempt(order, lambda ledger, now: ledger.grant(member, amount, expires, now))

    def bonus(self, said: dict[str, Any], member: int) -> Attempt:
        told = Happened(**said, member_id=member, kind="promotion.given")
        return Attempt(told, lambda ledger, now: ledger.grant(member, 50, now + timedelta(days=30), now))

    def spend(self, said: dict[str, Any], member: int, amount: int) -> Attempt:
        return Attempt(
            Spend(**said, member_id=member, amount=amount), lambda ledger, now: ledger.spend(member, amount, now)
        )

    def gift(self, said: dict[str, Any], member: int, to: int, amount: int) -> Attempt:
        order = Gift(**said, member_id=member, to=to, amount=amount)
        return Attempt(order, lambda ledger, now: ledger.gift(member, to, amount, now))

    def start(self, said: dict[str, Any], member: int, name: str, hours: int) -> Attempt:
        ends = self._clock.moment + timedelta(hours=hours)
        order = StartAuction(**said, member_id=member, auction=name, start_price=10, step=5, ends_at=ends)
        return Attempt(order, lambda ledger, _: ledger.start(name, Sale(member, 10, 5, ends)))

    def bid(self, said: dict[str, Any], member: int, name: str, amount: int) -> Attempt:
        order = PlaceBid(**said, member_id=member, auction=name, amount=amount)
        return Attempt(order, lambda ledger, now: ledger.bid(member, name, amount, now))

    def undo(self, said: dict[str, Any], transfer: str, policy: Policy) -> Attempt:
        member = int(transfer.partition("-")[0])
        order = ReverseTransfer(**said, member_id=member, transfer=transfer, policy=policy)
        return Attempt(order, lambda ledger, now: ledger.undo(transfer, policy.value, now))
