"""Conditions that never hold, and badges that are earned by doing nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from besitos.game.lint.facts import (
    Asked,
    Number,
    Placed,
    is_held_at_first,
    is_impossible,
    lines_of,
    needed,
    number_in,
)
from besitos.game.lint.look import Look
from besitos.game.lint.whole import Condition, One, Told
from besitos.game.problem import Path


def never_holds(look: Look) -> Iterator[Told]:
    """A line of a condition that never comes true as the game stands, or not together with the lines before it.

    A number is beyond what there is (`level: 30+` of 20 levels, `purchases: 1+` without a shop), ranges exclude each
    other, a thing must be had and not be had, nobody is VIP and free, and nothing gives what must be had: a special
    badge in no payout, an item that is neither sold nor given. Of `any`, all alternatives must be so.
    Found: `if: [{level: 5+}, {level: ..3}]`. Fine: `if: [{level: 3+}, {level: ..5}]`.
    """
    for condition in look.whole.conditions:
        if condition.one.kind in {"template", "experience"}:
            continue
        yield from (Told(condition.one, path, {"found": found}) for path, found in _dead_ends(look, condition))


def dead_ends(look: Look, one: One) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """The lines of a definition that never hold, and what stands against each."""
    for condition in look.whole.asked_by(one):
        yield from _dead_ends(look, condition)


def badge_for_nothing(look: Look) -> Iterator[Told]:
    """A badge whose conditions hold for everybody from the first moment, so that it says nothing of anybody.

    Found: `if: {level: 1+}`, `if: {mensajes: ..5}`, `if: {not: {badge: x}}`. Fine: `if: [{level: 1+}, {mensajes: 5+}]`.
    """
    for condition in look.whole.conditions:
        if condition.one.kind == "badge" and all(
            any(is_held_at_first(look.whole, each) for each in facts) for _, facts in lines_of(condition)
        ):
            said = tuple(str(facts[0]) for _, facts in lines_of(condition))
            yield Told(condition.one, ("if",), {"found": said})


def _dead_ends(look: Look, condition: Condition) -> Iterator[tuple[Path, tuple[str, ...]]]:
    said, groups = _Said(_growing(look, condition)), []
    for path, facts in lines_of(condition):
        if len(facts) > 1:
            groups.append((path, facts))
        elif _is_dead(look, condition, facts[0]):
            yield path, (str(facts[0]),)
        elif (against := said.against(facts[0])) is not None:
            yield path, (str(facts[0]), str(against))
        else:
            said.take(facts[0])
    for path, facts in groups:
        if all(_is_dead(look, condition, each) or said.against(each) is not None for each in facts):
            yield path, _named(facts)


def _growing(look: Look, condition: Condition) -> frozenset[str]:
    """The metrics asked for of which there is never less in all than in a period: sums may shrink."""
    metrics = look.whole.all("metric")
    names = {each.fact.metric[0] for _, facts in lines_of(condition) for each in facts if each.fact.metric is not None}
    shrinking = {name for name in names if name in metrics and metrics[name].body.measure[0] in {"sum", "last"}}
    return frozenset(names - shrinking)


def _named(facts: Sequence[Placed]) -> tuple[str, ...]:
    return tuple(str(each) for each in facts)


def _is_dead(look: Look, condition: Condition, placed: Placed) -> bool:
    """Whether a fact can never be: beyond all bounds (of goals that is told of the mission), or given by nothing."""
    if is_impossible(look.whole, condition, placed):
        return condition.word != "goals"
    thing = needed(placed)
    return thing is not None and not look.having.ways.get(thing)


Bound = tuple[Number, Placed]
"""A bound of a number, and the line that says it."""


@dataclass
class _Said:
    """What the lines so far say: bounds of numbers, and what must be had or not."""

    growing: frozenset[str]
    low: dict[Asked, Bound] = field(default_factory=dict)
    high: dict[Asked, Bound] = field(default_factory=dict)
    held: dict[tuple[str, str], tuple[bool, Placed]] = field(default_factory=dict)

    def against(self, placed: Placed) -> Placed | None:
        """The line that rules out this one."""
        for thing, wanted in _held(placed):
            is_wanted, line = self.held.get(thing, (wanted, placed))
            if is_wanted != wanted:
                return line
        found = number_in(placed)
        if found is None:
            return None
        asked, low, high = found
        ever = (*asked[:3], "")
        above: list[Bound | None] = [self.high.get(asked), self.high.get(ever) if asked[0] in self.growing else None]
        below: list[Bound | None] = [self.low.get(asked), *(self._in_periods(asked) if asked == ever else ())]
        for said in above:
            if said is not None and low is not None and low > said[0]:
                return said[1]
        for said in below:
            if said is not None and high is not None and high < said[0]:
                return said[1]
        return None

    def _in_periods(self, asked: Asked) -> Iterator[Bound]:
        """What must come of the same number in some period: of all time there is no less."""
        if asked[0] in self.growing:
            yield from (bound for each, bound in self.low.items() if each[:3] == asked[:3] and each[3])

    def take(self, placed: Placed) -> None:
        """Note what a line says."""
        for thing, wanted in _held(placed):
            self.held[thing] = (wanted, placed)
        found = number_in(placed)
        if found is None:
            return
        asked, low, high = found
        if low is not None and (asked not in self.low or low > self.low[asked][0]):
            self.low[asked] = (low, placed)
        if high is not None and (asked not in self.high or high < self.high[asked][0]):
            self.high[asked] = (high, placed)


def _held(placed: Placed) -> Iterator[tuple[tuple[str, str], bool]]:
    """What must be had or not be had; who is not VIP is free. Items are counted, and a grade may be passed."""
    fact = placed.fact
    if fact.member is not None:
        yield ("member", "vip"), (fact.member == "vip") != placed.is_not
    elif fact.possession is not None and fact.item is None and fact.grade is None:
        yield fact.possession, not placed.is_not
