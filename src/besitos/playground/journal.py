"""Every call that the bot made, in order, with what it was told."""

from collections import deque
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

KEPT = 100_000


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One call.

    `at` is the injected clock's moment; `elapsed` real seconds since the playground was made, which tests about pace
    need when the clock stands still. The answer to a press belongs to the press's chat and update; any other call to
    the chat that it names and, most likely, to the last update of that chat that was handed out.
    """

    number: int
    at: datetime
    elapsed: float
    took: float
    method: str
    parameters: dict[str, Any]
    status: int
    answer: dict[str, Any]
    chat_id: int | None = None
    update_id: int | None = None
    fault: str | None = None
    was_heard: bool = True

    @property
    def is_ok(self) -> bool:
        """Whether it had its effect."""
        return self.status == 200


class Journal:
    """What tests assert on. Keeps the last hundred thousand calls."""

    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=KEPT)
        self._made = 0

    def __len__(self) -> int:
        return len(self._calls)

    def __iter__(self) -> Iterator[Call]:
        return iter(self._calls)

    def next_number(self) -> int:
        """Calls are numbered as they arrive and written when they are answered."""
        self._made += 1
        return self._made

    def write(self, call: Call) -> None:
        """Add a call that has been answered."""
        self._calls.append(call)

    def calls(self, method: str | None = None, chat_id: int | None = None) -> list[Call]:
        """The calls of this method and about this chat, in the order of their answers."""
        return [
            call
            for call in self._calls
            if (method is None or call.method.lower() == method.lower()) and chat_id in (None, call.chat_id)
        ]

    def of_update(self, update_id: int) -> list[Call]:
        """What the bot did about one update."""
        return [call for call in self._calls if call.update_id == update_id]

    def clear(self) -> None:
        """Forget everything so far; numbers go on."""
        self._calls.clear()

    def lines(self) -> Iterator[bytes]:
        """One JSON document per call."""
        return (msgspec.json.encode(call) for call in self._calls)

    def save(self, path: Path) -> None:
        """Write it as JSON Lines."""
        path.write_bytes(b"".join(line + b"\n" for line in self.lines()))
