"""What a mechanic is: verbs it handles, topics it listens to, and no SQL anywhere."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import IntEnum
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

import msgspec

from besitos.core.activity import Activity
from besitos.core.decision import Decision, Give
from besitos.core.event import Event
from besitos.core.limit import Allowance
from besitos.core.number import Number
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
    """When a listener is asked, in the numbers of GAME-LANGUAGE §10, times ten. The handler acts just before `RULE`.

    In `DUE` a mechanic brings about what has become due by itself: it comes before an activity of the same instant.
    `DUE_FIRST` is for what all others look at: VIP time that is over.
    In `ASSIGN` missions begin: before the gift, which changes numbers already. In `RANK` boards are brought up to date,
    once, when all rounds are over. `AT_ONCE` is the moment in which an event is published: what a mechanic did is
    counted when it acts, so the rules that come after it see it.
    """

    AT_ONCE = 10
    DUE_FIRST = 15
    DUE = 20
    ASSIGN = 25
    GIFT = 30
    THING = 40
    METRIC = 50
    RULE = 60
    FOLLOW = 70
    READ = 80
    RANK = 90


@dataclass(frozen=True, slots=True)
class Handles(Generic[A, D]):
    """The one mechanic that may refuse this kind of activity.

    `needs` names rows and shared values to lock and load in advance. It is a hint for speed: what it
    leaves out is found when `decide` asks for it. The member's own document and accounts are always there.
    `is_public` lets callers send the kind as an activity of their own; others come from the mechanic alone. Those who
    hear all that members do hear public kinds, and of the others those that are a deed of the member's.
    `names` says which definition an activity is about (`badge/amiga`), where the mechanic has several; one that is
    about none is refused.
    """

    activity: type[A]
    decide: Callable[[View, A, D], Decision]
    needs: Callable[[A, D], Iterable[Key[Any] | int]] | None = None
    is_public: bool = False
    is_deed: bool = False
    names: Callable[[A], str] | None = None


@dataclass(frozen=True, slots=True)
class Listens(Generic[A, D]):
    """A decision that follows from what others did. It may add effects; it cannot refuse the activity.

    `needs` is as of `Handles`; `has_needs` says which definitions have any. Who hears every activity only to find what
    is due says in `rests_until` before which moment there is nothing, whatever the member does, unless a slot is
    written that `wakes`; `may_rest` says of which definitions that is true.
    """

    topics: Callable[[D], Iterable[str]]
    decide: Callable[[View, A, D], Decision]
    phase: Phase
    needs: Callable[[A, D], Iterable[Key[Any] | int]] | None = None
    has_needs: Callable[[D], bool] = lambda _: True
    rests_until: Callable[[View, int, D], datetime] | None = None
    may_rest: Callable[[D], bool] = lambda _: True


class Reading(msgspec.Struct, frozen=True):
    """The cue to read conditions: something that they ask for has changed, or may have.

    `value` is that of the attribute that a definition is kept per; empty where what changed concerns the member.
    """

    member_id: int
    value: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """One name whose change may make conditions hold: `mensajes`, `earned:besitos`, `badge:amiga`, `member`.

    Below `at_least` they cannot, so nobody is asked. `is_per` where the definition is read at the value that changed;
    `at` where only a change at this value of the attribute matters.
    """

    name: str
    at_least: Number | None = None
    is_per: bool = False
    at: str = ""


@dataclass(frozen=True, slots=True)
class Reads(Generic[D]):
    """Definitions whose conditions are read when something that they ask for has changed.

    Levels and grades do so in phase `FOLLOW`, so that who reads after them sees where they have come to. `is_restless`
    says of a definition that time alone may change its answer: it is read at every activity. Those that `catch_up` are
    read at a member's first activity under each version of the game, changed or not. `needs` names, of an activity that
    counts in a metric which a definition asks for at one value, what will be read at that value: a hint, as above.
    """

    asks: Callable[[D], Iterable[Ask]]
    decide: Callable[[View, Reading, D], Decision]
    phase: Phase = Phase.READ
    is_restless: Callable[[D], bool] = lambda _: False
    catch_up: bool = False
    needs: Needs | None = None


@dataclass(frozen=True, slots=True)
class Gives(Generic[D]):
    """How one word of a payout (`badges`, `items` …) is given, in the middle of a payment.

    `decide` answers with nothing where the member has it already. `names` says which keys a definition stands for;
    without it one definition gives all.
    """

    word: str
    decide: Callable[[View, Give, D], Decision]
    names: Callable[[D], Iterable[str]] | None = None


class Earning(NamedTuple):
    """What boosts are asked about: who is paid, from which source, in which currency."""

    member_id: int
    source: str
    currency: str


@dataclass(frozen=True, slots=True)
class Multiplier:
    """Says by which factors an earning is multiplied now, each under the name of what multiplies it."""

    name: str
    factors: Callable[[View, Earning], Iterable[tuple[str, Decimal]]]


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
    limit on what other mechanics pay, `multiplies` a factor on it.
    """

    name: str
    compile: Callable[[Document], Iterable[tuple[str, D]]]
    sections: tuple[Section, ...] = ()
    handles: tuple[Handles[Any, D], ...] = ()
    listens: tuple[Listens[Any, D], ...] = ()
    reads: tuple[Reads[D], ...] = ()
    gives: tuple[Gives[D], ...] = ()
    restrains: Callable[[D], Restraint] | None = None
    multiplies: Callable[[D], Multiplier] | None = None
