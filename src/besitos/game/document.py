"""The game document, read: definitions by kind and key, and the rows in which they are stored."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TypeVar

from pydantic import ValidationError

from besitos.core.calendar import Calendar
from besitos.game.basics import About, ActivityKind, Currency
from besitos.game.catalogue import Attributes
from besitos.game.definition import Definition
from besitos.game.known import Known
from besitos.game.section import OWN, Section, sources_of
from besitos.game.text import EVERY, Text
from besitos.game.writing import written_of

D = TypeVar("D", bound=Definition)

NOTHING: Mapping[str, Definition] = MappingProxyType({})


@dataclass(frozen=True)
class Edition:
    """What a definition said from one version of the game on, up to the next edition."""

    key: str
    since: int
    row: str
    shape: type[Definition]

    @cached_property
    def definition(self) -> Definition | None:
        """What it said, as the program reads it now; None where it no longer does: nobody can mend what once was."""
        try:
            return self.shape.model_validate(written_of(self.row))
        except ValidationError:
            return None


@dataclass(frozen=True)
class Document:
    """All definitions of a game, those that every game has included.

    `rows` is what a version stores: (kind, key) → what the operator wrote, in canonical JSON. Settings
    stand under the name of their section, as kind and as key. What an active experience makes are rows too, which
    name it under `made_by`. `sources` are the names under which it pays. `editions` are those of
    definitions that are outlived by what began under them, the present ones included, in order.
    """

    definitions: Mapping[str, Mapping[str, Definition]]
    rows: Mapping[tuple[str, str], str]
    sources: frozenset[str]
    editions: Mapping[tuple[str, str], tuple[Edition, ...]] = field(default_factory=dict)

    @classmethod
    def from_rows(
        cls,
        rows: Mapping[tuple[str, str], str],
        sections: Iterable[Section],
        past: Iterable[tuple[tuple[str, str], int, str]] = (),
        before: "Document | None" = None,
    ) -> "Document":
        """The document that was stored. Rows of a kind that nothing here reads are kept, out of play.

        `past` is what was stored in every version, in order: kind and key, since which version, and the row. What was
        read already, in the document `before`, is not read again.

        Raises pydantic's ValidationError where a row is not what this program stored.
        """
        known = (*OWN, *sections)
        definitions: dict[str, dict[str, Definition]] = {}
        for section in known:
            written = {key: row for (kind, key), row in rows.items() if kind == section.kind}
            for key in {**section.defaults, **written}:
                row = written.get(key)
                made = _as_before(before, section, key, row) if before is not None else None
                definitions.setdefault(section.kind, {})[key] = made or _read(section, key, row)
        shapes = {section.kind: section.model for section in known}
        editions: dict[tuple[str, str], tuple[Edition, ...]] = {}
        for name, since, row in past:
            editions[name] = (*editions.get(name, ()), Edition(name[1], since, row, shapes[name[0]]))
        return cls(definitions, dict(rows), sources_of(known, definitions), editions)

    def has_ever(self, kind: str) -> bool:
        """Whether any version had definitions of this kind: what began under one goes on without it."""
        return bool(self.all(kind)) or any(each == kind for each, _ in self.editions)

    def since(self, kind: str, key: str) -> int:
        """The version since which a definition stands as it does."""
        editions = self.editions.get((kind, key), ())
        return editions[-1].since if editions else 0

    def outlived(self, kind: str) -> Iterator[Edition]:
        """What definitions of a kind said once, and say no longer."""
        for (its_kind, key), editions in self.editions.items():
            if its_kind == kind:
                yield from (each for each in editions if each.row != self.rows.get((kind, key)))

    def edition(self, kind: str, key: str, version: int) -> Edition | None:
        """What a definition said under a version; None if nothing is known of that."""
        found = [each for each in self.editions.get((kind, key), ()) if each.since <= version]
        return found[-1] if found else None

    def all(self, kind: str) -> Mapping[str, Definition]:
        """The definitions of a kind, by key."""
        return self.definitions.get(kind, NOTHING)

    def find(self, kind: str, key: str, shape: type[D]) -> D | None:
        """The definition of this key, which is of this shape; None where there is none."""
        found = self.all(kind).get(key)
        return found if isinstance(found, shape) else None

    def in_order(self, kind: str, shape: type[D], language: str) -> dict[str, D]:
        """The definitions of a kind, which are of this shape, as menus in this language show them."""

        def place(each: tuple[str, D]) -> tuple[int, str, str]:
            key, made = each
            return made.order, key if made.name is None else made.name.in_language(language, self.about.language), key

        found = [(key, made) for key, made in self.all(kind).items() if isinstance(made, shape)]
        return dict(sorted(found, key=place))

    @cached_property
    def about(self) -> About:
        """What the game says of itself; a game of no rows has a name all the same."""
        found = self.all("game").get("game")
        return found if isinstance(found, About) else About(name=Text({EVERY: "besitos"}))

    @cached_property
    def calendar(self) -> Calendar:
        """The days of the game, in its zone."""
        return Calendar(self.about.zone, self.about.day_begins)

    @cached_property
    def currencies(self) -> Mapping[str, Currency]:
        """Every currency, `besitos` and `xp` among them."""
        return {key: made for key, made in self.all("currency").items() if isinstance(made, Currency)}

    @cached_property
    def activities(self) -> Mapping[str, ActivityKind]:
        """The kinds of activities that the game declares."""
        return {key: made for key, made in self.all("activity").items() if isinstance(made, ActivityKind)}

    @property
    def kinds(self) -> Mapping[str, Attributes]:
        """Every kind of activity that is known, with what it may carry."""
        return self._known.attributes

    def attributes_of(self, kind: str) -> Attributes | None:
        """What an activity of this kind may carry; None if nothing is known of the kind."""
        return self._known.attributes.get(kind)

    def filterable_of(self, kind: str) -> Attributes | None:
        """What `where` and `per` may ask of this kind: what it carries, and what is known of every activity."""
        return self._known.filterable.get(kind)

    @cached_property
    def _known(self) -> Known:
        return Known(self.definitions)


def _read(section: Section, key: str, row: str | None) -> Definition:
    """What an operator wrote, or nobody, over what every game has."""
    body = {} if row is None else written_of(row)
    return section.model.model_validate({**section.defaults.get(key, {}), **body})


def _as_before(before: Document, section: Section, key: str, row: str | None) -> Definition | None:
    """The definition, if it was read from this very row before, or from none: frozen, it may be shared."""
    return before.all(section.kind).get(key) if before.rows.get((section.kind, key)) == row else None
