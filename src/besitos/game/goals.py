"""Goals at work: conditions whose metrics are measured from a beginning, and how far a member has come.

Goals of a calendar period read what the metrics themselves keep of it. Others have a beginning of their own: declared
metrics are counted again from there on, activity by activity, and of the numbers that every game has, what they had
come to before is taken off. Possessions are read as they stand.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple, Protocol, TypeAlias, cast

import msgspec

from besitos.core.account import purse
from besitos.core.calendar import PeriodName
from besitos.core.holding import HOLDINGS, held
from besitos.core.metric import TALLY, TALLY_AT, Span, Takes, Tally, all_seen, micros
from besitos.core.number import Number
from besitos.core.state import named
from besitos.core.view import View
from besitos.game.asking import MONEY, Unmet, Vocabulary
from besitos.game.condition import NUMBERS, Fact, Line, Negatable
from besitos.game.document import Document
from besitos.game.measuring import Measure, Measured, Taken
from besitos.game.mechanic import Ask, Signal
from besitos.game.units import Range

Way: TypeAlias = Literal["kept", "counted", "different", "built_in", "had"]


class Done(msgspec.Struct, frozen=True, array_like=True):
    """What a metric has come to since the beginning; of the last value, when that was. Stored as `[amount, at]`."""

    amount: Number = 0
    at: int = 0


NONE = Done()


class Begun(Protocol):
    """What is remembered of a beginning: the moment in microseconds since 1970, its day or week, the numbers."""

    @property
    def since(self) -> int:
        """From when on it is measured."""

    @property
    def number(self) -> int:
        """The number of the day or week that it is measured in, of the calendar of then."""

    @property
    def done(self) -> Mapping[str, Done]:
        """What declared metrics have come to."""

    @property
    def bases(self) -> Mapping[str, Number]:
        """What the numbers that every game has had come to before."""


class Step(NamedTuple):
    """How far one goal is: what there is, of what it takes. Those of one group are alternatives."""

    unmet: Unmet
    wanted: Range | None
    is_reached: bool


@dataclass(frozen=True, slots=True)
class Goal:
    """One fact to be reached. `scope` is the name of its number within the beginning, of a declared metric by meaning.

    `kept` is where the metric itself is kept, of which a goal that is `kept` reads the present period, its `span`.
    """

    group: int
    fact: Fact
    is_not: bool
    way: Way
    name: str
    scope: str = ""
    kept: str = ""
    takes: Takes = "count"
    measure: Measure | None = None
    span: Span | None = None
    will_do: Callable[[Any], bool] = bool

    def have(self, view: View, member_id: int, begun: Begun) -> Any:  # noqa: ANN401 - a number, or a grade
        """What there is of it."""
        if self.way == "kept":
            return self._of_period(view, member_id, begun)
        if self.way == "counted":
            return begun.done.get(self.scope, NONE).amount
        if self.way == "different":
            return sum(at >= begun.since for _, at in all_seen(view.get, member_id, self.kept))
        if self.way == "built_in":
            return total_of(view, member_id, self.scope) - begun.bases.get(self.scope, 0)
        word, key = cast("tuple[str, str]", self.fact.possession)
        holdings = view.get(HOLDINGS.of(member_id))
        return holdings.grade if word == "grade" else held(holdings, word, key)

    def _of_period(self, view: View, member_id: int, begun: Begun) -> Number:
        """What the metric keeps of the day or week that it began in, though the game may have other days by now."""
        assert self.span is not None, "what is kept by a period has one"
        key = TALLY.named(member_id, self.kept) if self.fact.at is None else TALLY_AT.of(member_id, self.kept)
        tally: Tally = view.get(key)
        if self.takes == "last":
            return tally.total if tally.at and tally.at >= begun.since else 0
        return tally.windows.get(self.span.name, {}).get(begun.number, 0)

    @property
    def ask(self) -> Ask:
        """Whose change may reach it, and from what total on: a period never has more, where nothing is taken off."""
        wanted = self.fact.metric[1] if self.fact.metric is not None else None
        grows = self.takes in {"count", "max"} and self.name.partition(":")[0] not in MONEY
        at = named(self.fact.at) if self.fact.at is not None else ""
        return Ask(self.name, wanted.low if wanted is not None and grows and not self.is_not else None, at=at)

    def is_reached(self, have: Any) -> bool:  # noqa: ANN401 - as above
        """Whether that will do."""
        return self.will_do(have) is not self.is_not

    def step(self, view: View, member_id: int, begun: Begun) -> Step:
        """How far it is."""
        have, fact = self.have(view, member_id, begun), self.fact
        wanted = fact.metric[1] if fact.metric is not None else fact.quantity
        word, of = fact.possession or (fact.metric[0] if fact.metric else "", self.name.partition(":")[2])
        low = wanted.low if wanted is not None else None
        missing = low - have if low is not None and not self.is_not and have < low else None
        need = wanted.text if wanted is not None else ""
        unmet = Unmet(self.group, word, of, "", fact.at or "", self.is_not, have, need, missing)
        return Step(unmet, wanted, self.is_reached(have))


class GoalsAtWork:
    """The goals of one mission, compiled: of one that repeats, in the words of its period."""

    def __init__(
        self, lines: Iterable[Line], words: Vocabulary, document: Document, period: PeriodName | None = None
    ) -> None:
        number, span = 0, Span(period) if period is not None else None
        made: list[tuple[Goal, ...]] = []
        for line in lines:
            number += line.any is not None
            group = number if line.any is not None else 0
            made.append(tuple(_goal(fact, group, words, document, span) for fact in line.facts))
        self._goals = tuple(made)
        self._counted = tuple(line for line in made if all(goal.way == "counted" for goal in line))
        self._by_topic: dict[str, dict[str, Goal]] = {}
        for goal in self.all:
            for topic in goal.measure.topics if goal.way == "counted" and goal.measure is not None else ():
                self._by_topic.setdefault(topic, {})[goal.scope] = goal

    @property
    def all(self) -> Iterable[Goal]:
        """Every goal, alternatives among them."""
        return (goal for line in self._goals for goal in line)

    @cached_property
    def asks(self) -> tuple[Ask, ...]:
        """Whose changes may reach a goal, besides what is counted from the beginning."""
        return tuple(goal.ask for goal in self.all if goal.way != "counted")

    @property
    def topics(self) -> Iterable[str]:
        """The kinds of activities that may count from a beginning of its own."""
        return self._by_topic.keys()

    def may_be_reached(self, done: Mapping[str, Done]) -> bool:
        """Whether no line is open that only counting can close: before that, nobody need look at the others."""
        return all(any(goal.is_reached(done.get(goal.scope, NONE).amount) for goal in line) for line in self._counted)

    def are_reached(self, view: View, member_id: int, begun: Begun) -> bool:
        """Whether all lines hold, and of every group at least one."""
        return all(any(goal.is_reached(goal.have(view, member_id, begun)) for goal in line) for line in self._goals)

    def steps(self, view: View, member_id: int, begun: Begun) -> tuple[Step, ...]:
        """How far every goal is."""
        return tuple(goal.step(view, member_id, begun) for goal in self.all)

    def bases(self, view: View, member_id: int) -> dict[str, Number]:
        """What the numbers that every game has have come to by now."""
        found = {goal.scope: total_of(view, member_id, goal.scope) for goal in self.all if goal.way == "built_in"}
        return {scope: total for scope, total in found.items() if total}

    def after(self, view: View, signal: Signal, done: Mapping[str, Done]) -> Mapping[str, Done]:
        """What declared metrics come to with this activity; the same object where it does not count."""
        for scope, goal in self._by_topic.get(signal.topic, {}).items():
            assert goal.measure is not None, "only what is counted is found by topic"
            taken = goal.measure.taken(view, signal)
            if taken is not None and (goal.fact.at is None or taken.value == named(goal.fact.at)):
                done = {**done, scope: _after(done.get(scope), goal.takes, taken, micros(view.now))}
        return done


def total_of(view: View, member_id: int, name: str) -> Number:
    """What a number that every game has is in all."""
    head, _, of = name.partition(":")
    if head in MONEY:
        return view.totals(purse(member_id, of))[MONEY.index(head)]
    return view.get(TALLY.named(member_id, name)).total


def _goal(written: Negatable, group: int, words: Vocabulary, document: Document, span: Span | None) -> Goal:
    fact, is_not = words.placed(written.fact), written.absent is not None
    name = words.name_of(fact)
    if fact.metric is None:
        will_do: Callable[[Any], bool] = bool if fact.quantity is None else fact.quantity.__contains__
        if fact.grade is not None:
            will_do = words.grades_from(fact.grade).__contains__
        return Goal(group, fact, is_not, "had", name, will_do=will_do)
    metric, wanted = fact.metric
    if metric in NUMBERS:
        if span is None:
            return Goal(group, fact, is_not, "built_in", name, name, will_do=wanted.__contains__)
        return Goal(group, fact, is_not, "kept", name, kept=name, span=span, will_do=wanted.__contains__)
    found = document.all("metric").get(metric)
    measure = Measure.of(metric, cast("Measured", found), document) if found is not None else None
    takes = words.takes.get(metric, "count")
    at = "" if fact.at is None else f"/{named(fact.at)}"
    kept = words.stored.get(metric, metric)
    way: Way = "different" if takes == "distinct" else "counted" if span is None else "kept"
    return Goal(
        group,
        fact,
        is_not,
        way,
        name,
        f"{kept}{at}",
        f"{kept}{at}",
        takes,
        measure,
        span,
        will_do=wanted.__contains__,
    )


def _after(before: Done | None, takes: Takes, taken: Taken, at: int) -> Done:
    if before is None:
        return Done(taken.amount, at)
    if takes == "max":
        return Done(max(before.amount, taken.amount), at)
    if takes == "last":
        return Done(taken.amount, at) if at >= before.at else before
    return Done(before.amount + taken.amount, at)
