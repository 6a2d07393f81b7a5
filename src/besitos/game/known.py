"""What is known of a whole game, while it is checked and afterwards: definitions by kind, attributes by activity."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Generic, TypeVar

from besitos.game.catalogue import BUILT_IN, KNOWN_OF_ALL, Attributes
from besitos.game.definition import Definition

D = TypeVar("D", bound=Definition)

NONE: Mapping[str, Definition] = {}


@dataclass(frozen=True)
class Known:
    """All definitions: kind → key → definition. `failed` are written but wrong, and count as existing."""

    definitions: Mapping[str, Mapping[str, Definition]]
    failed: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    def all(self, kind: str) -> Mapping[str, Definition]:
        """The definitions of a kind."""
        return self.definitions.get(kind, NONE)

    def exists(self, kind: str, key: str) -> bool:
        """Whether there is, or would be, such a definition."""
        return key in self.all(kind) or (kind, key) in self.failed

    @cached_property
    def attributes(self) -> Mapping[str, Attributes]:
        """What each kind of activity may carry: built in, and declared by the game."""
        own = {key: getattr(activity, "attributes", {}) for key, activity in self.all("activity").items()}
        return {**BUILT_IN, **{kind: {**declared, **BUILT_IN.get(kind, {})} for kind, declared in own.items()}}

    @cached_property
    def filterable(self) -> Mapping[str, Attributes]:
        """What `where` and `per` may ask of each kind: what it carries, and what is known of every activity."""
        return {kind: {**carried, **KNOWN_OF_ALL} for kind, carried in self.attributes.items()}


@dataclass(frozen=True)
class Checked(Generic[D]):
    """What a section is given to check: one definition, its key, and the game that it stands in."""

    key: str
    definition: D
    known: Known
