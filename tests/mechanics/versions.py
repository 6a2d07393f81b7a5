"""A game of several versions: applied one after the other while members play."""

from datetime import datetime

from besitos.engine.editing.manager import Manager, Signature
from besitos.engine.engine import Engine
from besitos.engine.games import StoredGames
from besitos.mechanics import MECHANICS, SECTIONS
from besitos.store.protocol import Database
from tests.auction import AUCTION
from tests.mechanics.scene import HEAD, MEXICO, Scene
from tests.world import SetClock, day, document


async def apply(store: Database, text: str) -> None:
    """Bring this game into force."""
    written = document(HEAD.format(zone=MEXICO, kinds="") + text)
    await Manager(store, SetClock(), SECTIONS).apply(written, Signature("tests"))


async def first_version(store: Database, text: str, now: datetime | None = None) -> Scene:
    """Members 1 to 20 in a game that may be changed."""
    clock = SetClock(now or day(40))
    await apply(store, text)
    return Scene(Engine(store, await StoredGames.open(store, (*MECHANICS, AUCTION)), clock), clock)
