"""The oracle: submit what members do, let time pass, and look at what they have."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tests.oracle import boards, due
from tests.oracle.acting import MECHANICS, give_automatic_gift, never
from tests.oracle.asking import Asking, Unmet
from tests.oracle.awarding import assign_missions
from tests.oracle.calendars import Calendar
from tests.oracle.reading import Game, Rows
from tests.oracle.rounds import go_round, happen
from tests.oracle.state import Happening, Member, Outcome, Transaction, World
from tests.oracle.units import Number

EVENTS = ("gamification.", "narrative.", "admin.")
NEVER = datetime.min.replace(tzinfo=UTC)


class KeyConflictError(Exception):
    """The same key came with other content."""


@dataclass(frozen=True)
class Standing:
    """Everything that is shown of a member."""

    balance: dict[str, int]
    type: str
    level: int
    grade: str | None
    streaks: dict[str, dict[str, int]]
    badges: list[tuple[str, str]]
    items: dict[str, int]
    missions: dict[str, list[str]]
    rewards: dict[str, str]
    modules: dict[str, str]


class Oracle:
    """One community under one game, in memory, from its first activity on."""

    def __init__(self, rows: Rows, version: int = 1) -> None:
        self._game = Game(rows, version)
        self.world = World(self._game, NEVER)
        self._outcomes: dict[str, tuple[object, Outcome]] = {}

    def apply(self, rows: Rows, at: datetime) -> None:
        """Put the next version in force at an instant; what runs keeps the one it began with."""
        self.advance(at)
        self._game = Game(rows, self._game.version + 1)
        self.world.game = self._game

    def submit(
        self, *, key: str, member: str, kind: str, at: datetime, attributes: Mapping[str, Any] | None = None
    ) -> Outcome:
        """Take one activity; the same key again gets the first outcome."""
        sent = dict(attributes or {})
        content = (member, kind, at, sorted(sent.items()))
        if key in self._outcomes:
            stored, outcome = self._outcomes[key]
            if stored != content:
                raise KeyConflictError(key)
            return outcome
        if (wrong := self._fault(kind, sent)) is not None:
            return Outcome(refused=wrong)
        outcome = self._run(key, member, at, Happening(kind, sent))
        self._outcomes[key] = content, outcome
        return outcome

    def advance(self, to: datetime) -> Outcome:
        """Let time pass until `to`, and do what falls due."""
        self.world.clock = max(self.world.clock, to)
        return due.run_until(self.world, to)

    def member(self, who: str) -> Standing:
        member = self.world.members[who]
        streaks = {
            key: {"length": streak.length, "best": streak.best, "freezes": len(streak.freezes)}
            for key, streak in sorted(member.streaks.items())
        }
        missions: dict[str, list[str]] = {}
        for run in member.missions:
            missions.setdefault(run.key, []).append(run.state)
        return Standing(
            balance={currency: amount for currency, amount in sorted(member.balance.items()) if amount},
            type=member.type,
            level=member.level,
            grade=member.grade,
            streaks=streaks,
            badges=sorted(member.badges),
            items={key: number for key, number in sorted(member.items.items()) if number},
            missions=missions,
            rewards={key: member.rewards[key].state for key in self._game.all("reward")},
            modules=dict(sorted(member.modules.items())),
        )

    def unmet(self, who: str, kind: str, key: str, at: datetime) -> list[Unmet]:
        """What a member lacks for a definition."""
        body = self._game.all(kind)[key]
        return Asking(self._game, self.world.members[who], at, {}).unmet(body.get("if"))

    def metric(self, who: str, fact: Mapping[str, Any], at: datetime) -> Number:
        """A metric as a condition would read it: `{mensajes: …, in: day}`."""
        name = next(iter(fact))
        return Asking(self._game, self.world.members[who], at, {}).value(name, dict(fact))

    def board(self, key: str, at: datetime) -> list[tuple[int, str, Number]]:
        """(rank, member, value) of everyone who stands on a board."""
        return boards.ranking(self.world, key, at)

    def _fault(self, kind: str, sent: Mapping[str, Any]) -> str | None:
        """What is wrong with the form of an activity. What belongs to a mechanic is known by its mechanic."""
        known = self._game.attributes_of(kind)
        if known is None:
            return None if kind in MECHANICS or kind.startswith(EVENTS) else "activity.unknown_kind"
        return "activity.unknown_attribute" if set(sent) - known else None

    def _run(self, key: str, who: str, at: datetime, happening: Happening) -> Outcome:
        before = self._arrive(who, at)
        world = self.world
        world.activities += 1
        tx = Transaction(world, world.members[who], key, at, world.activities)
        tx.outcome.due = before
        refuse, act = MECHANICS.get(happening.kind, (never, lambda _tx, _sent: None))
        tx.outcome.refused = refuse(tx, happening.attributes)
        if tx.outcome.refused is None:
            tx.member.joined_at = min(tx.member.joined_at, at)
            assign_missions(tx, tx.activity)
            give_automatic_gift(tx)
            happen(tx, happening, lambda: act(tx, happening.attributes))
            go_round(tx)
        return tx.outcome

    def _arrive(self, who: str, at: datetime) -> Outcome:
        """Open the member where there was none, and do what is due by then."""
        world = self.world
        for key in self._game.all("leaderboard"):
            world.boards.setdefault(key, at)
        world.clock = max(world.clock, at)
        before = due.run_until(world, world.clock)
        if who not in world.members:
            calendar = Calendar(self._game.zone, self._game.day_begins)
            world.members[who] = Member(who, at, calendar)
        return before
