"""Files and folders: every trap of YAML, every limit, and files that cannot be read."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from besitos.game.reader import read
from besitos.game.source import MOST_DEFINITIONS
from tests.game.games import SECTIONS, WHOLE, codes_of, load, problems_of

HEAD = "game: {name: Prueba}\n"
RULE = "{when: daily.claim, pays: {besitos: 1}}"
NOBODY = 65_534


@contextmanager
def without_root() -> Iterator[None]:
    """Be nobody for a while: root may read everything."""
    own = os.geteuid()
    if own == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(own)


def test_a_file_and_a_folder_of_the_same_sections_are_the_same_game(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    head, *sections = ("\n" + WHOLE).replace("\nrules:", "\f\nrules:").replace("\ncaps:", "\f\ncaps:").split("\f")
    (tmp_path / "juego.yml").write_text(head)
    (tmp_path / "a" / "reglas.yaml").write_text(sections[0])
    (tmp_path / "a" / "b" / "topes.yaml").write_text(sections[1])
    (tmp_path / "a" / "_borrador.yaml").write_text("esto: no")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.yaml").write_text("esto: tampoco")
    (tmp_path / "LEEME.md").write_text("ni: esto")

    game, problems = read(tmp_path, SECTIONS)

    assert problems == []
    assert game == load(WHOLE)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("rules:\n  no: " + RULE, []),
        ("rules:\n  on: " + RULE, []),
        ("rules:\n  y: " + RULE, []),
        (
            "currencies: {a: {name: no}, b: {name: 12:30}, c: {name: 1_000}, d: {name: 2026-12-01}, e: {name: =}}",
            [],
        ),
        ("daily_gift: {pays: {besitos: 1}, auto: yes}", ["value.not_boolean"]),
        ("daily_gift: {pays: {besitos: 1}, auto: True}", ["value.not_boolean"]),
        ("daily_gift: {pays: {besitos: 1e3}}", ["amount.wrong"]),
        ("daily_gift: {pays: {besitos: 0x1F}}", ["amount.wrong"]),
        ("daily_gift: {pays: {besitos: 1_000}}", ["amount.wrong"]),
        ("daily_gift: {pays: {besitos: '10'}}", ["amount.wrong"]),
        ("daily_gift: {pays: {besitos: .inf}}", ["amount.wrong"]),
        ("daily_gift: {pays: {besitos: 007}}", []),
        ("rules:\n  1: " + RULE, ["key.wrong"]),
        ("rules: {when: daily.claim}", ["value.not_settings"]),
        ("rules:", ["value.empty"]),
        ("daily_gift:\n  pays:", ["value.empty"]),
        ("daily_gift: {pays: {besitos: 1}, note: null}", ["value.empty"]),
        ("rules: {}\nrules: {}", ["key.twice"]),
        ("? [a, b]\n: c", ["yaml.key"]),
        ("? {a: b}\n: c", ["yaml.key"]),
        ("*a : b", ["yaml.anchor"]),
        ("&a rules: {}", ["yaml.anchor"]),
        ("!x rules: {}", ["yaml.tag"]),
        ("a: &a [*a, *a]", ["section.unknown", "yaml.anchor", "yaml.anchor", "yaml.anchor"]),
        ("daily_gift: {pays: {besitos: 1}, Hola, amor}", ["yaml.stands_alone", "yaml.stands_alone"]),
        ("daily_gift: {pays: {besitos: 1}, note: }", ["value.empty"]),
        ("- a\n- b", ["yaml.no_key"]),
        ("{", ["yaml.no_colon"]),
        ("daily_gift: [", ["yaml.no_value"]),
        ("daily_gift: 'hola", ["yaml.unclosed_quote"]),
        ("daily_gift: @hola", ["yaml.bad_start"]),
        ("daily_gift: a: b", ["yaml.colon"]),
        ('daily_gift: "\\d"', ["yaml.escape"]),
        ('daily_gift: {pays: {besitos: 1}, note: "a\\0b"}', ["file.character"]),
        ('"daily\\0gift": {pays: {besitos: 1}}', ["file.character"]),
        ('daily_gift: {pays: {besitos: 1}, note: "\\ud800"}', ["yaml.unreadable"]),
        ("%YAML 9.9\n---\na: b", ["yaml.unreadable"]),
        ("\x07", ["file.character"]),
    ],
)
def test_traps_of_yaml_are_closed(text: str, codes: list[str]) -> None:
    assert codes_of(HEAD + text) == codes


@pytest.mark.parametrize(
    ("data", "code", "line", "column"),
    [
        (b"game: {name: Prueba}\nrules: \xff", "file.not_utf8", 2, 8),
        ("game: {name: Prueba}\nrules: ñ".encode("latin-1"), "file.not_utf8", 2, 8),
        (b"game: {name: Pr\0ueba}", "file.character", 1, 16),
        ("\ngame: {name: \u200b\x1b}".encode(), "file.character", 2, 15),
        (b"[" * 100_000, "file.too_deep", 1, 21),
        (b"{a: " * 30, "file.too_deep", 1, 81),
        (b"a: [b]\n" * 5_000, "key.twice", 2, 1),
        (b"hola", "file.not_a_map", 1, 1),
        (b"[a]", "file.not_a_map", 1, 1),
    ],
)
def test_what_is_no_game_at_all_is_said_at_its_place(data: bytes, code: str, line: int, column: int) -> None:
    problem = next(problem for problem in problems_of(data) if problem.code == code)

    assert (problem.place.line, problem.place.column) == (line, column)


@pytest.mark.parametrize("data", [b"", b"# nada\n", b"\xef\xbb\xbf", b"---\n", b"~"])
def test_an_empty_file_lacks_the_game(data: bytes) -> None:
    assert codes_of(data) == ["game.missing"]


def test_a_byte_order_mark_moves_nothing() -> None:
    (problem,) = problems_of(b"\xef\xbb\xbfgame: {name: Prueba}\nmision: {}")

    assert (problem.code, problem.place.line, problem.place.column) == ("section.unknown", 2, 1)


def test_a_file_that_is_not_there_or_no_file_is_said(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "tubo.yaml")

    assert [p.code for p in read(tmp_path / "nada.yaml", SECTIONS)[1]] == ["file.missing"]
    assert [p.code for p in read(tmp_path / "a\0b.yaml", SECTIONS)[1]] == ["file.unreadable"]
    assert [p.code for p in read(tmp_path / "tubo.yaml", SECTIONS)[1]] == ["file.not_a_file"]
    assert [p.code for p in read(tmp_path, SECTIONS)[1]] == ["file.not_a_file"]


def test_a_folder_without_files_lacks_the_game(tmp_path: Path) -> None:
    assert [p.code for p in read(tmp_path, SECTIONS)[1]] == ["game.missing"]


def test_a_file_that_may_not_be_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "juego.yaml").write_text(HEAD)
    (tmp_path / "juego.yaml").chmod(0)
    tmp_path.chmod(0o755)
    monkeypatch.chdir(tmp_path)  # nobody may not pass the folders above

    with without_root():
        problems = read(Path(), SECTIONS)[1]

    assert [p.code for p in problems] == ["file.denied"]


def test_a_file_is_no_larger_than_two_megabytes(tmp_path: Path) -> None:
    (tmp_path / "juego.yaml").write_text(HEAD + "#" * (2 * 1024 * 1024))

    (problem,) = read(tmp_path, SECTIONS)[1]

    assert (problem.code, problem.values) == ("file.too_large", {"most": 2})


def test_a_game_is_no_larger_than_twenty_megabytes(tmp_path: Path) -> None:
    (tmp_path / "00.yaml").write_text(HEAD)
    for number in range(1, 12):
        (tmp_path / f"{number:02}.yaml").write_text("#" * (2 * 1024 * 1024 - 1))

    problems = read(tmp_path, SECTIONS)[1]

    assert [(p.code, p.place.file) for p in problems] == [("game.too_large", "10.yaml"), ("game.too_large", "11.yaml")]


def test_a_game_has_no_more_than_twenty_thousand_definitions() -> None:
    text = HEAD + "rules:\n" + "".join(f"  r{n}: {{}}\n" for n in range(MOST_DEFINITIONS))

    assert codes_of(text) == ["game.too_many"]


def test_what_is_missing_may_stand_in_a_file_that_could_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "juego.yaml").write_text(HEAD + "rules:\n  a: {when: voto.dado, pays: {gema: 1}, limit: 3 gema/day}\n")
    (tmp_path / "monedas.yaml").write_text("currencies: {gema: {name: Gema}\nactivities: {voto.dado: {}}")

    assert [p.code for p in read(tmp_path, SECTIONS)[1]] == ["yaml.unclosed_map"]


def test_a_definition_with_an_error_is_still_checked_and_still_exists() -> None:
    text = """
currencies:
  gema: {nombre: Gema}
rules:
  a: {when: mesage.posted, pays: {gemma: 1, besitos: 2.5}, limit: [3/day, 3 perla/day], orden: 1}
  b: {when: daily.claim, pays: {gema: 1}}
caps:
  c: {limit: 3/day, sources: [a, c]}
"""

    assert codes_of(HEAD + text) == [
        "word.missing",
        "word.unknown",
        "kind.unknown",
        "payout.unknown",
        "amount.wrong",
        "unknown.currency",
        "word.unknown",
        "source.unknown",
    ]


def test_a_hostile_file_of_mistakes_is_answered_in_time_and_in_bounds() -> None:
    text = (
        HEAD
        + "rules:\n"
        + "".join(f"  r{n}: {{whem: message.posted, pays: {{besitoss: x}}, limit: 3}}\n" for n in range(5_000))
    )

    problems = problems_of(text)

    assert len(problems) == 1_001
    assert problems[-1].code == "game.more_problems"
    assert problems[-1].values == {"count": 19_000}
