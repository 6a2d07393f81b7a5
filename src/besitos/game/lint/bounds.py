"""How much there can be at most: of a payment in a period, of a metric in a period."""

from collections.abc import Iterable
from decimal import ROUND_FLOOR, Decimal
from math import ceil

from besitos.core.account import BESITOS
from besitos.game.catalogue import CHOICES, NAMING, is_ours
from besitos.game.lint.whole import One, Payment, Whole, amounts_of, currency_of
from besitos.game.section import ALL
from besitos.game.units import Amount, Limit

EVER = Limit.read("1/ever")

NONE: frozenset[str] = frozenset()

HOUR = 3_600
DAY = 24 * HOUR
LONGEST = {"hour": HOUR, "day": DAY + HOUR, "week": 7 * DAY + HOUR, "month": 31 * DAY + HOUR}
"""How long a period of the calendar can be, in seconds, in the year's longest week or month."""

NESTED = {
    ("hour", "hour"): 1, ("hour", "day"): 25, ("hour", "week"): 169, ("hour", "month"): 745,
    ("day", "day"): 1, ("day", "week"): 7, ("day", "month"): 31, ("week", "week"): 1, ("week", "month"): 6,
    ("month", "month"): 1,
}  # fmt: skip
"""How many of the first there are at most in one of the second, by the calendar of the game."""


def times(limit: Limit, outer: Limit) -> int | None:
    """How many periods of `limit` one period of `outer` touches at most; None for no end of them."""
    if limit.period == "ever":
        return 1
    if outer.period == "ever":
        return None
    if (found := NESTED.get((limit.period, outer.period))) is not None:
        return found
    inner = limit.window.total_seconds() if limit.window is not None else _shortest(limit.period)
    whole = outer.window.total_seconds() if outer.window is not None else LONGEST[outer.period]
    return ceil(whole / inner) + (1 if limit.window is None else 0)


def _shortest(period: str) -> int:
    return {"hour": HOUR, "day": DAY - HOUR, "week": 7 * DAY - HOUR}.get(period, 28 * DAY - HOUR)


def most_times(limits: Iterable[Limit], outer: Limit) -> int | None:
    """How often it can be in one period of `outer`, under these limits; None where nothing bounds it."""
    bounded = [
        limit.number * count
        for limit in limits
        if limit.currency is None and limit.per is None and (count := times(limit, outer)) is not None
    ]
    return min(bounded, default=None)


def most_paid(whole: Whole, payments: Iterable[Payment], currency: str, outer: Limit) -> int | None:
    """How much of a currency these pay one member at most in a period; None where nothing bounds it."""
    total = 0
    for payment, amount in amounts_of(payments, currency):
        most = _most(whole, payment, amount, currency, outer)
        if most is None:
            return None
        total += most
    return total


def _most(whole: Whole, payment: Payment, amount: Amount, currency: str, outer: Limit) -> int | None:
    found = [
        limit.number * count
        for limit in payment.within
        if limit.currency == currency and limit.per is None and (count := times(limit, outer)) is not None
    ]
    often = most_times(payment.within, outer)
    if often is not None and all(share.attribute is None for share in amount.shares):
        number = max(share.number for share in amount.shares)
        boosted = (Decimal(number) * factor(whole, payment.source, currency)).to_integral_value(ROUND_FLOOR)
        found.append(often * int(boosted))
    return min(found, default=None)


def factor(whole: Whole, source: str, currency: str) -> Decimal:
    """By how much boosts can multiply what a source pays of a currency."""
    one = Decimal(1)
    return whole.factors.get((ALL, currency), one) * whole.factors.get((source, currency), one)


def is_capped(whole: Whole, payment: Payment, word: str) -> bool:
    """Whether a cap that holds back, and not only reports, bounds what a source pays of a word."""
    words = whole.held_back.get(ALL, NONE) | whole.held_back.get(payment.source, NONE)
    return "" in words or currency_of(word) in words


def is_limited(payment: Payment, word: str) -> bool:
    """Whether a limit of its own bounds what is paid of a word."""
    return any(limit.currency in {None, currency_of(word)} for limit in payment.within)


def most_of(whole: Whole, metric: str, of: str | None, span: Limit) -> int | None:
    """What a built-in number of a member can come to in a period; None where nothing bounds it."""
    if metric == "level":
        return getattr(whole.setting("levels"), "top", 1)
    if metric == "balance":
        currency = whole.document.currencies.get(of or BESITOS)
        return None if currency is None else currency.max_balance
    if metric in _SOURCES:
        payments, limits = _SOURCES[metric], _limits(whole, metric)
        return most_times(limits, span) if whole.has(*payments) else 0
    if metric in _COUNTED:
        return _counted(whole, metric, span)
    if metric == "purchases" and not any(one.body.price is not None for one in whole.all("item").values()):
        return 0
    return None


_SOURCES = {
    "daily_gifts": ("daily_gift",),
    "trivia_answers": ("question",),
    "trivia_right": ("question",),
    "auctions_won": ("auction", "auction_house"),
}
"""Counts of what there is only where such definitions are."""

_COUNTED = {
    "missions_completed": "mission",
    "rewards_claimed": "reward",
    "badges": "badge",
    "fragments_completed": "fragment",
}
"""Counts of what can be had so many times of each definition."""


def _limits(whole: Whole, metric: str) -> tuple[Limit, ...]:
    if metric == "daily_gifts" and (gift := whole.setting("daily_gift")) is not None:
        return (Limit.read("1/day" if gift.day == "game" else "2/day"),)
    if metric.startswith("trivia"):
        return tuple(getattr(whole.setting("trivia"), "limit", ()))
    return ()


def _counted(whole: Whole, metric: str, span: Limit) -> int | None:
    kind = _COUNTED[metric]
    total = 0
    for one in whole.all(kind).values():
        most = 1 if kind == "fragment" else most_times(_each(one.kind, one.body), span)
        if most is None:
            return None
        total += most
    return total


def _each(kind: str, body: object) -> tuple[Limit, ...]:
    if kind == "mission":
        period = {"daily": "1/day", "weekly": "1/week"}.get(getattr(body, "repeats", ""), "1/ever")
        return (Limit.read(period),)
    if kind == "badge":
        return () if getattr(body, "per", None) and not getattr(body, "once", False) else (Limit.read("1/ever"),)
    return tuple(getattr(body, "limit", ()))


KINDS_OF = {"hour": 24, "weekday": 7, "member_type": len(CHOICES["member_type"])}


def most_different(whole: Whole, metric: One, attribute: str, span: Limit) -> int | None:
    """How many different values of an attribute a metric can meet in a period; None where nobody knows.

    What members do may name anything, but a reaction; what we publish names definitions.
    """
    if attribute == "day":
        return times(Limit.read("1/day"), span) if span.period != "ever" else None
    is_known = attribute == "reaction" or (attribute in NAMING and all(map(is_ours, metric.body.when)))
    if is_known and whole.all(attribute):
        return len(whole.all(attribute))
    return KINDS_OF.get(attribute)
