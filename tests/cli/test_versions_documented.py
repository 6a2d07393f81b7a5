"""The guide to versions does what it says: its commands run, in their order."""

import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.calling import GAME, PROGRAM, Call

GUIDE = (Path(__file__).parents[2] / "docs" / "versions.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL)


@pytest.fixture
def five_versions(small_house: Call) -> Call:
    """A house that is at its fifth version, with the next game in a folder."""
    for number in range(3, 7):
        Path("next.yaml").write_text(GAME.replace("besitos: 2", f"besitos: {number}"))
        small_house.well("game", "apply", "next.yaml")
    Path("juego").mkdir()
    Path("juego/all.yaml").write_text(GAME)
    return small_house


def test_the_commands_of_the_guide_run(five_versions: Call) -> None:
    soon = datetime.now(UTC) + timedelta(days=400)
    script = "\n".join(BLOCKS).replace("2026-12-01 18:00", f"{soon:%Y-%m-%d %H:%M}")
    script = script.replace("2026-12-02-0000", f"{soon:%Y-%m-%d-%H%M}").replace("--folder juego", "--folder exported")

    ran = subprocess.run(
        ["bash", "-euc", f'besitos() {{ "{PROGRAM[0]}" -m besitos "$@"; }}\n{script}'],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert five_versions.json("game", "history")[1]["reason"] == "back to version 3"
