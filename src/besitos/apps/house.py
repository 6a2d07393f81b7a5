"""Starting a house: its database brought up to date, and a first game in it where there is none."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from besitos.apps.compose import Besitos, open_besitos
from besitos.apps.gamefile import apply_first_game
from besitos.apps.place import make_place
from besitos.apps.settings import Settings
from besitos.apps.terminal import Terminal
from besitos.store.migrate import HEAD, upgrade

CONNECTIONS = 8


@asynccontextmanager
async def started(settings: Settings, terminal: Terminal) -> AsyncIterator[Besitos]:
    """A besitos that is ready to be used, whatever it found."""
    url = settings.database_url
    make_place(url)
    before = await upgrade(url)
    if before != HEAD:
        terminal.say("cli.migrated" if before else "cli.database_made", before=before, revision=HEAD)
    async with open_besitos(url, connections=CONNECTIONS) as besitos:
        if await apply_first_game(besitos) is not None:
            terminal.say("cli.first_game")
        yield besitos
