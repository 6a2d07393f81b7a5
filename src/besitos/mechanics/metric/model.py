"""Metrics: what the operator may write."""

from collections.abc import Iterator
from typing import Literal, TypeAlias

from pydantic import Field

from besitos.game.checking.filters import attribute
from besitos.game.condition import NUMBERS, Line
from besitos.game.definition import Timeless
from besitos.game.filter import AttributeName, Where
from besitos.game.known import Checked
from besitos.game.lists import Kinds
from besitos.game.problem import Finding
from besitos.game.section import Section
from besitos.game.units import Key

Way: TypeAlias = Literal["count", "sum", "max", "last", "distinct"]
WAYS: tuple[Way, ...] = ("sum", "max", "last", "distinct")

WORDS = frozenset(word for name, field in Line.model_fields.items() for word in (name, field.alias or name))
"""What stands in a condition with a meaning of its own, and names no metric."""


class Metric(Timeless):
    """A number known of a member: how many of these activities, or what an attribute of them comes to."""

    when: Kinds = Field(description="Kinds of activity that it counts.")
    where: Where = Field(Where(), description="What their attributes must be; all must hold.")
    sum: AttributeName | None = Field(None, description="Adds up this number attribute.")
    max: AttributeName | None = Field(None, description="The largest value of this number attribute.")
    last: AttributeName | None = Field(None, description="The latest value of this number attribute.")
    distinct: AttributeName | None = Field(None, description="How many different values of this attribute.")
    per: Key | None = Field(None, description="Kept separately for each value of this attribute.")

    @property
    def measure(self) -> tuple[Way, str]:
        """How it is reckoned, and from which attribute; one that counts looks at none."""
        written = ((way, getattr(self, way)) for way in WAYS)
        return next(((way, name) for way, name in written if name is not None), ("count", ""))


def check_metric(one: Checked[Metric]) -> Iterator[Finding]:
    """Its name is its own, and what it takes of an activity is there."""
    metric = one.definition
    if one.key in NUMBERS or one.key in WORDS:
        yield Finding((), "metric.is_a_word", {"word": one.key}, at_key=True)
    written = tuple(way for way in WAYS if getattr(metric, way) is not None)
    if len(written) > 1:
        yield Finding((written[1],), "metric.ways", {"found": written}, at_key=True)
    shared = one.known.shared(metric.when)
    if shared is None:
        return
    for way in written:
        yield from attribute(one.known, way, getattr(metric, way), shared, of_numbers=way != "distinct")
    if metric.per is not None:
        yield from attribute(one.known, "per", metric.per, shared)


METRICS_SECTION = Section("metrics", "metric", Metric, check=check_metric)
