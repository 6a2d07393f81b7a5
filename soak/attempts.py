"""What members and operators may ask for, drawn by hypothesis, each with what it does in the simple ledger."""

import itertools
from collections.abc import Callable, Iterable
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
        member, amount = st.sampled_from(MEMBERS), st.one_of(st.integers(1, 150), st.just(LARGEST))
        moments = st.tuples(st.sampled_from([0, 0, 0, -50, -3_000, 4]), st.booleans()).map(self.moment)
        known = st.sampled_from([*transfers, "1-1", "2-7"])
        return st.one_of(
            st.builds(self.grant, moments, member, amount, st.none() | st.integers(-1, 5)),
            st.builds(self.bonus, moments, member),
            st.builds(self.spend, moments, member, amount),
            st.builds(self.gift, moments, member, member, amount),
            st.builds(self.start, moments, member, st.sampled_from(AUCTIONS), st.integers(1, 90)),
            st.builds(self.bid, moments, member, st.sampled_from(AUCTIONS), st.integers(1, 200)),
            st.builds(self.undo, moments, known, st.sampled_from(list(Policy))),
            st.builds(self.undo, moments, known, st.sampled_from(list(Policy))),
        )

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
