"""The engine: activities in, outcomes out, one commit per batch."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeAlias, TypeVar

import msgspec

from besitos.core.activity import HOUSE, Activity
from besitos.core.clock import Clock, SystemClock
from besitos.core.decision import Decision
from besitos.core.view import Missing, View
from besitos.engine.batch import Batch, Missed, letter_of, months_of
from besitos.engine.coalescer import Coalescer
from besitos.engine.codec import activity_of
from besitos.engine.games import FixedGame, Games, OutdatedGameError
from besitos.engine.outcome import Outcome, Status, failed
from besitos.game.game import Game
from besitos.store.moments import month_number
from besitos.store.protocol import (
    Changes,
    LetterRow,
    Locks,
    Store,
    StoreError,
    TimerRow,
    Transaction,
    TransientError,
    UnavailableError,
    Work,
)

BATCH_MAX = 5_000
RETRY_AFTER = (0.01, 0.05, 0.2, 0.5, 1.0)
"""Seconds to wait before each further attempt."""


T = TypeVar("T")


class Look(Activity, frozen=True, tag="look"):
    """Nobody does anything: somebody looks at a member."""


Observe: TypeAlias = Callable[[Sequence[Outcome]], None]
"""Told what was committed, batch by batch: for meters. It must not fail, nor take time."""


class Engine:
    """Runs the game. The only code that begins a transaction."""

    def __init__(self, store: Store, games: Games | Game, clock: Clock | None = None) -> None:
        self.store = store
        self.clock = clock or SystemClock()
        self._games = FixedGame(games) if isinstance(games, Game) else games
        self.observers: list[Observe] = []
        self._coalescer = Coalescer(self.run)

    @property
    def game(self) -> Game:
        """The newest game that this process knows."""
        return self._games.current()

    async def submit(self, activity: Activity) -> Outcome:
        """Decide one activity, sharing a batch with whatever else is waiting. Committed when it returns."""
        return await self._coalescer.submit(activity)

    async def run(self, activities: Sequence[Activity]) -> list[Outcome]:
        """Decide `activities` in order and commit everything they cause, once. One outcome for each.

        If the database refuses the batch, it is split in two until the culprit stands alone and is
        recorded as failed. Trying again is safe: what was committed meanwhile is found by its key.
        """
        assert len(activities) <= BATCH_MAX, "split the batch: a transaction has a bounded size"
        try:
            return await self._persistently(activities)
        except UnavailableError:
            raise
        except StoreError as error:
            if len(activities) == 1:
                return [await self._bury(activities[0], error)]
            middle = len(activities) // 2
            return [*await self.run(activities[:middle]), *await self.run(activities[middle:])]

    async def rehearse(self, activities: Sequence[Activity]) -> list[Outcome]:
        """What `run` would answer. The same path, rolled back at the end."""
        await self.store.prepare(months_of(activities), self.clock.now())
        while True:
            try:
                return await self.store.rehearse(self._work(activities))
            except OutdatedGameError as outdated:
                await self._games.catch_up(outdated.version)

    async def look(self, member_id: int, question: Callable[[View], T]) -> T:
        """What `question` finds in a member's state as it stands now: for profiles, lists, previews. Writes nothing.

        The question is a pure function like a decision, and may be asked again once more is loaded. Raises
        `UnknownMemberError` where there is no such member.
        """
        while True:
            game, now = self._games.current(), self.clock.now()
            looking = Look(key="look:", member_id=member_id, occurred_at=now)

            async def work(transaction: Transaction, game: Game = game, looking: Look = looking) -> T:
                batch = Batch(game, [looking], looking.occurred_at)
                await _begin(batch, transaction, game)
                while True:
                    try:
                        return question(batch.view(looking))
                    except Missing as gap:
                        await _supply(batch, transaction, game, {gap.what})

            try:
                return await self.store.rehearse(work)
            except OutdatedGameError as outdated:
                await self._games.catch_up(outdated.version)

    async def rank(self, member_ids: Sequence[int], place: Callable[[View, int], Decision]) -> None:
        """Bring a board up to date about members who do nothing just now.

        Boards are an index of what is decided already, so this is no activity: of what `place` answers, scores are
        all that is written, and they follow from the members' documents.
        """
        while True:
            game, now = self._games.current(), self.clock.now()
            looking = [Look(key="look:", member_id=member_id, occurred_at=now) for member_id in member_ids]

            async def work(transaction: Transaction, game: Game = game, looking: Sequence[Look] = looking) -> None:
                batch = Batch(game, looking, looking[0].occurred_at)
                await _begin(batch, transaction, game)
                while missing := batch.rank(place):
                    await _supply(batch, transaction, game, missing)
                await transaction.write(batch.changes())

            try:
                return await self.store.transact(work)
            except OutdatedGameError as outdated:
                await self._games.catch_up(outdated.version)

    async def run_due_timers(self, limit: int = 1_000, until: datetime | None = None) -> int:
        """Bring about what is due by now, or only by `until`, and say how many.

        Doing it twice is harmless: the activities have keys, and a timer goes in the transaction that decides it.
        Never ahead of our clock: a decision would find nothing due yet, and the timer would be gone all the same.
        """
        now = self.clock.now()
        by, shapes = now if until is None else min(now, until), self.game.shapes
        timers = await self.store.backlog.due_timers(by, limit, shapes.keys())
        due: list[Activity] = []
        for timer in timers:
            try:
                due.append(activity_of(timer.activity, shapes[timer.kind]))
            except msgspec.DecodeError as error:
                await self._set_aside(timer, error)
        await self.run(due)
        return len(timers)

    async def retry_letters(self, limit: int = 1_000) -> list[Outcome]:
        """Decide the dead letters anew, each by itself. Those that stand now are no longer dead.

        What a mechanic asked for that is not here any more waits until it is.
        """
        outcomes = []
        known = self.game.shapes
        for letter in [each for each in await self.store.backlog.letters(limit) if each.kind in known]:
            try:
                activity = activity_of(letter.content, known[letter.kind])
            except msgspec.DecodeError as error:
                outcomes.append(failed(error))
                continue
            [outcome] = await self.run([activity])
            if outcome.status is not Status.FAILED:
                await self.store.backlog.forget_letters([letter.attempt])
            outcomes.append(outcome)
        return outcomes

    def _work(self, activities: Sequence[Activity]) -> Work[list[Outcome]]:
        game, now = self._games.current(), self.clock.now()

        async def work(transaction: Transaction) -> list[Outcome]:
            batch = Batch(game, activities, now)
            await _decide(batch, transaction, game)
            await transaction.write(batch.changes())
            return batch.outcomes

        return work

    async def _persistently(self, activities: Sequence[Activity]) -> list[Outcome]:
        """Until it is committed or refused: after a deadlock, a rival's key, or a new version of the game."""
        await self.store.prepare(months_of(activities), self.clock.now())
        delays = iter(RETRY_AFTER)
        while True:
            try:
                outcomes = await self.store.transact(self._work(activities))
            except OutdatedGameError as outdated:
                await self._games.catch_up(outdated.version)
            except UnavailableError:
                raise
            except TransientError:
                delay = next(delays, None)
                if delay is None:
                    raise
                await asyncio.sleep(delay)
            else:
                for observe in self.observers:
                    observe(outcomes)
                return outcomes

    async def _set_aside(self, timer: TimerRow, error: Exception) -> None:
        """Make a dead letter of a timer that cannot be read: the others must not wait behind it."""
        letter = LetterRow(
            timer.key,
            month_number(timer.due_at),
            HOUSE,
            timer.kind,
            timer.activity,
            is_dated=True,
            error=repr(error)[:500],
            occurred_at=timer.due_at,
        )

        async def work(transaction: Transaction) -> None:
            await transaction.lock(Locks())
            await transaction.write(Changes(self.clock.now(), letters={letter.attempt: letter}, cancelled={timer.key}))

        await self.store.transact(work)

    async def _bury(self, activity: Activity, error: StoreError) -> Outcome:
        """Put what the database will not have among the dead letters. Its key stays free."""
        outcome = failed(error)
        letter = letter_of(activity, outcome)

        async def work(transaction: Transaction) -> None:
            # The member's lock and nothing else: any other name may be what the database choked on.
            await transaction.lock(Locks(frozenset({activity.member_id}) - {HOUSE}))
            # A timer goes with the activity that it brought about, or it would bring it about for ever.
            changes = Changes(self.clock.now(), letters={letter.attempt: letter}, cancelled={activity.key})
            await transaction.write(changes)

        try:
            await self.store.transact(work)
        except UnavailableError:
            raise
        except StoreError:
            return outcome  # not even as a letter: only its sender knows of it, and is told
        return outcome


async def _decide(batch: Batch, transaction: Transaction, game: Game) -> None:
    """Lock, load and decide, as often as it takes until nothing is missing."""
    await _begin(batch, transaction, game)
    while missing := batch.decide():
        await _supply(batch, transaction, game, missing)


async def _supply(batch: Batch, transaction: Transaction, game: Game, missing: Iterable[Missed]) -> None:
    """Load what was missing; if a lock was, begin anew with all of them."""
    more = batch.fill(missing)
    if more is None:
        await _begin(batch, transaction, game)
    else:
        batch.add(more.rows, more.transfers, await transaction.load(more))


async def _begin(batch: Batch, transaction: Transaction, game: Game) -> None:
    """Lock and load; the number of the game is read under the lock, and must be that of the game at hand."""
    held = await transaction.lock(batch.locks)
    loaded = await transaction.load(batch.wanted())
    if loaded.game_version != game.version:
        raise OutdatedGameError(loaded.game_version)
    batch.begin(held, loaded)
