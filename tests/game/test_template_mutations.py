"""Whatever stands in a template or a form, reading it ends in a document or in problems, never in an exception."""

import random
import re
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from besitos.game.document import Document
from besitos.game.experience.hole import Filling, Hole, Scope, pieces
from besitos.game.reader import examine_texts, read_texts
from besitos.game.text import Text
from besitos.surfaces.texts import Texts, codes_of
from tests.game.forms import ANSWERS, SECTIONS, WHOLE, active, game, load, made_by
from tests.game.test_mutations import Plain, cut, doubled, grafted, spliced, sprinkled, walk

RICH = game(
    """{t: {type: text, max: 40}, n: {type: number, min: 1, default: 3}, b: {type: boolean, default: true},
      c: {type: choice, choices: [easy, hard], default: easy}, d: {type: duration, default: 2d}, m: {type: moment},
      i: {type: item}, l: {type: list, min: 1, fields: {w: {type: text}, x: {type: number, default: 2}}}}
    checks: [{where: {b: true, n: 2+}, require: {c: [easy, hard], t: {not: Nada}}, message: {es: No, en: 'No!'}}]""",
    """
      items: {"{key}_i": {name: "{t}", type: collectible}}
      rules:
        "{key}_r": {RULE, only_when: {n: 2+}, limit: ["{n}/day", "{n} xp/{d}"], name: {es: "Es {t}", en: "{t} {{}}"}}
        "{key}_{n}_{each.w}": {each: l, when: daily.claim, pays: {xp: "{each.x}", items: {"{i}": "{each.x}"}}}
      content: {"{key}_c": {name: C, media: [{photo: uno.jpg}, {each: l, photo: "{each.w}{n}.jpg", caption: "{t}"}]}}
      questions: {"{key}_q": {category: casa, difficulty: "{c}", text: "{t}", options: {a: "{t}", b: B}, right: a}}""",
    active("{t: {es: Hola, en: Hi}, m: 2026-12-01 18:00, i: a_i, l: [{w: a}, {w: b, x: 9}]}"),
    "from: 2026-12-01, until: 2027-01-01, " + active("{t: Otra, n: 7, m: 2026-12-02, i: b_i, l: [{w: z}]}"),
    "status: draft, with: {t: Nada, c: hard, m: 2026-12-03, i: b_i, l: [{w: z}], b: false}",
)
GAMES = (RICH, WHOLE)
WORDS = sorted({*re.split(r'[\s{}\[\],:"]+', "".join(GAMES))} - {""})
HOLES = (
    "{key}",
    "{n}",
    "{t}",
    "{l}",
    "{each.w}",
    "{each.x}",
    "{",
    "}",
    "{{",
    "{}",
    "{x}",
    "each: l",
    "only_when: {n: 1}",
)
ROUNDS = 1_200

LINES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"]), max_size=20)


def swapped(chance: random.Random, text: str) -> str:
    """One word of the document where another stood."""
    return text.replace(chance.choice(WORDS), chance.choice(WORDS), 1)


def pierced(chance: random.Random, text: str) -> str:
    """A hole, or half of one, where none belongs."""
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(HOLES) + text[at:]


def regrown(chance: random.Random, text: str) -> str:
    """Another word or value somewhere in a document that is good YAML, and stays so."""
    try:
        tree = yaml.load(text, yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError):
        return text
    nodes = [node for node in walk(tree) if node]
    if not nodes:
        return text
    node = chance.choice(nodes)
    other = chance.choice([*HOLES, *WORDS, 0, 3, 2.5, True, {}, [], chance.choice(nodes)])
    if isinstance(node, dict) and chance.random() < 0.4:
        node[str(chance.choice([*HOLES, *WORDS]))] = node.pop(chance.choice(list(node)))
    else:
        node[chance.choice(list(node) if isinstance(node, dict) else range(len(node)))] = other
    try:
        grown: str = yaml.dump(tree, Dumper=Plain, allow_unicode=True)
    except RecursionError:
        return text
    return grown


MUTATIONS = (swapped, pierced, cut, sprinkled, doubled, spliced, grafted, *[regrown] * 7)


def test_what_is_mutated_is_in_order_at_first() -> None:
    assert len(made_by(load(RICH), "a")) == 6
    assert set(made_by(load(WHOLE), "baile")) >= {("fragment", "baile")}
    assert ANSWERS in WHOLE


def test_mutated_templates_never_raise() -> None:
    chance = random.Random(20_261_120)
    texts, holes, seen, made = [Texts("es"), Texts("en")], codes_of("en"), set(), 0

    for _ in range(ROUNDS):
        text = chance.choice(GAMES)
        for _ in range(chance.randrange(1, 4)):
            text = chance.choice(MUTATIONS)(chance, text)
        document, problems = read_texts({"juego.yaml": text.encode()}, SECTIONS)

        assert (document is None) == bool(problems)
        if document is not None:
            assert Document.from_rows(document.rows, SECTIONS) == document
            made += any('"made_by"' in row for row in document.rows.values())
        for problem in problems:
            seen.add(problem.code)
            assert holes[problem.code] <= {*problem.values, "nearest"}, problem.code
            assert all("\n" not in each.problem(problem) for each in texts)

    assert made > ROUNDS // 50
    assert len({code for code in seen if code.split(".")[0] in ("template", "experience", "field")}) > 7


def test_every_value_of_a_made_part_leads_back_to_the_line_that_made_it() -> None:
    source = examine_texts({"juego.yaml": RICH.encode()}, SECTIONS).source
    tree = yaml.safe_load(RICH)

    assert len(source.made) == 11
    for part in source.made.values():
        for inside in values(part.body):
            origin = part.origin(inside)
            assert source.is_written(origin)
            assert len(origin) <= len(part.path) + len(inside)
            assert isinstance(at(tree, origin), (str, dict, list)) or at(tree, origin) == at(part.body, inside)
        assert part.origin(("nada",)) == part.path


def at(value: Any, path: tuple[str, ...]) -> Any:  # noqa: ANN401 - any plain value
    """What stands under a path."""
    for step in path:
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


def values(value: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:  # noqa: ANN401 - any plain value
    """The path of every value inside one."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(each for key, one in inner for each in values(one, (*path, str(key))))]


@given(LINES)
def test_a_text_whose_braces_are_doubled_has_no_holes(words: str) -> None:
    escaped = words.replace("{", "{{").replace("}", "}}")

    assert "".join(str(piece) for piece in pieces(escaped) if not isinstance(piece, Hole)) == words
    assert Filling(10_000).fill(escaped, Scope({}, "es")) == words


@given(LINES, LINES, LINES)
def test_what_fills_a_hole_is_not_looked_at_again(before: str, words: str, after: str) -> None:
    escaped = [each.replace("{", "{{").replace("}", "}}") for each in (before, after)]
    scope = Scope({"t": Text({"*": words}), "plain": words}, "es")

    assert (
        Filling(10_000).fill(f"{escaped[0]}|{{t}}{{plain}}|{escaped[1]}", scope) == f"{before}|{words}{words}|{after}"
    )


@settings(deadline=None, max_examples=50)
@given(
    st.recursive(
        st.booleans() | st.integers(-9, 9) | LINES,
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(LINES.filter(lambda key: "{" not in key), inner, max_size=3)
        ),
        max_leaves=10,
    )
)
def test_a_value_is_put_as_it_is_where_its_hole_is_all(value: Any) -> None:  # noqa: ANN401 - any plain value
    assert Filling(100_000).fill({"a": ["{v}"], "b": "{v}"}, Scope({"v": value}, "es")) == {"a": [value], "b": value}
