"""The game as a whole: every name, every attribute, and what may stand where. Reports all; stops at nothing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pydantic import BaseModel

from besitos.game.basics import About
from besitos.game.catalogue import CHOICES, LATER, NAMING, Attributes
from besitos.game.definition import Definition
from besitos.game.fault import not_payable
from besitos.game.filter import Where
from besitos.game.known import Checked, Known
from besitos.game.payout import Payout
from besitos.game.problem import Finding, Near, Path, Value, shown
from besitos.game.reference import Reference
from besitos.game.section import ALL, SOURCES, Section, sources_of
from besitos.game.text import EVERY, Text
from besitos.game.units import Amount, Limit, Unit


@dataclass(frozen=True)
class Written:
    """One definition in its place. `is_whole` is off where only the parts that are right are left of it."""

    section: Section
    key: str
    definition: Definition
    is_whole: bool = True


@dataclass(frozen=True)
class Check:
    """The third pass. `is_broken` says that a file could not be read: what is missing may stand there."""

    known: Known
    written: tuple[Written, ...]
    sections: Mapping[str, Section]
    about: About | None = None
    is_broken: bool = False
    _kinds: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_kinds", frozenset(section.kind for section in self.sections.values()))

    def findings(self, one: Written) -> Iterator[Finding]:
        """What is wrong with one definition, seen from the whole game."""
        scene = _Scene.of(one, self.known)
        for path, value in _walk(one.definition, ()):
            yield from self._value(path, value, scene)
        yield from self._window(one.definition)
        if one.is_whole and one.section.check is not None:
            yield from one.section.check(Checked(one.key, one.definition, self.known))

    def _value(self, path: Path, value: object, scene: "_Scene") -> Iterator[Finding]:
        match value:
            case Reference():
                yield from self._reference(path, value)
            case Payout():
                yield from self._payout(path, value, scene)
            case Amount():
                yield from _amount(path, value, scene)
            case Limit():
                yield from self._limit(path, value, scene)
            case Where():
                yield from self._where(path, value, scene)
            case Text():
                language = self.about.language if self.about is not None else "es"
                if EVERY not in value and language not in value:
                    yield Finding(path, "text.lacks_language", {"language": language})

    def _reference(self, path: Path, name: Reference) -> Iterator[Finding]:
        if name.kind == "activity":
            if name not in self.known.filterable and not self.is_broken:
                code = "kind.not_yet" if name in LATER else "kind.unknown"
                yield Finding(path, code, {"kind": shown(name)}, near=Near(name, self.known.filterable))
        elif name.kind == "source":
            if name not in self.sources and not self.is_broken:
                code = "source.not_yet" if name in SOURCES else "source.unknown"
                yield Finding(path, code, {"source": shown(name)}, near=Near(name, self.sources))
        else:
            yield from self._named(path, name.kind, name)

    def _named(self, path: Path, kind: str, key: str) -> Iterator[Finding]:
        """A definition that must exist; of kinds that nothing here reads nobody can say."""
        if kind in self._kinds and not self.is_broken and not self.known.exists(kind, key):
            yield Finding(path, f"unknown.{kind}", {"key": shown(key)}, near=Near(key, self.known.all(kind)))

    def _payout(self, path: Path, payout: Payout, scene: "_Scene") -> Iterator[Finding]:
        if scene.is_whole and not payout.amounts and payout.bonus is None:
            yield Finding(path, "payout.nothing")
        for word in payout.amounts:
            if not self.known.exists("currency", word) and not self.is_broken:
                yield not_payable((*path, word), frozenset(self.known.all("currency")))

    def _limit(self, path: Path, limit: Limit, scene: "_Scene") -> Iterator[Finding]:
        if limit.currency is not None:
            yield from self._named(path, "currency", limit.currency)
        if limit.per is not None and scene.attributes is not None and limit.per not in scene.attributes:
            near = Near(limit.per, scene.attributes)
            yield Finding(path, "limit.no_attribute", {"name": limit.per}, near=near)

    def _where(self, path: Path, where: Where, scene: "_Scene") -> Iterator[Finding]:
        if scene.attributes is None:
            return
        for name, match in where.items():
            here = (*path, name)
            if name in scene.ambiguous:
                yield Finding(here, "where.two_types", {"name": name}, at_key=True)
                continue
            if name not in scene.attributes:
                near = Near(name, scene.attributes)
                yield Finding(here, "where.no_attribute", {"name": shown(name)}, at_key=True, near=near)
                continue
            kind = scene.attributes[name]
            misfits = tuple(match.misfits(kind))
            for value in misfits:
                yield Finding(here, f"where.not_{kind}", {"name": name, "found": shown(value)})
            if not misfits:
                yield from self._choices(here, name, [str(value) for value in match.values])

    def _choices(self, path: Path, name: str, written: Iterable[str]) -> Iterator[Finding]:
        """Attributes that can only be so many things, and those that name a definition."""
        for value in written:
            if name in CHOICES and value not in CHOICES[name]:
                choices = CHOICES[name]
                values: dict[str, Value] = {"found": shown(value), "choices": choices}
                yield Finding(path, "value.not_one_of", values, near=Near(value, choices))
            elif name in NAMING:
                yield from self._named(path, name, value)

    @cached_property
    def sources(self) -> frozenset[str]:
        """Every name under which this game can pay."""
        by_kind: dict[str, dict[str, Definition]] = {}
        for one in self.written:
            by_kind.setdefault(one.section.kind, {})[one.key] = one.definition
        return sources_of(self.sections.values(), by_kind) | {ALL}

    @staticmethod
    def _window(definition: Definition) -> Iterator[Finding]:
        if definition.starts is not None and definition.ends is not None and definition.ends <= definition.starts:
            yield Finding(("until",), "window.empty")


@dataclass(frozen=True)
class _Scene:
    """What happens where a value stands: the attributes that every kind of `when` has.

    `attributes` is None where nobody can say, `is_empty` where nothing happens that has any.
    """

    may_take: bool
    is_whole: bool
    attributes: Attributes | None = None
    is_empty: bool = False
    ambiguous: frozenset[str] = frozenset()

    @classmethod
    def of(cls, one: Written, known: Known) -> "_Scene":
        if "when" not in type(one.definition).model_fields:
            return cls(one.section.may_take, one.is_whole, is_empty=True)
        kinds = getattr(one.definition, "when", None) or ()
        tables = [known.filterable[kind] for kind in kinds if kind in known.filterable]
        if not tables or len(tables) < len(kinds):
            return cls(one.section.may_take, one.is_whole)
        shared = [name for name in tables[0] if all(name in table for table in tables)]
        differing = frozenset(name for name in shared if len({table[name] for table in tables}) > 1)
        attributes = {name: tables[0][name] for name in shared}
        return cls(one.section.may_take, one.is_whole, attributes, ambiguous=differing)


def _amount(path: Path, amount: Amount, scene: _Scene) -> Iterator[Finding]:
    for share in dict.fromkeys(amount.shares):
        if share.attribute is not None and scene.is_empty:
            yield Finding(path, "amount.no_activity", {"name": share.attribute})
        elif share.attribute is not None and scene.attributes is not None:
            numbers = [
                name for name, kind in scene.attributes.items() if kind == "number" and name not in scene.ambiguous
            ]
            if share.attribute not in numbers:
                near = Near(share.attribute, numbers)
                yield Finding(path, "amount.no_number", {"name": share.attribute}, near=near)
        if share.number < 0 and not scene.may_take:
            yield Finding(path, "amount.penalty")


def _walk(value: object, path: Path) -> Iterator[tuple[Path, object]]:
    """Every value that was written in a definition, with the path under which it was."""
    if isinstance(value, BaseModel):
        yield path, value
        for name in value.model_fields_set:
            field = type(value).model_fields.get(name)
            inner = getattr(value, name, None) if field is not None else (value.model_extra or {}).get(name)
            yield from _walk(inner, (*path, (field.alias or name) if field is not None else name))
    elif isinstance(value, (Unit, Reference, Where)):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _walk(inner, (*path, str(key)))
    elif isinstance(value, tuple):
        for number, inner in enumerate(value):
            yield from _walk(inner, (*path, str(number)))
