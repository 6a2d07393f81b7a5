"""Fixtures for the command line: commands called in this process, on each kind of database."""

import os
from pathlib import Path

import pytest

from tests.cli.calling import GAME, Call


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment without settings of anybody's, speaking English, in a folder of its own."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "FORCE_COLOR", "HOST", "PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BESITOS_LANGUAGE", "en")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def besitos(capsys: pytest.CaptureFixture[str]) -> Call:
    """The command, called as a function."""
    return Call(capsys)


@pytest.fixture
def house(besitos: Call, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Call:
    """The command in a house that has a game, on each kind of database."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    return _with_game(besitos)


@pytest.fixture
def small_house(besitos: Call, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Call:
    """The same on SQLite alone, for what has nothing to do with the database."""
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    return _with_game(besitos)


def _with_game(besitos: Call) -> Call:
    Path("game.yaml").write_text(GAME)
    besitos.well("game", "apply", "game.yaml")
    assert os.environ["DATABASE_URL"], "the house stands in a database of the test"
    return besitos
