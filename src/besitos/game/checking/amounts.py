"""Payouts, prices and limits: currencies that exist, amounts that somebody can be paid, limits that can be counted."""

from collections.abc import Iterable, Iterator

from besitos.game.checking.names import named
from besitos.game.checking.scene import Scene
from besitos.game.fault import not_a_cost, not_payable
from besitos.game.payout import Payout
from besitos.game.price import Price
from besitos.game.problem import Finding, Near, Path, Value
from besitos.game.units import Amount, Limit


def payout(path: Path, given: Payout, scene: Scene) -> Iterator[Finding]:
    """Something must be given, and every word must be a currency."""
    if scene.is_whole and given.is_empty:
        yield Finding(path, "payout.nothing")
    for word, amount in given.amounts.items():
        if scene.known.lacks("currency", word):
            yield not_payable((*path, word), scene.known.keys("currency"))
        yield from _amount((*path, word), amount, scene)
    if given.bonus is not None:
        yield from _amount((*path, "bonus"), given.bonus, scene)


def price(path: Path, taken: Price, scene: Scene) -> Iterator[Finding]:
    """Every word must be a currency that can be spent."""
    currencies = scene.known.all("currency")
    for word in taken.amounts:
        if scene.known.lacks("currency", word):
            yield not_a_cost((*path, word), scene.known.keys("currency"))
        elif word in currencies and not getattr(currencies[word], "spendable", True):
            can = tuple(key for key, each in currencies.items() if getattr(each, "spendable", True))
            yield Finding((*path, word), "price.not_spendable", {"currency": word, "choices": can}, at_key=True)


def limit(path: Path, written: Limit, scene: Scene) -> Iterator[Finding]:
    """Its currency exists, and activities here have the attribute of its `per`."""
    if written.currency is not None:
        yield from named(scene.known, path, "currency", written.currency)
    if written.per is not None and scene.attributes is not None and scene.misses(written.per):
        near = Near(written.per, scene.attributes.types)
        yield Finding(path, "limit.no_attribute", {"name": written.per}, near=near)


def of_a_member(limits: Iterable[Limit], word: str, *, of_times: bool = True) -> Iterator[Finding]:
    """Limits on what a member does by hand: no activity is there that has attributes, and most are counted in times."""
    for number, each in enumerate(limits):
        if each.per is not None:
            yield Finding((word, str(number)), "limit.per_nothing", {"found": each.text})
        if of_times and each.currency is not None:
            values: dict[str, Value] = {"found": each.text, "number": each.number, "period": each.period}
            yield Finding((word, str(number)), "limit.of_an_amount", values)


def _amount(path: Path, amount: Amount, scene: Scene) -> Iterator[Finding]:
    """Units are counted where an activity pays: in the payout of a rule, and nowhere else."""
    is_activity = not scene.is_empty and path[0] == "pays"
    for share in dict.fromkeys(amount.shares):
        if share.attribute is not None and not is_activity:
            yield Finding(path, "amount.no_activity", {"name": share.attribute})
        elif share.attribute is not None and scene.attributes is not None:
            numbers = scene.attributes.numbers
            if share.attribute not in numbers and not scene.known.is_broken:
                near = Near(share.attribute, numbers)
                yield Finding(path, "amount.no_number", {"name": share.attribute}, near=near)
        if share.number < 0 and not scene.section.may_take:
            yield Finding(path, "amount.penalty")
