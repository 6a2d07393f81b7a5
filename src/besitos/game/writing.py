"""How definitions are stored: as what the operator wrote, without defaults, in canonical JSON.

Equal definitions have equal rows, so a diff shows what a person changed, and a changed default of the
program shows nothing.
"""

import json
from collections.abc import Collection, Hashable, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from besitos.game.definition import Definition
from besitos.game.written import Dec

MADE_BY = "made_by"
"""The word of a stored body that names the experience which made it. No document says it."""

R = TypeVar("R", bound=Hashable)


def row_of(definition: Definition, written: Collection[str], maker: str | None = None) -> str:
    """The stored body of `definition`, of which the operator, or the experience `maker`, wrote these words."""
    body = definition.model_dump(by_alias=True, exclude_unset=True)
    by = {} if maker is None else {MADE_BY: maker}
    return canonical({word: value for word, value in body.items() if word in written} | by)


def body_of(row: str) -> dict[str, Any]:
    """A stored body as the reader of the document would have read it."""
    body = json.loads(row, parse_float=Dec.read)
    assert isinstance(body, dict), "a row is the body of a definition"
    return body


def written_of(row: str) -> dict[str, Any]:
    """A stored body as its definition is read from it: without the name of the experience that made it."""
    return {word: value for word, value in body_of(row).items() if word != MADE_BY}


def maker_of(row: str) -> str | None:
    """The experience that made a row; None if somebody wrote it."""
    return body_of(row).get(MADE_BY) if f'"{MADE_BY}"' in row else None


def is_made(row: str) -> bool:
    """Whether an experience made a row, so that it is edited there and not by itself."""
    return maker_of(row) is not None


def without_made(rows: Mapping[R, str]) -> dict[R, str]:
    """What somebody wrote: reading it again makes the rest anew."""
    return {key: row for key, row in rows.items() if not is_made(row)}


def canonical(value: object) -> str:
    """JSON with sorted keys, no spaces, and decimals to their last digit."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{_text(key)}:{canonical(value[key])}" for key in sorted(value, key=str)) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, Decimal):
        return value.raw if isinstance(value, Dec) else f"{value:f}"
    assert isinstance(value, str), f"{type(value).__name__} does not stand in a document"
    return _text(value)


def _text(text: str) -> str:
    return json.dumps(str(text), ensure_ascii=False)
