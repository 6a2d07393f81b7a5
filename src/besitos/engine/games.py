"""Which game is in force: read once, compiled, and followed when another process applies a new version."""

import asyncio
import gc
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from besitos.game.document import Document
from besitos.game.game import Game, compile_game
from besitos.game.mechanic import Mechanic
from besitos.store.protocol import Database, Keyed, Raw
from besitos.store.versions import kept

GONE_AFTER = 1.0
"""Seconds after which nobody decides any more by a game that was replaced."""


RARELY = 100_000
"""Objects between two collections; Python's own habit is some hundreds."""


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
        """Read and compile `version`, unless another caller has meanwhile.

        In a thread, for a large game takes seconds: whoever must decide by it waits, and nobody else does.
        """
        async with self._loading:
            if self._game is not None and self._game.version == version:
                return
            rows = await self._store.versions.definitions(version)
            past = await self._store.versions.editions([each.kind for each in self._sections if each.outlives])
            seed = await kept(self._store, "seed", secrets.token_hex(16))
            before, made = self._game, await asyncio.to_thread(self._compile, version, seed, rows, past)
            self._game = made
            if before is not None:
                _let_go_of(before)

    def _compile(
        self, version: int, seed: str, rows: Mapping[Keyed, Raw], past: Iterable[tuple[Keyed, int, Raw]]
    ) -> Game:
        with _out_of_collections():
            document = Document.from_rows(rows, self._sections, past, self._game.document if self._game else None)
            return compile_game(self._mechanics, document, version=version, seed=seed)


@contextmanager
def _out_of_collections() -> Iterator[None]:
    """Leave what is made here out of every collection to come, in a process that works for long and collects rarely.

    It has no cycles and stays for long, and a single collection over a large game stops everybody for a second. The
    threshold tells what kind of process this is, for to ask how much is left out already counts all of it.
    """
    if gc.get_threshold()[0] < RARELY:
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _let_go_of(game: Game) -> None:
    """Free a game that was replaced piece by piece, in a thread: at once, it would stop everybody while it goes.

    Later, for whoever decided by it until now still holds all of it.
    """
    loop, pieces = asyncio.get_running_loop(), list(_pieces_of(game))
    loop.call_later(GONE_AFTER, lambda: loop.run_in_executor(None, _take_apart, pieces))


def _take_apart(pieces: list[object]) -> None:
    while pieces:
        pieces.pop()


def _pieces_of(game: Game) -> Iterator[object]:
    """What most of a game consists of: its definitions, as they are written and as they are at work."""
    for definitions in game.document.definitions.values():
        yield from definitions.values()
    for handlers in game.handlers.values():
        yield from handlers.parts.values()
    for listeners in game.listeners.values():
        yield from listeners
    for readers in (game.followers, game.readers, game.boards):
        for each in readers.of.values():
            yield from each
