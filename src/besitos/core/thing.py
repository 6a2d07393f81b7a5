"""Things: what is remembered of a post, a live, a thread from the activity that began it. It never changes."""

from collections.abc import Mapping
from typing import Any

from besitos.core.state import Once, Shared, State


class Thing(State, frozen=True):
    """The attributes that were kept, the day among them. Nothing of what nobody saw begin."""

    kept: Mapping[str, Any] = {}


class Beginning(State, frozen=True):
    """Held by whoever is first to see a thing begin; there is nothing in it."""


THING = Once("thing", Thing)
"""By attribute and value: `post/42`."""

BEGINNING = Shared("beginning", Beginning)
