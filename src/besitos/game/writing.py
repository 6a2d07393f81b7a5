"""How definitions are stored: as what the operator wrote, without defaults, in canonical JSON.

Equal definitions have equal rows, so a diff shows what a person changed, and a changed default of the
program shows nothing.
"""

import json
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from besitos.game.definition import Definition
from besitos.game.written import Dec


def row_of(definition: Definition, written: Collection[str]) -> str:
    """The stored body of `definition`, of which the operator wrote these words."""
    body = definition.model_dump(by_alias=True, exclude_unset=True)
    return canonical({word: value for word, value in body.items() if word in written})


def body_of(row: str) -> dict[str, Any]:
    """A stored body as the reader of the document would have read it."""
    body = json.loads(row, parse_float=Dec.read)
    assert isinstance(body, dict), "a row is the body of a definition"
    return body


def canonical(value: object) -> str:
    """JSON with sorted keys, no spaces, and decimals to their last digit."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{_text(key)}:{canonical(value[key])}" for key in sorted(value)) + "}"
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
