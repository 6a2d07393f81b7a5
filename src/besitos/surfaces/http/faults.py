"""What pydantic finds wrong in a body, in our words."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NoReturn

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from besitos.game.problem import SHOWN, Near, nearest
from besitos.surfaces.http.problem import Refused, Wrong

UNKNOWN = "extra_forbidden"

CODES = {
    "missing": "request.missing",
    UNKNOWN: "request.unknown_word",
    "int_type": "request.not_whole",
    "int_from_float": "request.not_whole",
    "greater_than_equal": "request.too_small",
    "less_than_equal": "request.too_large",
    "string_type": "request.not_text",
    "string_too_short": "request.too_short",
    "string_too_long": "request.too_long",
    "too_short": "request.too_few",
    "too_long": "request.too_many",
    "string_pattern_mismatch": "request.wrong_form",
    "dict_type": "request.not_object",
    "model_type": "request.not_object",
    "model_attributes_type": "request.not_object",
    "list_type": "request.not_list",
    "bool_type": "request.not_boolean",
    "literal_error": "request.not_one_of",
    "enum": "request.not_one_of",
    "value_error": "request.wrong",
}
"""Our code for each kind of error that our models can give."""

VALUES = {
    "ge": "least",
    "le": "most",
    "min_length": "least",
    "max_length": "most",
    "expected": "known",
}
ERRORS_MAX = 20


def request_fault(errors: Sequence[Wrong]) -> Refused:
    """A body that cannot be meant: 422, with every place. One wrong place gives the whole its code."""
    code = errors[0].code if len(errors) == 1 else "request.wrong_places"
    details: Mapping[str, object] = errors[0].values if len(errors) == 1 else {"found": len(errors)}
    return Refused(422, code, details).because(errors)


def errors_of(error: ValidationError, words: Collection[str]) -> list[Wrong]:
    """Every wrong place, the first twenty. Of a word that is not known, which of `words` may have been meant."""
    found = error.errors(include_url=False, include_input=False)[:ERRORS_MAX]
    return [
        _unknown(str(each["loc"][-1]), words)
        if each["type"] == UNKNOWN
        else _wrong(each["type"], each["loc"], each.get("ctx", {}))
        for each in found
    ]


def refuse_value(code: str, **values: int) -> NoReturn:
    """Refuse a value in a check of ours: the code of what is wrong, and its values."""
    kind = "besitos"
    raise PydanticCustomError(kind, "see `code`", {"code": code, "values": values})


def _unknown(word: str, words: Collection[str]) -> Wrong:
    """A word that does not stand in a body. None of ours has objects in it whose words are fixed: it is at the top."""
    near = nearest(Near(word, words)) if len(word) <= SHOWN else ""
    return Wrong(word[:100], CODES[UNKNOWN], {"nearest": near} if near else {})


def _wrong(kind: str, place: Sequence[int | str], context: Mapping[str, Any]) -> Wrong:
    values = {VALUES[name]: _plain(value) for name, value in context.items() if name in VALUES}
    code = context.get("code") or CODES.get(kind, "request.wrong")
    values |= context.get("values", {})
    return Wrong(".".join(str(each)[:100] for each in place), code, values)


def _plain(value: object) -> object:
    return value if isinstance(value, int) else str(value)
