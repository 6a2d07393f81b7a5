"""State: what a mechanic remembers, and where it is kept.

A mechanic declares its slots once, next to the shapes that they hold:

    GIFT = Hot("daily_gift", DailyGift)
    BADGE = Row("badge", Badge)
    AUCTION = Shared("auction", Auction)

and names a value with `.of(...)`. A value never written is its shape's blank, so nothing is "created".
"""

from decimal import Decimal
from hashlib import sha256
from typing import ClassVar, Generic, TypeVar

import msgspec

NAME_MAX = 100
"""Characters of a value in a scope; what is longer is named by its hash, for an index has its limits."""


class State(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of everything remembered. Each field needs a default: the blank is a value like any other."""


S = TypeVar("S", bound=State)


class Slot(Generic[S]):
    """A kind of value, under a name that is unique in the game. Its class says where its values live.

    One that `wakes` says when something is due by itself: with it that moment may change.
    """

    is_hot: ClassVar[bool] = False

    def __init__(self, name: str, shape: type[S], *, wakes: bool = False) -> None:
        self.name = name
        self.wakes = wakes
        self.blank = shape()
        self.decode = msgspec.json.Decoder(shape).decode

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r})"


class Key(msgspec.Struct, Generic[S], frozen=True, cache_hash=True):
    """The name of one value: of which slot, of whom, and which one."""

    slot: Slot[S]
    member_id: int
    scope: str


class Hot(Slot[S]):
    """In the member's document: small, bounded, there with every activity.

    The last key is kept at hand: what decides about an activity asks for the same member again and again.
    """

    is_hot = True

    def __init__(self, name: str, shape: type[S], *, wakes: bool = False) -> None:
        super().__init__(name, shape, wakes=wakes)
        self._last: Key[S] = Key(self, 0, name)

    def of(self, member_id: int) -> Key[S]:
        """This member's value."""
        key = self._last
        if key.member_id != member_id:
            key = self._last = Key(self, member_id, self.name)
        return key


class Hots(Hot[S]):
    """Several in the member's document, by name: as many as the game has definitions, and no more."""

    def __init__(self, name: str, shape: type[S], *, wakes: bool = False) -> None:
        super().__init__(name, shape, wakes=wakes)
        self._last_named: tuple[int, dict[str, Key[S]]] = (0, {})

    def named(self, member_id: int, name: str) -> Key[S]:
        """This member's value called `name`."""
        member, keys = self._last_named
        if member != member_id:
            _, keys = self._last_named = member_id, {}
        key = keys.get(name)
        if key is None:
            key = keys[name] = Key(self, member_id, f"{self.name}/{name}")
        return key


class Row(Slot[S]):
    """One row per member and name: what grows with what a member does."""

    def of(self, member_id: int, name: str) -> Key[S]:
        """This member's value called `name`."""
        return Key(self, member_id, f"{self.name}/{name}")


class Shared(Slot[S]):
    """One row per name, of no member: locked by that name."""

    def of(self, name: str) -> Key[S]:
        """The value called `name`."""
        return Key(self, 0, f"{self.name}/{name}")


class Once(Slot[S]):
    """One row per name, of no member, written once: reading it takes no lock, for it never changes.

    Whoever writes it holds a `Shared` value of the same name, so that of two who write at once one is the first.
    """

    def of(self, name: str) -> Key[S]:
        """The value called `name`."""
        return Key(self, 0, f"{self.name}/{name}")


def named(value: object) -> str:
    """`value` as a part of a scope: itself, or its hash where it is long. Equal numbers have one name."""
    text = _spelled(value) if isinstance(value, Decimal) else str(value)
    return text if len(text) <= NAME_MAX else "~" + sha256(text.encode()).hexdigest()[:32]


def _spelled(number: Decimal) -> str:
    """`7`, `7.0` and `7E+0` are 7."""
    plain = f"{number.normalize():f}"
    return "0" if plain == "-0" else plain
