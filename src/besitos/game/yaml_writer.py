"""YAML as people write it here: blocks, with one line for whatever fits on one.

A writer of its own: what must be quoted follows from the reader's rules (GAME-LANGUAGE §12), where `no` and `12:30`
are texts and `007` remembers its zeros.
"""

import json
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from besitos.game.written import raw

WIDTH = 120
STEP = "  "

_NOT_TEXT = re.compile(r"-?[0-9]+(?:\.[0-9]+)?|true|false|null|~|")
"""Texts that the reader would take for something else."""

_INDICATOR = re.compile(r"[-?:](?:\s|$)|[,\[\]{}#&*!|>'\"%@`<=]|---|\.\.\.")
"""What no plain text begins with."""

_BREAKS_PLAIN = re.compile(r": | #|:$|^\s|\s$")
_BREAKS_FLOW = re.compile(r"[,\[\]{}]|:(?![\w/])|^[?:]")
"""What ends a plain text anywhere, and inside brackets."""

_ESCAPED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")
"""Characters that stand in double quotes alone; a line break may stand in a block too."""


def entry(key: str, value: object, depth: int) -> str:
    """A key with its value, on one line where that fits, and as a block where not."""
    indent = STEP * depth
    return f"{indent}{_key(key)}:{_after(value, depth, len(indent) + len(_key(key)) + 1)}"


def flow(value: object) -> str:
    """A value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(word)}: {flow(inner)}" for word, inner in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(flow, value)) + "]"
    return _scalar(value, is_flow=True)


def json_text(value: object) -> str:
    """JSON in the order of the value, numbers with the digits that they were written with."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{_quoted(word)}:{json_text(inner)}" for word, inner in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(json_text, value)) + "]"
    return _quoted(value) if isinstance(value, str) else _number(value)


def _after(value: object, depth: int, column: int) -> str:
    """What follows the colon of a key or the dash of a list, which ends at `column`."""
    if isinstance(value, str):
        return f" {_text(value, depth + 1)}"
    if not isinstance(value, (dict, list, tuple)):
        return f" {_number(value)}"
    if not _has_lines(value):
        line = flow(value)
        if column + 1 + len(line) <= WIDTH or not value:
            return f" {line}"
    rows = _entries(value, depth + 1) if isinstance(value, dict) else _items(value, depth + 1)
    return "\n" + "\n".join(rows)


def _entries(value: dict[str, Any], depth: int) -> Iterable[str]:
    return (entry(word, inner, depth) for word, inner in value.items())


def _items(values: Iterable[object], depth: int) -> Iterable[str]:
    """The rows of a list. A map begins on the line of its dash."""
    indent = STEP * depth
    for value in values:
        after = _after(value, depth, len(indent) + 1)
        if isinstance(value, dict) and after.startswith("\n"):
            after = " " + after.lstrip("\n ")
        yield f"{indent}-{after}"


def _has_lines(value: object) -> bool:
    """Whether a text of several lines stands in it, which is better read as a block."""
    if isinstance(value, dict):
        return any(map(_has_lines, value.values()))
    if isinstance(value, (list, tuple)):
        return any(map(_has_lines, value))
    return isinstance(value, str) and _fits_block(value)


def _text(text: str, depth: int) -> str:
    if not _fits_block(text):
        return _scalar(text, is_flow=False)
    indent = STEP * depth
    ending = "" if text.endswith("\n") else "-"
    lines = text.removesuffix("\n").split("\n")
    return f"|{ending}\n" + "\n".join(f"{indent}{line}" if line else "" for line in lines)


def _fits_block(text: str) -> bool:
    """Whether a text has several lines that a block keeps as they are."""
    lines = text.removesuffix("\n").split("\n")
    return (
        "\n" in text
        and lines[0] != ""
        and lines[-1] != ""
        and not any(line[:1].isspace() or line.isspace() for line in lines)
        and not _ESCAPED.search(text.replace("\n", ""))
    )


def _scalar(value: object, *, is_flow: bool) -> str:
    if not isinstance(value, str):
        return _number(value)
    is_plain = not (
        _NOT_TEXT.fullmatch(value)
        or _INDICATOR.match(value)
        or _BREAKS_PLAIN.search(value)
        or (is_flow and _BREAKS_FLOW.search(value))
        or _ESCAPED.search(value)
    )
    return value if is_plain else _quoted(value)


def _key(word: str) -> str:
    """A key is always text, so a number needs no quotes."""
    return word if re.fullmatch(r"\w[\w.-]*", word) else _quoted(word)


def _quoted(text: str) -> str:
    """In double quotes. JSON's escapes are YAML's."""
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def _number(value: object) -> str:
    """A number or true or false, as it was written."""
    assert isinstance(value, (int, Decimal)), f"{type(value).__name__} does not stand in a document"
    return raw(value) if not isinstance(value, Decimal) or hasattr(value, "raw") else f"{value:f}"
