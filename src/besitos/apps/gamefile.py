"""Game documents as files: reading one, and bringing it into force."""

from pathlib import Path

import besitos
from besitos.apps.compose import Besitos
from besitos.engine.manager import Applied, EditedElsewhereError, Manager, Signature
from besitos.game.document import Document
from besitos.game.problem import Problem
from besitos.game.reader import read
from besitos.mechanics import SECTIONS

FIRST_GAME = Path(besitos.__file__).parent / "examples" / "primero.yaml"
"""The small game that a new house starts with."""


class BrokenGameError(Exception):
    """The document is not in order. `problems` say where and why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(len(problems))
        self.problems = problems


def read_game(path: Path) -> Document:
    """The game in a file or folder, which must be in order."""
    document, problems = read(path, SECTIONS)
    if document is None or problems:
        raise BrokenGameError(problems)
    return document


def manager_of(house: Besitos) -> Manager:
    """Who brings documents into force here."""
    return Manager(house.store, house.clock, SECTIONS)


async def apply_first_game(house: Besitos) -> Applied | None:
    """Start a house that has no game yet with the small one. None where there is one, or another process was first."""
    if await house.store.versions.latest():
        return None
    try:
        applied = await manager_of(house).apply(read_game(FIRST_GAME), Signature("besitos", FIRST_GAME.name), base=0)
    except EditedElsewhereError as rival:
        await house.games.catch_up(rival.version)
        return None
    await house.games.catch_up(applied.version)
    return applied
