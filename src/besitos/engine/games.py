"""Which game is in force: read once, compiled, and followed when another process applies a new version."""

import asyncio
import secrets
from collections.abc import Iterable
from typing import Any, Protocol

from besitos.game.document import Document
from besitos.game.game import Game, compile_game
from besitos.game.mechanic import Mechanic
from besitos.store.protocol import Database
from besitos.store.versions import kept


class OutdatedGameError(Exception):
    """A batch found, under its locks, that another version is in force than the one it decides by."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


class Games(Protocol):
    """Where the engine gets its rules from."""

    def current(self) -> Game:
        """The newest game that this process knows."""

    async def catch_up(self, version: int) -> None:
        """Go by `version`."""


class FixedGame:
    """One game for ever: for rehearsals of a draft, and for tests."""

    def __init__(self, game: Game) -> None:
        self._game = game

    def current(self) -> Game:
        """The game."""
        return self._game

    async def catch_up(self, version: int) -> None:
        """There is no other."""
        message = f"version {version} of the game is in force; this engine was given {self._game.version}"
        raise AssertionError(message)


class StoredGames:
    """The game as the store has it."""

    def __init__(self, store: Database, mechanics: Iterable[Mechanic[Any]]) -> None:
        self._store = store
        self._mechanics = tuple(mechanics)
        self._sections = tuple(section for mechanic in self._mechanics for section in mechanic.sections)
        self._game: Game | None = None
        self._loading = asyncio.Lock()

    @classmethod
    async def open(cls, store: Database, mechanics: Iterable[Mechanic[Any]]) -> "StoredGames":
        """Read what is in force now."""
        games = cls(store, mechanics)
        await games.catch_up(await store.versions.latest())
        return games

    def current(self) -> Game:
        """The newest game that this process knows."""
        assert self._game is not None, "open() reads it first"
        return self._game

    async def catch_up(self, version: int) -> None:
        """Read and compile `version`, unless another caller has meanwhile."""
        async with self._loading:
            if self._game is not None and self._game.version == version:
                return
            rows = await self._store.versions.definitions(version)
            past = await self._store.versions.editions([each.kind for each in self._sections if each.outlives])
            document = Document.from_rows(rows, self._sections, past)
            seed = await kept(self._store, "seed", secrets.token_hex(16))
            self._game = compile_game(self._mechanics, document, version=version, seed=seed)
