"""Help: at once, in both languages, and of everything; and what is said of words that are no command."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

import besitos as package
from besitos.apps import cli
from besitos.surfaces.texts import codes_of
from tests.cli.calling import PROGRAM, Call

APPS = Path(package.__file__).parent / "apps"
HEAVY = {
    "aiogram",
    "alembic",
    "asyncpg",
    "fastapi",
    "httpx2",
    "pydantic",
    "rich",
    "sqlalchemy",
    "starlette",
    "uvicorn",
    "yaml",
}

LIGHT = """
import sys
from besitos.apps.cli import run
code = run({args!r})
print(sorted({heavy!r} & set(sys.modules)), code)
"""


def loaded_by(*args: str) -> str:
    script = LIGHT.format(args=list(args), heavy=HEAVY)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    return done.stdout.splitlines()[-1]


def test_help_loads_nothing_heavy() -> None:
    assert loaded_by("--help") == "[] 0"


def test_money_loads_neither_web_nor_bot(small_house: Call) -> None:
    small_house.well("member", "create", "ext:ana")

    assert loaded_by("grant", "ext:ana", "1") == "['pydantic'] 0"


def test_help_answers_at_once() -> None:
    """In time of the processor, the best of a few: what others do on this machine is not ours to answer for."""
    times = []
    for _ in range(4):
        before = os.times()
        subprocess.run([*PROGRAM, "--help"], capture_output=True, check=True)
        after = os.times()
        times.append(after.children_user + after.children_system - before.children_user - before.children_system)

    assert min(times) < 0.3


def commands() -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    group = get_command(cli.app)
    for name in cli.COMMANDS:
        command = group.get_command(None, name)  # type: ignore[attr-defined]  # Typer's groups have no public type
        found += [(name, verb) for verb in getattr(command, "commands", ())] or [(name,)]
    return found


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_command_has_help(besitos: Call, command: tuple[str, ...]) -> None:
    said = besitos.well(*command, "--help")

    assert "cli." not in said.out
    assert "-h, --help" in said.out
    assert re.findall(r"<(?:int|str|list|float|bool)\b[^>]*>|\bx[<>]=|<=x", said.out) == []


@pytest.mark.parametrize(
    ("language", "words"), [("es", ("Uso:", "Órdenes:", "Mostrar")), ("en", ("Usage:", "Commands:", "Show"))]
)
def test_help_speaks_both_languages(language: str, words: tuple[str, ...]) -> None:
    env = {**os.environ, "BESITOS_LANGUAGE": language}
    said = subprocess.run([*PROGRAM, "--help"], capture_output=True, text=True, check=True, env=env).stdout

    assert all(word in said for word in words)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("es", ("grant [OPCIONES] {MIEMBRO}", "[obligatorio]", "[por defecto: besitos]", "[1 o más; obligatorio]")),
        ("en", ("grant [OPTIONS] {MEMBER}", "[required]", "[default: besitos]", "[1 or more; required]")),
    ],
)
def test_what_help_says_in_brackets_is_in_our_words_too(language: str, words: tuple[str, ...]) -> None:
    env = {**os.environ, "BESITOS_LANGUAGE": language}
    asked = [*PROGRAM, "grant", "--help"], [*PROGRAM, "game", "rollback", "--help"]
    said = [subprocess.run(each, capture_output=True, text=True, check=True, env=env).stdout for each in asked]

    told = " ".join("".join(said).split())
    assert [word for word in words if word not in told] == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("es", ("--limit <número> Cuántos", "20; de 1 a 200]", "MIEMBRO 42", "--note <texto>", "<read|activities|")),
        ("en", ("--limit <number> How many", "20; 1 to 200]", "MEMBER 42", "--note <text>", "<read|activities|")),
    ],
)
def test_what_an_option_takes_is_said_in_words(language: str, words: tuple[str, ...]) -> None:
    env = {**os.environ, "BESITOS_LANGUAGE": language}
    asked = (("history",), ("grant",), ("keys", "create"))
    said = [
        subprocess.run([*PROGRAM, *each, "--help"], capture_output=True, text=True, check=True, env=env).stdout
        for each in asked
    ]

    told = " ".join("".join(said).split())
    assert [word for word in words if word not in told] == []
    assert "game:write>..." in told


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("grnt",), "cli.no_such_command"),
        (("game", "chekc", "x"), "cli.no_such_command"),
        (("grant",), "cli.usage.missing"),
        (("grant", "ext:a", "1", "--notee", "x"), "cli.usage.no_such_option"),
        (("grant", "ext:a", "1", "2"), "cli.usage.extra"),
        (("history", "ext:a", "--limit", "0"), "cli.usage.wrong"),
        (("history", "ext:a", "--limit", "x"), "cli.usage.wrong"),
        (("reverse", "1-1", "--policy", "steal"), "cli.usage.wrong"),
        (("--nonsense",), "cli.usage.no_such_option"),
    ],
)
def test_what_is_typed_wrongly_is_told_and_ends_with_2(besitos: Call, args: tuple[str, ...], code: str) -> None:
    said = besitos(*args)

    assert (said.code, said.out) == (2, "")
    assert f"[{code}]" in said.err


def test_no_words_show_the_help(besitos: Call) -> None:
    assert "Commands:" in besitos().err or "Órdenes:" in besitos().err
    assert besitos().code == 2
    assert besitos("-V") == (0, f"besitos {package.__version__}\n", "")


def test_errors_are_json_where_data_is(besitos: Call) -> None:
    said = besitos("grant", "ana", "5", "--json")

    assert '"code": "cli.member_form"' in said.err


def test_every_text_of_the_command_line_is_used_and_every_code_has_one() -> None:
    source = "\n".join(path.read_text() for path in APPS.rglob("*.py"))
    literal = set(re.findall(r'"((?:cli|line)\.[a-z0-9_.]+[a-z0-9])"', source))
    titles = {
        f"cli.title.{word}" for words in re.findall(r'terminal\.table\(\s*"([^"]+)"', source) for word in words.split()
    }
    built = re.compile(r"cli\.(title|status|check|help)\.")
    known = {code for code in codes_of("es") if code.startswith(("cli.", "line."))}

    assert (literal | titles) - known == set()
    assert {code for code in known - literal - titles if not built.match(code)} == set()
    assert {f"cli.help.{name}" for name in cli.COMMANDS} - known == set()
