"""What a member lacks, in words: the lines of a condition that do not hold, by kind of fact (GAME-LANGUAGE §6)."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any

import msgspec
from babel.lists import format_list
from babel.numbers import format_decimal

from besitos.core.account import BESITOS, XP
from besitos.game.asking import Unmet
from besitos.game.condition import HELD, NUMBERS
from besitos.game.definition import Definition
from besitos.game.document import Document
from besitos.game.units import PERIODS, Range
from besitos.surfaces.texts.texts import Texts

MONEY = ("balance", "earned", "spent")
RUNS = ("streak", "best_streak")
SECONDS = 60


def unmet_in(details: Mapping[str, Any]) -> list[Unmet]:
    """The lines that a refusal carries, be it fresh or stored."""
    return msgspec.convert(msgspec.to_builtins(details.get("unmet") or ()), list[Unmet])


def is_hidden(definition: Definition) -> bool:
    """Whether members never hear of it by name: a secret, or a badge that is there for others to count."""
    return bool(getattr(definition, "secret", False)) or getattr(definition, "kind", None) == "milestone"


def is_open(_: Definition) -> bool:
    """Operators see all."""
    return False


class Missing:
    """The words of one reader for what is missing. `hides` says which definitions are not named to them."""

    def __init__(self, texts: Texts, document: Document, hides: Callable[[Definition], bool] = is_hidden) -> None:
        self._texts = texts
        self._document = document
        self._hides = hides

    @property
    def sees_all(self) -> bool:
        """Whether the reader is an operator."""
        return self._hides is is_open

    def hides(self, definition: Definition) -> bool:
        """Whether this reader is not told of it by name."""
        return self._hides(definition)

    def lines(self, unmet: Iterable[Unmet]) -> list[str]:
        """One line for each that must hold, and one for the alternatives of each group; nothing twice."""
        told: list[str] = []
        for group, facts in groupby(unmet, key=lambda each: each.group):
            lines = list(dict.fromkeys(self.line(each) for each in facts))
            told += [self._one_of(lines)] if group and len(lines) > 1 else lines
        return list(dict.fromkeys(told))

    def line(self, unmet: Unmet) -> str:
        """One fact: `te faltan 2 niveles`."""
        if unmet.fact in HELD:
            return self._held(unmet)
        wanted = Range.read(unmet.need)
        if unmet.is_not:
            return self._turned_round(unmet)
        if unmet.missing is None:
            return self._at_most(unmet, wanted)
        return self._placed(unmet, self._more(unmet, exact_of(unmet.missing)))

    def subject(self, unmet: Unmet, n: int = 2) -> str:
        """What it is about, in the form that `n` of them take: `mensajes`, `«Amiga»`."""
        if unmet.fact in HELD:
            return self._texts.of("missing.named", name=self._name(unmet.fact, unmet.of) or self._unknown())
        if unmet.fact in MONEY or unmet.fact == "xp":
            return self._currency(unmet, n)
        if unmet.fact in NUMBERS:
            return self._texts.many(f"missing.what.{unmet.fact}", n)
        return self._name("metric", unmet.fact) or unmet.fact

    def _one_of(self, lines: Sequence[str]) -> str:
        return self._texts.of("missing.one_of", what=format_list(lines, style="or", locale=self._texts.language))

    def _held(self, unmet: Unmet) -> str:
        if unmet.fact == "member":
            is_vip = (unmet.of == "vip") is not unmet.is_not
            return self._texts.of("missing.vip_only" if is_vip else "missing.free_only")
        name = self._name(unmet.fact, unmet.of)
        if name is None:
            return self._texts.of("missing.not_unknown" if unmet.is_not else "missing.unknown")
        if unmet.is_not:
            return self._texts.of("missing.had_already", name=name)
        if unmet.need and unmet.missing is None:
            return self._texts.of("missing.items_most", most=self._number(Range.read(unmet.need).high), name=name)
        short = int(exact_of(unmet.missing)) if unmet.missing is not None else 1
        if short > 1:
            return self._texts.many("missing.items", short, name=name)
        return self._texts.of("missing.one", name=name)

    def _more(self, unmet: Unmet, missing: Decimal) -> str:
        n = int(missing) if missing == int(missing) else 2
        if unmet.fact == "member_for":
            return self._texts.of("missing.member_for", time=_rounded_up(missing))
        if unmet.fact in RUNS:
            return self._texts.many(f"missing.{unmet.fact}.{self._every(unmet.of)}", n)
        if n == 1 and unmet.fact not in NUMBERS:
            return self._texts.of("missing.one_more", what=self.subject(unmet, n))  # the game's word has one form
        code = f"missing.{unmet.fact}" if unmet.fact in ("earned", "spent") else "missing.more"
        return self._texts.many(code, n, amount=self._number(missing), what=self.subject(unmet, n))

    def _at_most(self, unmet: Unmet, wanted: Range) -> str:
        high = wanted.high if wanted.high is not None else wanted.low
        if unmet.fact == "level":
            return self._texts.of("missing.level_most", most=high)
        if unmet.fact == "member_for":
            return self._texts.of("missing.member_for_most", time=timedelta(seconds=int(high or 0)))
        n = int(high or 0)
        told = self._texts.of("missing.most", most=self._number(high), what=self.subject(unmet, n))
        return self._placed(unmet, told)

    def _turned_round(self, unmet: Unmet) -> str:
        if unmet.fact == "member_for":
            return self._texts.of("missing.not_now")
        have = exact_of(unmet.have)
        return self._placed(
            unmet, self._texts.of("missing.too_many", have=self._number(have), what=self.subject(unmet, int(have)))
        )

    def _placed(self, unmet: Unmet, line: str) -> str:
        """With the value that it is asked at, and the period in which."""
        if unmet.at:
            line = self._texts.of("missing.at", line=line, at=unmet.at)
        if not unmet.span:
            return line
        if unmet.span in PERIODS:
            return self._texts.of(f"missing.in.{unmet.span}", line=line)
        return self._texts.of("missing.in.window", line=line, time=_span(unmet.span))

    def _currency(self, unmet: Unmet, n: int) -> str:
        key = XP if unmet.fact == "xp" else unmet.of or BESITOS
        known = self._document.currencies.get(key)
        if key == BESITOS and (known is None or known.name.in_language(self._texts.language) == BESITOS):
            return self._texts.many("missing.what.besitos", n)
        return known.name.in_language(self._texts.language) if known is not None else key

    def _every(self, streak: str) -> str:
        return str(getattr(self._document.all("streak").get(streak), "every", "day"))

    def _name(self, kind: str, key: str) -> str | None:
        """What the reader may call it; nothing where it is not to be named, or has no name that is for people."""
        known = self._document.all(kind).get(key)
        if known is None:
            return key if self.sees_all else None
        if self._hides(known):
            return None
        said = known.name or getattr(known, "title", None)
        return said.in_language(self._texts.language, self._document.about.language) if said else key

    def _unknown(self) -> str:
        return self._texts.of("missing.unknown")

    def _number(self, number: object) -> object:
        """Whole numbers with their separators, as everywhere."""
        exact = exact_of(number)
        return int(exact) if exact == int(exact) else format_decimal(exact, locale=self._texts.language)


def exact_of(value: object) -> Decimal:
    """A number of a line, which JSON may have made a text."""
    return Decimal(str(value)) if not isinstance(value, bool) and value is not None else Decimal(0)


def _rounded_up(seconds: Decimal) -> timedelta:
    """In whole days, or hours, or minutes: never sooner than it is."""
    whole = math.ceil(seconds)
    size = next((size for size in (86_400, 3_600) if whole >= size), SECONDS)
    return timedelta(seconds=math.ceil(Fraction(whole, size)) * size)


def _span(text: str) -> timedelta:
    units = {"s": 1, "m": SECONDS, "h": 3_600, "d": 86_400, "w": 604_800}
    return timedelta(seconds=int(text[:-1]) * units[text[-1]])
