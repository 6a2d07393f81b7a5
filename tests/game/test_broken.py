"""Broken games: every sentence that an operator reads of them, word by word, in English and in Spanish."""

import re
from pathlib import Path

import pytest

from tests.game.report import REPORT, cases, said


def chapters() -> dict[str, str]:
    parts = re.split(r"^(?=## \d\d\. )", REPORT.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return {part[3:5]: part.strip() for part in parts}


@pytest.mark.parametrize("game", cases(), ids=lambda game: game.stem)
def test_a_broken_game_says_what_the_report_says(game: Path) -> None:
    assert said(game).strip() == chapters()[game.stem]


def test_the_report_has_no_chapter_without_a_game() -> None:
    assert set(chapters()) == {game.stem for game in cases()}
