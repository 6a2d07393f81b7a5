"""Sources and limits: what waits in vain, caps that nothing reaches, limits at which everybody queues."""

from collections.abc import Iterator

from besitos.game.lint.bounds import most_paid, most_times
from besitos.game.lint.happening import FEW_VALUES, OFTEN, can_happen
from besitos.game.lint.look import Look
from besitos.game.lint.whole import Told, Whole
from besitos.game.section import ALL
from besitos.game.units import Limit

MOST_RECKONED = 50_000
"""So many payments are looked at for caps: thousands of caps over thousands of sources no game has."""

WAITING = (("rule", "when"), ("metric", "when"), ("streak", "when"), ("thing", "begins"))
"""What waits for activities and events, and under which word it says so."""


def dead_source(look: Look) -> Iterator[Told]:
    """Something waits for what nothing in this game brings about.

    All kinds of a `when` come of sections that are not written; a cap or a boost names a source that pays nothing, or
    nothing of the currencies that it counts.
    Found: `when: gamification.trivia_answered` in a game without questions. Fine: `when: [that, message.posted]`.
    """
    whole = look.whole
    for kind, word in WAITING:
        for one in whole.all(kind).values():
            kinds = getattr(one.body, word)
            if not one.is_out and not any(can_happen(whole, each) for each in kinds):
                yield Told(one, (word,), {"found": tuple(f"`{each}`" for each in kinds)})
    for kind in ("cap", "boost"):
        for one in whole.all(kind).values():
            if one.is_out:
                continue
            currencies = {one.body.currency} if kind == "boost" else {limit.currency for limit in one.body.limit}
            for number, source in enumerate(one.body.sources):
                if source != ALL and not _pays_any(whole, source, currencies):
                    yield Told(one, ("sources", str(number)), {"found": (f"`{source}`",)})


def _pays_any(whole: Whole, source: str, currencies: set[str | None]) -> bool:
    return any(None in currencies or currencies & payment.amounts.keys() for payment in whole.paid_as.get(source, ()))


def cap_never_binds(look: Look) -> Iterator[Told]:
    """A limit of a cap is above all that its sources can pay in the period, so that it does nothing.

    Limits of rules, of rewards and of trivia, repetitions of missions and what is paid once are added up, multiplied
    by all boosts; where one source has no bound the cap is needed.
    Found: a cap of `50 besitos/day` over a rule that pays 1 with `limit: 20/day`. Fine: a cap of `15 besitos/day`.
    """
    whole = look.whole
    known: dict[tuple[tuple[str, ...], str | None, str], int | None] = {}
    for one in whole.all("cap").values():
        sources = tuple(sorted(one.body.sources))
        if one.is_out or not any(source == ALL or source in whole.paid_as for source in sources):
            continue
        for number, limit in enumerate(one.body.limit):
            asked = (sources, limit.currency, limit.period)
            if asked not in known:
                if len(known) * len(whole.payments) > MOST_RECKONED:
                    return
                known[asked] = _most(whole, sources, limit)
            most = known[asked]
            if most is not None and 0 < most <= limit.number:
                currency = f" {limit.currency}" if limit.currency else ""
                values = {"limit": limit.text, "most": f"{most}{currency}/{limit.period}"}
                yield Told(one, ("limit", str(number)), values)


def _most(whole: Whole, sources: tuple[str, ...], limit: Limit) -> int | None:
    payments = whole.payments if ALL in sources else [
        payment for source in sources for payment in whole.paid_as.get(source, ())
    ]  # fmt: skip
    if limit.currency is not None:
        return most_paid(whole, payments, limit.currency, limit)
    total = 0
    for payment in payments:
        often = most_times(payment.within, limit)
        if often is None:
            return None
        total += often
    return total


def shared_limit_hot(look: Look) -> Iterator[Told]:
    """A limit `for all` that every member comes to again and again: each time they queue for one lock.

    It is over something that many do often, kept for all or per something of which there are few (`chat`, `module`),
    and no limit of times of the member's own stands beside it, which keeps most of them away.
    Found: `{when: message.posted, limit: 3/day for all}`. Fine: `limit: [1/day, 3/day per chat for all]`.
    """
    for one in look.whole.all("rule").values():
        often = [kind for kind in one.body.when if kind in OFTEN]
        is_kept_away = any(not limit.shared and limit.currency is None for limit in one.body.limit)
        if not often or is_kept_away or one.is_out:
            continue
        for number, limit in enumerate(one.body.limit):
            if limit.shared and (limit.per is None or limit.per in FEW_VALUES):
                yield Told(one, ("limit", str(number)), {"limit": limit.text, "kind": often[0]})
