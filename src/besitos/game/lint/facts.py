"""What a fact of a condition says, as lint reads it: a number in a range, or something that is had or not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from besitos.game.condition import NUMBERS, Fact, Negatable
from besitos.game.lint.bounds import EVER, most_different, most_of
from besitos.game.lint.whole import Condition, Whole
from besitos.game.problem import Path
from besitos.game.units import Limit

Number = int | Decimal


@dataclass(frozen=True)
class Placed:
    """A fact in its place: of `alternatives` facts of one line at least one must hold."""

    path: Path
    written: Negatable

    @property
    def fact(self) -> Fact:
        """What it is about."""
        return self.written.fact

    @property
    def is_not(self) -> bool:
        """Whether it is turned round."""
        return self.written.absent is not None

    def __str__(self) -> str:
        return f"`not: {self.fact}`" if self.is_not else f"`{self.fact}`"


def lines_of(condition: Condition) -> Iterator[tuple[Path, tuple[Placed, ...]]]:
    """Each line with its facts: one, or the alternatives of a group."""
    for number, line in enumerate(condition.lines):
        here = (*condition.path, str(number))
        if line.any is None:
            yield here, (Placed(here, line),)
        else:
            yield here, tuple(Placed((*here, "any", str(inner)), fact) for inner, fact in enumerate(line.any))


def span_of(condition: Condition, fact: Fact) -> Limit:
    """The period over which a fact is measured; goals are measured within their mission."""
    if condition.word == "goals":
        mission = condition.one.body
        period = {"daily": "day", "weekly": "week"}.get(getattr(mission, "repeats", ""))
        lasts = getattr(mission, "lasts", None)
        return Limit.read(f"1/{period or (lasts.text if lasts is not None else 'ever')}")
    return EVER if fact.within is None else Limit.read(f"1/{fact.within.text}")


def most(whole: Whole, condition: Condition, fact: Fact) -> int | None:
    """What the metric of a fact can come to; None where nothing bounds it."""
    assert fact.metric is not None
    name, span = fact.metric[0], span_of(condition, fact)
    if name in NUMBERS:
        return most_of(whole, name, fact.of, span)
    metric = whole.all("metric").get(name)
    if metric is None or metric.body.distinct is None:
        return None
    return most_different(whole, metric, metric.body.distinct, span)


def is_impossible(whole: Whole, condition: Condition, placed: Placed) -> bool:
    """Whether no member can ever come to a number that is asked for."""
    fact = placed.fact
    if placed.is_not or fact.metric is None:
        return False
    low, ceiling = fact.metric[1].low, most(whole, condition, fact)
    return low is not None and ceiling is not None and low > ceiling


Asked = tuple[str, str, str, str]


def number_in(placed: Placed) -> tuple[Asked, Number | None, Number | None] | None:
    """What is counted and between which bounds, of a metric or of items; turned round it is beyond a bound.

    None where it is neither, or where turning a range round leaves two.
    """
    fact = placed.fact
    if fact.item is not None:
        wanted = fact.quantity
        low, high = (1, None) if wanted is None else (wanted.low, wanted.high)
        asked: Asked = ("item", fact.item, "", "")
    elif fact.metric is not None:
        name, wanted = fact.metric
        low, high = wanted.low, wanted.high
        asked = (name, fact.of or "", fact.at or "", "" if fact.within is None else fact.within.text)
    else:
        return None
    if not placed.is_not:
        return asked, low, high
    if low is not None and high is not None:
        return None
    return (asked, None, _just(low, -1)) if low is not None else (asked, _just(high, 1), None)


def _just(bound: Number | None, step: int) -> Number | None:
    """The nearest number beyond a bound; beyond a decimal one, the bound itself is near enough."""
    return bound + step if isinstance(bound, int) else bound


def is_held_at_first(whole: Whole, placed: Placed) -> bool:
    """Whether a fact is true of somebody who has just joined and done nothing."""
    fact = placed.fact
    if fact.metric is not None:
        name, wanted = fact.metric
        metric = whole.all("metric").get(name)
        if metric is not None and metric.body.measure[0] in {"max", "last"}:
            return False
        return ((1 if name == "level" else 0) in wanted) != placed.is_not
    if fact.grade is not None:
        grade = whole.all("grade").get(fact.grade)
        return (grade is not None and grade.body.min_xp == 0 and grade.body.audience != "vip") != placed.is_not
    if fact.item is not None and fact.quantity is not None:
        return (0 in fact.quantity) != placed.is_not
    return (fact.member == "free") != placed.is_not


POSSESSED: Mapping[str, str] = {
    "badge": "badge", "item": "item", "fragment": "fragment", "mission": "mission", "reward": "reward",
    "content": "content", "module": "module", "flag": "flag",
}  # fmt: skip
"""What is had only where somebody gives it or the member does something for it."""


def needed(placed: Placed) -> tuple[str, str] | None:
    """The kind and key of what must be had, if a fact asks for that."""
    fact = placed.fact
    if placed.is_not or fact.possession is None or fact.possession[0] not in POSSESSED:
        return None
    if fact.item is not None and fact.quantity is not None and 0 in fact.quantity:
        return None
    return fact.possession
