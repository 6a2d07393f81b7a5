"""Activities: what a member did, or asks to do, as a dated fact."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, TypeAlias

import msgspec

Scalar: TypeAlias = str | int | bool | Decimal
"""The value of an attribute. Numbers are exact: whole, or decimal."""

HOUSE = 0
"""The member id of activities that nobody asked for: closings, seasons."""

JOB = "job:"
"""The scope of the keys of timers: a timer is named by the activity that it brings about."""

REMEMBERED = timedelta(days=31)
"""How long a key is recognised of a request that gave no time of its own."""

KEY_MAX_BYTES = 255
"""The longest key that a caller may choose, in bytes of UTF-8, without its scope."""


class Activity(msgspec.Struct, frozen=True, kw_only=True):
    """Something a member did, or asks to do. Each subclass is one verb, named by its `tag`.

    `key` names one attempt, not the request, as `scope:key`: the same button press delivered twice carries
    the same key, and is decided once. `occurred_at` is what was said, and so must be the same in a
    repetition, unless nobody said it and we looked at our own clock (`is_dated` is off then). Decisions
    ask `view.now`, which is never ahead of our clock. `attributes` are scalars by name: all there is to say of
    a kind that no mechanic has a verb for, and what a game adds to one that has.
    """

    key: str
    member_id: int
    occurred_at: datetime
    is_dated: bool = True
    attributes: Mapping[str, Any] = {}
    """Scalars. (The type cannot say so: a decimal in JSON looks like any other number.)"""

    def __post_init__(self) -> None:
        assert ":" in self.key, "a key is scope:key; without a scope two senders' keys would meet"
        assert self.occurred_at.tzinfo is not None, "occurred_at needs a time zone"

    @property
    def topic(self) -> str:
        """What listeners subscribe to: the kind of activity."""
        return topic_of(type(self))

    @property
    def content(self) -> Mapping[str, Any]:
        """What was said besides who, when and which kind: what a repetition is compared by."""
        return {**{name: getattr(self, name) for name in own_fields(type(self))}, **self.attributes}

    def attribute(self, name: str) -> Scalar | None:
        """The value of attribute `name`, or None if this activity has none of that name."""
        if name in self.attributes:
            value: Scalar | None = self.attributes[name]
            return value
        return getattr(self, name) if name in own_fields(type(self)) else None


class Happened(Activity, frozen=True, kw_only=True, tag="happened"):
    """Something that a game may care about but that no mechanic has a verb for: a message, a lesson.

    `kind` is a dotted name that is built in or that the game declares (`message.posted`). Where it `must_be_known`, a
    game that came into force after it was admitted, and does not know it, refuses it.
    """

    kind: str
    must_be_known: bool = False

    @property
    def topic(self) -> str:
        """The community's own name for it."""
        return self.kind

    @property
    def content(self) -> Mapping[str, Any]:
        """Its attributes; the kind is its topic."""
        return self.attributes

    def attribute(self, name: str) -> Scalar | None:
        """The value of attribute `name`, or None."""
        value: Scalar | None = self.attributes.get(name)
        return value


def topic_of(shape: type[msgspec.Struct]) -> str:
    """The dotted name of a kind of activity or event: the tag it was declared with."""
    return _tag(shape)


@cache
def _tag(shape: Any) -> str:  # noqa: ANN401 - mypy takes no class of structs for hashable
    tag = shape.__struct_config__.tag
    assert isinstance(tag, str), f"{shape.__name__} was declared without a tag"
    return tag


@cache
def own_fields(shape: Any) -> tuple[str, ...]:  # noqa: ANN401 - as above
    """What a kind of activity has to say besides what every activity has."""
    return tuple(name for name in shape.__struct_fields__ if name not in Activity.__struct_fields__)
