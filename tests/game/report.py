"""What the operator reads of each broken game: `python -m tests.game.report` writes REPORT.md anew."""

from pathlib import Path

from besitos.game.reader import read
from besitos.surfaces.texts import Texts
from tests.game.games import BROKEN, SECTIONS

TITLES = {
    "01": "a key written twice",
    "02": "a misspelt word",
    "03": "a misspelt section",
    "04": "a number alone where a range is meant",
    "05": "a misspelt metric",
    "06": "an activity nobody knows",
    "07": "a filter on an attribute that is not there, and of the wrong type",
    "08": "a currency that does not exist",
    "09": "half a besito",
    "10": "zero besitos",
    "11": "only the amount of vips",
    "12": "a duration in words",
    "13": "a limit in words",
    "14": "an item that does not exist",
    "15": "an unclosed bracket",
    "16": "a tab",
    "17": "two things in one line",
    "18": "a comma in a text inside { }",
    "19": "an anchor and an alias",
    "20": "a flag that is never set, and a dead end",
    "21": "a template with a hole that nothing fills, and a form that breaks a rule",
    "22": "a metric that is kept per module, asked of none",
    "23": "a right answer that is no option, and a yes",
    "24": "penalties, prices and goals where they cannot stand",
    "25": "many at once, of all three passes",
    "26": "names of things that do not exist",
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
    "39": "conditions that say too little, too much, or what nobody keeps",
    "40": "metrics and things",
    "41": "payouts and prices",
    "42": "limits where they cannot stand",
    "43": "a table of levels that does not rise, grades, boosts",
    "44": "badges, missions, rewards, leaderboards",
    "45": "a story that leads nowhere",
    "46": "the shop, auctions, plans, posts",
    "47": "numbers, percentages, money and addresses",
    "48": "settings that contradict each other",
    "49": "texts that are too long",
    "60": "a template in which nothing is right, though nobody uses it",
    "61": "forms that do not fit their template",
    "62": "parts that come out wrong, twice, or under a key that is taken",
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
