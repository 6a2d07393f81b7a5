"""HTML for messages: what people wrote is escaped, and stays inside its own direction of reading."""

import html
import re
import unicodedata

RIGHT_TO_LEFT = {"R", "AL", "AN"}
ISOLATE, END = "\u2068", "\u2069"
DIRECTIONS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the direction of what follows: a name that ends in one would turn the rest of the line."""

TAG = re.compile(r"<[^<>]*>")


class Markup(str):
    """Text that is HTML already; anything else is escaped when it is put into a message."""

    __slots__ = ()


def escaped(text: str) -> Markup:
    """A text as it is, whatever it holds."""
    return text if isinstance(text, Markup) else Markup(html.escape(text, quote=False))


def clean(text: str, longest: int = 128) -> str:
    """A name on one line, without what no database and no terminal should be given."""
    return "".join(" " if char in "\n\t" else char for char in text if keeps(char)).strip()[:longest]


def keeps(char: str) -> bool:
    """Whether a character is one that people read: neither a control nor half of another."""
    return char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs")


def name(text: str) -> Markup:
    """What somebody calls themselves. One that is read from right to left is isolated from its surroundings."""
    safe = DIRECTIONS.sub("", clean(text))
    if any(unicodedata.bidirectional(char) in RIGHT_TO_LEFT for char in safe):
        safe = f"{ISOLATE}{safe}{END}"
    return escaped(safe)


def plain(text: str) -> str:
    """The same words where HTML is not understood: in the line that follows a press."""
    return html.unescape(TAG.sub("", text))
