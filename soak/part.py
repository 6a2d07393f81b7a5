"""Parts: one promise each, tried so many times, slice by slice."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

Figures: TypeAlias = Counter[str]
"""What a slice counted besides its units: what was resent, what had to be found again."""

Slice: TypeAlias = Callable[[int, int], Awaitable[Figures]]
"""Tries so many units, drawn by a seed, in a world of its own. An AssertionError is a broken promise."""


@dataclass(frozen=True, slots=True)
class Part:
    """One promise. `units` are tried in all, `per_slice` at a time; what is done is remembered after each slice."""

    name: str
    units: int
    per_slice: int
    unit: str
    run: Slice

    @property
    def family(self) -> str:
        """The word by which several parts are asked for at once."""
        return self.name.partition("/")[0]
