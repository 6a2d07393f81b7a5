"""A stage for every test."""

from collections.abc import AsyncIterator

import pytest

from tests.bot.stage import Stage, stage


@pytest.fixture
async def scene(sqlite_url: str) -> AsyncIterator[Stage]:
    async with stage(sqlite_url) as made:
        yield made
