"""What pydantic found wrong with a definition, as problems of our own at their place."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from besitos.game.condition import NUMBERS, Fact
from besitos.game.definition import Definition
from besitos.game.payout import Payout
from besitos.game.price import Price
from besitos.game.problem import Finding, Near, Value, shown

KEY_OF = "[key]"

_SIZES = {"too_short": "list.too_short", "too_long": "list.too_long"}
_LENGTHS = {"too_short": "words.too_short", "too_long": "words.too_long"}
_BOUNDS = {
    "greater_than_equal": ("number.too_small", "ge"),
    "less_than_equal": ("number.too_large", "le"),
}
_TYPES = {
    "bool_type": "value.not_boolean",
    "int_type": "value.not_whole",
    "string_type": "value.not_text",
    "dict_type": "value.not_map",
    "tuple_type": "value.not_list",
    "model_type": "value.not_settings",
}


@dataclass(frozen=True, slots=True)
class GameWords:
    """The words that a game adds to the language: where any word may stand, these were meant."""

    currencies: frozenset[str]
    metrics: frozenset[str]


def findings(model: type[Definition], error: ValidationError, words: GameWords) -> Iterator[Finding]:
    """Each error as a finding. What was written as nothing has been reported when it was read."""
    errors = error.errors(include_url=False)
    inside = {each["loc"][:depth] for each in errors for depth in range(len(each["loc"]))}
    for each in errors:
        is_empty = each["input"] is None and each["type"] != "missing"
        is_shortened = each["type"] == "too_short" and each["loc"] in inside  # by the rows that are reported themselves
        if not is_empty and not is_shortened:
            yield _finding(model, each, words)


def salvage(model: type[Definition], body: Mapping[str, Any], error: ValidationError) -> Definition:
    """The parts of a wrong definition that are right, so that what they name is checked in the same run."""
    pruned = _copy(body)
    for each in error.errors(include_url=False, include_context=False, include_input=False):
        _prune(pruned, each["loc"])
    good: dict[str, Any] = {}
    for word, (name, reader) in _readers(model).items():
        if word in pruned:
            try:
                good[name] = reader.validate_python(pruned[word])
            except ValidationError:
                continue
    return model.model_construct(_fields_set=set(good), **good)


def words_of(model: type[BaseModel]) -> list[str]:
    """The words that an operator may write in a map of this model."""
    return [field.alias or name for name, field in model.model_fields.items()]


def _finding(model: type[Definition], error: ErrorDetails, words: GameWords) -> Finding:
    path, code = tuple(str(step) for step in error["loc"]), error["type"]
    if path and path[-1] == KEY_OF:
        return Finding(path[:-1], code, error.get("ctx", {}), at_key=True)
    if code == "missing":
        return Finding(path[:-1], "word.missing", {"word": path[-1]}, at_key=True)
    owner = _model_at(model, error["loc"][:-1]) if path else None
    if code == "extra_forbidden":
        near = Near(path[-1], words_of(owner)) if owner is not None else None
        return Finding(path, "word.unknown", {"word": shown(path[-1])}, at_key=True, near=near)
    unknown = _unknown(owner, path, words) if owner is not None else None
    if unknown is not None:
        return unknown
    if isinstance(error["input"], str):
        code = code.removeprefix("string_")
        if code in _LENGTHS:
            bound = error["ctx"].get("min_length", error["ctx"].get("max_length"))
            return Finding(path, _LENGTHS[code], {"bound": bound or 0})
    ours, values = _said(code, shown(error["input"]), error.get("ctx", {}))
    choices = values.get("choices")
    near = Near(shown(error["input"]), choices) if isinstance(choices, tuple) else None
    return Finding(path, ours, values, near=near)


def _unknown(owner: type[BaseModel], path: tuple[str, ...], words: GameWords) -> Finding | None:
    """A word that is none of the game's, where any of them may stand: what is wrong with its value is no matter."""
    word = path[-1]
    if word.isdigit() or word in words_of(owner):
        return None
    if issubclass(owner, Payout) and word not in words.currencies:
        return not_payable(path, words.currencies)
    if issubclass(owner, Price) and word not in words.currencies:
        return not_a_cost(path, words.currencies)
    if issubclass(owner, Fact) and word in ("any", "not"):
        return Finding(path, "condition.nested", {"word": word}, at_key=True)
    if issubclass(owner, Fact) and word not in NUMBERS and word not in words.metrics:
        near = Near(word, [*words_of(owner), *NUMBERS, *words.metrics])
        return Finding(path, "condition.unknown", {"word": shown(word)}, at_key=True, near=near)
    return None


def not_a_cost(path: tuple[str, ...], currencies: Collection[str]) -> Finding:
    """A word of a price that is no currency."""
    return Finding(path, "price.unknown", {"word": shown(path[-1])}, at_key=True, near=Near(path[-1], currencies))


def not_payable(path: tuple[str, ...], currencies: Collection[str]) -> Finding:
    """A word of a payout that is no currency."""
    near = Near(path[-1], [*currencies, *words_of(Payout)])
    return Finding(path, "payout.unknown", {"word": shown(path[-1])}, at_key=True, near=near)


def _said(code: str, found: str, context: Mapping[str, Any]) -> tuple[str, dict[str, Value]]:
    """Errors of pydantic's own in our codes; ours as they are."""
    if code == "literal_error":
        choices = tuple(re.findall(r"'([^']*)'", str(context.get("expected", ""))))
        return "value.not_one_of", {"found": found, "choices": choices}
    if code in _SIZES:
        bound = context.get("min_length", context.get("max_length"))
        return _SIZES[code], {"bound": bound or 0, "found": context["actual_length"]}
    if code in _BOUNDS:
        ours, bound = _BOUNDS[code]
        return ours, {"bound": context[bound], "found": found}
    if code in _TYPES:
        return _TYPES[code], {"found": found}
    return (code, dict(context)) if "." in code else ("value.wrong", {"found": found})


def _model_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> type[BaseModel] | None:
    """The model that stands at a path, followed through optional values, lists and maps."""
    current: type[BaseModel] | None = model
    for step in loc:
        if current is None:
            return None
        field = next((f for name, f in current.model_fields.items() if (f.alias or name) == step), None)
        if field is not None:
            current = _model_in(field.annotation)
    return current


def _model_in(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 - any annotation
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in getattr(annotation, "__args__", ()):
        if (found := _model_in(part)) is not None:
            return found
    return None


@cache
def _readers(model: type[Definition]) -> Mapping[str, tuple[str, TypeAdapter[Any]]]:
    """Word → the field that it fills, and what reads it by itself."""
    fields = model.model_fields.items()
    return {field.alias or name: (name, TypeAdapter(field.rebuild_annotation())) for name, field in fields}


def _copy(value: Any) -> Any:  # noqa: ANN401 - any plain value
    if isinstance(value, Mapping):
        return {key: _copy(inner) for key, inner in value.items()}
    return [_copy(inner) for inner in value] if isinstance(value, list) else value


def _prune(body: Any, loc: tuple[int | str, ...]) -> None:  # noqa: ANN401 - any plain value
    """Take out the word under which an error stands, and the map that is empty then.

    Of a list nothing can be taken without moving the rest: it goes as a whole.
    """
    words: list[tuple[dict[str, Any], str]] = []
    here = body
    for step in loc:
        if isinstance(here, dict) and step in here:
            words.append((here, str(step)))
            here = here[step]
        elif isinstance(here, list) and isinstance(step, int) and step < len(here):
            here = here[step]
        else:
            break
    while words:
        table, word = words.pop()
        table.pop(word, None)
        if table or (words and not _holds(words[-1], table)):
            break


def _holds(word: tuple[dict[str, Any], str], table: dict[str, Any]) -> bool:
    """Whether the map stands under this very word, and not in a list there."""
    return word[0].get(word[1]) is table
