"""Catalogues: gettext files whose msgid is a code, read once per process and merged over their domains."""

import gettext
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

LANGUAGES = ("es", "en")
"""Spanish first: where a language has no catalogue, or a code no text in it, the next of these answers."""

LOCALE = Path(__file__).parent / "locale"


@dataclass(frozen=True)
class Entry:
    """The texts of one code: one, or one for each plural form."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Catalogue:
    """All texts of one language; `form` says which plural form a number takes."""

    entries: Mapping[str, Entry]
    form: Callable[[int], int]


@cache
def catalogue_of(language: str) -> Catalogue:
    """The texts of `language`, every domain together. A code that stands in two domains is a fault of ours."""
    entries: dict[str, Entry] = {}
    plural = "n != 1"
    for file in sorted((LOCALE / language / "LC_MESSAGES").glob("*.po")):
        with file.open("rb") as stream:
            domain = read_po(stream, locale=language)
        plural = domain.plural_expr
        for message in domain:
            code = message.id if isinstance(message.id, str) else message.id[0]
            assert code not in entries, f"{code} has a text in {file.name} and in another domain"
            if code:
                texts = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
                entries[code] = Entry(tuple(text for text in texts if text))
    return Catalogue(entries, gettext.c2py(plural))


def codes_of(language: str) -> Mapping[str, frozenset[str]]:
    """Every code that has a text in `language`, with the names of its holes."""
    return {code: _holes(entry) for code, entry in catalogue_of(language).entries.items() if entry.texts}


def _holes(entry: Entry) -> frozenset[str]:
    parsed = (string.Formatter().parse(text) for text in entry.texts)
    return frozenset(name for parts in parsed for _, name, _, _ in parts if name is not None)
