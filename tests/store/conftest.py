"""Databases that nobody has migrated yet."""

from pathlib import Path

import pytest


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'besitos.db'}"
    dsn: str = request.getfixturevalue("postgres_dsn")
    return dsn
