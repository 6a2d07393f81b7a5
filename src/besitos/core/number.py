"""Numbers of the game: whole where they can be, exact always."""

from decimal import Decimal
from typing import TypeAlias

Number: TypeAlias = int | Decimal


def exact(value: Number) -> Number:
    """A whole number as an int, so that equal numbers are stored alike."""
    if isinstance(value, int):
        return value
    whole = int(value)
    return whole if whole == value else value
