"""From files to a document: three passes, and all of them always, so that one run shows everything.

1 files to values with their places (`source`, `tree`) · 2 each definition through its model (`fault`) ·
3 the game as a whole (`check`). A definition with an error is still checked for what it names.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path as File
from typing import Any

from pydantic import ValidationError

from besitos.game.basics import About
from besitos.game.check import Check, Written
from besitos.game.definition import Definition
from besitos.game.document import Document
from besitos.game.fault import findings, salvage
from besitos.game.known import Known
from besitos.game.problem import Finding, Path, Problem, shown
from besitos.game.section import OWN, Section, sources_of
from besitos.game.source import MOST_DEFINITIONS, Source, read_source
from besitos.game.units import KEY, MOST_KEY
from besitos.game.writing import row_of


def read(path: File, sections: Iterable[Section]) -> tuple[Document | None, list[Problem]]:
    """The game in a file or folder, or everything that is wrong with it, in order of place.

    `sections` are those of the mechanics; the game's own are always there.
    """
    source = read_source(path, by_name(sections))
    return _document(source)


def read_texts(texts: Mapping[str, bytes], sections: Iterable[Section]) -> tuple[Document | None, list[Problem]]:
    """The same, of files that are already in memory: name → content."""
    source = Source(next(iter(texts), "game"), by_name(sections))
    for name, data in texts.items():
        source.add(name, data)
    return _document(source)


def by_name(sections: Iterable[Section]) -> Mapping[str, Section]:
    """The game's own sections and these, by the word at the top of the file."""
    return {section.name: section for section in (*OWN, *sections)}


def _document(source: Source) -> tuple[Document | None, list[Problem]]:
    bodies = source.bodies()
    if source.body(("game",)) is None and not source.is_broken:
        source.report((), Finding(("game",), "game.missing"))
    if sum(map(len, bodies.values())) > MOST_DEFINITIONS:
        source.report((), Finding((), "game.too_many", {"most": MOST_DEFINITIONS}))
        return None, source.told()
    written = tuple(_definitions(source, bodies))
    check = _check(source, written)
    for one in written:
        for finding in check.findings(one):
            source.report((), _as_written(source, _path(one.section, one.key), finding))
    problems = source.told()
    if problems:
        return None, problems
    rows = {
        (one.section.kind, one.key): row_of(one.definition, _words(bodies, one))
        for one in written
        if one.key in bodies.get(one.section.name, {})
    }
    definitions = check.known.definitions
    return Document(definitions, rows, sources_of(source.sections.values(), definitions)), []


def _definitions(source: Source, bodies: Mapping[str, Mapping[str, object]]) -> Iterable[Written]:
    """The second pass: whole definitions, and of the wrong ones the parts that are right."""
    currencies = frozenset(bodies.get("currencies", {})) | frozenset(source.sections["currencies"].defaults)
    for section in source.sections.values():
        for key, body in {**section.defaults, **bodies.get(section.name, {})}.items():
            path = _path(section, key)
            _check_key(source, section, path, key)
            if body is None:
                continue
            laid = {**section.defaults.get(key, {}), **body} if isinstance(body, Mapping) else body
            try:
                yield Written(section, key, section.model.model_validate(laid))
            except ValidationError as error:
                for finding in findings(section.model, error, currencies):
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
    return Check(Known(definitions, failed), written, source.sections, about, source.is_broken)


def _words(bodies: Mapping[str, Mapping[str, object]], one: Written) -> frozenset[str]:
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
