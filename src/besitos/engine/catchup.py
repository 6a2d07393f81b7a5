"""Catching up with the past: previews of what it would bring, and the activities that bring it about.

Every one of them has a key of its own that names what it is about, so a run that was killed is finished by running it
again, and a run that is finished changes nothing.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import TypeAlias, TypeVar

import msgspec
from msgspec.structs import replace

from besitos.core.activity import HOUSE, JOB, Activity, topic_of
from besitos.core.decision import Rejected
from besitos.core.metric import Takes
from besitos.core.past import BackFillBadge, BackFillRule, RecallMetric, RecallThing
from besitos.core.thing import Thing
from besitos.engine.codec import to_raw
from besitos.engine.coverage import Covered, Unit, units_of
from besitos.engine.engine import Engine
from besitos.engine.outcome import Outcome, Status
from besitos.engine.past import Earned, Fold, Folded, Recalled
from besitos.game.asking import Vocabulary
from besitos.game.document import Document
from besitos.game.game import Game
from besitos.game.narrowing import part_names
from besitos.game.payout import Payout
from besitos.game.section import Section
from besitos.store.past import keys_of, members_in_all
from besitos.store.protocol import Logs
from besitos.store.retention import cleared
from besitos.store.versions import GameVersion, keep_instead, kept, version_of

T = TypeVar("T")

Advance: TypeAlias = Callable[[float], None]
"""How far it is, from 0 to 1."""

AT_ONCE = 500
RECALLED = "recalled"
"""Under which name stands, of this installation, over which versions the metrics are computed."""

READING = 0.5
"""The part of the whole that reading the past takes; the rest is writing what came of it."""


class CatchUpReason(StrEnum):
    """Why something cannot be given for the past."""

    UNKNOWN = "past.unknown_part"
    NOT_MONEY = "past.not_money"


@dataclass
class Gain:
    """What one badge or rule would give, or gave: to how many members, how often, how much of what."""

    members: set[int] = field(default_factory=set)
    times: int = 0
    amounts: Counter[str] = field(default_factory=Counter)

    def count(self, member_id: int, outcome: Outcome) -> None:
        """One more."""
        self.members.add(member_id)
        self.times += 1
        for paid in outcome.paid:
            if paid.member_id == member_id:
                self.amounts[paid.account] += paid.amount


class CatchUp:
    """Reads the past of a besitos for the game in force."""

    def __init__(self, engine: Engine, database: Logs, advance: Advance = lambda _: None) -> None:
        self._engine = engine
        self._database = database
        self._advance = advance
        self.forgotten: dict[str, datetime] = {}
        """Types of events that were to be read and are gone, each with the moment before which it did not count."""

    async def preview(self, parts: Collection[str]) -> Mapping[str, Gain]:
        """What these badges and rules (`badge/amiga`) would give for the past, without what they gave already."""
        return await self._give(parts, self._engine.rehearse)

    async def back_fill(self, parts: Collection[str]) -> Mapping[str, Gain]:
        """Give it: what was given before is found by its key, and not counted again."""
        return await self._give(parts, self._engine.run)

    async def bring_up_to_date(self, sections: Iterable[Section]) -> int:
        """Compute the metrics that are new in the game in force since this was last done; say how many values.

        Safe to do twice, in two processes at once, and when one version follows another meanwhile.
        """
        game, said = self._engine.game, await kept(self._database, RECALLED, "0")
        covered = await self._covered(said, sections)
        if covered.version >= game.version:
            return 0
        between = {
            version: await asyncio.to_thread(units_of, await self._document(version, sections))
            for version in range(covered.version + 1, game.version)
        }
        await self._engine.store.versions.settle()
        units = await asyncio.to_thread(units_of, game.document)
        count = await self.recall(covered.gaps(units, between, game.version), game)
        after = to_raw(covered.onward(units, between, game.version))
        await keep_instead(self._database, RECALLED, said, after)
        return count

    async def recall(self, gaps: Mapping[range, frozenset[Unit]], game: Game) -> int:
        """Compute what `game` counts over what was recorded under versions in which it was not counted.

        Says how many values were computed.
        """
        count, now = 0, self._engine.clock.now()
        things = await (await asyncio.to_thread(Fold, game, ())).remember_things(self._database)
        await self._run([_recall_thing(scope, body, game.version, now) for scope, body in things.items()])
        takes = await asyncio.to_thread(takes_of_stored, game.document)
        for versions, units in gaps.items():
            fold = await asyncio.to_thread(Fold, game, (), {unit.stored for unit in units}, versions=versions)
            await self._note_forgotten(fold, await version_of(self._database, versions.start))
            await fold.remember_things(self._database)
            pending = list[Activity]()
            async for folded in self._members(fold):
                for each in folded.recalled:
                    pending += _recalls(each, units, takes, versions, now)
                if len(pending) >= AT_ONCE:
                    count += await self._run(pending)
                    pending = []
            count += await self._run(pending)
        return count

    async def _covered(self, said: str, sections: Iterable[Section]) -> Covered:
        """What is known to be computed. It was once no more than the number of a version."""
        if not said.isdecimal():
            return msgspec.json.decode(said, type=Covered)
        return Covered.until(int(said), await self._document(int(said), sections))

    async def _document(self, version: int, sections: Iterable[Section]) -> Document:
        rows = await self._engine.store.versions.definitions(version)
        return await asyncio.to_thread(Document.from_rows, rows, sections)

    async def _give(
        self, parts: Collection[str], do: Callable[[Sequence[Activity]], Awaitable[list[Outcome]]]
    ) -> Mapping[str, Gain]:
        gains = {part: Gain() for part in parts}
        fold, now = await asyncio.to_thread(Fold, self._engine.game, parts), self._engine.clock.now()
        await self._note_forgotten(fold)
        await fold.remember_things(self._database)
        earned = [each async for folded in self._members(fold) for each in folded.earned]
        # An inbox forgets a key after a month. What a badge is, is remembered with the member; a rule has nothing such.
        given = await keys_of(self._database, topic_of(BackFillRule))
        earned = [each for each in earned if _order(each, now).key not in given]
        earned.sort(key=lambda each: (each.at, each.activity, each.member_id, each.part, each.value))
        for done, many in _slices(earned):
            outcomes = await do([_order(each, now) for each in many])
            for each, outcome in zip(many, outcomes, strict=True):
                if outcome.status is Status.ACCEPTED and not outcome.replayed:
                    gains[each.part].count(each.member_id, outcome)
            self._advance(READING + (1 - READING) * done / len(earned))
        return gains

    async def _note_forgotten(self, fold: Fold, first: GameVersion | None = None) -> None:
        """Note what `fold` would read and cannot: of the time since the `first` version, or of all time."""
        gone = (await cleared(self._database)).events
        self.forgotten |= {
            each: gone[each] for each in fold.lasting & gone.keys() if first is None or first.applied_at < gone[each]
        }

    async def _members(self, fold: Fold) -> AsyncIterator[Folded]:
        """Every member, telling how far it is."""
        all_of_them, read = await members_in_all(self._database), 0
        async for folded in fold.members(self._database):
            read += 1
            if read % AT_ONCE == 0:
                self._advance(READING * min(1.0, read / all_of_them))
            yield folded

    async def _run(self, activities: Sequence[Activity]) -> int:
        """Do it, and say how many stand that were not done before."""
        count = 0
        for _, many in _slices(activities):
            count += sum(outcome.accepted and not outcome.replayed for outcome in await self._engine.run(many))
        return count


def refusal_of(part: str, game: Game) -> Rejected | None:
    """Why `part` cannot be given for the past: only badges that are earned can, and rules that pay money alone.

    What counts over the whole community was counted by who came first, and the past is read member by member.
    """
    kind, _, key = part.partition("/")
    if kind not in {"badge", "rule"} or part not in part_names(game):
        return Rejected(CatchUpReason.UNKNOWN, part=part)
    definition = game.document.all(kind)[key]
    pays, limits = getattr(definition, "pays", None), getattr(definition, "limit", ())
    gives_things = isinstance(pays, Payout) and (pays.badges or pays.items or pays.content or pays.flags or pays.vip)
    if kind == "rule" and (gives_things or any(limit.shared for limit in limits)):
        return Rejected(CatchUpReason.NOT_MONEY, part=part)
    return None


def takes_of_stored(document: Document) -> Mapping[str, Takes]:
    """What each metric takes, by the name under which it is kept."""
    words = Vocabulary(document)
    return {stored: words.takes[key] for key, stored in words.stored.items()}


def _order(earned: Earned, now: datetime) -> Activity:
    """What gives it."""
    kind, _, key = earned.part.partition("/")
    said = sha256(f"{earned.activity}|{earned.at.isoformat()}|{earned.value}".encode()).hexdigest()[:24]
    if kind == "badge":
        return BackFillBadge(
            key=f"{JOB}past/{earned.part}/{earned.member_id}/{sha256(earned.value.encode()).hexdigest()[:24]}",
            member_id=earned.member_id,
            occurred_at=now,
            is_dated=False,
            badge=key,
            value=earned.value,
            earned_at=earned.at,
        )
    return BackFillRule(
        key=f"{JOB}past/{earned.part}/{earned.member_id}/{said}",
        member_id=earned.member_id,
        occurred_at=now,
        is_dated=False,
        rule=key,
        earned_at=earned.at,
        activity=earned.activity,
        amounts=earned.amounts,
    )


def _recalls(
    recalled: Recalled, units: Iterable[Unit], takes: Mapping[str, Takes], versions: range, now: datetime
) -> Iterator[RecallMetric]:
    """What adds it: the metric itself, and each window for itself, for either may be counted already."""
    stored, tally = recalled.metric.partition("/")[0], recalled.tally
    for unit in sorted(units):
        if unit.stored != stored or (unit.span and unit.span not in tally.windows):
            continue
        windows = {unit.span: tally.windows[unit.span]} if unit.span else {}
        said = sha256(f"{recalled.metric} {unit.span}".encode()).hexdigest()[:24]
        yield RecallMetric(
            key=f"{JOB}past/{versions.start}-{versions.stop - 1}/{said}/{recalled.member_id}",
            member_id=recalled.member_id,
            occurred_at=now,
            is_dated=False,
            metric=recalled.metric,
            takes=takes.get(stored, "sum"),
            tally=replace(tally, windows=windows),
            values={} if unit.span else recalled.values,
            only=(unit.span,) if unit.span else (),
        )


def _recall_thing(scope: str, body: str, version: int, now: datetime) -> RecallThing:
    name = scope.partition("/")[2]
    return RecallThing(
        key=f"{JOB}past/{version}/thing/{sha256(name.encode()).hexdigest()[:24]}",
        member_id=HOUSE,
        occurred_at=now,
        is_dated=False,
        thing=name,
        kept=msgspec.json.decode(body, type=Thing).kept,
    )


def _slices(items: Sequence[T]) -> Iterable[tuple[int, Sequence[T]]]:
    for start in range(0, len(items), AT_ONCE):
        yield min(start + AT_ONCE, len(items)), items[start : start + AT_ONCE]
