"""Over which versions of the game a metric has been counted, live or over the past, so that none is counted twice.

A unit is one metric by its stored name, or one window of it (`mensajes@1a2b3c day`): either may come to be alone, go,
and come back.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec

from besitos.game.asking import Vocabulary, spans_asked
from besitos.game.document import Document

NEVER = (-1,)
"""How a unit stands that was never counted: version 0, before the first game, is not covered either."""

NO_WINDOWS = frozenset({"last", "distinct"})
"""These answer for any period without buckets."""


class Unit(NamedTuple):
    """A metric as it is kept, or the window of that name of it."""

    stored: str
    span: str = ""

    @property
    def name(self) -> str:
        """As it is written down."""
        return f"{self.stored} {self.span}" if self.span else self.stored


class Covered(msgspec.Struct, frozen=True):
    """Up to which version the past is computed, and of each unit: up to which one, and in which later ones it lived."""

    version: int = 0
    of: Mapping[str, tuple[int, ...]] = {}

    @classmethod
    def until(cls, version: int, document: Document) -> "Covered":
        """All that `document`, which is this version, counts has been computed."""
        return cls(version, {unit.name: (version,) for unit in units_of(document)})

    def gaps(
        self, units: frozenset[Unit], between: Mapping[int, frozenset[Unit]], version: int
    ) -> Mapping[range, frozenset[Unit]]:
        """What must be computed for `version`, which counts these units: ranges of versions, and the units they lack.

        `between` are the versions that came since. Each range is as long as it will ever be: computing it has a name
        that outlives an interruption and further versions.
        """
        found: dict[range, set[Unit]] = {}
        for unit in units:
            for gap in self._lacking(unit, between, version):
                found.setdefault(gap, set()).add(unit)
        return {gap: frozenset(found[gap]) for gap in sorted(found, key=lambda each: (each.start, each.stop))}

    def onward(self, units: frozenset[Unit], between: Mapping[int, frozenset[Unit]], version: int) -> "Covered":
        """The same once `version` and what it lacked has been computed."""
        of = dict(self.of)
        for number, lived in sorted(between.items()):
            for unit in lived - units:
                of[unit.name] = (*of.get(unit.name, NEVER), number)
        return Covered(version, of | {unit.name: (version,) for unit in units})

    def _lacking(self, unit: Unit, between: Mapping[int, frozenset[Unit]], version: int) -> Iterator[range]:
        until, *lived = self.of.get(unit.name, NEVER)
        start = until + 1
        for number in (*lived, *sorted(number for number, units in between.items() if unit in units), version):
            if start < number:
                yield range(start, number)
            start = number + 1


def units_of(document: Document) -> frozenset[Unit]:
    """What a game counts."""
    words = Vocabulary(document)
    windows = (
        Unit(words.stored.get(name, name), span.name)
        for name, spans in spans_asked(document).items()
        if words.takes.get(name) not in NO_WINDOWS
        for span in spans
    )
    return frozenset((*map(Unit, words.stored.values()), *windows))
