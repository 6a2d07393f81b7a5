"""Payments: what becomes of a payout on its way to the purse. The one place that knows what giving means.

In the order of GAME-LANGUAGE §5: the payer's own limits, the caps of the source by key, what the member
may hold at most, the payment. Each step that changes the figure is told.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from math import prod
from typing import Any, Protocol

import msgspec

from besitos.core.account import purse, sink, source
from besitos.core.activity import Activity
from besitos.core.decision import Give, Move, Pay
from besitos.core.event import Event, PayoutQuarantined
from besitos.core.limit import Allowance, LimitReason, reason_of, retry_at, room, use
from besitos.core.member import PROFILE
from besitos.core.payout import Payout, currency_of, expiry_of
from besitos.core.quarantine import ANOMALY, WAITING, Anomaly, ReleasePayout, Waiting, held_in, release_key
from besitos.core.state import Key, State
from besitos.core.transaction import MAX_BALANCE, TransactionType
from besitos.core.view import View
from besitos.engine.outcome import EngineReason, Step, given_step, plain
from besitos.game.game import Game
from besitos.game.mechanic import Earning


class Desk(View, Protocol):
    """A view that also takes down what follows from a payment."""

    def put(self, key: Key[Any], value: State) -> None:
        """Remember."""

    def say(self, step: Step) -> None:
        """Add a line to the trace."""

    def tell(self, event: Event) -> None:
        """Publish."""

    def unique(self, member_id: int) -> str:
        """A name for something that is left waiting with a member."""

    def schedule(self, due_at: datetime, activity: Activity) -> None:
        """Set a timer."""

    def would_give(self, give: Give) -> bool:
        """Whether the member would get something that they do not have."""


class Payment:
    """One payout being made: it shrinks on the way, and is counted as what it came to."""

    __slots__ = (
        *("_allowances", "_caps", "_cause", "_desk", "_fitted", "_full", "_game", "_is_held", "_pay", "_suspicious"),
        "gifts",
    )

    def __init__(self, desk: Desk, pay: Pay, game: Game, cause: str) -> None:
        self._desk = desk
        self._pay = pay
        self._game = game
        self._cause = cause
        self._caps = game.allowances_of(pay.source, desk.now)
        self._allowances = (*pay.within, *self._caps)
        self._suspicious: list[Allowance] = []
        self._full: list[Allowance] = []
        self._fitted: list[tuple[str, int]] = []
        self.gifts: list[Give] = []
        """What is to be given besides money, once the money has moved."""
        # Whether the payout waits. Its bonus then begins to live at its release.
        self._is_held = pay.quarantine_seconds > 0

    def moves(self) -> list[Move]:
        """The movements of money, once counters and trace are written."""
        if self._desk.get(PROFILE.of(self._pay.member_id)).is_banned:
            self._say(EngineReason.BANNED)
            return []
        if self._caps:
            self._pass_times()
        for word, amount in self._pay.payout.amounts:
            if left := self._fit(word, amount):
                self._fitted.append((word, left))
        amounts = self._fitted
        if self._pay.payout.givings and not self._full:
            gives = [Give(self._pay.member_id, given, self._pay.source) for given in self._pay.payout.givings]
            self.gifts = [give for give in gives if self._desk.would_give(give)]
        if not amounts and not self.gifts:
            return []
        if self._allowances:
            self._look_closer(amounts)
            self._count(amounts)
        if self._is_held:
            return self._hold_back(amounts)
        for give in self.gifts:
            self._desk.say(given_step(self._cause, give.given))
        return [self._move(word, amount) for word, amount in amounts]

    def _pass_times(self) -> None:
        """Find the caps on times that are reached: they let nothing through but penalties, report or hold back.

        The payer has looked at its own times limits before it came here, or its units would be used up.
        """
        for allowance in self._caps:
            if allowance.currency or not _gives(self._pay.payout):
                continue
            left = room(self._desk, allowance, self._pay.member_id)
            if left > 0:
                continue
            if allowance.then != "cut":
                self._suspicious.append(allowance)
                continue
            self._stop(allowance, left)
            self._full.append(allowance)

    def _fit(self, word: str, amount: int) -> int:
        """What of an amount may be paid; of a penalty, what is there."""
        currency = currency_of(word)
        if amount < 0:
            return -min(-amount, self._there(currency))
        if self._full:
            return 0
        if self._game.multipliers:
            amount = self._boosted(currency, amount)
        for allowance in self._allowances:
            if allowance.currency == currency and allowance.then == "cut":
                left = room(self._desk, allowance, self._pay.member_id) - _used(allowance, self._fitted)
                if left < amount:
                    self._stop(allowance, left, currency=currency, wanted=amount)
                    amount = max(0, left)
        ceiling = self._game.ceilings.get(currency)
        if ceiling is not None and amount:
            left = max(0, ceiling - self._there(currency))
            if left < amount:
                self._say(EngineReason.MAX_BALANCE, currency=currency, wanted=amount, left=left)
                amount = left
        return amount

    def _there(self, currency: str) -> int:
        """What the purse holds, with what of this payment comes before."""
        there = self._desk.balance(purse(self._pay.member_id, currency))
        return there + sum(fitted for word, fitted in self._fitted if currency_of(word) == currency)

    def _boosted(self, currency: str, amount: int) -> int:
        """An earning times all boosts that run, rounded down once.

        In fractions, for many factors have more digits than a decimal keeps.
        """
        earning = Earning(self._pay.member_id, self._pay.source, currency)
        running = [each for boost in self._game.multipliers for each in boost.factors(self._desk, earning)]
        if not running:
            return amount
        boosted = min(int(amount * prod(Fraction(factor) for _, factor in running)), MAX_BALANCE)
        names = sorted(name for name, _ in running)
        self._say(EngineReason.BOOSTED, currency=currency, before=amount, after=boosted, by=names)
        return boosted

    def _look_closer(self, amounts: list[tuple[str, int]]) -> None:
        """Find the caps that let everything through but want it looked at."""
        for allowance in self._caps:
            if allowance.then == "cut" or not allowance.currency:
                continue
            if _used(allowance, amounts) > max(0, room(self._desk, allowance, self._pay.member_id)):
                self._suspicious.append(allowance)
        for allowance in self._suspicious:
            self._say(LimitReason.CAP_REACHED, limit=allowance.text, then=allowance.then)
            if allowance.then == "report":
                key = ANOMALY.of(self._pay.member_id, allowance.name)
                seen = self._desk.get(key)
                self._desk.put(key, Anomaly(seen.times + 1, seen.first_at or self._desk.now, self._desk.now))
            else:
                self._is_held = True

    def _count(self, amounts: list[tuple[str, int]]) -> None:
        """Every counter counts what was paid in the end: one time, or the amounts.

        A cap that is full and lets a penalty pass has not paid it.
        """
        counted: Sequence[Allowance] = self._allowances
        if self._full:
            counted = [each for each in counted if each not in self._full]
        uses = [(each, used) for each in counted if (used := _used(each, amounts) if each.currency else 1)]
        for key, value in use(self._desk, uses, self._pay.member_id).items():
            self._desk.put(key, value)

    def _move(self, word: str, amount: int) -> Move:
        account, house = purse(self._pay.member_id, currency_of(word)), self._pay.source
        if amount < 0:
            return Move(debit=account, credit=sink(house), amount=-amount, type=TransactionType.PENALTY)
        return Move(
            debit=source(house),
            credit=account,
            amount=amount,
            type=self._pay.type,
            expires_at=None if self._is_held else expiry_of(word, self._desk),
        )

    def _hold_back(self, amounts: list[tuple[str, int]]) -> list[Move]:
        """Mint into holds, where the whole payout waits. Its penalties wait with it."""
        member_id, lasts = self._pay.member_id, self._pay.quarantine_seconds
        name = self._desk.unique(member_id)
        if any(each.then == "quarantine" for each in self._suspicious):
            lasts = 0  # what a cap holds back waits for somebody to look at it, whatever its rule says
        releases_at = self._desk.now + timedelta(seconds=lasts) if lasts else None
        givings, self.gifts = tuple(give.given for give in self.gifts), []
        waiting = Waiting(tuple(amounts), self._pay.source, self._cause, self._desk.now, releases_at, givings)
        self._desk.put(WAITING.of(member_id, name), waiting)
        self._desk.tell(
            PayoutQuarantined(member_id=member_id, payout=name, source=self._pay.source, releases_at=releases_at)
        )
        if releases_at is not None:
            key = release_key(member_id, name)
            self._desk.schedule(
                releases_at, ReleasePayout(key=key, member_id=member_id, occurred_at=releases_at, payout=name)
            )
        return [
            msgspec.structs.replace(self._move(word, amount), credit=held_in(member_id, name, word))
            for word, amount in amounts
            if amount > 0
        ]

    def _stop(self, allowance: Allowance, left: int, **details: Any) -> None:  # noqa: ANN401 - what a trace may hold
        again = retry_at(self._desk, allowance, self._pay.member_id)
        self._say(
            reason_of(allowance, left),
            limit=allowance.text,
            by=allowance.name,
            left=max(0, left),
            retry_at=again,
            **details,
        )

    def _say(self, reason: EngineReason | LimitReason, **details: Any) -> None:  # noqa: ANN401 - as above
        known = {name: value for name, value in details.items() if value is not None}
        self._desk.say(Step(self._cause, reason.value, plain(known)))


def _gives(payout: Payout) -> bool:
    """Whether it is more than a penalty: caps do not hold those back."""
    return bool(payout.givings) or any(amount > 0 for _, amount in payout.amounts)


def _used(allowance: Allowance, amounts: list[tuple[str, int]]) -> int:
    """What a payment takes of an allowance for amounts: penalties count only where the cap is a net one."""
    used = 0
    for word, amount in amounts:
        if currency_of(word) == allowance.currency and (amount > 0 or allowance.is_net):
            used += amount
    return used
