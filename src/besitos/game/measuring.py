"""Measures at work: which activities count, at which value of an attribute, and what of them is taken."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from besitos.core.activity import Scalar
from besitos.core.metric import Takes
from besitos.core.number import Number, exact
from besitos.core.state import named
from besitos.core.view import View
from besitos.game.catalogue import Attributes
from besitos.game.document import Document
from besitos.game.filter import Filter, Match
from besitos.game.mechanic import Signal
from besitos.game.paying import attributes_of, known_among


class Measured(Protocol):
    """What a declared metric says of itself."""

    @property
    def when(self) -> Sequence[str]:
        """Kinds of activity that count."""

    @property
    def where(self) -> Mapping[str, Match]:
        """What their attributes must be."""

    @property
    def per(self) -> str | None:
        """The attribute it is kept per."""

    @property
    def measure(self) -> tuple[Takes, str]:
        """What it takes, and of which attribute."""


class Taken(NamedTuple):
    """What one activity adds to a metric: at which value of its `per`, how much, and, of `distinct`, which value."""

    value: str
    amount: Number
    word: str = ""


ONE = Taken("", 1)


@dataclass(frozen=True, slots=True)
class Measure:
    """One metric: from an activity to what it adds. `stored` is the name under which it is kept.

    One that `takes_all` counts every activity, and looks at none.
    """

    name: str
    stored: str
    topics: tuple[str, ...]
    takes: Takes
    attribute: str
    per: str
    filter: Filter
    known: frozenset[str]
    takes_all: bool

    @classmethod
    def of(cls, name: str, metric: Measured, document: Document, stored: str = "") -> "Measure":
        """The measure of a declared metric."""
        takes, attribute = metric.measure
        asked = frozenset({*metric.where, attribute, metric.per or ""}) - {""}
        types = types_of(document, metric.when)
        test = Filter(metric.where, types)
        topics, per = tuple(metric.when), metric.per or ""
        return cls(name, stored or name, topics, takes, attribute, per, test, known_among(asked), takes_all=not asked)

    def taken(self, view: View, signal: Signal) -> Taken | None:
        """What this activity adds; None if it is not meant, or lacks what is looked at."""
        if self.takes_all:
            return ONE
        attributes = attributes_of(view, signal, self.known)
        if not self.filter.holds(attributes):
            return None
        subject = attributes.get(self.per) if self.per else ""
        if subject is None:
            return None
        value = named(subject) if self.per else ""
        return self._at(value, attributes) if self.attribute else Taken(value, 1)

    def _at(self, value: str, attributes: Mapping[str, Scalar]) -> Taken | None:
        found = attributes.get(self.attribute)
        if found is None:
            return None
        if self.takes == "distinct":
            return Taken(value, 1, named(found))
        return None if isinstance(found, (str, bool)) else Taken(value, exact(found))


def types_of(document: Document, topics: Iterable[str]) -> Attributes:
    """The types of what activities of these kinds may carry."""
    return {name: kind for topic in topics for name, kind in (document.filterable_of(topic) or {}).items()}
