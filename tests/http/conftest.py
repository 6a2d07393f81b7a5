"""The API on each database, with a small game in force."""

from collections.abc import AsyncIterator

import pytest

from besitos.apps.api import create_app
from besitos.apps.compose import open_besitos
from besitos.apps.settings import Settings
from besitos.engine.editing.manager import Manager, Signature
from besitos.mechanics import SECTIONS
from besitos.store.database import open_store
from tests.http.caller import ALL_SCOPES, Api, Caller
from tests.world import SetClock, document

GAME = """
game: {name: Prueba}
activities:
  salary.paid: {}
  lesson.done: {attributes: {lesson: text, minutes: number, passed: boolean, at_home: boolean}}
daily_gift: {pays: {besitos: 10, xp: 5}}
rules:
  message: {when: message.posted, pays: {besitos: 2}, limit: 3/day}
  salary: {when: salary.paid, pays: {besitos: 100}}
  lesson: {when: lesson.done, pays: {xp: 1}}
"""


async def apply_game(url: str, clock: SetClock, text: str = GAME) -> None:
    """Bring a game into force."""
    store = await open_store(url)
    await Manager(store, clock, SECTIONS).apply(document(text), Signature("test"))
    await store.close()


async def opened(url: str) -> AsyncIterator[Api]:
    """An application on the database of `url`."""
    clock = SetClock()
    await apply_game(url, clock)
    async with open_besitos(url, clock, connections=8) as besitos:
        app = await create_app(besitos, Settings(language="en"))
        api = Api(app, besitos, clock)
        yield api
        await api.http.aclose()


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[Api]:
    """The API on each kind of database."""
    async for each in opened(database_url):
        yield each


@pytest.fixture
async def light(sqlite_url: str) -> AsyncIterator[Api]:
    """The API on SQLite, for what no database has a part in."""
    async for each in opened(sqlite_url):
        yield each


@pytest.fixture
async def server(postgres_url: str) -> AsyncIterator[Api]:
    """The API on PostgreSQL, for what no file has a part in."""
    async for each in opened(postgres_url):
        yield each


@pytest.fixture
async def shop(api: Api) -> Caller:
    """A caller who may do everything."""
    return await api.client(*ALL_SCOPES, name="shop")


@pytest.fixture
async def app(light: Api) -> Caller:
    """A caller who may do everything, on SQLite."""
    return await light.client(*ALL_SCOPES, name="app")
