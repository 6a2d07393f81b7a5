"""Every value of a definition, with the path under which it was written."""

from collections.abc import Iterator

from pydantic import BaseModel

from besitos.game.filter import Where
from besitos.game.problem import Path
from besitos.game.reference import Reference
from besitos.game.units import Unit


def walk(value: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """Parts before what stands in them; keys that are names of something too."""
    if isinstance(value, BaseModel):
        yield path, value
        yield from _words(value, path)
    elif isinstance(value, (Unit, Reference, Where)):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(key, Reference):
                yield (*path, str(key)), key
            yield from walk(inner, (*path, str(key)))
    elif isinstance(value, tuple):
        for number, inner in enumerate(value):
            yield from walk(inner, (*path, str(number)))


def _words(model: BaseModel, path: Path) -> Iterator[tuple[Path, object]]:
    """What was written under each word; what stands there by default needs no check."""
    for name, field in type(model).model_fields.items():
        if name in model.model_fields_set:
            yield from walk(getattr(model, name, None), (*path, field.alias or name))
    for word, inner in (model.model_extra or {}).items():
        yield from walk(inner, (*path, word))
