"""The compiled game: from an activity or an event to what it can affect."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple, TypeVar

from besitos.core.activity import Activity, Happened, topic_of
from besitos.core.calendar import Calendar
from besitos.core.decision import Decision
from besitos.core.event import BesitosEarned, BesitosSpent, XpEarned
from besitos.core.limit import Allowance
from besitos.core.metric import Span
from besitos.core.number import Number
from besitos.core.payout import Given
from besitos.core.state import Key
from besitos.core.view import View
from besitos.game.asking import MONEY, Vocabulary, spans_asked
from besitos.game.document import Document
from besitos.game.mechanic import (
    EVERY_ACTIVITY,
    Listens,
    Mechanic,
    Multiplier,
    Needs,
    Phase,
    Reads,
    Restraint,
)
from besitos.game.section import ALL
from besitos.game.window import ALWAYS, Window

D = TypeVar("D")


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One definition at work in one place: the decision, and the definition it is called with."""

    name: str
    decide: Callable[[View, Any, Any], Decision]
    needs: Needs | None
    definition: Any
    rests_until: Callable[[View, int, Any], datetime] | None = None


@dataclass(frozen=True, slots=True)
class Handlers:
    """Who handles a kind of activity: the one part there is, or of several the one that `names` says."""

    parts: dict[str, Part]
    names: Callable[[Any], str] | None = None

    def of(self, activity: Activity) -> Part | None:
        """Who handles this one; None where it is about nothing that is in the game."""
        if self.names is None:
            return next(iter(self.parts.values()))
        return self.parts.get(self.names(activity))


@dataclass(frozen=True, slots=True)
class Listeners:
    """Who hears of a topic: of an activity what is due by itself, those before its mechanic acts and those after.

    Of an event, those who hear it as it is published besides. Of all that members do, `resting` are those of the first
    two who can rest, and `due_always` and `before_always` the others.
    """

    due: tuple[Part, ...] = ()
    before: tuple[Part, ...] = ()
    after: tuple[Part, ...] = ()
    at_once: tuple[Part, ...] = ()
    resting: tuple[Part, ...] = ()
    due_always: tuple[Part, ...] = ()
    before_always: tuple[Part, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.due or self.before or self.after)

    def __iter__(self) -> Iterator[Part]:
        return iter((*self.due, *self.before, *self.after, *self.at_once))


NOBODY = Listeners()


class Caps(NamedTuple):
    """The caps on one source, in order of their keys, and when each is in play. `always` are they all, if all are."""

    of: tuple[tuple[Window, Allowance], ...]
    always: tuple[Allowance, ...]

    @classmethod
    def among(cls, held: Iterable[tuple[Window, Allowance]]) -> "Caps":
        """These caps."""
        caps = tuple(held)
        return cls(caps, tuple(each for _, each in caps) if all(window == ALWAYS for window, _ in caps) else ())


class AskedOfMoney(NamedTuple):
    """One number of a purse that is asked for: its field of a wallet, periods, and from what on it wakes anybody."""

    name: str
    field: str
    spans: tuple[Span, ...]
    is_watched: bool
    at_least: Number | None


class Reader(NamedTuple):
    """A definition that is read when something that it asks for changes: the words are those of `Ask`."""

    at_least: Number | None
    is_per: bool
    at: str
    part: Part


@dataclass(frozen=True, slots=True)
class Readers:
    """Whose conditions are read in one phase.

    `of` are those who ask for a name, the least demanding first; `restless` ones are read at every activity, and
    `catching_up` ones at a member's first activity under this version.
    """

    of: Mapping[str, tuple[Reader, ...]] = field(default_factory=dict)
    restless: tuple[Part, ...] = ()
    catching_up: tuple[Part, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.of or self.restless or self.catching_up)


@dataclass(frozen=True, kw_only=True, eq=False)
class Game:
    """All definitions in force, indexed by topic. A thousand that do not listen cost nothing."""

    version: int
    document: Document
    calendar: Calendar
    handlers: Mapping[type[Activity], "Handlers"]
    first: Mapping[str, Listeners]
    everyone: Listeners
    listeners: Mapping[str, Listeners]
    hinting: Mapping[str, tuple[Part, ...]]
    shapes: Mapping[str, type[Activity]]
    public: Mapping[str, type[Activity]]
    restraints: Mapping[str, Caps]
    followers: Readers
    readers: Readers
    boards: Readers
    givers: Mapping[str, Mapping[str, Part]]
    multipliers: tuple[Multiplier, ...]
    money_spans: Mapping[str, tuple[Span, ...]]
    seed: str = ""

    def handling(self, kind: type[Activity], shape: type[D]) -> list[D]:
        """The definitions that handle activities of a kind, which are of this shape; none where the game has none."""
        handlers = self.handlers.get(kind)
        parts = () if handlers is None else handlers.parts.values()
        return [part.definition for part in parts if isinstance(part.definition, shape)]

    def needs_of(self, activity: Activity) -> Iterable[Key[Any] | int]:
        """What those whom `activity` wakes say they will ask for."""
        needs: list[Key[Any] | int] = []
        handlers = self.handlers.get(type(activity))
        handler = handlers.of(activity) if handlers is not None else None
        if handler is not None and handler.needs is not None:
            needs += handler.needs(activity, handler.definition)
        for part in self.hinting.get(activity.topic, ()):
            assert part.needs is not None, "only parts that give hints are indexed here"
            needs += part.needs(activity, part.definition)
        return needs

    def hearers_of(self, activity: Activity) -> Listeners:
        """Who hears an activity first: those of its kind, and those who hear all that members do."""
        return self.first.get(activity.topic) or (self.everyone if type(activity) is Happened else NOBODY)

    def allowances_of(self, source: str, now: datetime) -> tuple[Allowance, ...]:
        """The caps in play that a payment from `source` must pass, in order of their keys."""
        caps = self.restraints.get(source) or self.restraints[ALL]
        return caps.always or tuple([allowance for window, allowance in caps.of if window.is_open(now)])

    def asked_of_money(self, currency: str) -> tuple[AskedOfMoney, ...]:
        """What of a purse anybody asks for: of most games one number, or none."""
        known = self._of_money.get(currency)
        if known is None:
            named = ((f"{field}:{currency}", field) for field in ("balance", "earned", "spent"))
            spans, watched = self.money_spans, self.watched
            asked = (
                AskedOfMoney(name, field, spans.get(name, ()), name in watched, watched.get(name))
                for name, field in named
            )
            known = self._of_money[currency] = tuple(each for each in asked if each.spans or each.is_watched)
        return known

    @cached_property
    def _of_money(self) -> dict[str, tuple[AskedOfMoney, ...]]:
        return {}

    @cached_property
    def reads(self) -> bool:
        """Whether there are conditions to be read."""
        return bool(self.followers or self.readers)

    @cached_property
    def ranks(self) -> bool:
        """Whether there are boards."""
        return bool(self.boards)

    @cached_property
    def is_restless(self) -> bool:
        """Whether anybody is read at every activity."""
        return any(each.restless for each in (self.followers, self.readers, self.boards))

    @cached_property
    def catches_up(self) -> bool:
        """Whether anybody is read at a member's first activity under this version."""
        return any(each.catching_up for each in (self.followers, self.readers, self.boards))

    @cached_property
    def watched(self) -> Mapping[str, Number | None]:
        """The names whose change anybody asks for, and what it must have come to at least to concern them."""
        least: dict[str, Number | None] = {}
        asked = (each.of.items() for each in (self.followers, self.readers, self.boards))
        for name, readers in chain.from_iterable(asked):
            own = readers[0].at_least
            others = least.get(name, own)
            least[name] = None if own is None or others is None else min(own, others)
        return least

    def giver_of(self, given: Given) -> Part | None:
        """Who gives this; None where nothing of the kind is in the game."""
        parts = self.givers.get(given.word, {})
        return parts.get(given.key) or parts.get(ALL)

    @property
    def kinds(self) -> Mapping[str, object]:
        """Every kind of activity that may be sent."""
        return self.document.kinds

    @cached_property
    def hears_of_money(self) -> bool:
        """Whether what is earned and spent is told: somebody listens, or what follows from it has an order.

        Such an event goes through the rounds like any other: levels and conditions are read with it, before the events
        that come after it are heard, whether or not anybody hears of the money itself.
        """
        return self.reads or any(topic_of(event) in self.listeners for event in (BesitosEarned, BesitosSpent, XpEarned))

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
    mechanics = tuple(mechanics)
    handled = {topic_of(handles.activity): handles for mechanic in mechanics for handles in mechanic.handles}
    deeds = {kind for kind, handles in handled.items() if handles.is_public or handles.is_deed}
    shapes: dict[str, type[Activity]] = {kind: handles.activity for kind, handles in handled.items()}
    shapes[topic_of(Happened)] = Happened
    handlers: dict[type[Activity], Handlers] = {}
    heard: dict[str, list[tuple[Phase, str, Part]]] = {}
    restraints: list[tuple[str, Restraint]] = []
    reading: list[tuple[Reads[Any], Part]] = []
    givers: dict[str, dict[str, Part]] = {}
    multipliers: list[Multiplier] = []
    for mechanic in mechanics:
        for name, definition in mechanic.compile(document):
            for handles in mechanic.handles:
                made = handlers.setdefault(handles.activity, Handlers({}, handles.names))
                assert handles.names is not None or not made.parts, f"{handles.activity.__name__} is handled twice"
                made.parts[name] = Part(name, handles.decide, handles.needs, definition)
            for listens in mechanic.listens:
                _index(heard, listens, name, definition)
            reading += [(reads, Part(name, reads.decide, reads.needs, definition)) for reads in mechanic.reads]
            for gives in mechanic.gives:
                part = Part(name, gives.decide, None, definition)
                keys = (ALL,) if gives.names is None else gives.names(definition)
                givers.setdefault(gives.word, {}).update(dict.fromkeys(keys, part))
            if mechanic.restrains is not None:
                restraints.append((name, mechanic.restrains(definition)))
            if mechanic.multiplies is not None:
                multipliers.append(mechanic.multiplies(definition))
    return Game(
        version=version,
        document=document,
        calendar=document.calendar,
        handlers=handlers,
        first=_first(heard, shapes.keys() - deeds, deeds),
        everyone=_at_rest(_in_order(heard.get(EVERY_ACTIVITY, []))),
        listeners={topic: _in_order(parts) for topic, parts in heard.items()},
        hinting=_hinting(heard, reading, Vocabulary(document).topics),
        shapes=shapes,
        public={kind: handles.activity for kind, handles in handled.items() if handles.is_public},
        restraints=_by_source(sorted(restraints, key=lambda each: each[0])),
        followers=_readers([each for each in reading if each[0].phase is Phase.FOLLOW]),
        readers=_readers([each for each in reading if each[0].phase is Phase.READ]),
        boards=_readers([each for each in reading if each[0].phase is Phase.RANK]),
        givers=givers,
        multipliers=tuple(sorted(multipliers, key=lambda each: each.name)),
        money_spans={name: spans for name, spans in spans_asked(document).items() if name.partition(":")[0] in MONEY},
        seed=seed,
    )


def _index(
    heard: dict[str, list[tuple[Phase, str, Part]]], listens: Listens[Any, Any], name: str, definition: object
) -> None:
    needs = listens.needs if listens.has_needs(definition) else None
    rests_until = listens.rests_until if listens.may_rest(definition) else None
    part = Part(name, listens.decide, needs, definition, rests_until)
    for topic in listens.topics(definition):
        heard.setdefault(topic, []).append((listens.phase, name, part))


def _in_order(parts: list[tuple[Phase, str, Part]]) -> Listeners:
    """By phase, then by key: two runs over the same log ask in the same order."""
    ordered = sorted(parts, key=lambda each: each[:2])
    return Listeners(
        tuple(part for phase, _, part in ordered if Phase.AT_ONCE < phase <= Phase.DUE),
        tuple(part for phase, _, part in ordered if Phase.DUE < phase < Phase.RULE),
        tuple(part for phase, _, part in ordered if phase >= Phase.RULE),
        tuple(part for phase, _, part in ordered if phase is Phase.AT_ONCE),
    )


def _first(
    heard: Mapping[str, list[tuple[Phase, str, Part]]], private: AbstractSet[str], deeds: AbstractSet[str]
) -> Mapping[str, Listeners]:
    """What mechanics do by themselves is nothing that a member did; a verb of theirs that is a deed is."""
    everyone = heard.get(EVERY_ACTIVITY, [])
    assert all(phase < Phase.RULE for phase, _, part in everyone if part.rests_until), (
        "what is due comes before the rules"
    )
    own = {kind: _in_order(heard.get(kind, [])) for kind in private}
    told = (heard.keys() | deeds) - private
    return own | {kind: _at_rest(_in_order([*heard.get(kind, []), *everyone])) for kind in told}


def _at_rest(parts: Listeners) -> Listeners:
    """The same, who of them can rest known."""
    due, before = (tuple(part for part in each if part.rests_until is None) for each in (parts.due, parts.before))
    resting = tuple(part for part in (*parts.due, *parts.before) if part.rests_until is not None)
    return replace(parts, resting=resting, due_always=due, before_always=before)


def _hinting(
    heard: Mapping[str, list[tuple[Phase, str, Part]]],
    reading: Iterable[tuple[Reads[Any], Part]],
    topics: Mapping[str, tuple[str, ...]],
) -> Mapping[str, tuple[Part, ...]]:
    """Who gives hints about a topic: those who hear it, and those who read what it counts in at one value."""
    hinting = {topic: [part for *_, part in parts if part.needs] for topic, parts in heard.items()}
    for reads, part in reading:
        if reads.needs is not None:
            asked = {ask.name for ask in reads.asks(part.definition) if ask.is_per}
            for topic in sorted({topic for name in asked for topic in topics.get(name, ())}):
                hinting.setdefault(topic, []).append(part)
    return {topic: tuple(parts) for topic, parts in hinting.items()}


def _readers(reading: list[tuple[Reads[Any], Part]]) -> Readers:
    of: dict[str, list[Reader]] = {}
    for reads, part in reading:
        for ask in reads.asks(part.definition):
            of.setdefault(ask.name, []).append(Reader(ask.at_least, ask.is_per, ask.at, part))
    return Readers(
        {name: tuple(sorted(found, key=_least_demanding_first)) for name, found in of.items()},
        tuple(part for reads, part in reading if reads.is_restless(part.definition)),
        tuple(part for reads, part in reading if reads.catch_up),
    )


def _least_demanding_first(reader: Reader) -> tuple[bool, Number, str]:
    at_least = reader.at_least
    return (at_least is not None, at_least or 0, reader.part.name)


def _by_source(restraints: list[tuple[str, Restraint]]) -> Mapping[str, Caps]:
    named = {source for _, restraint in restraints for source in restraint.sources} | {ALL}
    return {
        source: Caps.among(
            (restraint.window, allowance)
            for _, restraint in restraints
            if source in restraint.sources or ALL in restraint.sources
            for allowance in restraint.allowances
        )
        for source in named
    }
