"""Values as they stand in a file: numbers that remember how they were written."""

from decimal import Decimal


class Int(int):
    """A whole number that remembers its digits, so that `name: 007` stays a name."""

    raw: str

    @classmethod
    def read(cls, text: str) -> "Int":
        """The number that `text` says."""
        number = cls(text)
        number.raw = text
        return number


class Dec(Decimal):
    """A decimal number, exact, that remembers its digits: `1.10` is not `1.1` where a text is meant."""

    raw: str

    @classmethod
    def read(cls, text: str) -> "Dec":
        """The number that `text` says."""
        number = cls(text)
        number.raw = text
        return number


def raw(value: object) -> str:
    """How a plain value was written."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    return str(getattr(value, "raw", value))
