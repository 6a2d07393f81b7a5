"""Payouts and limits at work: what of the document a decision needs, made once when the game is compiled."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, cast

from besitos.core.activity import Activity, Happened, Scalar, own_fields
from besitos.core.calendar import PeriodName
from besitos.core.limit import Allowance, LimitReason, Then
from besitos.core.member import PROFILE
from besitos.core.payout import BONUS, Given, Payout
from besitos.core.state import Key
from besitos.core.state import named as spelled
from besitos.core.thing import THING
from besitos.core.view import View
from besitos.game import payout as written
from besitos.game.catalogue import KNOWN_OF_ALL, WEEKDAYS
from besitos.game.mechanic import Signal
from besitos.game.units import Amount, Limit, Share


class Payable:
    """A payout as it was written, ready to be made out to a member of either type."""

    __slots__ = ("_free", "_shares", "_vip")

    def __init__(self, payout: written.Payout) -> None:
        words: dict[str, Amount] = dict(payout.amounts)
        if payout.bonus is not None:
            words[BONUS] = payout.bonus
        ordered = sorted(words.items())
        has_units = any(share.attribute for _, amount in ordered for share in amount.shares)
        self._shares = ordered if has_units else None
        givings = _givings(payout)
        self._free = _fixed(ordered, givings, is_vip=False)
        self._vip = _fixed(ordered, givings, is_vip=True)

    @property
    def givings(self) -> tuple[Given, ...]:
        """What is given besides amounts."""
        return self._free.givings

    @property
    def has_units(self) -> bool:
        """Whether something is paid per unit of an attribute."""
        return self._shares is not None

    def fixed(self, is_vip: bool) -> Payout:
        """What is paid to a member of this type, where nothing depends on the activity."""
        return self._vip if is_vip else self._free

    def promised(self) -> tuple[Payout, Payout | None]:
        """The same for who is promised it: what free members get, and VIP members where that is something else."""
        return self._free, self._vip if self._vip != self._free else None

    def units(self, is_vip: bool) -> Mapping[str, Share]:
        """By currency or `bonus`, the share of a member of this type."""
        return {word: amount.of(is_vip) for word, amount in self._shares or ()}


def units_in(share: Share, attributes: Mapping[str, Scalar], carried: Decimal) -> tuple[int, Decimal]:
    """The amount for this activity, and what is left of a unit for the next one."""
    if share.attribute is None:
        return share.number, carried
    value = attributes.get(share.attribute, 0)
    total = carried + Decimal(value if not isinstance(value, str) else 0)
    whole, rest = divmod(total, share.step) if total >= 0 else (Decimal(0), total)
    return share.number * int(whole), rest


def allowance_of(
    name: str, limit: Limit, reason: LimitReason = LimitReason.REACHED, *, then: Then = "cut", is_net: bool = False
) -> Allowance:
    """A limit at work under the name of whoever sets it."""
    span = limit.period if limit.window is None else f"{int(limit.window.total_seconds())}s"
    return Allowance(
        name=name,
        counter=f"{name}: {limit.currency}/{span}" if limit.currency else f"{name}:/{span}",
        number=limit.number,
        currency=limit.currency or "",
        period="ever" if limit.window is not None else cast("PeriodName", limit.period),
        window=limit.window,
        per=limit.per or "",
        is_shared=limit.shared,
        is_net=is_net,
        then=then,
        reason=reason,
    )


def attributes_of(view: View, signal: Signal, known: frozenset[str]) -> Mapping[str, Scalar]:
    """What the signal carries, and of what is known of every activity the names in `known`."""
    if type(signal) is Happened:
        carried: Mapping[str, Scalar] = signal.attributes
    elif isinstance(signal, Activity):
        named = ((name, signal.attribute(name)) for name in own_fields(type(signal)))
        carried = {**{name: value for name, value in named if value is not None}, **signal.attributes}
    else:
        carried = signal.carried()
    if not known:
        return carried
    complete = {**carried, **known_of_all(view, signal.member_id)}
    for name in known:
        thing, dot, kept = name.partition(".")
        if dot and thing in carried:
            remembered = view.get(THING.of(f"{thing}/{spelled(carried[thing])}")).kept.get(kept)
            if remembered is not None:
                complete[name] = remembered
    return complete


def known_among(names: frozenset[str]) -> frozenset[str]:
    """Those of `names` that no activity carries: known of every one, or remembered of a thing that it names."""
    return frozenset(name for name in names if name in KNOWN_OF_ALL or "." in name)


def things_among(signal: Signal, known: frozenset[str]) -> Iterator[Key[Any]]:
    """The things to load for what is looked at through them."""
    for name in known:
        thing, dot, _ = name.partition(".")
        value = signal.attribute(thing) if dot else None
        if value is not None:
            yield THING.of(f"{thing}/{spelled(value)}")


def known_of_all(view: View, member_id: int) -> Mapping[str, Scalar]:
    """The day, the hour and the weekday in the zone of the game, and the member's type at this moment."""
    calendar, now = view.calendar, view.now
    day = calendar.day(now)
    return {
        "day": day.isoformat(),
        "weekday": WEEKDAYS[day.weekday()],
        "hour": now.astimezone(calendar.zone).hour,
        "member_type": view.get(PROFILE.of(member_id)).type.value,
    }


def _fixed(ordered: list[tuple[str, Amount]], givings: tuple[Given, ...], *, is_vip: bool) -> Payout:
    amounts = ((word, amount.of(is_vip)) for word, amount in ordered)
    fixed = tuple((word, share.number) for word, share in amounts if share.number and share.attribute is None)
    return Payout(fixed, givings)


def _givings(payout: written.Payout) -> tuple[Given, ...]:
    """What is given besides amounts: badges, content, flags, items, VIP time, each by key."""
    named = (("badges", payout.badges), ("content", payout.content), ("flags", payout.flags))
    givings = [Given(word, str(key)) for word, keys in named for key in sorted(keys)]
    givings += [Given("items", str(key), count) for key, count in sorted(payout.items.items())]
    if payout.vip is not None:
        givings.append(Given("vip", "", int(payout.vip.value.total_seconds())))
    return tuple(givings)
