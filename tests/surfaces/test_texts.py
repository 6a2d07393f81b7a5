"""Texts: both languages say the same, every code has one, and values are written as people write them."""

import ast
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.pofile import read_po

import besitos
from besitos.game.catalogue import NAMING
from besitos.game.condition import NUMBERS
from besitos.game.problem import Place, Problem
from besitos.surfaces.texts import LANGUAGES, Texts, codes_of
from besitos.surfaces.texts.catalogue import LOCALE, catalogue_of

SOURCE = Path(besitos.__file__).parent
TELLERS = {"refuse", "Finding", "Problem", "report", "fail", "Names", "matching", "numbered", "decimal"}
"""What is called with the code of a problem."""

FOUND_ELSEWHERE = {
    "hint.made",
    "hint.nearest",
    "where.not_boolean",
    "where.not_number",
    "where.not_text",
    "where.not_time",
}
"""Codes that are put together, and those that stand inside others or behind them."""


def codes_of_the_document() -> set[str]:
    """Every dotted word in the files that read, check or define."""
    files = chain((SOURCE / "game").rglob("*.py"), (SOURCE / "mechanics").glob("*/model.py"))
    words = (
        node.value for file in files for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Constant)
    )
    return {word for word in words if isinstance(word, str)}


def codes_told() -> set[str]:
    """The codes that stand in a call which tells a problem."""
    found = set()
    for file in chain((SOURCE / "game").rglob("*.py"), (SOURCE / "mechanics").glob("*/model.py")):
        for call in (node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)):
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            said = [arg.value for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            found |= {
                code for code in said if name in TELLERS and "." in code and " " not in code and code[0].isalpha()
            }
    return found


def codes_of_what_is_missing() -> set[str]:
    """One code for each kind of definition that can be named somewhere."""
    named = set(NAMING) | {number.of for number in NUMBERS.values() if number.of is not None}
    for file in chain((SOURCE / "game").rglob("*.py"), (SOURCE / "mechanics").glob("*/model.py")):
        for call in (node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)):
            if getattr(call.func, "id", "") == "Names" and isinstance(call.args[0], ast.Constant):
                named.add(str(call.args[0].value))
    return {f"unknown.{kind}" for kind in named - {"activity", "source"}}


def domains() -> list[str]:
    return sorted({file.name for language in LANGUAGES for file in (LOCALE / language / "LC_MESSAGES").glob("*.po")})


def test_both_languages_have_the_same_codes_with_the_same_holes() -> None:
    spanish, english = codes_of("es"), codes_of("en")

    assert set(spanish) == set(english)
    assert {code for code in spanish if spanish[code] != english[code]} == set()


@pytest.mark.parametrize("domain", domains())
def test_a_domain_stands_in_both_languages_with_every_plural(domain: str) -> None:
    forms = []
    for language in LANGUAGES:
        with (LOCALE / language / "LC_MESSAGES" / domain).open("rb") as stream:
            catalogue = read_po(stream, locale=language)
        assert [message.id for message in catalogue if message.id and message.fuzzy] == []
        forms.append({str(message.id): isinstance(message.string, tuple) for message in catalogue if message.id})
        assert all(all(message.string) for message in catalogue if isinstance(message.string, tuple))

    assert forms[0] == forms[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_of_the_document_has_a_text(language: str) -> None:
    assert codes_told() - set(codes_of(language)) == set()


def test_every_text_of_the_document_is_of_a_code_that_is_used() -> None:
    with (LOCALE / "es" / "LC_MESSAGES" / "game.po").open("rb") as stream:
        codes = {str(message.id) for message in read_po(stream) if message.id}

    assert codes - codes_of_the_document() == FOUND_ELSEWHERE | codes_of_what_is_missing()


def test_a_code_stands_in_one_domain_only() -> None:
    for language in LANGUAGES:
        assert catalogue_of(language).entries


def test_a_problem_is_place_path_and_sentence() -> None:
    values = {"kind": "mesage.posted", "nearest": "message.posted"}
    problem = Problem(Place("juego.yaml", 4, 11), "rules.charla.when", "kind.unknown", values)

    assert Texts("en").problem(problem) == (
        "juego.yaml:4:11: rules.charla.when: nothing is known of the activity `mesage.posted`; "
        "did you mean `message.posted`? (declare your own under `activities`)"
    )
    assert Texts("es").problem(problem).startswith("juego.yaml:4:11: rules.charla.when: nada se sabe de la actividad")


def test_where_nothing_is_near_nothing_is_suggested() -> None:
    problem = Problem(Place("juego.yaml", 2), "", "section.unknown", {"section": "zzz", "nearest": ""})

    assert Texts("en").problem(problem) == "juego.yaml:2:1: there is no section `zzz`"


@pytest.mark.parametrize(
    ("language", "spoken"), [("es", "es"), ("en", "en"), ("en-US", "en"), ("ES_mx", "es"), ("fr", "es"), ("", "es")]
)
def test_a_language_without_a_catalogue_is_spanish(language: str, spoken: str) -> None:
    assert Texts(language).language == spoken


def test_a_code_without_a_text_is_itself() -> None:
    assert Texts("en").of("no.such_code", a=1) == "no.such_code"
    assert Texts("en").many("no.such_code", 2) == "no.such_code"
    assert not Texts("en").has("no.such_code")


def test_a_hole_without_a_value_shows() -> None:
    assert Texts("en").of("word.missing") == "`{word}` is missing"


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("UTC", "Se podía reparar hasta 22 nov 2026, 02:00 UTC."),
        ("America/Mexico_City", "Se podía reparar hasta 21 nov 2026, 20:00 CST."),
        ("America/Bogota", "Se podía reparar hasta 21 nov 2026, 21:00 UTC-05."),
        ("Asia/Kathmandu", "Se podía reparar hasta 22 nov 2026, 07:45 UTC+05:45."),
    ],
)
def test_the_moments_of_a_reason_are_told_by_the_clocks_of_a_zone(zone: str, said: str) -> None:
    texts = Texts("es", ZoneInfo(zone))

    assert texts.reason("streak.repair_too_late", {"until": "2026-11-22T02:00:00Z"}) == said
    assert "9999" in texts.reason("streak.repair_too_late", {"until": "9999-12-31T23:59:59Z"})


@pytest.mark.parametrize(
    ("value", "spanish", "english"),
    [
        (1_234_567, "1.234.567", "1,234,567"),
        (-5, "-5", "-5"),
        (True, "True", "True"),
        ("{word}", "{word}", "{word}"),
        (("a", 1_000), "a, 1.000", "a, 1,000"),
        (datetime(2026, 11, 21, 22, 0, tzinfo=UTC), "22:00 UTC", "22:00 UTC"),
        (date(2026, 11, 21), "21 nov 2026", "21 Nov 2026"),
        (timedelta(days=7), "7 días", "7 days"),
        (timedelta(hours=1), "1 hora", "1 hour"),
        (timedelta(minutes=90), "90 minutos", "90 minutes"),
        (timedelta(seconds=45), "45 segundos", "45 seconds"),
    ],
)
def test_values_are_written_as_people_write_them(value: object, spanish: str, english: str) -> None:
    assert Texts("es").of("word.missing", word=value) == f"falta `{spanish}`"
    assert Texts("en").of("word.missing", word=value) == f"`{english}` is missing"
