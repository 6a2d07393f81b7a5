"""The journal of a batch: what stood where before it was written over, so that it can be undone."""

from typing import Any, TypeAlias

ABSENT: Any = object()
"""What the journal says of a name that was not there before."""

Line: TypeAlias = tuple[dict[Any, Any], Any, Any]
"""A dictionary, a name in it, and what stood under that name."""


class Journal:
    """Lines in the order in which things were written over. `note` adds one."""

    __slots__ = ("lines", "note")

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.note = self.lines.append

    def mark(self) -> int:
        """Where it stands: what to undo back to."""
        return len(self.lines)

    def undo(self, mark: int = 0) -> None:
        """Make it as it was before what was written since the mark, or since the journal was empty."""
        while len(self.lines) > mark:
            where, name, before = self.lines.pop()
            if before is ABSENT:
                where.pop(name, None)
            else:
                where[name] = before
