"""Rules: the decision."""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from besitos.core.account import purse, sink, source
from besitos.core.activity import Scalar
from besitos.core.decision import NOTHING, Accepted, Decision, Effect, Move, Pay, Put, Rejected
from besitos.core.limit import COUNTERS, Allowance, LimitReason, key_of, reason_of, retry_at, room
from besitos.core.member import PROFILE
from besitos.core.past import BackFillRule, PastReason
from besitos.core.payout import Payout
from besitos.core.state import Key, named
from besitos.core.transaction import TransactionType
from besitos.core.view import View
from besitos.game.asking import ConditionReason
from besitos.game.mechanic import Signal
from besitos.game.paying import attributes_of, things_among, units_in
from besitos.mechanics.rule.model import CARRIED, Carried, RuleAtWork


def decide(view: View, signal: Signal, rule: RuleAtWork) -> Decision:
    """Pay for an activity that the rule means, unless the rule has paid often enough.

    Units (1 per 5 minutes) are used up when the rule gets as far as an amount, whatever is cut afterwards, and
    untouched when it is refused before.
    """
    attributes = attributes_of(view, signal, rule.known)
    if not rule.window.is_open(view.now) or not rule.filter.holds(attributes):
        return NOTHING
    if rule.asking and not rule.asking.holds(view, signal.member_id, attributes):
        unmet = rule.asking.unmet(view, signal.member_id, attributes)
        return Rejected(ConditionReason.UNMET, unmet=list(unmet))
    within = rule.within if rule.is_hot else _at_values(rule.within, attributes)
    if within is None:
        return Rejected(LimitReason.NO_VALUE)
    for allowance in within:
        if not allowance.currency and (left := room(view, allowance, signal.member_id)) <= 0:
            return _refusal(view, allowance, signal.member_id, left)

    is_vip = view.get(PROFILE.of(signal.member_id)).is_vip
    carried: list[Effect] = []
    if rule.pays.has_units:
        payout, carried = _units(view, signal, rule, attributes)
    else:
        payout = rule.pays.fixed(is_vip)
    if not payout:
        return Accepted(*carried) if carried else NOTHING
    pay = Pay(
        member_id=signal.member_id,
        payout=payout,
        source=rule.source,
        type=TransactionType.EARN_RULE,
        within=within,
        quarantine_seconds=rule.quarantine_seconds,
    )
    return Accepted(*carried, pay)


def back_fill(view: View, order: BackFillRule, rule: RuleAtWork) -> Decision:
    """Pay what the rule would have paid: its limits, caps and boosts were reckoned where it happened.

    Of a penalty, what is there is taken. Nobody who is banned is paid.
    """
    if view.get(PROFILE.of(order.member_id)).is_banned:
        return Rejected(PastReason.BANNED)
    when = {"earned_at": order.earned_at.isoformat(), "activity": order.activity}
    amounts = ((name, max(amount, -view.balance(purse(order.member_id, name)))) for name, amount in order.amounts)
    return Accepted(*(_move(order, rule.source, currency, amount, when) for currency, amount in amounts if amount))


def _move(order: BackFillRule, house: str, currency: str, amount: int, when: Mapping[str, str]) -> Move:
    account = purse(order.member_id, currency)
    if amount < 0:
        return Move(debit=account, credit=sink(house), amount=-amount, type=TransactionType.PENALTY, metadata=when)
    return Move(debit=source(house), credit=account, amount=amount, type=TransactionType.EARN_RULE, metadata=when)


def needs(signal: Signal, rule: RuleAtWork) -> Iterable[Key[Any]]:
    """The counters and remainders that stand in rows of their own, of a rule that has any."""
    yield from things_among(signal, rule.known)
    if rule.pays.has_units:
        words = {*rule.pays.units(is_vip=True), *rule.pays.units(is_vip=False)}
        yield from (CARRIED.of(signal.member_id, f"{rule.key}/{word}") for word in sorted(words))
    for allowance in rule.within:
        value = signal.attribute(allowance.per) if allowance.per else ""
        if value is not None:
            key = key_of(replace(allowance, value=named(value)), signal.member_id)
            if key.slot is not COUNTERS:
                yield key


def _at_values(within: tuple[Allowance, ...], attributes: Mapping[str, Scalar]) -> tuple[Allowance, ...] | None:
    """The limits at the values that this activity has; None if it lacks one that is asked for."""
    if not any(allowance.per for allowance in within):
        return within
    found = [attributes.get(allowance.per) if allowance.per else "" for allowance in within]
    if any(value is None for value in found):
        return None
    return tuple(replace(allowance, value=named(value)) for allowance, value in zip(within, found, strict=True))


def _units(
    view: View, signal: Signal, rule: RuleAtWork, attributes: Mapping[str, Scalar]
) -> tuple[Payout, list[Effect]]:
    is_vip = view.get(PROFILE.of(signal.member_id)).is_vip
    amounts: list[tuple[str, int]] = []
    effects: list[Effect] = []
    for word, share in rule.pays.units(is_vip).items():
        key = CARRIED.of(signal.member_id, f"{rule.key}/{word}")
        before = view.get(key).rest
        amount, rest = units_in(share, attributes, before)
        if amount:
            amounts.append((word, amount))
        if rest != before:
            effects.append(Put(key, Carried(rest)))
    return Payout(tuple(amounts), rule.pays.givings), effects


def _refusal(view: View, allowance: Allowance, member_id: int, left: int) -> Rejected:
    again = retry_at(view, allowance, member_id)
    return Rejected(reason_of(allowance, left), limit=allowance.text, **({} if again is None else {"retry_at": again}))
