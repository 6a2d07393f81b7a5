"""The compiled game: from an activity or an event to what it can affect."""

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from besitos.core.activity import Activity, Happened, topic_of
from besitos.core.calendar import Calendar
from besitos.core.decision import Decision
from besitos.core.limit import Allowance
from besitos.core.state import Key
from besitos.core.view import View
from besitos.game.document import Document
from besitos.game.mechanic import EVERY_ACTIVITY, Listens, Mechanic, Needs, Phase, Restraint
from besitos.game.section import ALL
from besitos.game.window import Window


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One definition at work in one place: the decision, and the definition it is called with."""

    name: str
    decide: Callable[[View, Any, Any], Decision]
    needs: Needs | None
    definition: Any


@dataclass(frozen=True, slots=True)
class Listeners:
    """Who hears of a topic: before the mechanic of the activity has acted, and after."""

    before: tuple[Part, ...] = ()
    after: tuple[Part, ...] = ()


NOBODY = Listeners()


@dataclass(frozen=True, kw_only=True, eq=False)
class Game:
    """All definitions in force, indexed by topic. A thousand that do not listen cost nothing."""

    version: int
    document: Document
    calendar: Calendar
    handlers: Mapping[type[Activity], Part]
    first: Mapping[str, Listeners]
    everyone: Listeners
    listeners: Mapping[str, Listeners]
    hinting: Mapping[str, tuple[Part, ...]]
    shapes: Mapping[str, type[Activity]]
    public: Mapping[str, type[Activity]]
    restraints: Mapping[str, tuple[tuple[Window, Allowance], ...]]
    seed: str = ""

    def needs_of(self, activity: Activity) -> Iterable[Key[Any] | int]:
        """What those whom `activity` wakes say they will ask for."""
        needs: list[Key[Any] | int] = []
        for part in self.hinting.get(activity.topic, ()):
            assert part.needs is not None, "only parts that give hints are indexed here"
            needs += part.needs(activity, part.definition)
        return needs

    def hearers_of(self, activity: Activity) -> Listeners:
        """Who hears an activity first: those of its kind, and those who hear all that members do."""
        return self.first.get(activity.topic) or (self.everyone if type(activity) is Happened else NOBODY)

    def allowances_of(self, source: str, now: datetime) -> tuple[Allowance, ...]:
        """The caps in play that a payment from `source` must pass, in order of their keys."""
        held = self.restraints.get(source) or self.restraints[ALL]
        return tuple([allowance for window, allowance in held if window.is_open(now)]) if held else ()

    @property
    def kinds(self) -> Mapping[str, object]:
        """Every kind of activity that may be sent."""
        return self.document.kinds

    @cached_property
    def ceilings(self) -> Mapping[str, int | None]:
        """What a member may hold of each currency; None for any amount."""
        return {key: currency.max_balance for key, currency in self.document.currencies.items()}

    @cached_property
    def bonus_lasts(self) -> timedelta:
        """How long bonus besitos live."""
        return self.document.currencies["besitos"].bonus_expires.value


def compile_game(mechanics: Iterable[Mechanic[Any]], document: Document, *, version: int = 0, seed: str = "") -> Game:
    """Index the definitions of `document` by what wakes them. A verb without a definition stays unhandled."""
    handlers: dict[type[Activity], Part] = {}
    shapes: dict[str, type[Activity]] = {topic_of(Happened): Happened}
    public: dict[str, type[Activity]] = {}
    heard: dict[str, list[tuple[Phase, str, Part]]] = {}
    restraints: list[tuple[str, Restraint]] = []
    for mechanic in mechanics:
        for handles in mechanic.handles:
            kind = topic_of(handles.activity)
            shapes[kind] = handles.activity
            if handles.is_public:
                public[kind] = handles.activity
        for name, definition in mechanic.compile(document):
            for handles in mechanic.handles:
                assert handles.activity not in handlers, f"{handles.activity.__name__} is handled twice"
                handlers[handles.activity] = Part(name, handles.decide, handles.needs, definition)
            for listens in mechanic.listens:
                _index(heard, listens, name, definition)
            if mechanic.restrains is not None:
                restraints.append((name, mechanic.restrains(definition)))
    return Game(
        version=version,
        document=document,
        calendar=document.calendar,
        handlers=handlers,
        first=_first(heard, shapes.keys() - public.keys()),
        everyone=_in_order(heard.get(EVERY_ACTIVITY, [])),
        listeners={topic: _in_order(parts) for topic, parts in heard.items()},
        hinting=_hinting(handlers, heard),
        shapes=shapes,
        public=public,
        restraints=_by_source(sorted(restraints, key=lambda each: each[0])),
        seed=seed,
    )


def _index(
    heard: dict[str, list[tuple[Phase, str, Part]]], listens: Listens[Any, Any], name: str, definition: object
) -> None:
    part = Part(name, listens.decide, listens.needs, definition)
    for topic in listens.topics(definition):
        heard.setdefault(topic, []).append((listens.phase, name, part))


def _in_order(parts: list[tuple[Phase, str, Part]]) -> Listeners:
    """By phase, then by key: two runs over the same log ask in the same order."""
    ordered = sorted(parts, key=lambda each: each[:2])
    return Listeners(
        tuple(part for phase, _, part in ordered if phase < Phase.RULE),
        tuple(part for phase, _, part in ordered if phase >= Phase.RULE),
    )


def _first(heard: Mapping[str, list[tuple[Phase, str, Part]]], private: AbstractSet[str]) -> Mapping[str, Listeners]:
    """What mechanics do by themselves is nothing that a member did."""
    everyone = heard.get(EVERY_ACTIVITY, [])
    own = {kind: _in_order(heard.get(kind, [])) for kind in private}
    return own | {kind: _in_order([*parts, *everyone]) for kind, parts in heard.items() if kind not in private}


def _hinting(
    handlers: Mapping[type[Activity], Part], heard: Mapping[str, list[tuple[Phase, str, Part]]]
) -> Mapping[str, tuple[Part, ...]]:
    woken = {topic: [part for *_, part in parts] for topic, parts in heard.items()}
    for activity, part in handlers.items():
        woken.setdefault(topic_of(activity), []).append(part)
    return {topic: tuple(part for part in parts if part.needs) for topic, parts in woken.items()}


def _by_source(restraints: list[tuple[str, Restraint]]) -> Mapping[str, tuple[tuple[Window, Allowance], ...]]:
    named = {source for _, restraint in restraints for source in restraint.sources} | {ALL}
    return {
        source: tuple(
            (restraint.window, allowance)
            for _, restraint in restraints
            if source in restraint.sources or ALL in restraint.sources
            for allowance in restraint.allowances
        )
        for source in named
    }
