"""Mutated documents never raise: they are in order, or they say what is wrong, in both languages."""

import random
import re
from collections.abc import Callable, Iterator
from typing import Any

import yaml

from besitos.game.document import Document
from besitos.game.reader import examine_texts, read_texts
from besitos.surfaces.texts import Texts, codes_of
from tests.game.games import BROKEN, EXAMPLES, SECTIONS, WHOLE

SIGNS: list[str] = [
    *"{}[],:'\"#&*!|>%@`-?<~ \n\t0179.+/ñ💋",
    ": ",
    "- ",
    "\n  ",
    "\0",
    "\u2028",
    "<<",
    "null",
    "true",
    "no",
    "---\n",
    "*a",
    "&a ",
]
EVERYTHING = WHOLE + "".join(path.read_text(encoding="utf-8") for path in sorted((EXAMPLES / "diana").glob("*.yaml")))
WORD = re.compile(r"[^\s{}\[\],:]+")
WORDS = WORD.findall(EVERYTHING)
ROUNDS = 4_000
ROUNDS_OF_SAMPLES = 100


def swapped(chance: random.Random, text: str) -> str:
    """One word of the language where another stood."""
    return text.replace(chance.choice(WORD.findall(text) or [""]), chance.choice(WORDS), 1)


def cut(chance: random.Random, text: str) -> str:
    """A piece gone."""
    at = chance.randrange(len(text) + 1)
    return text[:at] + text[at + chance.randrange(1, 12) :]


def sprinkled(chance: random.Random, text: str) -> str:
    """A sign where none belongs."""
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(SIGNS) + text[at:]


def doubled(chance: random.Random, text: str) -> str:
    """A line twice, or somewhere else."""
    lines = text.splitlines(keepends=True) or [""]
    lines.insert(chance.randrange(len(lines) + 1), chance.choice(lines))
    return "".join(lines)


def spliced(chance: random.Random, text: str) -> str:
    """A piece of the text in another place."""
    start = chance.randrange(len(text) + 1)
    piece, at = text[start : start + chance.randrange(40)], chance.randrange(len(text) + 1)
    return text[:at] + piece + text[at:]


def grafted(chance: random.Random, text: str) -> str:
    """A value of another kind where one stood, in a file that is good YAML."""
    try:
        tree = yaml.load(text, yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError):
        return text
    nodes = [node for node in walk(tree) if node]
    if nodes:
        node = chance.choice(nodes)
        where = chance.choice(list(node) if isinstance(node, dict) else range(len(node)))
        node[where] = chance.choice([*GRAFTS, *nodes[:3]])
    try:
        grown: str = yaml.dump(tree, Dumper=Plain, allow_unicode=True)
    except RecursionError:
        return text
    return grown


def walk(value: Any) -> Iterator[Any]:  # noqa: ANN401 - any YAML
    if isinstance(value, (dict, list)):
        yield value
        for inner in list(value.values() if isinstance(value, dict) else value):
            yield from walk(inner)


class Plain(yaml.SafeDumper):
    """Writes what stands in two places twice."""

    def ignore_aliases(self, _: object) -> bool:
        return True


GRAFTS: list[Any] = [
    None,
    True,
    7,
    -1,
    0,
    2.5,
    2**70,
    "",
    "x",
    "all",
    "3/day",
    "10+",
    [],
    {},
    [[]],
    {"not": {"not": 1}},
    {"free": 1, "vip": 0},
    ["a", "a"],
]

MUTATIONS: tuple[Callable[[random.Random, str], str], ...] = (swapped, cut, sprinkled, doubled, spliced, grafted)


Files = dict[str, str]

SMALL: list[Files] = [
    {"juego.yaml": text}
    for text in [WHOLE, *(path.read_text(encoding="utf-8") for path in sorted(BROKEN.glob("*.yaml")))]
]
LARGE: list[Files] = [
    {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.yaml"))}
    for folder in (EXAMPLES / "diana", EXAMPLES / "academia")
]
HOLES = codes_of("en")
TEXTS = [Texts("es"), Texts("en")]


def said_of_mutated(chance: random.Random, games: list[Files]) -> set[str]:
    """The codes of what is wrong with one mutated game, after a look at all that may never happen."""
    files = dict(chance.choice(games))
    name = chance.choice(list(files))
    for _ in range(chance.randrange(1, 5)):
        files[name] = chance.choice(MUTATIONS)(chance, files[name])
    reading = examine_texts({name: text.encode() for name, text in files.items()}, SECTIONS)

    assert (reading.document is None) == bool(reading.problems)
    if reading.document is not None:
        assert Document.from_rows(reading.document.rows, SECTIONS) == reading.document
    for problem in [*reading.problems, *reading.notes]:
        assert HOLES[problem.code] <= {*problem.values, "nearest"}
        assert all("\n" not in each.problem(problem) for each in TEXTS)
    return {problem.code for problem in reading.problems}


def test_mutated_games_never_raise() -> None:
    chance = random.Random(20_261_201)
    seen: set[str] = set()

    for _ in range(ROUNDS):
        seen |= said_of_mutated(chance, SMALL)

    assert "value.wrong" not in seen
    assert len(seen) > 120


def test_mutated_sample_games_never_raise() -> None:
    chance = random.Random(20_261_202)
    seen: set[str] = set()

    for _ in range(ROUNDS_OF_SAMPLES):
        seen |= said_of_mutated(chance, LARGE)

    assert "value.wrong" not in seen
    assert len(seen) > 20


def test_bytes_that_are_no_text_never_raise() -> None:
    chance = random.Random(7)
    whole = WHOLE.encode()

    for _ in range(500):
        data = bytearray(whole)
        for _ in range(chance.randrange(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        document, problems = read_texts({"juego.yaml": bytes(data)}, SECTIONS)

        assert (document is None) == bool(problems)
