"""Every code that the API can answer with has a text in both languages, whose holes are values that it is given."""

import ast
import re
from enum import StrEnum
from importlib import import_module
from itertools import chain
from pathlib import Path
from pkgutil import walk_packages

import pytest

import besitos
from besitos.surfaces.http.faults import CODES
from besitos.surfaces.texts import LANGUAGES, codes_of

HTTP = Path(besitos.__file__).parent / "surfaces" / "http"
CODE = re.compile(r"(api_key|draft|key|member|rate|request|route|server|store|text)\.[a-z_0-9]+")
PURE = ("besitos.core", "besitos.ledger", "besitos.engine", "besitos.mechanics")
NOT_CODES = {"request.url", "request.scope", "request.method"}


def reasons() -> set[str]:
    """Every value of an enumeration of reasons."""
    found: set[str] = set()
    for package in PURE:
        root = import_module(package)
        for module in walk_packages(root.__path__, f"{package}."):
            if module.name.rpartition(".")[2] in {"telegram", "http"}:
                continue
            for thing in vars(import_module(module.name)).values():
                if isinstance(thing, type) and issubclass(thing, StrEnum) and thing.__name__.endswith("Reason"):
                    found |= {each.value for each in thing}
    return found


def codes_in_source() -> set[str]:
    """Every text in the toolkit, and in the routes of mechanics, that reads like a code."""
    files = chain(HTTP.rglob("*.py"), HTTP.parents[1].glob("mechanics/*/http.py"))
    words = (
        node.value for file in files for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Constant)
    )
    return {word for word in words if isinstance(word, str) and CODE.fullmatch(word)} - NOT_CODES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_a_text(language: str) -> None:
    assert reasons() - set(codes_of(language)) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_of_the_api_has_a_text(language: str) -> None:
    assert codes_in_source() | set(CODES.values()) <= set(codes_of(language))
    assert len(codes_in_source()) > 40


def test_no_text_is_of_a_code_that_nobody_says() -> None:
    said = codes_in_source() | set(CODES.values())

    assert {
        code for code in codes_of("es") if code.startswith(("request.", "api_key.", "rate.", "route.", "draft."))
    } <= said
