"""A batch in memory: what it must lock and load, what it decides, and what that comes to in rows."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias

import msgspec

from besitos.core.activity import HOUSE, JOB, REMEMBERED, Activity, Happened, topic_of
from besitos.core.calendar import FOREVER, month_of, next_month
from besitos.core.decision import Accepted, Decision, Rejected, Stand
from besitos.core.state import Key, Once, Row, Shared
from besitos.core.transfer import TransferRef
from besitos.core.view import Missing, UnknownMemberError, View
from besitos.engine.book import Book
from besitos.engine.codec import content_of, outcome_of, same_content, to_raw
from besitos.engine.draft import Draft
from besitos.engine.intake import unknown_kind
from besitos.engine.outcome import EngineReason, Outcome, Status, failed, invalid
from besitos.engine.rounds import decide
from besitos.game.game import Game
from besitos.store.moments import month_number
from besitos.store.protocol import ActivityRow, Changes, Held, LetterRow, Loaded, Locks, Named, TimerRow, Wanted

Missed: TypeAlias = Key[Any] | int | TransferRef
"""A value, the accounts of a member, or a transfer that nobody has loaded."""

LOOK_AHEAD = 50
"""Activities behind a gap that show no other one, after which nobody looks on: what comes to light only as numbers
grow (the tenth vote) lies far apart, and deciding a whole batch again to find each costs more than loading it."""

UNREMEMBERED = frozenset({Status.CONFLICT, Status.INVALID})
"""What leaves nothing behind."""


class Batch:
    """Activities on their way through the game. Knows no database; says what it needs from one."""

    def __init__(self, game: Game, activities: Iterable[Activity], now: datetime) -> None:
        self.outcomes: list[Outcome] = []
        self.locks = Locks()
        self._game = game
        self._now = now
        self._activities = list(activities)
        self._rows: set[Named] = set()
        self._transfers: set[str] = set()
        self._include(activity.member_id for activity in self._activities if activity.member_id != HOUSE)
        self._include(key for activity in self._activities for key in game.needs_of(activity))

    def wanted(self) -> Wanted:
        """What to load once the locks are held.

        Whoever said no time may have been answered by a clock that was ahead of ours: then the key stands in a
        month to come, for us.
        """
        dated = [each.occurred_at for each in self._activities if each.is_dated]
        is_open = len(dated) < len(self._activities)
        earliest = min([*dated, self._now - REMEMBERED] if is_open else dated, default=self._now)
        return Wanted(
            keys=[activity.key for activity in self._activities],
            since=month_of(earliest),
            until=FOREVER if is_open or not dated else next_month(max(dated)),
            rows=self._rows,
            transfers=self._transfers,
        )

    def begin(self, held: Held, loaded: Loaded) -> None:
        """Start from what is committed, forgetting all that was decided on other grounds."""
        self.outcomes = []
        self._is_new = True
        self._changes = Changes(self._now, self._game.version)
        self._book = Book(self.locks, held)
        self._known = loaded.activities
        self.add(self._rows, self._transfers, loaded)

    def add(self, rows: Iterable[Named], transfers: Iterable[str], loaded: Loaded) -> None:
        """Take in what was asked for, whether or not it exists."""
        self._book.add(rows, transfers, loaded)

    def view(self, activity: Activity) -> Draft:
        """The world as `activity` would see it now."""
        return Draft(self._book, activity, self._game, self._now)

    def decide(self) -> set[Missed]:
        """Decide, in order, all that is not yet decided, and say what was missing.

        What follows the first gap is decided only to see what else is missing, and thrown away: so few loads fill
        all gaps. The first time that is all the rest, for a lock that is missing begins the batch anew; later it is
        what lies close to other gaps.
        """
        missing: set[Missed] = set()
        in_vain, patience = 0, len(self._activities) if self._is_new else LOOK_AHEAD
        self._is_new = False
        for activity in self._activities[len(self.outcomes) :]:
            draft = self.view(activity)
            try:
                outcome = self._decide(draft, activity)
            except Missing as gap:
                in_vain = in_vain + 1 if gap.what in missing else 0
                missing.add(gap.what)
                draft.drop()
            else:
                if not missing:
                    self._keep(activity, draft, outcome)
                    continue
                in_vain += 1
                draft.drop()
            if in_vain == patience:
                break
        return missing

    def rank(self, place: Callable[[View, int], Decision]) -> set[Missed]:
        """Let the members stand where `place` says, and nothing else of what it answers; say what was missing."""
        missing: set[Missed] = set()
        for activity in self._activities:
            draft = self.view(activity)
            try:
                decision = place(draft, activity.member_id)
            except Missing as gap:
                missing.add(gap.what)
                continue
            if isinstance(decision, Accepted):
                stands = [effect for effect in decision.effects if isinstance(effect, Stand)]
                draft.carry_out(Accepted(*stands), "")
                draft.keep()
        return missing

    def fill(self, missing: Iterable[Missed]) -> Wanted | None:
        """Include what was missing. What to load for it, or None if locks are missing: then begin again."""
        locks, rows, transfers = self.locks, set(self._rows), set(self._transfers)
        self._include(missing)
        if self.locks != locks:
            return None
        return Wanted(rows=self._rows - rows, transfers=self._transfers - transfers)

    def changes(self) -> Changes:
        """All rows to write."""
        changes = self._changes
        self._book.write_to(changes)
        for key, timer in self._book.timers.items():
            if timer is None:
                changes.cancelled.add(key)
            else:
                due_at, activity = timer
                changes.timers[key] = TimerRow(key, due_at, topic_of(type(activity)), to_raw(activity))
        return changes

    def _decide(self, draft: Draft, activity: Activity) -> Outcome:
        known = self._known_as(activity)
        if known is not None:
            return _replay(activity, known)
        if self._is_gone(activity):
            return invalid(unknown_kind(activity.topic, self._game))
        try:
            if activity.member_id != HOUSE:
                self._book.page(activity.member_id)
            return decide(draft, activity, self._game)
        except Missing:
            raise
        except UnknownMemberError as error:
            return invalid(Rejected(EngineReason.UNKNOWN_MEMBER, member=str(error.member_id)))
        except Exception as error:  # noqa: BLE001 - a bug in one decision must not stop the others
            return failed(error)

    def _is_gone(self, activity: Activity) -> bool:
        """Whether its kind was known to the game by which it was admitted, and is not to the one that decides."""
        is_asked = isinstance(activity, Happened) and activity.must_be_known
        return is_asked and self._game.document.attributes_of(activity.topic) is None

    def _known_as(self, activity: Activity) -> ActivityRow | None:
        """The first with this key: of the same month where a time was said, else of the last 31 days."""
        rows = self._known.get(activity.key)
        if not rows:
            return None
        if activity.is_dated:
            month = month_of(activity.occurred_at)
            return next((row for row in rows if month_of(row.occurred_at) == month), None)
        recent = [row for row in rows if row.occurred_at > self._now - REMEMBERED]
        return max(recent, key=lambda row: row.occurred_at, default=None)

    def _keep(self, activity: Activity, draft: Draft, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        changes, status = self._changes, outcome.status
        if activity.key.startswith(JOB):
            changes.cancelled.add(activity.key)  # what a timer asked for is decided, and the timer is gone with it
        if status is not Status.ACCEPTED:
            draft.drop()
        if outcome.replayed or status in UNREMEMBERED:
            return
        if status is Status.FAILED:
            letter = letter_of(activity, outcome)
            changes.letters[letter.attempt] = letter
            return
        self._record(activity, outcome)
        self._book.greet(activity.member_id, draft.now)
        if status is not Status.ACCEPTED:
            return
        draft.keep()
        changes.transactions += draft.transactions
        changes.reversals += draft.reversals
        changes.texts += draft.texts
        for event in draft.events:
            if event.logged:
                changes.events.append(self._book.event_row(event, activity.key, draft.now))

    def _record(self, activity: Activity, outcome: Outcome) -> None:
        told = outcome if not outcome.trace else msgspec.structs.replace(outcome, trace=())
        row = ActivityRow(
            activity.key,
            activity.member_id,
            activity.topic,
            content_of(activity),
            activity.is_dated,
            to_raw(told),
            to_raw(outcome.trace) if outcome.trace else None,
            activity.occurred_at,
        )
        self._known.setdefault(activity.key, []).append(row)
        self._changes.activities.append(row)

    def _include(self, needed: Iterable[Missed]) -> None:
        members, shared = set(self.locks.members), set(self.locks.shared)
        for what in needed:
            if isinstance(what, int):
                members.add(what)
            elif isinstance(what, TransferRef):
                self._transfers.add(what.transfer_id)
            elif isinstance(what.slot, Shared):
                shared.add(what.scope)
            elif isinstance(what.slot, Once):
                self._rows.add((HOUSE, what.scope))
            else:
                members.add(what.member_id)
                if isinstance(what.slot, Row):
                    self._rows.add((what.member_id, what.scope))
        self.locks = Locks(frozenset(members), frozenset(shared))


def letter_of(activity: Activity, outcome: Outcome) -> LetterRow:
    """What failed, whole, so that it can be tried again."""
    return LetterRow(
        activity.key,
        month_number(activity.occurred_at),
        activity.member_id,
        topic_of(type(activity)),
        to_raw(activity),
        activity.is_dated,
        str(outcome.details["error"]),
        activity.occurred_at,
    )


def _replay(activity: Activity, known: ActivityRow) -> Outcome:
    """The first outcome again, if the same was said. What was said is stored, so it needs no fingerprint."""
    is_same = (activity.member_id, activity.topic) == (known.member_id, known.kind)
    is_same = is_same and same_content(content_of(activity), known.content)
    if is_same and activity.is_dated:
        is_same = known.is_dated and activity.occurred_at == known.occurred_at
    if not is_same:
        return Outcome(Status.CONFLICT, EngineReason.KEY_CONFLICT.value, {"key": activity.key.partition(":")[2]})
    return msgspec.structs.replace(outcome_of(known.outcome, known.trace), replayed=True)


def months_of(activities: Sequence[Activity]) -> set[datetime]:
    """The months, by their first days, in which these occurred."""
    moments = (each.occurred_at for each in activities)
    utc = (each if each.tzinfo is UTC else each.astimezone(UTC) for each in moments)
    return {datetime(year, month, 1, tzinfo=UTC) for year, month in {(each.year, each.month) for each in utc}}
