"""The document of the language says what is so: its numbers, examples, messages and lists are those of the product."""

import re
from pathlib import Path

import pytest

from besitos.game.lint.registry import LINTS
from besitos.game.reader import read_texts
from besitos.game.section import OWN
from besitos.mechanics import SECTIONS
from tests.game.report import REPORT
from tests.oracle.sentences import CASES

TEXT = (Path(__file__).parents[1] / "docs" / "GAME-LANGUAGE.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
PLAYED = frozenset(("4", "5", "6", "7", "8", "10"))
"""Sections that say what happens to members, as every paragraph of §14 does. The others say how a game is written."""


def chapter(number: int) -> str:
    """What stands under a heading."""
    return TEXT.partition(f"\n## {number}. ")[2].partition("\n## ")[0]


def numbers() -> list[str]:
    """Every section, and every paragraph of the last one."""
    return [
        *re.findall(r"^## (\d+)\. ", TEXT, re.MULTILINE),
        *re.findall(r"^\*\*(14\.\d+) ", chapter(14), re.MULTILINE),
    ]


def test_sections_and_paragraphs_are_numbered_one_after_another() -> None:
    paragraphs = len(re.findall(r"^\*\*", chapter(14), re.MULTILINE))

    assert numbers() == [*map(str, range(1, 15)), *(f"14.{number}" for number in range(1, paragraphs + 1))]


def test_what_it_says_of_members_is_played_and_nothing_is_played_that_it_does_not_say() -> None:
    cited = {number for case in CASES for number in case.section.split(", ")}
    settled = {number for number in numbers() if number.startswith("14.")}

    assert sorted(cited - set(numbers())) == []
    assert sorted((PLAYED | settled) - cited) == []


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: " ".join(example.split())[:40])
def test_every_example_is_in_order_or_refused_as_it_says(example: str) -> None:
    wrong = re.match(r"# wrong: ([a-z_.]+)\n", example)
    game = example if re.search(r"^game:", example, re.MULTILINE) else f"game: {{name: Juego}}\n{example}"

    _, problems = read_texts({"juego.yaml": game.encode()}, SECTIONS)

    assert [problem.code for problem in problems] == ([wrong[1]] if wrong else [])


def test_there_are_examples_of_both_kinds() -> None:
    wrong = [example for example in EXAMPLES if example.startswith("# wrong: ")]

    assert len(EXAMPLES) > 10
    assert len(wrong) > 2


def test_what_it_says_of_mistakes_is_said() -> None:
    report = REPORT.read_text(encoding="utf-8")
    [messages] = re.findall(r"^```\n(.*?)^```$", chapter(11), re.DOTALL | re.MULTILINE)

    assert [line for line in messages.splitlines() if line.partition(": ")[2] not in report] == []


def test_it_lists_every_lint() -> None:
    listed = re.findall(r"`([a-z_]+)`", " ".join(re.findall(r"^\| (`.+?) \|", chapter(11), re.MULTILINE)))

    assert sorted(listed) == sorted(LINTS)


def test_it_lists_every_section_and_marks_those_that_nothing_plays() -> None:
    pairs = re.findall(r"\| ([a-z_]+)( °)? \| ([a-z_]+) (?=\|)", chapter(2).partition("|---")[2])
    sentence = re.search(r"^° and of the single ones (.*?):", chapter(2), re.MULTILINE)
    kinds = {section.name: section.kind for section in (*OWN, *SECTIONS) if not section.single}
    pending = {section.name for section in SECTIONS if section.is_pending}

    assert sentence is not None
    assert {name: kind for name, _, kind in pairs} == kinds
    assert {name for name, mark, _ in pairs if mark} | set(re.findall(r"`([a-z_]+)`", sentence[1])) == pending
