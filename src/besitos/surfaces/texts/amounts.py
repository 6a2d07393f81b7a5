"""Amounts and limits as people say them: `1 besito`, `3 Gemas`, `200 besitos al día`."""

from collections.abc import Mapping

from babel.numbers import format_decimal

from besitos.core.account import BESITOS
from besitos.game.basics import Currency
from besitos.game.units import Limit
from besitos.surfaces.texts.texts import Texts


class Amounts:
    """The words of one language for the money of one game."""

    def __init__(self, texts: Texts, currencies: Mapping[str, Currency], own_language: str | None = None) -> None:
        self._texts = texts
        self._currencies = currencies
        self._own_language = own_language

    def amount(self, n: int, currency: str) -> str:
        """`1 besito`, `1200 besitos`, `3 pétalos`; one of them is `1 🌸`, for the game's word has one form."""
        known = self._currencies.get(currency)
        if currency == BESITOS and self.currency(currency) == BESITOS:
            return self._texts.many("bot.besitos", n)
        if n == 1 and known is not None and known.symbol:
            return f"1 {known.symbol}"
        return f"{format_decimal(n, locale=self._texts.language)} {self.currency(currency)}"

    def currency(self, key: str) -> str:
        """What the game calls a currency."""
        known = self._currencies.get(key)
        if known is None:
            return key
        own = () if self._own_language is None else (self._own_language,)
        return known.name.in_language(self._texts.language, *own)

    def limit(self, text: str) -> str:
        """`200 besitos/day` is `200 besitos al día`, `5/24h` is `5 veces cada 24 horas`."""
        try:
            limit = Limit.read(text)
        except ValueError:
            return text
        most = (
            self.amount(limit.number, limit.currency) if limit.currency else self._texts.many("bot.times", limit.number)
        )
        if limit.window is not None:
            said = self._texts.of("bot.limit", most=most, period=limit.window)
        else:
            said = self._texts.of(f"bot.limit.{limit.period}", most=most)
        if limit.per is not None:
            said = self._texts.of("bot.limit_per", limit=said, what=limit.per)
        return self._texts.of("bot.limit_shared", limit=said) if limit.shared else said
