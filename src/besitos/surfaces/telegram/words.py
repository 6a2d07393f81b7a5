"""A member's words: their language, their clock, and the names that the game gives to money."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo

from babel.lists import format_list

from besitos.core.account import BESITOS
from besitos.core.clock import ONE_DAY
from besitos.core.payout import BONUS
from besitos.engine.outcome import Outcome, Step
from besitos.game.basics import Currency
from besitos.surfaces.telegram.markup import Markup, escaped
from besitos.surfaces.texts import Texts
from besitos.surfaces.texts.amounts import Amounts
from besitos.surfaces.texts.texts import clock_of

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
MINUS = "\u2212"


@dataclass(frozen=True)
class Words:
    """Texts for one member at one moment. Everything comes out as HTML, and what goes in is escaped."""

    texts: Texts
    now: datetime
    zone: tzinfo = UTC
    currencies: Mapping[str, Currency] = field(default_factory=dict)

    def of(self, code: str, **values: object) -> Markup:
        """The text of a code. Moments are shown in the member's zone."""
        return Markup(self.texts.of(code, **self._safe(values)))

    def many(self, code: str, n: int, **values: object) -> Markup:
        """The text of a code in the plural form of `n`."""
        return Markup(self.texts.many(code, n, **self._safe(values)))

    def together(self, parts: Iterable[str]) -> Markup:
        """`a, b y c`."""
        return Markup(format_list([escaped(part) for part in parts], locale=self.texts.language))

    def amount(self, n: int, currency: str) -> Markup:
        """`1 besito`, `1200 besitos`, `3 Gemas`."""
        return escaped(self._amounts.amount(n, currency))

    def payout(self, word: str, n: int) -> Markup:
        """An amount that is to be given; of a bonus it is said that it expires."""
        return self.of("bot.bonus", what=self.amount(n, BESITOS)) if word == BONUS else self.amount(n, word)

    def change(self, n: int, currency: str) -> Markup:
        """`+10 besitos`; what is taken has the sign of subtraction, not a hyphen."""
        return Markup(f"{MINUS if n < 0 else '+'}{self.amount(abs(n), currency)}")

    def currency(self, key: str) -> Markup:
        """What the game calls a currency."""
        return escaped(self._amounts.currency(key))

    def symbol(self, key: str) -> Markup:
        """The sign that stands before an amount of a currency."""
        known = self.currencies.get(key)
        if known is not None and known.symbol:
            return escaped(known.symbol)
        return Markup("⭐" if key == "xp" else "🔹")

    def held(self, n: int, currency: str) -> Markup:
        """`💋 10 besitos`: an amount behind its sign, which stands there once."""
        symbol, amount = self.symbol(currency), self.amount(n, currency)
        return self.of("bot.balance.line", symbol=symbol, what=Markup(amount.removesuffix(f" {symbol}")))

    def until(self, moment: datetime) -> Markup:
        """How long it is still, and when that is: `5 h 12 min, 00:00 UTC`; from two days on in days, with the date."""
        left, local = moment - self.now, moment.astimezone(self.zone)
        if left < ONE_DAY:
            return self.of("bot.time.until", left=self.duration(left), at=self.clock(moment))
        days = (local.date() - self.now.astimezone(self.zone).date()).days
        left_in_words = self.many("bot.time.days", days) if left >= 2 * ONE_DAY else self.duration(left)
        return self.of("bot.time.until_day", left=left_in_words, day=local.date(), at=self.clock(moment))

    def ago(self, moment: datetime) -> Markup:
        """How long ago it was; after a week the day."""
        past = self.now - moment
        if past < MINUTE:
            return self.of("bot.time.now")
        if past < 7 * ONE_DAY:
            size = MINUTE if past < HOUR else HOUR if past < ONE_DAY else ONE_DAY
            return self.of("bot.time.ago", past=self.duration(past // size * size))
        return self.of("bot.time.day", day=moment.astimezone(self.zone).date())

    def duration(self, length: timedelta) -> Markup:
        """`1 día 3 h`, `5 h 12 min`, `40 s`: two units at most, rounded up, so that nothing comes earlier than said."""
        seconds = max(1, -(-length // timedelta(seconds=1)))
        if seconds < 60:
            return self.many("bot.time.seconds", seconds)
        hours, minutes = divmod(-(-seconds // 60), 60)
        days, hours = divmod(hours, 24)
        units = [("bot.time.days", days), ("bot.time.hours", hours), ("bot.time.minutes", 0 if days else minutes)]
        return Markup(" ".join(self.many(code, n) for code, n in units if n))

    def clock(self, moment: datetime) -> Markup:
        """`00:00 UTC`, in the member's zone."""
        return escaped(clock_of(moment.astimezone(self.zone)))

    def why(self, said: Outcome | Step) -> Markup:
        """Why something did not stand, or did not pay, said to the member: what is lacking, and when to come again."""
        details = dict(said.details)
        retry_at = details.pop("retry_at", None)
        code = f"bot.why.{said.reason}"
        if self.texts.has(code):
            sentence = self.of(code, limit=self.limit(str(details.get("limit", ""))))
        else:
            sentence = escaped(self.texts.reason(said.reason, details))
        if retry_at is None:
            return sentence
        again = self.of("bot.come_again", when=self.until(datetime.fromisoformat(str(retry_at))))
        return Markup(f"{sentence} {again}")

    def limit(self, text: str) -> Markup:
        """`200 besitos/day` as people say it: `200 besitos al día`."""
        return escaped(self._amounts.limit(text))

    @property
    def _amounts(self) -> Amounts:
        return Amounts(self.texts, self.currencies)

    def _safe(self, values: Mapping[str, object]) -> dict[str, object]:
        return {key: self._value(value) for key, value in values.items()}

    def _value(self, value: object) -> object:
        if isinstance(value, str):
            return escaped(value)
        return value.astimezone(self.zone) if isinstance(value, datetime) else value
