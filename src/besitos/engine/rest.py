"""Rest: while nothing can be due for a member, nobody is asked whether something is.

Most of what mechanics bring about by themselves waits for a moment: a streak breaks, a mission ends, VIP time is over.
The earliest of these moments is kept with the member, until something is written that such moments follow from.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from besitos.core.state import Hot, Key, S, State
from besitos.core.view import View
from besitos.game.game import Part


class Rest(State, frozen=True):
    """From when on, up to when and under which version of the game nothing is due. There is no version -1."""

    version: int = -1
    since: datetime | None = None
    until: datetime | None = None


REST = Hot("rest", Rest)


class Writable(View, Protocol):
    """A view that also takes down what is remembered."""

    def put(self, key: Key[S], value: S) -> None:
        """Remember."""


def is_at_rest(view: View, member_id: int) -> bool:
    """Whether nothing can be due for the member now."""
    rest = view.get(REST.of(member_id))
    if rest.since is None or rest.until is None or rest.version != view.game_version:
        return False
    return rest.since <= view.now < rest.until


def wake(view: Writable, member_id: int) -> None:
    """Something was written that moments follow from: they are to be found anew."""
    key = REST.of(member_id)
    if view.get(key) != REST.blank:
        view.put(key, REST.blank)


def lay_down(view: Writable, member_id: int, parts: Sequence[Part]) -> None:
    """Find the first moment at which one of these parts has something to do, and rest until then."""
    until = min(part.rests_until(view, member_id, part.definition) for part in parts if part.rests_until is not None)
    if view.now < until:
        view.put(REST.of(member_id), Rest(view.game_version, view.now, until))
