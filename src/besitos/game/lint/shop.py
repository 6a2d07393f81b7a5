"""The shop: what pays for itself, what nobody can pay, and whether something is left to save for."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property

from besitos.core.account import BESITOS
from besitos.core.payout import BONUS
from besitos.game.lint.bounds import EVER, factor, is_capped, is_limited, most_paid
from besitos.game.lint.look import Look
from besitos.game.lint.whole import One, Payment, Told, Whole, currency_of
from besitos.game.payout import Payout
from besitos.game.price import Price
from besitos.game.problem import Path, Value
from besitos.game.units import Amount
from besitos.game.window import Window

SAVED_FOR = range(500, 1_001)
"""What something costs that is worth saving for, in besitos."""

MOST_CURRENCIES = 20
"""Rounds of purchases are looked for from so many currencies."""

PURCHASED, USED = "gamification.item_purchased", "gamification.item_used"
DEEP = 5
"""How far items in items are followed."""

Sums = Mapping[str, Decimal]
"""Currency → how much, rounded nowhere."""


def cheaper_than_it_yields(look: Look) -> Iterator[Told]:
    """Who buys it has more afterwards than before: an item, or a round of items through several currencies.

    What an item yields is what using it pays, with every boost on it, what rules without a limit pay for buying and
    using it, and what the items yield that it gives. An auction is looked at by its `buy_now`.
    Found: `{price: {besitos: 50}, use: {pays: {besitos: 60}}}`. Fine: the same at a price of 60.
    """
    whole = look.whole
    for is_vip in (False, True):
        yields = _Yields(whole, is_vip)
        rates: dict[str, dict[str, tuple[Decimal, One]]] = {}
        for one in whole.all("item").values():
            if one.is_out or one.body.price is None:
                continue
            paid = _of(one.body.price, is_vip)
            earned: Sums = {word: sum_ for word, sum_ in yields.bought(one).items() if sum_ > 0}
            if _is_profit(paid, earned):
                yield _profit(one, ("price",), paid, earned)
            elif len(paid) == 1:
                (currency, number), *_ = paid.items()
                for word, sum_ in earned.items():
                    best = rates.setdefault(currency, {}).get(word, (Decimal(0), one))
                    rates[currency][word] = max(best, (sum_ / number, one), key=lambda rate: rate[0])
        yield from _rounds(rates)
        for one in whole.all("auction").values():
            item = whole.all("item").get(one.body.item)
            if not one.is_out and one.body.buy_now is not None and item is not None:
                paid, earned = _of(one.body.buy_now, is_vip), yields.used(item)
                if _is_profit(paid, earned):
                    yield _profit(one, ("buy_now",), paid, earned)


def unaffordable(look: Look) -> Iterator[Told]:
    """A price that nobody can ever pay, of whatever type.

    It is in a currency that nothing pays, above what a member can hold (`max_balance`), or above all that the game
    ever pays of a currency that members cannot give each other.
    Found: `{price: {gema: 5}}` where nothing pays gemas. Fine: the same where one fragment pays 5.
    """
    whole, known = look.whole, dict[str, int | None]()
    for one, values in whole.values:
        for path, value in values:
            if not isinstance(value, Price) or one.is_out or one.kind in {"template", "experience"}:
                continue
            for currency, amount in value.amounts.items():
                least = min(share.number for share in amount.shares)
                if currency not in known:
                    known[currency] = _most_to_spend(whole, currency)
                most = known[currency]
                if most is not None and least > most:
                    told: dict[str, Value] = {"price": least, "currency": currency, "most": most}
                    yield Told(one, (*path, currency), told)


def nothing_left_to_save_for(look: Look) -> Iterator[Told]:
    """The shop sells for besitos, and of what can be bought now nothing costs 500 to 1,000.

    Without something to save for, who has bought the small things stops earning.
    Found: a shop whose dearest item costs 300. Fine: one more at 800; a game without a shop.
    """
    whole = look.whole
    sold = [one for one in whole.all("item").values() if one.body.price is not None]
    prices = [(one, one.body.price.amounts[BESITOS]) for one in sold if BESITOS in one.body.price.amounts]
    calendar, now = whole.document.calendar, whole.now
    open_now = [price for one, price in prices if Window.of(one.body, calendar).is_open(now)]
    about = whole.all("game").get("game")
    if not prices or about is None or any(_is_saved_for(price) for price in open_now):
        return
    yield Told(about, (), {"low": SAVED_FOR[0], "high": SAVED_FOR[-1]}, at_key=True)


def _is_saved_for(price: Amount) -> bool:
    return any(share.number in SAVED_FOR for share in price.shares)


def _of(price: Price, is_vip: bool) -> Mapping[str, int]:
    """What a member of this type pays; what is free of charge is left out."""
    shares = {word: amount.of(is_vip).number for word, amount in price.amounts.items()}
    return {word: number for word, number in shares.items() if number}


def _is_profit(paid: Mapping[str, int], earned: Sums) -> bool:
    """Whether nothing of what is paid is missed afterwards, and something is left over."""
    if any(earned.get(word, Decimal(0)) < number for word, number in paid.items()):
        return False
    return any(sum_ > paid.get(word, 0) for word, sum_ in earned.items())


def _profit(one: One, path: Path, paid: Mapping[str, int], earned: Sums) -> Told:
    return Told(one, path, {"costs": _shown({**paid}), "yields": _shown({**earned})})


def _shown(sums: Mapping[str, int | Decimal]) -> tuple[str, ...]:
    return tuple(f"{int(number)} {word}" for word, number in sorted(sums.items())) or ("0",)


def _rounds(rates: Mapping[str, Mapping[str, tuple[Decimal, One]]]) -> Iterator[Told]:
    """Rounds of purchases after which there is more of the first currency; each is told at its first item."""
    for start in list(rates)[:MOST_CURRENCIES]:
        reached = {start: (Decimal(1), tuple[One, ...]())}
        for _ in range(DEEP):
            after = {
                word: (so_far * rate, (*items, one))
                for currency, (so_far, items) in reached.items()
                for word, (rate, one) in rates.get(currency, {}).items()
                if one not in items
            }
            gain, items = after.pop(start, (Decimal(0), ()))
            if gain > 1 and items[0] is min(items, key=lambda one: one.key):
                names = tuple(f"`{one.name}`" for one in items)
                values = {"costs": (f"100 {start}",), "yields": (f"{int(gain * 100)} {start}", *names)}
                yield Told(items[0], ("price",), values)
            reached = after


class _Yields:
    """What buying and using an item brings a member of one type."""

    def __init__(self, whole: Whole, is_vip: bool) -> None:
        self._whole = whole
        self._is_vip = is_vip
        self._of_all: dict[str, Sums] = {}
        self._of_each: dict[tuple[str, str], Sums] = {}
        for payment in whole.payments:
            if payment.one.kind == "rule":
                for kind in {PURCHASED, USED} & set(payment.one.body.when):
                    self._listen(kind, payment)

    def bought(self, one: One) -> Sums:
        """What comes of buying one and using it."""
        return _plus(self._heard(PURCHASED, one), self.used(one))

    def used(self, one: One) -> Sums:
        """What comes of using one, and all that it gives, five deep."""
        return self._used.get(one.key, {})

    @cached_property
    def _used(self) -> Mapping[str, Sums]:
        items = {key: one for key, one in self._whole.all("item").items() if one.body.use is not None}
        own = {key: self._own(one) for key, one in items.items()}
        found: Mapping[str, Sums] = own
        for _ in range(DEEP):
            found = {key: _plus(own[key], self._inner(one, found)) for key, one in items.items()}
        return found

    def _own(self, one: One) -> Sums:
        use = one.body.use
        heard = self._heard(USED, one)
        return heard if use.pays is None else _plus(heard, self._paid(use.pays, "item"))

    @staticmethod
    def _inner(one: One, yields: Mapping[str, Sums]) -> Sums:
        """What comes of using what it gives."""
        found: Sums = {}
        pays = one.body.use.pays
        for key, count in pays.items.items() if pays is not None else ():
            found = _plus(found, {word: number * count for word, number in yields.get(key, {}).items()})
        return found

    def _listen(self, kind: str, payment: Payment) -> None:
        """Note what a rule pays for every item, or for those that it names; one that leaves some out is left out."""
        free = {
            word: number
            for word, number in self._paid(payment.payout, payment.source).items()
            if not is_limited(payment, word) and not is_capped(self._whole, payment, word)
        }
        match = payment.one.body.where.get("item")
        if match is None:
            self._of_all[kind] = _plus(self._of_all.get(kind, {}), free)
        elif not match.is_negated:
            for item in match.values:
                self._of_each[kind, str(item)] = _plus(self._of_each.get((kind, str(item)), {}), free)

    def _heard(self, kind: str, one: One) -> Sums:
        return _plus(self._of_all.get(kind, {}), self._of_each.get((kind, one.key), {}))

    def _paid(self, payout: Payout, source: str) -> Sums:
        words = dict(payout.amounts)
        if payout.bonus is not None:
            words[BONUS] = payout.bonus
        found: Sums = {}
        for word, amount in words.items():
            share, currency = amount.of(self._is_vip), currency_of(word)
            if share.attribute is None and share.number > 0 and currency in self._whole.spendable:
                number = Decimal(share.number) * factor(self._whole, source, currency)
                found = _plus(found, {currency: Decimal(int(number))})
        return found


def _plus(one: Sums, other: Sums) -> Sums:
    return {word: one.get(word, Decimal(0)) + other.get(word, Decimal(0)) for word in {**one, **other}}


def _most_to_spend(whole: Whole, currency: str) -> int | None:
    """The most of a currency that a member can ever have at once; None where nobody can say."""
    rules = whole.document.currencies.get(currency)
    if rules is None:
        return None
    paid = None if rules.giftable else most_paid(whole, whole.payments, currency, EVER)
    if rules.giftable and not any(currency in payment.amounts for payment in whole.payments):
        paid = 0
    bounds = [bound for bound in (rules.max_balance, paid) if bound is not None]
    return min(bounds, default=None)
