"""What the oracle remembers: members, the books, and what one activity changed. Everything is kept whole."""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from tests.oracle.calendars import Calendar
from tests.oracle.reading import Body, Game
from tests.oracle.units import Number

Changed: TypeAlias = tuple[str, str]
"""What may wake a definition: a metric or a possession, and which (its value of `per`, its currency, its key)."""

ROUNDS = 8


@dataclass(frozen=True)
class Entry:
    """One movement in the books of a member."""

    key: str
    member: str
    currency: str
    amount: int
    after: int
    type: str
    source: str
    cause: str
    at: datetime


@dataclass(frozen=True)
class Award:
    """A badge given, at a value of its `per`."""

    badge: str
    member: str
    value: str
    at: datetime


@dataclass(frozen=True)
class Event:
    """What was published."""

    type: str
    member: str
    at: datetime
    fields: Body


@dataclass(frozen=True)
class Reason:
    """Why something was not paid."""

    cause: str
    code: str


@dataclass
class Outcome:
    """What one activity changed; `due` is what fell due before it."""

    entries: list[Entry] = field(default_factory=list)
    awards: list[Award] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    refused: str | None = None
    due: "Outcome | None" = None


@dataclass(frozen=True)
class Point:
    """One contribution to a metric, by which activity."""

    at: datetime
    activity: int
    value: Any


class Points(list[Point]):
    """Contributions in order of arrival, and their values beside them: most questions are about those alone."""

    def __init__(self) -> None:
        super().__init__()
        self.values: list[Any] = []

    def add(self, point: Point) -> None:
        """One more."""
        self.append(point)
        self.values.append(point.value)


@dataclass
class Lot:
    """A part of a balance that expires."""

    expires_at: datetime
    left: int


@dataclass
class Streak:
    """A run of periods. `through` is the last one that is decided, `done` those that had what qualifies."""

    length: int = 0
    best: int = 0
    through: datetime | None = None
    done: set[datetime] = field(default_factory=set)
    freezes: list[datetime] = field(default_factory=list)
    pauses: list[tuple[datetime, datetime]] = field(default_factory=list)
    lost: int = 0
    lost_at: datetime | None = None


@dataclass
class Mission:
    """One assignment of a mission, with the body it began with."""

    key: str
    body: Body
    assigned_at: datetime
    measured_from: datetime
    first_activity: int
    period: datetime | None
    ends_at: datetime | None
    state: str = "active"


@dataclass
class Reward:
    """Where a member stands with a reward."""

    state: str = "LOCKED"
    pays: Body = field(default_factory=dict)
    deadline: datetime | None = None
    claims: int = 0
    closed_by: int = 0


@dataclass
class Member:
    """Everything known of a member."""

    id: str
    joined_at: datetime
    calendar: Calendar
    type: str = "free"
    vip_until: datetime | None = None
    balance: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    lots: list[Lot] = field(default_factory=list)
    points: dict[Changed, Points] = field(default_factory=lambda: defaultdict(Points))
    badges: dict[Changed, datetime] = field(default_factory=dict)
    items: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    owned: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    carried: dict[tuple[str, str], Number] = field(default_factory=lambda: defaultdict(int))
    boosts: dict[str, datetime] = field(default_factory=dict)
    level: int = 1
    paid_level: int = 1
    grade: str | None = None
    streaks: dict[str, Streak] = field(default_factory=lambda: defaultdict(Streak))
    missions: list[Mission] = field(default_factory=list)
    rewards: dict[str, Reward] = field(default_factory=lambda: defaultdict(Reward))
    modules: dict[str, str] = field(default_factory=dict)
    gift_day: datetime | None = None
    reacted: set[str] = field(default_factory=set)
    waited: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Move:
    """One amount of a payout after everything that may cut it. `bonus` is besitos in a lot."""

    word: str
    amount: int

    @property
    def currency(self) -> str:
        return "besitos" if self.word == "bonus" else self.word


@dataclass
class Held:
    """A payout in quarantine."""

    member: str
    moves: list[Move]
    payout: Body
    source: str
    cause: str
    until: datetime | None


@dataclass
class World:
    """The community: its game, its members and what they share."""

    game: Game
    clock: datetime
    members: dict[str, Member] = field(default_factory=dict)
    things: dict[tuple[str, str], Body] = field(default_factory=dict)
    uses: dict[tuple[str, ...], list[tuple[datetime, int]]] = field(default_factory=lambda: defaultdict(list))
    held: list[Held] = field(default_factory=list)
    boards: dict[str, datetime] = field(default_factory=dict)
    anomalies: list[tuple[str, str]] = field(default_factory=list)
    journal: Outcome = field(default_factory=Outcome)
    activities: int = 0


@dataclass(frozen=True)
class Happening:
    """An activity or an event, on its way through the rounds."""

    kind: str
    attributes: Body


@dataclass
class Transaction:
    """Everything that one activity, or one thing that fell due, does."""

    world: World
    member: Member
    key: str
    now: datetime
    activity: int
    outcome: Outcome = field(default_factory=Outcome)
    changed: set[Changed] = field(default_factory=set)
    noticed: set[Changed] = field(default_factory=set)
    queue: deque[tuple[int, Happening]] = field(default_factory=deque)
    round: int = 1
    is_due: bool = False

    @property
    def game(self) -> Game:
        return self.world.game

    def publish(self, type_: str, **fields: object) -> None:
        event = Event(type_, self.member.id, self.now, fields)
        self.outcome.events.append(event)
        self.world.journal.events.append(event)
        self.queue.append((self.round + 1, Happening(type_, fields)))

    def count(self, word: str, of: str = "", value: object = 1) -> None:
        """Add to a metric and remember that it changed."""
        self.member.points[word, of].add(Point(self.now, self.activity, value))
        self.changed.add((word, of))

    def explain(self, cause: str, code: str) -> None:
        reason = Reason(cause, code)
        self.outcome.reasons.append(reason)
        self.world.journal.reasons.append(reason)
