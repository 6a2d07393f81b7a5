"""The tutorials do what they say: their commands run, in their order, and the lines that they promise are said."""

import re
import subprocess
from pathlib import Path

import pytest

from besitos.apps.gamefile import EXAMPLES
from tests.cli.calling import PROGRAM

DOCS = Path(__file__).parents[2] / "docs"
TUTORIALS = ("tutorial-primer-juego.md", "tutorial-first-game.md")


def blocks(tutorial: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (DOCS / tutorial).read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("tutorial", TUTORIALS)
def test_a_reward_is_changed_planned_found_fault_with_applied_explained_and_rolled_back(
    tutorial: str, tmp_path: Path
) -> None:
    (tmp_path / "examples").symlink_to(EXAMPLES)
    script = "\n".join(blocks(tutorial, "sh"))

    ran = subprocess.run(
        ["bash", "-euc", f'besitos() {{ "{PROGRAM[0]}" -m besitos "$@"; }}\n{script}'],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )

    said = ran.stdout + ran.stderr
    assert ran.returncode == 0, said
    promised = [line for block in blocks(tutorial, "text") for line in block.splitlines()]
    assert len(promised) > 10
    assert [line for line in promised if line not in said] == [], said


def test_both_tutorials_give_the_same_commands() -> None:
    spanish, english = (re.findall(r"\bbesitos (?:game )?[a-z]+", one) for one in map(_script, TUTORIALS))

    assert spanish == english


def _script(tutorial: str) -> str:
    return "\n".join(blocks(tutorial, "sh"))
