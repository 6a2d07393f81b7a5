"""From files to a document: three passes, and all of them always, so that one run shows everything.

1 files to values with their places (`source`, `tree`), and what experiences make of them (`expanding`) ·
2 each definition through its model (`fault`) · 3 the game as a whole (`check`). A definition with an error
is still checked for what it names.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path as File
from typing import Any

from pydantic import ValidationError

from besitos.game.basics import About
from besitos.game.checking.whole import Check, Written
from besitos.game.definition import Definition
from besitos.game.document import Document
from besitos.game.experience.expanding import Bodies, Making, make
from besitos.game.fault import GameWords, findings, salvage
from besitos.game.known import Known
from besitos.game.problem import Finding, Path, Problem, shown
from besitos.game.section import EXPERIENCES, OWN, TEMPLATES, Section, sources_of
from besitos.game.source import MOST_DEFINITIONS, Source, read_source
from besitos.game.units import KEY, MOST_KEY
from besitos.game.writing import row_of

FORMS = (TEMPLATES, EXPERIENCES)
"""Read first: what they make is read with all the rest."""


@dataclass(frozen=True)
class Reading:
    """A game as it was read: the document, or everything that is wrong with it, in order of place.

    `notes` are no errors: what an operator should know of a game that is in order.
    """

    source: Source
    document: Document | None = None
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    def placed(self, section: Section, key: str, finding: Finding) -> Problem:
        """What was found in a definition that is in order, at its place in the files."""
        return self.source.placed(_as_written(self.source, _path(section, key), finding))


def read(path: File, sections: Iterable[Section]) -> tuple[Document | None, list[Problem]]:
    """The game in a file or folder, or everything that is wrong with it, in order of place.

    `sections` are those of the mechanics; the game's own are always there.
    """
    reading = examine(path, sections)
    return reading.document, reading.problems


def read_texts(texts: Mapping[str, bytes], sections: Iterable[Section]) -> tuple[Document | None, list[Problem]]:
    """The same, of files that are already in memory: name → content."""
    reading = examine_texts(texts, sections)
    return reading.document, reading.problems


def examine(path: File, sections: Iterable[Section]) -> Reading:
    """The game in a file or folder, with what an operator should know of it besides errors."""
    return _reading(read_source(path, by_name(sections)))


def examine_texts(texts: Mapping[str, bytes], sections: Iterable[Section]) -> Reading:
    """The same, of files that are already in memory: name → content."""
    source = Source(next(iter(texts), "game"), by_name(sections))
    for name, data in texts.items():
        source.add(name, data)
    return _reading(source)


def by_name(sections: Iterable[Section]) -> Mapping[str, Section]:
    """The game's own sections and these, by the word at the top of the file."""
    return {section.name: section for section in (*OWN, *sections)}


def _reading(source: Source) -> Reading:
    document, problems = _document(source)
    reading = Reading(source, document, problems)
    if document is None:
        return reading
    return replace(reading, notes=sorted(_notes(reading, document), key=lambda note: note.place))


def _notes(reading: Reading, document: Document) -> Iterable[Problem]:
    """Sections that are read and kept and that nothing plays yet, and what waits for their events: each once."""
    bodies = reading.source.bodies()
    awaited: set[object] = set()
    for section in reading.source.sections.values():
        if section.is_pending and bodies.get(section.name):
            note = Finding((section.name,), "no_mechanic_yet", {"section": section.name}, at_key=True)
            yield reading.source.placed(note)
        for key, definition in document.all(section.kind).items():
            for note in Check.notes(Written(section, key, definition)):
                if note.values["kind"] not in awaited:
                    awaited.add(note.values["kind"])
                    yield reading.placed(section, key, note)


def _document(source: Source) -> tuple[Document | None, list[Problem]]:
    bodies: Bodies = source.bodies()
    if source.body(("game",)) is None and not source.is_broken:
        source.report((), Finding(("game",), "game.missing"))
    if sum(map(len, bodies.values())) > MOST_DEFINITIONS:
        source.report((), Finding((), "game.too_many", {"most": MOST_DEFINITIONS}))
        return None, source.told()
    forms = tuple(_definitions(source, bodies, FORMS))
    made = make(source, forms, bodies)
    source.made = made.parts
    bodies = _with_made(bodies, made)
    others = (section for section in source.sections.values() if section not in FORMS)
    written = (*_definitions(source, bodies, others), *forms, *_expected(source, made))
    check = _check(source, written)
    for one in written:
        for finding in check.findings(one):
            source.report((), _as_written(source, _path(one.section, one.key), finding))
    problems = source.told()
    if problems:
        return None, problems
    rows = {
        (one.section.kind, one.key): row_of(one.definition, _words(bodies, one), _maker(made, one))
        for one in written
        if one.key in bodies.get(one.section.name, {})
    }
    definitions = check.known.definitions
    return Document(definitions, rows, sources_of(source.sections.values(), definitions)), []


def _with_made(bodies: Bodies, made: Making) -> Bodies:
    """What is written, and what experiences make: from here on all of it is read alike."""
    merged = {name: dict(written) for name, written in bodies.items()}
    for (section, key), part in made.parts.items():
        merged.setdefault(section, {})[key] = part.body
    return merged


def _expected(source: Source, made: Making) -> Iterable[Written]:
    """What a wrong experience would have made: nothing is known of it but that it is meant to be there."""
    for name, key in sorted(made.expected):
        if (section := source.sections.get(name)) is not None:
            yield Written(section, key, section.model.model_construct(_fields_set=set()), is_whole=False)


def _maker(made: Making, one: Written) -> str | None:
    part = made.parts.get((one.section.name, one.key))
    return None if part is None else part.experience


def _definitions(source: Source, bodies: Bodies, sections: Iterable[Section]) -> Iterable[Written]:
    """The second pass: whole definitions, and of the wrong ones the parts that are right."""
    currencies = frozenset(bodies.get("currencies", {})) | frozenset(source.sections["currencies"].defaults)
    words = GameWords(currencies, frozenset(bodies.get("metrics", {})))
    for section in sections:
        for key, body in {**section.defaults, **bodies.get(section.name, {})}.items():
            path = _path(section, key)
            _check_key(source, section, path, key)
            if body is None:
                continue
            laid = {**section.defaults.get(key, {}), **body} if isinstance(body, Mapping) else body
            try:
                yield Written(section, key, section.model.model_validate(laid))
            except ValidationError as error:
                for finding in findings(section.model, error, words):
                    source.report(path, finding)
                right: Mapping[str, Any] = laid if isinstance(laid, Mapping) else {}
                yield Written(section, key, salvage(section.model, right, error), is_whole=False)


def _check_key(source: Source, section: Section, path: Path, key: str) -> None:
    if re.fullmatch(section.key, key):
        return
    if re.fullmatch("[a-z][a-z0-9_]*", key) and len(key) > MOST_KEY:
        source.report(path, Finding((), "key.too_long", {"found": shown(key), "most": MOST_KEY}, at_key=True))
        return
    code = "key.wrong" if section.key == KEY else "kind.wrong"
    source.report(path, Finding((), code, {"found": shown(key)}, at_key=True))


def _check(source: Source, written: tuple[Written, ...]) -> Check:
    definitions: dict[str, dict[str, Definition]] = {}
    for one in written:
        if one.is_whole or one.section.kind == "activity":
            definitions.setdefault(one.section.kind, {})[one.key] = one.definition
    failed = frozenset((one.section.kind, one.key) for one in written if not one.is_whole)
    about = next((one.definition for one in written if isinstance(one.definition, About)), None)
    kinds = frozenset(section.kind for section in source.sections.values())
    return Check(Known(definitions, failed, kinds, source.is_broken), written, source.sections, about)


def _words(bodies: Bodies, one: Written) -> frozenset[str]:
    body = bodies[one.section.name][one.key]
    return frozenset(body) if isinstance(body, Mapping) else frozenset()


def _path(section: Section, key: str) -> Path:
    return (section.name,) if section.single else (section.name, key)


def _as_written(source: Source, base: Path, finding: Finding) -> Finding:
    """A list of one may have been written as its only value, and then has no number."""
    path = finding.path
    if path and path[-1].isdigit() and not source.is_written((*base, *path)):
        path = path[:-1]
    return replace(finding, path=(*base, *path))
