"""Bulk reading of activities: slices of a file, each one batch of the engine, until the file ends.

Running it again changes nothing: what is known by its key is answered as the first time. So a run that was
killed is finished by running it again.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from besitos.apps.compose import Besitos
from besitos.apps.lines import Fault, of_rejected, parse
from besitos.core.activity import Activity
from besitos.core.decision import Rejected
from besitos.engine.intake import Intake, Sent
from besitos.engine.outcome import EngineReason, Outcome, Status
from besitos.game.game import Game
from besitos.mechanics.rule.model import Rule
from besitos.store.protocol import MemberRef

SLICE = 1_000
"""Lines of one batch: others take their turn between two."""


SHORTEST = timedelta(minutes=1)
"""A batch spans at least this much of the past, whatever the game says."""


class BadLine(NamedTuple):
    """A line that nothing came of, and why."""

    number: int
    fault: Fault


@dataclass
class Summary:
    """What became of the lines. `reasons` counts what was refused, by the code of the reason."""

    lines: int = 0
    malformed: int = 0
    replayed: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def is_clean(self) -> bool:
        """Whether every line was an activity of this game. What the game's own rules refuse is no mistake."""
        bad = (Status.INVALID, Status.CONFLICT, Status.FAILED)
        return not self.malformed and not any(self.statuses[status.value] for status in bad)

    def count(self, outcome: Outcome) -> None:
        """Count one that was decided."""
        self.statuses[outcome.status.value] += 1
        self.replayed += outcome.replayed
        if outcome.reason:
            self.reasons[outcome.reason] += 1

    def as_data(self) -> dict[str, Any]:
        """For programs."""
        return {
            "lines": self.lines,
            "malformed": self.malformed,
            "replayed": self.replayed,
            "statuses": dict(sorted(self.statuses.items())),
            "reasons": dict(self.reasons.most_common()),
        }


class Ingest:
    """One reading of a file into a besitos. `report` is told of every line that nothing came of."""

    def __init__(self, besitos: Besitos, intake: Intake, summary: Summary, report: Callable[[BadLine], None]) -> None:
        self.summary = summary
        self._besitos = besitos
        self._intake = intake
        self._report = report
        self._last: datetime | None = None

    async def read(self, lines: Iterable[tuple[int, bytes]], progress: Callable[[int], None]) -> None:
        """Read to the end; `progress` is told the number of lines after each slice, when they are committed."""
        for chunk in _slices(lines):
            await self._decide(chunk)
            self.summary.lines += len(chunk)
            progress(self.summary.lines)
        if self._last is not None:
            await self._run_timers(self._last)

    async def _decide(self, chunk: Sequence[tuple[int, bytes]]) -> None:
        sent = self._parsed(chunk)
        numbers, activities = await self._activities(sent)
        outcomes = await self._in_time(activities)
        for number, outcome in zip(numbers, outcomes, strict=True):
            self.summary.count(outcome)
            if outcome.status in (Status.CONFLICT, Status.FAILED, Status.INVALID):
                self._report(BadLine(number, Fault(outcome.reason, outcome.details)))

    def _parsed(self, chunk: Sequence[tuple[int, bytes]]) -> list[tuple[int, Sent]]:
        """What the lines say, where they say something that this game knows."""
        game, now = self._besitos.engine.game, self._besitos.clock.now()
        good = []
        for number, line in chunk:
            said = parse(line)
            if isinstance(said, Fault):
                self.summary.malformed += 1
                self._report(BadLine(number, said))
                continue
            refusal = self._intake.refuse(said, game, now)
            if refusal is not None:
                self._refuse(number, refusal)
                continue
            good.append((number, said))
        return good

    async def _activities(self, sent: Sequence[tuple[int, Sent]]) -> tuple[list[int], list[Activity]]:
        """The activities of members who exist, or come into being by being named."""
        ids = await self._besitos.directory.open({each.member for _, each in sent})
        game, now = self._besitos.engine.game, self._besitos.clock.now()
        numbers, activities = [], []
        for number, each in sent:
            member_id = ids.get(each.member)
            if member_id is None:
                self._refuse(number, Rejected(EngineReason.UNKNOWN_MEMBER, member=_name(each.member)))
                continue
            numbers.append(number)
            activities.append(self._intake.activity(each, member_id, game, now))
        return numbers, activities

    def _refuse(self, number: int, refusal: Rejected) -> None:
        self.summary.statuses[Status.INVALID.value] += 1
        self.summary.reasons[refusal.reason.value] += 1
        self._report(BadLine(number, of_rejected(refusal)))

    async def _in_time(self, activities: Sequence[Activity]) -> list[Outcome]:
        """Decide them, letting timers that fall due between two of them have their turn."""
        store, outcomes = self._besitos.store, list[Outcome]()
        while rest := activities[len(outcomes) :]:
            begins = rest[0].occurred_at
            await self._run_timers(begins)
            due = await store.backlog.next_timer()
            ends = begins + soonest_timer(self._besitos.engine.game)
            if due is not None and begins < due < ends:
                ends = due
            together = next((place for place, each in enumerate(rest) if each.occurred_at >= ends), len(rest))
            outcomes += await self._besitos.engine.run(rest[:together])
        self._last = max((each.occurred_at for each in activities), default=self._last)
        return outcomes

    async def _run_timers(self, until: datetime) -> None:
        """Bring about what was due by then, and what that brings in its turn."""
        while await self._besitos.engine.run_due_timers(until=until):
            pass


def soonest_timer(game: Game) -> timedelta:
    """How soon what an activity causes can fall due: no timer is set and due within one batch that is shorter."""
    rules = (rule for rule in game.document.all("rule").values() if isinstance(rule, Rule))
    waits = (rule.quarantine.value for rule in rules if rule.quarantine is not None)
    return max(min((game.bonus_lasts, *waits)), SHORTEST)


def _slices(lines: Iterable[tuple[int, bytes]]) -> Iterator[list[tuple[int, bytes]]]:
    """Lines by the thousand. Where the file breaks off, what was read of it still counts."""
    chunk: list[tuple[int, bytes]] = []
    try:
        for line in lines:
            chunk.append(line)
            if len(chunk) == SLICE:
                yield chunk
                chunk = []
    except Exception:
        if chunk:
            yield chunk
        raise
    if chunk:
        yield chunk


def _name(ref: MemberRef) -> str:
    return str(ref.member_id) if ref.external_id is None else ref.external_id
