"""What lint knows of a game: every definition in its place, what each one pays, and what each one asks.

Lint stands below the mechanics and knows none of them: it reads definitions by the words of the language.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from pydantic import BaseModel

from besitos.core.account import BESITOS, XP
from besitos.core.payout import BONUS
from besitos.game.checking.walk import walk
from besitos.game.condition import Line
from besitos.game.document import Document
from besitos.game.payout import Payout
from besitos.game.problem import Path, Value
from besitos.game.section import ALL, Section
from besitos.game.units import Amount, Limit

CONDITIONS = (("requires", "if"), ("goals", "goals"), ("completed_if", "completed_if"))
"""Where conditions stand: the attribute, and the word that is written."""

PAYS_AS = {
    "daily_gift": "daily_gift", "streak": "streak", "reaction": "reaction", "badge": "badge", "mission": "mission",
    "reward": "reward", "trivia": "trivia", "question": "trivia", "story": "story", "fragment": "story",
    "levels": "level", "module": "module", "item": "item", "leaderboard": "leaderboard", "plan": "plan",
}  # fmt: skip
"""Kind of definition → the source under which it pays; a rule has one of its own."""

MOST_FACTOR = Decimal(10) ** 9
"""Hundreds of boosts at once come to no number that anybody could be paid."""


@dataclass(frozen=True, eq=False)
class One:
    """One definition in its place."""

    section: Section
    key: str
    body: Any

    @property
    def kind(self) -> str:
        """What it is."""
        return self.section.kind

    @property
    def path(self) -> Path:
        """Where it stands."""
        return (self.section.name,) if self.section.single else (self.section.name, self.key)

    @property
    def name(self) -> str:
        """How a finding names it: `rules.charla`."""
        return ".".join(self.path)

    @property
    def is_out(self) -> bool:
        """Whether the operator has taken it out of play."""
        return bool(getattr(self.body, "paused", False))


class Told(NamedTuple):
    """What one lint found: of whom, at which word, and what fills the sentence."""

    one: One
    path: Path = ()
    values: Mapping[str, Value] = {}
    at_key: bool = False


@dataclass(frozen=True, eq=False)
class Condition:
    """The lines under one `if`, `goals` or `completed_if`. `base` is the path of what they stand in."""

    one: One
    base: Path
    word: str
    lines: tuple[Line, ...]

    @property
    def path(self) -> Path:
        """Where the lines stand."""
        return (*self.base, self.word)


@dataclass(frozen=True, eq=False)
class Payment:
    """One payout in its place. `within` bounds how often a member is paid it; nothing there: as often as it comes."""

    one: One
    path: Path
    payout: Payout
    source: str
    within: tuple[Limit, ...] = ()

    @property
    def name(self) -> str:
        """How a finding names it."""
        return ".".join((*self.one.path, *self.path))

    @cached_property
    def amounts(self) -> Mapping[str, tuple[Amount, ...]]:
        """Currency → what is paid of it; a bonus is besitos."""
        found: dict[str, tuple[Amount, ...]] = {word: (amount,) for word, amount in self.payout.amounts.items()}
        if self.payout.bonus is not None:
            found[BESITOS] = (*found.get(BESITOS, ()), self.payout.bonus)
        return found

    @property
    def words(self) -> Iterator[str]:
        """What grows without end where it is paid without end: currencies more of which is paid, a bonus, VIP time."""
        yield from (word for word, amount in self.payout.amounts.items() if pays(amount))
        if self.payout.bonus is not None and pays(self.payout.bonus):
            yield BONUS
        if self.payout.vip is not None:
            yield "vip"


def pays(amount: Amount) -> bool:
    """Whether somebody gets something of it; a penalty gives nothing."""
    return any(share.number > 0 for share in amount.shares)


def currency_of(word: str) -> str:
    """The currency that a word of a payout comes in."""
    return BESITOS if word == BONUS else word


def within(one: One, path: Path, trivia: object) -> tuple[Limit, ...]:
    """How often a member can be paid something, as far as the language says so by itself."""
    body = one.body
    if one.kind in {"rule", "reward", "trivia"}:
        return tuple(body.limit)
    if one.kind == "question":
        return tuple(getattr(trivia, "limit", ()))
    if one.kind == "badge" and body.per is not None and not body.once:
        return ()
    if one.kind == "levels" and path[0] == "pays":
        return (Limit.read(f"{body.top - 1}/ever"),)
    return _BY_PERIOD.get(one.kind, _at_any_time)(body)


ONCE, DAILY, WEEKLY = (Limit.read("1/ever"),), (Limit.read("1/day"),), (Limit.read("1/week"),)
TWICE_A_DAY = (Limit.read("2/day"),)
"""A day of the member's own, or of UTC, may end within one of the game."""

PERIODS = {"day": DAILY, "week": WEEKLY, "month": (Limit.read("1/month"),)}

_BY_PERIOD: Mapping[str, Callable[[Any], tuple[Limit, ...]]] = {
    **dict.fromkeys(("badge", "levels", "story", "fragment", "module"), lambda _: ONCE),
    "mission": lambda body: {"daily": DAILY, "weekly": WEEKLY}.get(body.repeats, ONCE),
    "streak": lambda body: PERIODS[body.every] if body.day == "game" or body.every != "day" else TWICE_A_DAY,
    "daily_gift": lambda body: DAILY if body.day == "game" else TWICE_A_DAY,
    "leaderboard": lambda body: PERIODS.get(body.every, ONCE),
    "plan": lambda body: ONCE if body.trial else (),
}


def _at_any_time(_: object) -> tuple[Limit, ...]:
    return ()


@dataclass(frozen=True)
class Whole:
    """A game to look over, at one moment."""

    document: Document
    sections: Mapping[str, Section]
    now: datetime
    ones: tuple[One, ...] = field(init=False)

    def __post_init__(self) -> None:
        ones = (
            One(section, key, body)
            for section in self.sections.values()
            for key, body in self.document.all(section.kind).items()
        )
        object.__setattr__(self, "ones", tuple(ones))

    def all(self, kind: str) -> Mapping[str, One]:
        """The definitions of a kind, by key."""
        return self._by_kind.get(kind, {})

    def has(self, *kinds: str) -> bool:
        """Whether there is a definition of one of these kinds."""
        return any(self.all(kind) for kind in kinds)

    def setting(self, kind: str) -> Any:  # noqa: ANN401 - of whatever mechanic
        """A section that exists once, if it is written."""
        return one.body if (one := self.all(kind).get(kind)) is not None else None

    @cached_property
    def spendable(self) -> frozenset[str]:
        """The currencies that can be spent."""
        return frozenset(key for key, made in self.document.currencies.items() if made.spendable and key != XP)

    @cached_property
    def payments(self) -> tuple[Payment, ...]:
        """Every payout that is in play, in its place."""
        found = (
            Payment(one, path, value, self.source_of(one), within(one, path, self.setting("trivia")))
            for one, values in self.values
            if not one.is_out and one.kind not in {"template", "experience"}
            for path, value in values
            if isinstance(value, Payout)
        )
        return tuple(found)

    @cached_property
    def paid_as(self) -> Mapping[str, Sequence[Payment]]:
        """Every payout by the source under which it is paid."""
        found: dict[str, list[Payment]] = {}
        for payment in self.payments:
            found.setdefault(payment.source, []).append(payment)
        return found

    @cached_property
    def held_back(self) -> Mapping[str, frozenset[str]]:
        """Source → the currencies of which caps hold back what is too much; nothing for caps that count in times."""
        found: dict[str, set[str]] = {}
        for one in self.all("cap").values():
            if not one.is_out and one.body.then != "report":
                for source in one.body.sources:
                    found.setdefault(source, set()).update(limit.currency or "" for limit in one.body.limit)
        return {source: frozenset(words) for source, words in found.items()}

    @cached_property
    def factors(self) -> Mapping[tuple[str, str], Decimal]:
        """Source (or `all`) and currency → by how much boosts can multiply it, if all that make it more run at once."""
        found: dict[tuple[str, str], Decimal] = {}
        for one in self.all("boost").values():
            boost = one.body
            for source in ((ALL,) if ALL in boost.sources else boost.sources) if not one.is_out else ():
                more = found.get((source, boost.currency), Decimal(1)) * max(Decimal(1), boost.multiply)
                found[source, boost.currency] = min(more, MOST_FACTOR)
        return found

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """Every list of lines, in its place."""
        return tuple(
            Condition(one, path, word, lines)
            for one, values in self.values
            for path, value in values
            if isinstance(value, BaseModel)
            for name, word in CONDITIONS
            if (lines := getattr(value, name, ())) and isinstance(lines, tuple)
        )

    def asked_by(self, one: One) -> Sequence[Condition]:
        """The conditions of one definition."""
        return self._asked.get(one.path, ())

    @cached_property
    def _asked(self) -> Mapping[Path, Sequence[Condition]]:
        found: dict[Path, list[Condition]] = {}
        for condition in self.conditions:
            found.setdefault(condition.one.path, []).append(condition)
        return found

    @cached_property
    def values(self) -> tuple[tuple[One, tuple[tuple[Path, object], ...]], ...]:
        """Each definition with all that is written in it, and where."""
        return tuple((one, tuple(walk(one.body))) for one in self.ones)

    @staticmethod
    def source_of(one: One) -> str:
        """The name under which a definition pays."""
        if one.kind == "rule":
            return getattr(one.body, "source", None) or one.key
        return PAYS_AS.get(one.kind, one.kind)

    @cached_property
    def _by_kind(self) -> Mapping[str, Mapping[str, One]]:
        found: dict[str, dict[str, One]] = {}
        for one in self.ones:
            found.setdefault(one.kind, {})[one.key] = one
        return found


def amounts_of(payments: Iterable[Payment], currency: str) -> Iterator[tuple[Payment, Amount]]:
    """What is paid of one currency, bonus included."""
    for payment in payments:
        for amount in payment.amounts.get(currency, ()):
            if pays(amount):
                yield payment, amount
