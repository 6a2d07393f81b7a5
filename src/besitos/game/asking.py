"""Conditions at work: compiled once, read of a member, and said line by line where they do not hold.

What a condition asks for stands in the shapes of `core`, whichever mechanic writes it, so that reading a condition
needs to know no mechanic.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import Any, NamedTuple, Protocol, TypeAlias, cast

import msgspec
from pydantic import BaseModel

from besitos.core.account import BESITOS, XP, purse
from besitos.core.activity import Scalar
from besitos.core.calendar import PeriodName
from besitos.core.holding import HOLDINGS, held
from besitos.core.member import PROFILE
from besitos.core.metric import EVER, TALLY, TALLY_AT, Season, Span, Takes, different, within
from besitos.core.number import Number
from besitos.core.standing import STANDING, Run
from besitos.core.state import named
from besitos.core.view import View
from besitos.game.condition import NUMBERS, Fact, Line, Negatable
from besitos.game.document import Document
from besitos.game.mechanic import Ask
from besitos.game.window import Window

Values: TypeAlias = Mapping[str, Scalar]
"""Attributes at whose values metrics are read that are kept per one."""

Read: TypeAlias = Callable[[View, int, Values], Any]

MONEY = ("earned", "spent")
"""The built-in metrics that the engine itself keeps in periods; in all, they stand in the purse."""

NOWHERE: Values = {}
NO_RUN = Run()


class Counted(Protocol):
    """What a board says of what it counts."""

    @property
    def by(self) -> str:
        """The metric."""

    @property
    def of(self) -> str | None:
        """Of which currency or streak."""

    @property
    def at(self) -> str | None:
        """At which value of what it is kept per."""

    @property
    def every(self) -> str:
        """In which period."""


class ConditionReason(StrEnum):
    """Why something does not come to a member."""

    UNMET = "condition.unmet"


class Unmet(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line that does not hold: what was asked, how much there is, how much it takes.

    `group` is 0 for a line of its own; the facts of a group are alternatives. `missing` is how much more it takes,
    where more would do. `of` is the currency, the streak or the key of what must be had.
    """

    group: int
    fact: str
    of: str = ""
    span: str = ""
    at: str = ""
    is_not: bool = False
    have: Any = None
    need: str = ""
    missing: Any = None


PLAIN_NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,18})?")
"""As numbers are written in a document, and no longer than an attribute may be."""


class Vocabulary:
    """The metrics, streaks and grades that the conditions of one game may speak of."""

    def __init__(self, document: Document) -> None:
        self._document = document

    @cached_property
    def per(self) -> Mapping[str, str]:
        """Which attribute a metric is kept per; nothing for the others."""
        return {key: getattr(metric, "per", None) or "" for key, metric in self._document.all("metric").items()}

    @cached_property
    def topics(self) -> Mapping[str, tuple[str, ...]]:
        """The kinds of activity that each metric counts."""
        return {key: tuple(getattr(metric, "when", ())) for key, metric in self._document.all("metric").items()}

    @cached_property
    def takes(self) -> Mapping[str, Takes]:
        """What each metric takes of an activity."""
        return {key: takes_of(metric) for key, metric in self._document.all("metric").items()}

    @cached_property
    def stored(self) -> Mapping[str, str]:
        """Under which name each metric is kept. One that comes to mean something else is another, and begins anew."""
        return {key: f"{key}@{meaning_of(metric)}" for key, metric in self._document.all("metric").items()}

    @cached_property
    def only_streak(self) -> str:
        """The streak of a game that has one."""
        return next(iter(self._document.all("streak")), "")

    def grades_from(self, key: str) -> frozenset[str]:
        """This grade and those above it; of one that the game has no longer, nobody is any more."""
        least = {key: int(getattr(grade, "min_xp", 0)) for key, grade in self._document.all("grade").items()}
        return frozenset(each for each, xp in least.items() if key in least and xp >= least[key])

    def placed(self, fact: Fact) -> Fact:
        """The same fact with its `at` as such values are named: equal numbers alike, however they were written."""
        if fact.at is None or fact.metric is None:
            return fact
        types, value = self._types_of_per.get(fact.metric[0], frozenset()), fact.at
        if types == {"number"} and PLAIN_NUMBER.fullmatch(value):
            value = named(Decimal(value))
        elif types == {"boolean"}:
            value = str(value == "true")
        return fact if value == fact.at else fact.model_copy(update={"at": value})

    @cached_property
    def _types_of_per(self) -> Mapping[str, frozenset[str]]:
        """Of which types the attribute is that a metric is kept per."""
        return {
            key: frozenset(
                (self._document.filterable_of(kind) or {}).get(per, "") for kind in getattr(metric, "when", ())
            )
            for key, metric in self._document.all("metric").items()
            if (per := self.per[key])
        }

    def name_of(self, fact: Fact) -> str:
        """Under which name changes of what the fact asks for are told."""
        if fact.metric is None:
            word, key = cast("tuple[str, str]", fact.possession)
            return word if word in {"grade", "member"} else f"{word}:{key}"
        metric = fact.metric[0]
        if metric == "xp":
            return f"earned:{XP}"
        of = NUMBERS[metric].of if metric in NUMBERS else None
        if of == "currency":
            return f"{metric}:{fact.of or BESITOS}"
        return f"{metric}:{fact.of or self.only_streak}" if of == "streak" else metric


def meaning_of(metric: BaseModel) -> str:
    """What a metric counts, in six letters: its name and its note are not part of it."""
    said = metric.model_dump(
        mode="json", by_alias=True, include={"when", "where", "sum", "max", "last", "distinct", "per"}
    )
    return sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()[:6]


def takes_of(metric: object) -> Takes:
    """What a declared metric takes of an activity; without a word it counts them."""
    words: tuple[Takes, ...] = ("sum", "max", "last", "distinct")
    return next((word for word in words if getattr(metric, word, None)), "count")


def span_of(fact: Fact) -> Span:
    """The period that a fact asks about."""
    if fact.within is None:
        return EVER
    if fact.within.window is not None:
        return Span(window=fact.within.window)
    assert fact.within.period is not None, "what is no window is a period"
    return Span(fact.within.period)


class _Test(NamedTuple):
    """One fact, compiled: how to read what there is, and whether that will do."""

    fact: Fact
    is_not: bool
    name: str
    per: str
    read: Read
    will_do: Callable[[Any], bool]

    def holds(self, view: View, member_id: int, values: Values) -> bool:
        return self.will_do(self.read(view, member_id, values)) is not self.is_not

    def unmet(self, group: int, have: Any) -> Unmet:  # noqa: ANN401 - a number, a word or a flag
        fact = self.fact
        if fact.metric is None:
            word, key = cast("tuple[str, str]", fact.possession)
            need = fact.quantity.text if fact.quantity is not None else ""
            missing = _short_of(fact.quantity.low, have) if fact.quantity is not None else None
            return Unmet(group, word, str(key), is_not=self.is_not, have=have, need=need, missing=missing)
        metric, wanted = fact.metric
        of = self.name.partition(":")[2]
        missing = None if self.is_not else _short_of(wanted.low, have)
        span = fact.within.text if fact.within is not None else ""
        return Unmet(group, metric, of, span, fact.at or "", self.is_not, have, wanted.text, missing)


@dataclass(frozen=True, slots=True)
class Asking:
    """A condition. Group 0 are the lines that must all hold; of each further group one fact at least."""

    plain: tuple[_Test, ...] = ()
    groups: tuple[tuple[_Test, ...], ...] = ()

    @classmethod
    def of(cls, lines: Iterable[Line], words: Vocabulary) -> "Asking":
        """What these lines ask."""
        lines = tuple(lines)
        plain = tuple(_test(line, words) for line in lines if line.any is None)
        groups = tuple(tuple(_test(fact, words) for fact in line.any) for line in lines if line.any is not None)
        return cls(plain, groups)

    def __bool__(self) -> bool:
        return bool(self.plain or self.groups)

    def holds(self, view: View, member_id: int, values: Values = NOWHERE) -> bool:
        """Whether all of it is true of the member."""
        for test in self.plain:
            if test.will_do(test.read(view, member_id, values)) is test.is_not:
                return False
        return all(any(test.holds(view, member_id, values) for test in group) for group in self.groups)

    def unmet(self, view: View, member_id: int, values: Values = NOWHERE) -> tuple[Unmet, ...]:
        """Every line that does not hold; of a group that does not, all its facts."""
        found = []
        for test in self.plain:
            have = test.read(view, member_id, values)
            if test.will_do(have) is test.is_not:
                found.append(test.unmet(0, have))
        for number, group in enumerate(self.groups, 1):
            had = [test.read(view, member_id, values) for test in group]
            if all(test.will_do(have) is test.is_not for test, have in zip(group, had, strict=True)):
                found += [test.unmet(number, have) for test, have in zip(group, had, strict=True)]
        return tuple(found)

    def asks(self, per: str = "") -> Iterator[Ask]:
        """What must change for the answer to change, for a definition that is kept `per` this attribute."""
        for test in self._tests:
            is_plain = test in self.plain and not test.is_not and span_of(test.fact).is_ever
            wanted = test.fact.metric[1] if test.fact.metric is not None else None
            at_least = wanted.low if wanted is not None and is_plain else None
            is_per = bool(per) and test.per == per and test.fact.at is None
            at = named(test.fact.at) if test.fact.at is not None else ""
            yield Ask(test.name, at_least if test.name != "member_for" else None, is_per, at)

    def at(self, per: str) -> "Asking":
        """What of it is read at the value of this attribute alone: where that does not hold, nothing does.

        Without what is asked in a period: that may come to hold while nothing changes at the value.
        """

        def is_of_value(test: _Test) -> bool:
            return test.per == per and test.fact.at is None and span_of(test.fact).is_ever

        plain = tuple(test for test in self.plain if is_of_value(test))
        return Asking(plain, tuple(group for group in self.groups if all(is_of_value(test) for test in group)))

    @property
    def is_restless(self) -> bool:
        """Whether time alone can change the answer."""
        return any(test.name == "member_for" or not span_of(test.fact).is_ever for test in self._tests)

    @property
    def pers(self) -> frozenset[str]:
        """The attributes at whose values it reads metrics."""
        return frozenset(test.per for test in self._tests if test.per and test.fact.at is None)

    @property
    def ages(self) -> frozenset[int]:
        """The seconds of membership at which the answer may change."""
        bounds = [test.fact.metric[1] for test in self._tests if test.name == "member_for" and test.fact.metric]
        return frozenset(int(bound) for each in bounds for bound in (each.low, each.high) if bound is not None)

    @property
    def _tests(self) -> tuple[_Test, ...]:
        return (*self.plain, *(test for group in self.groups for test in group))


def all_facts(document: Document) -> Iterator[Fact]:
    """Every fact that any condition of the game asks for."""
    for kind in document.definitions.values():
        for definition in kind.values():
            yield from _facts_in(definition)


def spans_asked(document: Document) -> Mapping[str, tuple[Span, ...]]:
    """The windows that somebody asks each metric for, by the name under which its changes are told."""
    words, asked = Vocabulary(document), dict[str, dict[str, Span]]()
    for fact in (*all_facts(document), *_facts_in_time(document)):
        if fact.metric is not None and fact.within is not None:
            span = span_of(fact)
            asked.setdefault(words.name_of(fact), {})[span.name] = span
    for key, span in board_spans(document).items():
        board = cast("Counted", document.all("leaderboard")[key])
        if not span.is_ever and not is_of_now(board):
            name = words.name_of(_fact_of(board))
            asked.setdefault(name, {})[span.name] = span
    return {name: tuple(spans[each] for each in sorted(spans)) for name, spans in asked.items()}


def _facts_in_time(document: Document) -> Iterator[Fact]:
    """What definitions ask for in a period that they do not write, as the day of a daily mission.

    Those that are gone ask as well: what began under one goes on being measured.
    """
    editions = (each.definition for editions in document.editions.values() for each in editions)
    present = (definition for kind in document.definitions.values() for definition in kind.values())
    for definition in (*present, *editions):
        yield from getattr(definition, "facts_in_time", ())


class Quantity(NamedTuple):
    """One metric as a board asks for it: under which name its changes are told, at which value, and how it is read."""

    name: str
    value: str
    read: Read


def quantity_of(board: Counted, span: Span, words: Vocabulary) -> Quantity:
    """What a board counts, in a period of its own."""
    fact = words.placed(_fact_of(board))
    name = words.name_of(fact)
    return Quantity(name, named(fact.at) if fact.at is not None else "", _number(fact, name, words, span))


def board_spans(document: Document) -> Mapping[str, Span]:
    """The period of each board, by its key."""
    spans: dict[str, Span] = {}
    for key, board in document.all("leaderboard").items():
        made = cast("Counted", board)
        if made.every == "season":
            window, starts = Window.of(board, document.calendar), board.starts
            assert starts is not None, "a season has two ends"
            assert window.opens is not None, "a season has two ends"
            assert window.closes is not None, "a season has two ends"
            label = f"{starts:%Y-%m-%d}" if starts.time() == time() else f"{starts:%Y-%m-%dT%H-%M}"
            spans[key] = Season(key=f"season/{key}", label=label, opens=window.opens, closes=window.closes)
        else:
            spans[key] = Span(cast("PeriodName", made.every))
    return spans


def is_of_now(board: Counted) -> bool:
    """Whether a board shows a number of now, whatever its period."""
    number = NUMBERS.get(board.by)
    return number is not None and number.is_of_now


def _fact_of(board: Counted) -> Fact:
    return Fact.model_validate({board.by: "1+", "of": board.of, "at": board.at})


def _facts_in(value: object) -> Iterator[Fact]:
    if isinstance(value, Fact) and (value.metric or value.possession):
        yield value
    elif isinstance(value, BaseModel):
        for name in value.model_fields_set & type(value).model_fields.keys():
            yield from _facts_in(getattr(value, name))
    elif isinstance(value, tuple):
        for inner in value:
            yield from _facts_in(inner)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _facts_in(inner)


def _test(written: Negatable, words: Vocabulary) -> _Test:
    fact = words.placed(written.fact)
    name = words.name_of(fact)
    if fact.metric is not None:
        metric, wanted = fact.metric
        per = words.per.get(metric, "")
        read = _number(fact, name, words, span_of(fact))
        return _Test(fact, written.absent is not None, name, per, read, wanted.__contains__)
    word, key = cast("tuple[str, str]", fact.possession)
    is_not, read = written.absent is not None, _possession(word, key)
    if word == "grade":
        return _Test(fact, is_not, name, "", read, words.grades_from(key).__contains__)
    if word == "member":
        return _Test(fact, is_not, name, "", read, key.__eq__)
    will_do: Callable[[Any], bool] = fact.quantity.__contains__ if fact.quantity is not None else bool
    return _Test(fact, is_not, name, "", read, will_do)


def _possession(word: str, key: str) -> Read:
    if word == "member":
        return lambda view, member_id, _: view.get(PROFILE.of(member_id)).type.value
    if word == "grade":
        return lambda view, member_id, _: view.get(HOLDINGS.of(member_id)).grade
    return lambda view, member_id, _: held(view.get(HOLDINGS.of(member_id)), word, key)


def _number(fact: Fact, name: str, words: Vocabulary, span: Span) -> Read:
    """How the metric of a fact is read in a span."""
    head, _, of = name.partition(":")
    if span.is_ever and head in _OF_NOW:
        return _OF_NOW[head](of)
    takes = words.takes.get(head, "count" if head not in MONEY else "sum")
    per, at, kept = words.per.get(head, ""), fact.at, words.stored.get(name, name)

    def scope(values: Values) -> str:
        value = at if at is not None else values.get(per)
        return f"{kept}/{named(value)}" if value is not None else ""

    if takes == "distinct":
        if not per:
            return lambda view, member_id, _: different(view, member_id, kept, span)
        return lambda view, member_id, values: (
            different(view, member_id, found, span) if (found := scope(values)) else 0
        )
    if not per:
        return lambda view, member_id, _: within(view.get(TALLY.named(member_id, kept)), takes, span, view)
    return lambda view, member_id, values: (
        within(view.get(TALLY_AT.of(member_id, found)), takes, span, view) if (found := scope(values)) else 0
    )


def _member_for(view: View, member_id: int) -> int:
    joined_at = view.get(PROFILE.of(member_id)).joined_at
    return 0 if joined_at is None else int((view.now - joined_at).total_seconds())


_OF_NOW: Mapping[str, Callable[[str], Read]] = {
    "balance": lambda of: lambda view, member_id, _: view.balance(purse(member_id, of)),
    "earned": lambda of: lambda view, member_id, _: view.totals(purse(member_id, of))[0],
    "spent": lambda of: lambda view, member_id, _: view.totals(purse(member_id, of))[1],
    "level": lambda _: lambda view, member_id, _values: view.get(STANDING.of(member_id)).level,
    "streak": lambda of: lambda view, member_id, _: view.get(STANDING.of(member_id)).streaks.get(of, NO_RUN).length,
    "best_streak": lambda of: lambda view, member_id, _: view.get(STANDING.of(member_id)).streaks.get(of, NO_RUN).best,
    "badges": lambda _: lambda view, member_id, _values: sum(view.get(HOLDINGS.of(member_id)).badges.values()),
    "member_for": lambda _: lambda view, member_id, _values: _member_for(view, member_id),
}
"""The built-in metrics that stand somewhere as they are; all others are tallies."""


def _short_of(low: Number | None, have: Any) -> Number | None:  # noqa: ANN401 - a number, or what is none
    return low - have if low is not None and not isinstance(have, (str, bool)) and have < low else None
