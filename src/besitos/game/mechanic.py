"""What a mechanic is: verbs it handles, topics it listens to, and no SQL anywhere."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Generic, TypeAlias, TypeVar

from besitos.core.activity import Activity
from besitos.core.decision import Decision
from besitos.core.event import Event
from besitos.core.limit import Allowance
from besitos.core.state import Key
from besitos.core.view import View
from besitos.game.document import Document
from besitos.game.section import Section
from besitos.game.window import Window

Signal: TypeAlias = Activity | Event
"""What a decision answers to: the activity itself, or an event that came of it."""

A = TypeVar("A", bound=Signal)
D = TypeVar("D")

Needs: TypeAlias = Callable[[Any, Any], Iterable[Key[Any] | int]]
"""Names, of an activity, what its decision will ask for: values, and other members."""

EVERY_ACTIVITY = "*"
"""The topic of those who hear every activity of a member, whatever its kind."""


class Phase(IntEnum):
    """When a listener is asked, in the numbers of GAME-LANGUAGE §10. The handler acts just before `RULE`."""

    GIFT = 3
    THING = 4
    METRIC = 5
    RULE = 6
    FOLLOW = 7
    READ = 8


@dataclass(frozen=True, slots=True)
class Handles(Generic[A, D]):
    """The one mechanic that may refuse this kind of activity.

    `needs` names rows and shared values to lock and load in advance. It is a hint for speed: what it
    leaves out is found when `decide` asks for it. The member's own document and accounts are always there.
    `is_public` lets callers send the kind as an activity of their own; others come from the mechanic alone.
    """

    activity: type[A]
    decide: Callable[[View, A, D], Decision]
    needs: Callable[[A, D], Iterable[Key[Any] | int]] | None = None
    is_public: bool = False


@dataclass(frozen=True, slots=True)
class Listens(Generic[A, D]):
    """A decision that follows from what others did. It may add effects; it cannot refuse the activity."""

    topics: Callable[[D], Iterable[str]]
    decide: Callable[[View, A, D], Decision]
    phase: Phase
    needs: Callable[[A, D], Iterable[Key[Any] | int]] | None = None


@dataclass(frozen=True, slots=True)
class Restraint:
    """What one definition lets through over several sources together."""

    sources: tuple[str, ...]
    allowances: tuple[Allowance, ...]
    window: Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Mechanic(Generic[D]):
    """One game system, as data. The registry is a list of these.

    `compile` makes, of a document, what `decide` is called with: one value for each definition, under the
    name that traces and transfers give as their cause (`rule/chat`). `restrains` makes a definition a
    limit on what other mechanics pay.
    """

    name: str
    compile: Callable[[Document], Iterable[tuple[str, D]]]
    sections: tuple[Section, ...] = ()
    handles: tuple[Handles[Any, D], ...] = ()
    listens: tuple[Listens[Any, D], ...] = ()
    restrains: Callable[[D], Restraint] | None = None
