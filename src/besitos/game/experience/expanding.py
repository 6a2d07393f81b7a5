"""From forms to definitions: active experiences make their parts before definitions are read.

What is made is read and checked like all that is written; what is wrong with it is told at the experience.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from besitos.game.checking.whole import Written
from besitos.game.experience.check import defaults_of, flaws
from besitos.game.experience.form import FormReader, broken_checks, is_so, scalars
from besitos.game.experience.hole import KEY_HOLE, Filling, Hole, KeyTwiceError, Scope, TooMuchError, pieces
from besitos.game.experience.made import MadePart
from besitos.game.experience.template import MADE, Experience, Template
from besitos.game.problem import Finding, Near, Path, shown
from besitos.game.reference import Reference
from besitos.game.section import Section
from besitos.game.source import MOST_DEFINITIONS, MOST_GAME, Source
from besitos.game.units import Moment

Bodies = Mapping[str, Mapping[str, object]]

_MOMENT: TypeAdapter[datetime] = TypeAdapter(Moment)


class Making(NamedTuple):
    """All that experiences make, by section and key.

    `expected` would be made if there were nothing wrong with its experience: it counts as existing.
    """

    parts: Mapping[Path, MadePart]
    expected: frozenset[Path]


def make(source: Source, forms: Iterable[Written], bodies: Bodies) -> Making:
    """Read every template and every form, tell what is wrong with them, and make what is active."""
    return _Maker(source, tuple(forms), bodies).make()


class _Plan(NamedTuple):
    """What one experience is to make, and whom its form names."""

    key: str
    template: str
    parts: tuple[tuple[Path, MadePart], ...]
    names: tuple[tuple[Path, Reference], ...]


class _Maker:
    """One reading of a document: the templates first, then the forms, then what is made of them all."""

    def __init__(self, source: Source, forms: tuple[Written, ...], bodies: Bodies) -> None:
        self.source = source
        self.forms = forms
        self.bodies = bodies
        self.language = _language(bodies)
        self.filling = Filling(MOST_GAME)
        self.is_full = False
        self.count = sum(map(len, bodies.values()))
        self.expected: set[Path] = set()
        self.sections = {section.kind: name for name, section in source.sections.items()}
        self.templates: dict[str, Written] = {}
        self.usable: set[str] = set()
        self.weights: dict[str, int] = {}

    def make(self) -> Making:
        self.templates = {one.key: one for one in self.forms if isinstance(one.definition, Template)}
        whole = {key: one for key, one in self.templates.items() if one.is_whole}
        self.weights = {key: _weight(one.definition.model_dump(exclude_unset=True)) for key, one in whole.items()}
        self.usable = {key for key, one in whole.items() if self._is_sound(one)}
        found = [(one, one.definition) for one in self.forms if isinstance(one.definition, Experience)]
        plans = [self._plan(one.key, made) if one.is_whole else self._fail(one.key, made) for one, made in found]
        self.expected |= {path for plan in plans for path, _ in plan.parts}
        self.usable &= {key for key in self.weights if self._has_defaults(key)}
        parts: dict[Path, MadePart] = {}
        for plan in plans:
            if self._are_there(plan) and plan.template in self.usable:
                self._lay(plan, parts)
        missing = (path for path in self.expected - parts.keys() if path[1] not in self.bodies.get(path[0], {}))
        return Making(parts, frozenset(missing))

    def _is_sound(self, one: Written) -> bool:
        template = one.definition
        assert isinstance(template, Template)
        unread = sorted(template.makes.keys() & MADE - self.source.sections.keys())
        found = list(flaws(template, self.language))
        found += [Finding(("makes", name), "section.not_yet", {"section": name}, at_key=True) for name in unread]
        for finding in found:
            self.source.report(("templates", one.key), finding)
        return not found

    def _plan(self, key: str, experience: Experience) -> _Plan:
        """Read one form, and fill the holes of its template if there is nothing wrong with either."""
        one = self.templates.get(experience.template)
        if one is None or not isinstance(one.definition, Template) or not one.is_whole:
            return self._fail(key, experience)
        reader = FormReader(self.language)
        try:
            parts = self._read(key, experience, one.definition, reader)
        except KeyTwiceError as error:
            self._tell(key, "experience.key_twice", word=shown(error.word))
            parts = None
        except TooMuchError:
            if not self.is_full:
                self._tell(key, "experience.too_much")
            self.is_full = True
            parts = None
        names = tuple(reader.names)
        return self._fail(key, experience, names) if parts is None else _Plan(key, one.key, parts, names)

    def _read(
        self, key: str, experience: Experience, template: Template, reader: FormReader
    ) -> tuple[tuple[Path, MadePart], ...] | None:
        """What the form makes of the template; None where something is wrong with either, which is told."""
        self.filling.spend(self.weights[experience.template])
        values = reader.fields(template.fields, experience.values, ("with",))
        found = reader.findings or list(broken_checks(template, values, self.language))
        for finding in found:
            self.source.report(("experiences", key), finding)
        if found or not reader.is_right or experience.template not in self.usable:
            return None
        return tuple(self._parts(key, experience, template, values)) if experience.status == "active" else ()

    def _parts(
        self, key: str, experience: Experience, template: Template, values: Mapping[str, Any]
    ) -> Iterator[tuple[Path, MadePart]]:
        scope = Scope({KEY_HOLE: key, **values}, self.language)
        seen = scalars(template.fields, values, self.language)
        for section, patterns in template.makes.items():
            for name, pattern in patterns.items():
                if not is_so(pattern.only_when, template.fields, seen):
                    continue
                written = ("templates", str(experience.template), "makes", section, name)
                for inner in (scope,) if pattern.each is None else scope.rows(pattern.each):
                    self._count()
                    path = (section, self.filling.words(name, inner))
                    filled = self.filling.fill(pattern.body, inner)
                    body = _bounded(filled, experience, self.source.sections[section])
                    yield path, MadePart(key, written, pattern.body, inner, body)

    def _count(self) -> None:
        self.count += 1
        if self.count > MOST_DEFINITIONS:
            raise TooMuchError

    def _fail(self, key: str, experience: Experience, names: tuple[tuple[Path, Reference], ...] = ()) -> _Plan:
        """Nothing is made; what would have been counts as existing, so that nobody who names it is told otherwise."""
        template = getattr(experience, "template", "")
        one = self.templates.get(template)
        makes = getattr(one.definition, "makes", {}) if one is not None else {}
        scope = Scope({KEY_HOLE: key}, self.language)
        if experience.status == "active" and len(self.expected) <= MOST_DEFINITIONS:
            keys = ((section, name) for section, patterns in makes.items() for name in patterns)
            self.expected |= {(section, scope.key(name)) for section, name in keys if _needs_key_only(name)}
        return _Plan(key, template, (), names)

    def _has_defaults(self, key: str) -> bool:
        """Whether the definitions that defaults name are there, which is known when it is known what is made."""
        template = self.templates[key].definition
        assert isinstance(template, Template)
        return self._all_exist(("templates", key), defaults_of(template, self.language).names)

    def _are_there(self, plan: _Plan) -> bool:
        return self._all_exist(("experiences", plan.key), plan.names)

    def _all_exist(self, base: Path, names: Iterable[tuple[Path, Reference]]) -> bool:
        missing = [(path, name) for path, name in names if not self._exists(name)]
        for path, name in missing:
            near = Near(name, self.bodies.get(self.sections[name.kind], {}))
            self.source.report(base, Finding(path, f"unknown.{name.kind}", {"key": shown(name)}, near=near))
        return not missing

    def _lay(self, plan: _Plan, parts: dict[Path, MadePart]) -> None:
        """Put what is made where nothing stands yet: a key is written by hand, or made, and made once."""
        for path, part in plan.parts:
            section, key = path
            if key in self.bodies.get(section, {}):
                at = str(self.source.place(("experiences", plan.key), at_key=True))
                values = {"experience": plan.key, "at": at}
                self.source.report(path, Finding((), "experience.edited_itself", values, at_key=True))
            elif path in parts:
                first = parts[path].experience
                at = str(self.source.place(("experiences", first), at_key=True))
                values = {"word": f"{section}.{shown(key)}", "experience": first, "at": at}
                self._tell(plan.key, "experience.made_twice", **values)
            else:
                parts[path] = part

    def _tell(self, key: str, code: str, /, **values: str) -> None:
        self.source.report(("experiences", key), Finding((), code, values, at_key=True))

    def _exists(self, name: Reference) -> bool:
        """Whether there is such a definition; of kinds that nothing here reads nobody can say."""
        section = self.sections.get(name.kind)
        if section is None or self.source.is_broken:
            return True
        return name in self.bodies.get(section, {}) or (section, str(name)) in self.expected


def _language(bodies: Bodies) -> str:
    """The language of the game, before its definition is read."""
    about = bodies.get("game", {}).get("game")
    language = about.get("language") if isinstance(about, Mapping) else None
    return language if isinstance(language, str) else "es"


def _weight(value: object) -> int:
    """How many values there are in a template: what it costs to read one form by it."""
    if isinstance(value, dict):
        return 1 + sum(map(_weight, value.values()))
    return 1 + sum(map(_weight, value)) if isinstance(value, (list, tuple)) else 1


def _needs_key_only(name: str) -> bool:
    return all(piece.word == KEY_HOLE for piece in pieces(name) if isinstance(piece, Hole))


def _bounded(body: dict[str, Any], experience: Experience, section: Section) -> dict[str, Any]:
    """The body inside the window of its experience, if it is of a kind that has a window."""
    if "starts" not in section.model.model_fields:
        return body
    bounds = {
        "from": _bound(body.get("from"), experience.starts, later=True),
        "until": _bound(body.get("until"), experience.ends, later=False),
    }
    window: dict[str, Any] = {word: moment for word, moment in bounds.items() if moment is not None}
    return {**body, **window, **({"paused": True} if experience.paused else {})}


def _bound(own: object, outer: datetime | None, *, later: bool) -> object:
    """The nearer of two bounds, as it is written; what cannot be read stays, and is told when the part is read."""
    if outer is None:
        return own
    try:
        inner = outer if own is None else _MOMENT.validate_python(own)
    except ValidationError:
        return own
    return _MOMENT.dump_python(max(inner, outer) if later else min(inner, outer))
