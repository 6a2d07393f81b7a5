"""The game as a whole: every name, every attribute, and what may stand where. Reports all; stops at nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from besitos.game.basics import About
from besitos.game.catalogue import LATER
from besitos.game.checking import amounts, conditions, filters, names
from besitos.game.checking.scene import Scene, Written
from besitos.game.checking.walk import walk
from besitos.game.condition import Fact
from besitos.game.definition import Definition
from besitos.game.filter import Where
from besitos.game.known import Checked, Known
from besitos.game.payout import Payout
from besitos.game.price import Price
from besitos.game.problem import Finding, Near, Path
from besitos.game.reference import Reference
from besitos.game.section import ALL, Section, sources_of
from besitos.game.text import EVERY, Text
from besitos.game.units import Limit

__all__ = ["Check", "Written"]


@dataclass(frozen=True)
class Check:
    """The third pass."""

    known: Known
    written: tuple[Written, ...]
    sections: Mapping[str, Section]
    about: About | None = None

    def findings(self, one: Written) -> Iterator[Finding]:
        """What is wrong with one definition, seen from the whole game."""
        scene = Scene.of(one, self.known)
        for path, value in walk(one.definition):
            yield from self._value(path, value, scene)
        yield from self._window(one.definition)
        if one.is_whole and one.section.check is not None:
            yield from one.section.check(Checked(one.key, one.definition, self.known))

    @staticmethod
    def notes(one: Written) -> Iterator[Finding]:
        """What is right and does nothing yet: kinds of events that nothing publishes so far."""
        for path, value in walk(one.definition):
            if isinstance(value, Reference) and value.kind == "activity" and value in LATER:
                yield Finding(path, "kind.not_yet", {"kind": value})

    def _value(self, path: Path, value: object, scene: Scene) -> Iterator[Finding]:
        match value:
            case Reference():
                yield from names.reference(self.known, path, value, self.sources)
            case Fact():
                yield from conditions.condition(path, value, scene)
                yield from self._flag((*path, "flag"), value.flag)
            case Payout():
                yield from amounts.payout(path, value, scene)
            case Price():
                yield from amounts.price(path, value, scene)
            case Limit():
                yield from amounts.limit(path, value, scene)
            case Where():
                yield from filters.where(path, value, scene)
            case Text():
                language = self.about.language if self.about is not None else "es"
                if EVERY not in value and language not in value:
                    yield Finding(path, "text.lacks_language", {"language": language})
            case _:
                for number, word in enumerate(getattr(value, "drops", ())):
                    yield from self._flag((*path, "drops", str(number)), word)

    def _flag(self, path: Path, word: str | None) -> Iterator[Finding]:
        """A flag needs no declaration; one that nothing sets is a misspelt one."""
        if word is not None and word not in self.flags and not self.known.is_broken:
            yield Finding(path, "flag.never_set", {"flag": word}, near=Near(word, self.flags))

    @cached_property
    def flags(self) -> frozenset[str]:
        """Every flag that some payout sets."""
        values = (value for one in self.written for _, value in walk(one.definition))
        return frozenset(flag for value in values if isinstance(value, Payout) for flag in value.flags)

    @cached_property
    def sources(self) -> frozenset[str]:
        """Every name under which this game can pay."""
        by_kind: dict[str, dict[str, Definition]] = {}
        for one in self.written:
            by_kind.setdefault(one.section.kind, {})[one.key] = one.definition
        return sources_of(self.sections.values(), by_kind) | {ALL}

    @staticmethod
    def _window(definition: Definition) -> Iterator[Finding]:
        starts, ends = getattr(definition, "starts", None), getattr(definition, "ends", None)
        if starts is not None and ends is not None and ends <= starts:
            yield Finding(("until",), "window.empty")
