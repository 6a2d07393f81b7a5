"""Whatever a game says that is in order, lint has an answer: findings that can be said in both languages."""

import copy
import random
from collections import Counter
from typing import Any

import yaml

from besitos.game.lint import lint
from besitos.game.reader import examine_texts
from besitos.surfaces.texts import Texts, codes_of
from tests.game.games import EXAMPLES, SECTIONS
from tests.game.lint.cases import CASES
from tests.game.lint.looking import NOW
from tests.game.test_mutations import Plain, walk

ROUNDS = 300
TEXTS = [Texts("es"), Texts("en")]
HOLES = codes_of("en")


def merged(name: str) -> dict[str, Any]:
    """A sample game as one tree."""
    tree: dict[str, Any] = {}
    for file in sorted((EXAMPLES / name).rglob("*.yaml")):
        for section, body in yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader).items():
            tree.setdefault(section, {}).update(body)
    return tree


SMALL: list[Any] = [yaml.load(text, yaml.CSafeLoader) for case in CASES for text in (case.game, case.near_miss)]
GAMES: list[Any] = [*SMALL, merged("diana"), merged("academia")]


def changed(chance: random.Random, game: Any) -> str:  # noqa: ANN401 - any YAML
    """A game with some words gone, and others saying what the same word says elsewhere."""
    tree = copy.deepcopy(game)
    nodes: list[dict[Any, Any]] = [node for node in walk(tree) if isinstance(node, dict) and node]
    said: dict[str, list[Any]] = {}
    for node in nodes:
        for word, value in node.items():
            said.setdefault(word, []).append(value)
    for _ in range(chance.randrange(1, 4)):
        node = chance.choice(nodes)
        if not node:
            continue
        word = chance.choice(list(node))
        if chance.random() < 0.4:
            del node[word]
        elif isinstance(node[word], int) and not isinstance(node[word], bool):
            node[word] = chance.choice([1, 2, 10**6, 2**62, -1])
        else:
            node[word] = chance.choice(said[word])
    text: str = yaml.dump({"game": {"name": "Casa"}, **tree}, Dumper=Plain, allow_unicode=True, sort_keys=False)
    return text


def test_lint_never_raises_and_always_says_what_it_found() -> None:
    chance, seen, read = random.Random(20_261_203), Counter[str](), 0

    for _ in range(ROUNDS):
        reading = examine_texts({"juego.yaml": changed(chance, chance.choice(GAMES)).encode()}, SECTIONS)
        read += reading.document is not None
        for finding in lint(reading, NOW):
            assert HOLES[finding.code] <= {*finding.values, "nearest"}
            assert all("\n" not in each.problem(finding) for each in TEXTS)
            seen[finding.code] += 1

    assert read > ROUNDS / 4
    assert len(seen) > 15
