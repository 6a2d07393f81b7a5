"""Documents written: people can read them, and what was written reads as what it was."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from besitos.game import exporting, source
from besitos.game.document import Document
from besitos.game.reader import read, read_texts
from besitos.game.tree import read_tree
from besitos.game.writing import canonical
from besitos.game.yaml_writer import WIDTH, entry, flow, json_text
from besitos.mechanics import SECTIONS as SAMPLE_SECTIONS
from tests.game.games import EXAMPLES, SECTIONS, WHOLE, load

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=40)
AWKWARD = st.sampled_from(
    [
        *("no", "true", "null", "~", "", "007", "-1.50", "12:30", "2026-12-01 18:00", "<<", "=", "a: b", "a:b", "a #b"),
        *("- a", "-a", "?a", "? a", "[a]", "{a}", "a, b", "it's", '"', "\\", "#a", "&a", "*a", "!a", "|", ">", "@a"),
        *("uno\ndos", "uno\n", "\nuno", "uno\n\n", "uno\n\ndos\n", " uno\ndos", "uno\n dos", "uno\r\ndos", "a\tb"),
        *("...", "---", "---a", "a\u2028b", "\u0085", "👩‍❤️‍👩 💋", "a\u00a0b", "a:", ":a", "https://x.org/a?b=c#d", "%"),
    ]
)
TEXTS = WORDS | AWKWARD
NUMBERS = st.integers(-(2**63), 2**63) | st.booleans()
VALUES = st.recursive(
    TEXTS | NUMBERS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


def values_in(text: str) -> Any:  # noqa: ANN401 - what stands in a document
    """What the reader makes of a text."""
    tree = read_tree("juego.yaml", text)
    assert tree.problems == []
    assert tree.root is not None
    return tree.root.value


@settings(deadline=None)
@given(st.dictionaries(TEXTS, VALUES, max_size=5))
def test_any_value_is_read_as_it_was_written(made: dict[str, Any]) -> None:
    block = "".join(f"{entry(key, value, 0)}\n" for key, value in made.items())

    assert values_in(flow(made)) == made
    assert values_in(json_text(made)) == made
    assert (values_in(block) if made else {}) == made


def test_a_whole_game_gives_the_same_rows_as_text_as_json_and_as_a_folder() -> None:
    rows = load(WHOLE).rows

    assert load(exporting.text_of(rows, SECTIONS)).rows == rows
    assert load(exporting.json_of(rows, SECTIONS)).rows == rows
    files = {name: text.encode() for name, text in exporting.files_of(rows, SECTIONS).items()}
    document, problems = read_texts(files, SECTIONS)
    assert problems == []
    assert document is not None
    assert document.rows == rows
    assert set(files) == {
        "game.yaml",
        "currencies.yaml",
        "activities.yaml",
        "daily_gift.yaml",
        "rules.yaml",
        "caps.yaml",
    }


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), min_size=1, max_size=60)


@settings(deadline=None)
@given(name=(NAMES | AWKWARD).filter(str.strip), note=NAMES | AWKWARD.filter(bool), long=st.integers(1, 60))
def test_any_text_gives_the_same_rows(name: str, note: str, long: int) -> None:
    rows = {
        ("game", "game"): canonical({"name": name, "description": {"es": name, "en": "x"}, "note": note * long}),
        ("rule", "a"): canonical({"when": ["message.posted"], "pays": {"besitos": 1}, "note": note}),
    }
    document = Document.from_rows(rows, SECTIONS)

    assert load(exporting.text_of(document.rows, SECTIONS)).rows == rows


def test_a_document_is_written_as_people_write_it() -> None:
    rows = load(WHOLE).rows

    assert exporting.text_of(rows, SECTIONS).startswith(WRITTEN)


WRITTEN = """\
game: {name: {es: La casa, en: The house}, languages: [es, en], zone: America/Mexico_City, day_begins: 4}

currencies:
  besitos: {bonus_expires: 2w, max_balance: 100000}
  gema: {name: Gemas, symbol: 💎, giftable: true}

activities:
  invite.accepted: {description: Alguien entró con tu enlace., attributes: {guest: text, score: number}}
  message.posted: {attributes: {topic: text}}

rules:
  charla:
    name: "007"
    from: 2026-12-01
    until: 2026-12-31 18:00
    when: message.posted
    where: {length: 10+, media: {not: true}, topic: "007", weekday: [sat, sun]}
    pays: {besitos: 1, xp: {free: 1, vip: 2}}
    limit: [1/2m, 20/day]
"""


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"a": "uno\n\ndos"}, "k:\n  a: |-\n    uno\n\n    dos"),
        ([{"key": "a", "text": "uno\ndos\n"}, "b"], "k:\n  - key: a\n    text: |\n      uno\n      dos\n  - b"),
        ({"a": ["x" * 100, "y" * 30]}, f"k:\n  a:\n    - {'x' * 100}\n    - {'y' * 30}"),
        ({}, "k: {}"),
        ("x" * 200, f"k: {'x' * 200}"),
    ],
)
def test_what_does_not_fit_on_a_line_is_a_block(value: object, written: str) -> None:
    assert entry("k", value, 0) == written


@pytest.mark.parametrize("game", ["diana", "academia"])
def test_a_sample_game_gives_the_same_rows_on_lines_that_fit(game: str) -> None:
    document, _ = read(EXAMPLES / game, SAMPLE_SECTIONS)
    assert document is not None

    text = exporting.text_of(document.rows, SAMPLE_SECTIONS)

    again, problems = read_texts({"juego.yaml": text.encode()}, SAMPLE_SECTIONS)
    assert problems == []
    assert again is not None
    assert again.rows == document.rows
    assert not [line for line in text.splitlines() if len(line) > WIDTH and "{" in line]


def test_a_definition_that_fits_stands_on_one_line_and_no_more() -> None:
    fits = {"a": "x" * (WIDTH - len("k: {a: }"))}

    assert entry("k", fits, 0).count("\n") == 0
    assert entry("k", {"a": fits["a"] + "x"}, 0).count("\n") == 1


def test_a_section_that_is_too_large_for_a_file_is_parted(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = "".join(f"  r{number}: {{when: message.posted, pays: {{xp: 1}}}}\n" for number in range(40))
    rows = load(f"game: {{name: A}}\nrules:\n{rules}").rows
    monkeypatch.setattr(exporting, "MOST_FILE", 1_000)

    files = exporting.files_of(rows, SECTIONS)

    assert set(files) == {"game.yaml", "rules.yaml", "rules_2.yaml"}
    assert max(len(text) for text in files.values()) <= 1_000 < source.MOST_FILE
    document, _ = read_texts({name: text.encode() for name, text in files.items()}, SECTIONS)
    assert document is not None
    assert document.rows == rows


def test_a_row_that_is_no_longer_understood_is_written_as_it_is() -> None:
    rows = {("game", "game"): '{"name":"A"}', ("rule", "old"): '{"pais":{"xp":1},"when":["a"]}', ("ghost", "x"): "{}"}

    assert exporting.text_of(rows, SECTIONS) == "game: {name: A}\n\nrules:\n  old: {pais: {xp: 1}, when: [a]}\n"
