"""Game documents as files: reading one, keeping its text, and bringing it into force."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import besitos
from besitos.apps.compose import Besitos
from besitos.core.clock import SystemClock
from besitos.engine.editing.drafts import Drafts
from besitos.engine.editing.manager import Applied, BrokenGameError, EditedElsewhereError, Manager, Signature
from besitos.game.document import Document
from besitos.game.lint import lint
from besitos.game.problem import Problem
from besitos.game.reader import examine, read
from besitos.game.source import SUFFIXES
from besitos.mechanics import SECTIONS

EXAMPLES = Path(besitos.__file__).parent / "examples"

FIRST_GAME = EXAMPLES / "diana"
"""The game that a new house starts with: a whole one, so that there is something of everything to be seen."""


def problems_of(path: Path) -> list[Problem]:
    """Everything that is wrong with the game in a file or folder."""
    _, problems = read(path, SECTIONS)
    return problems


def read_game(path: Path) -> Document:
    """The game in a file or folder, which must be in order."""
    return examine_game(path)[0]


def examine_game(path: Path) -> tuple[Document, list[Problem]]:
    """The same, and what is in order and worth a look all the same."""
    reading = examine(path, SECTIONS)
    if reading.document is None:
        raise BrokenGameError(reading.problems)
    return reading.document, [*reading.notes, *lint(reading, SystemClock().now())]


def texts_of(path: Path) -> dict[str, str]:
    """The files of a game as they are, comments and all, by the names under which problems are told."""
    if not path.is_dir():
        return {path.name: path.read_text(encoding="utf-8-sig")}
    return {str(file.relative_to(path)): file.read_text(encoding="utf-8-sig") for file in _files(path)}


def manager_of(house: Besitos) -> Manager:
    """Who brings documents into force here."""
    return Manager(house.store, house.clock, SECTIONS)


def drafts_of(house: Besitos) -> Drafts:
    """Who keeps documents that are not in force."""
    return Drafts(house.store, house.clock, manager_of(house))


def moment_of(text: str, document: Document) -> datetime | None:
    """`2026-12-01 18:00` in the zone of the game, or with a zone of its own; None if it is neither."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=document.calendar.zone)


async def apply_first_game(house: Besitos) -> Applied | None:
    """Start a house that has no game yet with the first one. None where there is one, or another process was first."""
    if await house.store.versions.latest():
        return None
    try:
        applied = await manager_of(house).apply(read_game(FIRST_GAME), Signature("besitos", FIRST_GAME.name), base=0)
    except EditedElsewhereError as rival:
        await house.games.catch_up(rival.version)
        return None
    await house.games.catch_up(applied.version)
    return applied if applied.difference else None


def _files(path: Path) -> Iterator[Path]:
    """Those that the reader of a folder reads."""
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if name[0] not in "._")
        yield from (Path(folder, name) for name in sorted(names) if name[0] not in "._" and name.endswith(SUFFIXES))
