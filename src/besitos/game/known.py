"""What is known of a whole game, while it is checked and afterwards: definitions by kind, attributes by activity."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Generic, TypeVar

from besitos.game.catalogue import BUILT_IN, KNOWN_OF_ALL, Attributes, AttributeType
from besitos.game.definition import Definition

D = TypeVar("D", bound=Definition)

NONE: Mapping[str, Definition] = {}
UNLOCKED = "gamification.achievement_unlocked"


@dataclass(frozen=True)
class Shared:
    """The attributes that several kinds of activity have in common; of the `ambiguous` they disagree on the type."""

    types: Attributes
    ambiguous: frozenset[str] = frozenset()

    @property
    def numbers(self) -> frozenset[str]:
        """Those that are numbers in every one of them."""
        return frozenset(name for name, kind in self.types.items() if kind == "number") - self.ambiguous


@dataclass(frozen=True)
class Known:
    """All definitions: kind → key → definition. `failed` are written but wrong, and count as existing.

    `kinds` are those that can be defined here. `is_broken` says that a file could not be read: what seems to be
    missing may stand there.
    """

    definitions: Mapping[str, Mapping[str, Definition]]
    failed: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    kinds: frozenset[str] = frozenset()
    is_broken: bool = False

    def all(self, kind: str) -> Mapping[str, Definition]:
        """The definitions of a kind."""
        return self.definitions.get(kind, NONE)

    def exists(self, kind: str, key: str) -> bool:
        """Whether there is, or would be, such a definition."""
        return key in self.all(kind) or (kind, key) in self.failed

    def lacks(self, kind: str, key: str) -> bool:
        """Whether it is certain that there is none; of kinds that nothing here reads nobody can say."""
        return kind in self.kinds and not self.is_broken and not self.exists(kind, key)

    def keys(self, kind: str) -> Sequence[str]:
        """The keys of a kind, of those that are written but wrong too."""
        return self._keys.get(kind, ())

    @cached_property
    def attributes(self) -> Mapping[str, Attributes]:
        """What each kind of activity may carry: built in, and declared by the game."""
        own = {key: getattr(activity, "attributes", {}) for key, activity in self.all("activity").items()}
        carried = {**BUILT_IN, **{kind: {**declared, **BUILT_IN.get(kind, {})} for kind, declared in own.items()}}
        if UNLOCKED in carried:
            subjects = {per for badge in self.all("badge").values() if (per := getattr(badge, "per", None))}
            carried[UNLOCKED] = {**dict.fromkeys(sorted(subjects), "text"), **carried[UNLOCKED]}
        return carried

    @cached_property
    def filterable(self) -> Mapping[str, Attributes]:
        """What `where` and `per` may ask of each kind.

        That is what it carries, what is known of every activity, and, with a dot, what is remembered of the things
        that it names.
        """
        return {
            kind: {**self._remembered(carried), **carried, **KNOWN_OF_ALL} for kind, carried in self.attributes.items()
        }

    def shared(self, kinds: Iterable[str]) -> Shared | None:
        """What activities of all these kinds carry; None where something is not known of one of them."""
        tables = [self.filterable.get(kind) for kind in kinds]
        whole = [table for table in tables if table is not None]
        if not whole or len(whole) < len(tables):
            return None
        common = [name for name in whole[0] if all(name in table for table in whole)]
        ambiguous = frozenset(name for name in common if len({table[name] for table in whole}) > 1)
        return Shared({name: whole[0][name] for name in common}, ambiguous)

    def _remembered(self, carried: Attributes) -> Mapping[str, AttributeType]:
        kept = self._kept
        return {f"{thing}.{name}": kind for thing in carried if thing in kept for name, kind in kept[thing].items()}

    @cached_property
    def _kept(self) -> Mapping[str, Attributes]:
        return {key: self._kept_of(thing) for key, thing in self.all("thing").items()}

    def _kept_of(self, thing: Definition) -> Attributes:
        tables = [{**self.attributes.get(kind, {}), **KNOWN_OF_ALL} for kind in getattr(thing, "begins", None) or ()]
        names = (*(getattr(thing, "keeps", None) or ()), "day")
        return {name: table[name] for name in names for table in reversed(tables) if name in table}

    @cached_property
    def _keys(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = {kind: list(made) for kind, made in self.definitions.items()}
        for kind, key in sorted(self.failed):
            found.setdefault(kind, []).append(key)
        return found


@dataclass(frozen=True)
class Checked(Generic[D]):
    """What a section is given to check: one definition, its key, and the game that it stands in."""

    key: str
    definition: D
    known: Known
