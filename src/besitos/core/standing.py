"""Where a member stands: numbers of now that belong to a mechanic and that conditions of others ask for."""

from collections.abc import Mapping

import msgspec

from besitos.core.state import Hot, State


class Run(msgspec.Struct, frozen=True, array_like=True):
    """A streak in numbers: its length now, and the longest there ever was. Stored as `[length, best]`."""

    length: int = 0
    best: int = 0


class Standing(State, frozen=True):
    """The level, and the streaks by key, as of the member's last activity."""

    level: int = 1
    streaks: Mapping[str, Run] = {}


STANDING = Hot("standing", Standing)
