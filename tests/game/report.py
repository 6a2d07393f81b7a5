"""What the operator reads of each broken game: `python -m tests.game.report` writes REPORT.md anew."""

from pathlib import Path

from besitos.game.reader import read
from besitos.surfaces.texts import Texts
from tests.game.games import BROKEN, SECTIONS

TITLES = {
    "01": "a key written twice",
    "02": "a misspelt word",
    "03": "a misspelt section",
    "06": "an activity nobody knows",
    "07": "a filter on an attribute that is not there, and of the wrong type",
    "08": "a currency that does not exist",
    "09": "half a besito",
    "10": "zero besitos",
    "11": "only the amount of vips",
    "13": "a limit in words",
    "15": "an unclosed bracket",
    "16": "a tab",
    "18": "a comma in a text inside { }",
    "19": "an anchor and an alias",
    "25": "many at once, of all three passes",
    "26": "words of the language that come later",
    "27": "caps that cannot hold, and sources that do not exist",
    "28": "amounts that nobody can be paid",
    "29": "currencies and activities that clash with what is built in",
    "30": "windows, whole numbers, durations",
    "31": "an unclosed quote",
    "32": "limits that cannot be counted",
    "33": "a folder: two settings, one key in two files, a currency of another file",
    "34": "filters that would never hold",
    "35": "YAML that is not part of the language",
    "36": "two documents in one file",
    "37": "a game without `game:`",
    "38": "names, texts and words of settings",
}
REPORT = BROKEN / "REPORT.md"


def cases() -> list[Path]:
    """Every broken game: a file, or a folder."""
    return sorted(path for path in BROKEN.iterdir() if path.stem.isdigit())


def said(game: Path) -> str:
    """The chapter on one game."""
    _, problems = read(game, SECTIONS)
    lines = [f"## {game.stem}. {TITLES[game.stem]}", ""]
    for language in ("en", "es"):
        texts = Texts(language)
        lines += ["```", *(texts.problem(problem) for problem in problems), "```", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    head = "# What the operator reads of each broken game, in English and in Spanish\n\n"
    REPORT.write_text(head + "\n".join(map(said, cases())), encoding="utf-8")
