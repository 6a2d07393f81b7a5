"""The README does what it says: its commands run, in their order, in an empty home."""

import asyncio
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from besitos.apps.cli import app
from besitos.store import migrate

ROOT = Path(__file__).parents[1]
TEN_MINUTES = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Ten minutes")[2].partition("\n## ")[0]
BLOCKS = re.findall(r"```sh\n(.*?)```", TEN_MINUTES, re.DOTALL)


def home(folder: Path) -> dict[str, str]:
    """An environment in which nothing of this machine's user is known, and `besitos` is on the PATH."""
    scripts = Path(sys.executable).parent
    return {
        "PATH": f"{scripts}:{os.environ['PATH']}",
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder / "data"),
        "LANG": "en_US.UTF-8",
    }


@pytest.fixture
def kitchen(tmp_path: Path) -> Path:
    """A folder with what the commands expect beside them, and the database that `make run` would have made."""
    shutil.copytree(ROOT / "src" / "besitos" / "examples", tmp_path / "examples")
    data = tmp_path / "data" / "besitos"
    data.mkdir(parents=True)
    asyncio.run(migrate.upgrade(f"sqlite:///{data / 'besitos.db'}"))
    subprocess.run(
        ["besitos", "game", "apply", "examples/diana"], cwd=tmp_path, env=home(tmp_path), check=True, timeout=60
    )
    return tmp_path


def test_the_commands_of_the_first_ten_minutes_run(kitchen: Path) -> None:
    script = "set -eu\n" + "\n".join(BLOCKS)

    ran = subprocess.run(
        ["bash", "-c", script], cwd=kitchen, env=home(kitchen), capture_output=True, text=True, timeout=600, check=False
    )

    said = ran.stdout + ran.stderr
    assert ran.returncode == 0, said
    assert "+10 besitos" in said
    assert "insufficient_funds" in said
    assert "key_conflict" in said
    assert "mesage.posted" in said


def test_every_target_and_file_that_the_readme_names_exists() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    targets = set(re.findall(r"`make ([a-z-]+)", text))
    links = set(re.findall(r"\]\(([^)#:]+)\)", text))

    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_command_that_the_readme_lists_exists() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| [a-z ]+ \| `besitos( game)?` (.+) \|$", text, re.MULTILINE)
    paths = [(("game", name) if game else (name,)) for game, names in rows for name in re.findall(r"`([a-z]+)`", names)]
    program = get_command(app)

    assert len(paths) > 20
    assert [path for path in paths if _found(program, path) is None] == []


def _found(command: Any, path: tuple[str, ...]) -> Any:  # noqa: ANN401 - a group or a command of Typer's
    for name in path:
        command = command.get_command(None, name)
    return command
