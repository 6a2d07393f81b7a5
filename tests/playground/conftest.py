"""A playground of its own for every test, with somebody in it."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from besitos.playground import Playground, User
from tests.playground.scene import Api, MovedClock, Receiver


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
async def playground(clock: MovedClock) -> AsyncIterator[Playground]:
    async with Playground(clock=clock, first_pause=0.01) as playground:
        yield playground


@pytest.fixture
async def api(playground: Playground) -> AsyncIterator[Api]:
    async with httpx2.AsyncClient(verify=False, trust_env=False) as client:
        yield Api(playground, client)


@pytest.fixture
async def ana(playground: Playground) -> User:
    """Somebody who has said /start."""
    ana = playground.person("Ana", username="ana")
    await playground.say(ana, "/start")
    return ana


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    yield receiver
    await receiver.stop()
