"""Deciding one activity: its handler, then its listeners, then those who listen to what came of it."""

from collections.abc import Iterable
from typing import NamedTuple

from besitos.core.activity import HOUSE, JOB, Activity, Happened
from besitos.core.decision import NOTHING, Change, Decision, Rejected
from besitos.core.state import Hot, State
from besitos.engine.draft import Draft
from besitos.engine.outcome import EngineReason, Outcome, Step, plain, refused
from besitos.engine.rest import REST, is_at_rest, lay_down
from besitos.game.game import Game, Part, Readers
from besitos.game.mechanic import Reading, Signal

MAX_ROUNDS = 8

MOST_EVENTS = 5_000
"""What one activity may publish before nobody is woken any more: five rules that pay for every payment would come to a
hundred thousand payments in eight rounds. A member who rises a thousand levels at once stays well below."""


class CaughtUp(State, frozen=True):
    """Under which version of the game a member's conditions were last read, changed or not. There is no version -1."""

    version: int = -1


CAUGHT_UP = Hot("caught_up", CaughtUp)


class Cue(NamedTuple):
    """A member who has done something. Some conditions are read then, whether or not anything changed."""

    member_id: int
    is_first: bool = False


def decide(draft: Draft, activity: Activity, game: Game) -> Outcome:
    """Decide `activity` on `draft`.

    What is due comes first. Only the handler can refuse, before anything else happens. What listeners refuse is their
    own affair and stands in the trace, and so does what the eighth round publishes: it is logged, and wakes nobody.
    """
    parts, member_id = game.hearers_of(activity), activity.member_id
    is_resting = bool(parts.resting) and is_at_rest(draft, member_id)
    _ask(draft, activity, parts.due_always if is_resting else parts.due)
    handler, handled = _handled(draft, activity, game)
    if isinstance(handled, Rejected):
        return refused(handled)
    _ask(draft, activity, parts.before_always if is_resting else parts.before)
    if handler is not None:
        refusal = draft.carry_out(handled, handler.name)
        if isinstance(refusal, Rejected):
            return refused(refusal)
    _ask(draft, activity, parts.after)
    cue = _cue(draft, game, activity)
    if draft.changes or (cue is not None and game.reads):
        _read(draft, game, cue)
    if draft.events or draft.changes:
        _echo(draft, game)
    if game.ranks:
        _ask_readers(draft, game.boards, [*draft.told, *draft.changes], cue)
    if parts.resting and (not is_resting or draft.get(REST.of(member_id)) == REST.blank):
        lay_down(draft, member_id, parts.resting)
    return Outcome(paid=tuple(draft.paid), trace=tuple(draft.trace))


def _handled(draft: Draft, activity: Activity, game: Game) -> tuple[Part | None, Decision]:
    """Who handles the activity, and what they say to it, which is not carried out yet."""
    handlers = game.handlers.get(type(activity))
    if handlers is None:
        is_fact = type(activity) is Happened
        return None, NOTHING if is_fact else Rejected(EngineReason.UNHANDLED, kind=activity.topic)
    handler = handlers.of(activity)
    if handler is None:
        return None, Rejected(EngineReason.NOT_THERE, kind=activity.topic)
    return handler, handler.decide(draft, activity, handler.definition)


def hear(draft: Draft, game: Game) -> None:
    """Let all who listen hear what was published on `draft`, and read what has changed: an act without an activity."""
    _echo(draft, game)


def _echo(draft: Draft, game: Game) -> None:
    """Ask those who listen to what was published, and to what these publish, round by round.

    What changed without anything being published is read in the next round all the same.
    """
    heard, heard_by, events = 0, game.listeners.get, draft.events
    for _ in range(MAX_ROUNDS - 1):
        begun, end = heard, len(events)
        if begun == end and not draft.changes:
            return
        while heard < end and len(events) < MOST_EVENTS:
            signal = events[heard]
            heard += 1
            parts = heard_by(signal.topic)
            if parts is not None:
                _ask(draft, signal, parts.before)
                _ask(draft, signal, parts.after)
            if draft.changes:
                _read(draft, game)
        if draft.changes and begun == end:
            _read(draft, game)
    dropped = {event.topic for event in events[heard:] if heard_by(event.topic)}
    if dropped or draft.changes:
        draft.say(Step("rounds", EngineReason.TOO_DEEP.value, {"dropped": sorted(dropped)}))


def _read(draft: Draft, game: Game, cue: Cue | None = None) -> None:
    """Have the conditions read that may have come to hold: levels and grades first, then all who ask for them.

    What a level pays may reach the next one: that is for the next round.
    """
    changes = draft.take_changes()
    if game.followers.of or game.followers.restless:
        _ask_readers(draft, game.followers, changes, cue)
    caused = draft.take_changes() if draft.changes else []
    _ask_readers(draft, game.readers, [*changes, *caused], cue)
    draft.changes += [change for change in caused if change.name in game.followers.of]


def _ask_readers(draft: Draft, readers: Readers, changes: Iterable[Change], cue: Cue | None) -> None:
    asked: dict[tuple[str, int, str], Part] = {}
    for change in changes:
        after, value = change.after, change.value
        for at_least, is_per, at, part in readers.of.get(change.name, ()):
            if at_least is not None and after is not None and after < at_least:
                break  # the others ask for more
            if not at or at == value:
                asked[part.name, change.member_id, value if is_per else ""] = part
    if cue is not None:
        for part in (*readers.restless, *readers.catching_up) if cue.is_first else readers.restless:
            asked[part.name, cue.member_id, ""] = part
    for key in sorted(asked, key=_turn) if len(asked) > 1 else asked:
        _ask(draft, Reading(key[1], key[2]), (asked[key],))


def _turn(asked: tuple[str, int, str]) -> tuple[str, int, bool, str]:
    """By part and member; first at the values that changed, then at all that only the member was not ready for."""
    part, member_id, value = asked
    return part, member_id, not value, value


def _cue(draft: Draft, game: Game, activity: Activity) -> Cue | None:
    """Whose activity it is, and whether their first under this version of the game, where that makes anybody read."""
    if activity.member_id == HOUSE or activity.key.startswith(JOB):
        return None  # a timer is nothing that a member does: what time alone may change waits for their next activity
    if not game.catches_up:
        return Cue(activity.member_id) if game.is_restless else None
    key = CAUGHT_UP.of(activity.member_id)
    if draft.get(key).version == game.version:
        return Cue(activity.member_id) if game.is_restless else None
    draft.put(key, CaughtUp(game.version))
    return Cue(activity.member_id, is_first=True)


def _ask(draft: Draft, signal: Signal | Reading, parts: Iterable[Part]) -> None:
    for part in parts:
        decision = part.decide(draft, signal, part.definition)
        if decision is NOTHING:
            continue
        answer = decision if isinstance(decision, Rejected) else draft.carry_out(decision, part.name)
        if isinstance(answer, Rejected):
            draft.say(Step(part.name, answer.reason.value, plain(answer.details)))
