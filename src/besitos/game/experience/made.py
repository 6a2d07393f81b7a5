"""What experiences make: definitions that stand in no file, and the lines of the template they come from."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from besitos.game.experience.hole import Scope, repeated
from besitos.game.problem import Path


@dataclass(frozen=True, slots=True)
class MadePart:
    """One definition that an active experience makes.

    `pattern` is what the template says of it, and stands under `path` in the document; `scope` filled its holes.
    """

    experience: str
    path: Path
    pattern: Mapping[str, Any]
    scope: Scope
    body: Mapping[str, Any]

    def origin(self, inside: Path) -> Path:
        """Where the template says what stands under this path of the body, or as near to it as it goes."""
        here, scope = self.path, self.scope
        value: Any = self.pattern
        for step in inside:
            found = _row(value, step, scope) if isinstance(value, list) else _word(value, step, scope)
            if found is None:
                break
            word, value, scope = found
            here = (*here, word)
        return here

    def has(self, inside: Path) -> bool:
        """Whether there is a value just there."""
        value: Any = self.body
        for step in inside:
            if isinstance(value, Mapping) and step in value:
                value = value[step]
            elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
                value = value[int(step)]
            else:
                return False
        return True


def _word(value: Any, step: str, scope: Scope) -> tuple[str, Any, Scope] | None:  # noqa: ANN401 - any plain value
    if not isinstance(value, Mapping):
        return None
    word = next((word for word in value if scope.key(word) == step), None)
    return None if word is None else (word, value[word], scope)


def _row(rows: list[Any], step: str, scope: Scope) -> tuple[str, Any, Scope] | None:
    """The row of a list in the template of which the row of this number was made."""
    left = int(step) if step.isdigit() else 0
    for number, row in enumerate(rows):
        pattern, name = repeated(row)
        count = 1 if name is None else len(scope.values[name])
        if left < count:
            inner = scope if name is None else next(islice(scope.rows(name), left, None))
            return str(number), pattern, inner
        left -= count
    return None
