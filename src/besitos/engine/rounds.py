"""Deciding one activity: its handler, then its listeners, then those who listen to what came of it."""

from collections.abc import Iterable, Sequence

from besitos.core.activity import Activity, Happened
from besitos.core.decision import NOTHING, Rejected
from besitos.core.event import Event
from besitos.engine.draft import Draft
from besitos.engine.outcome import EngineReason, Outcome, Step, plain, refused
from besitos.game.game import NOBODY, Game, Part
from besitos.game.mechanic import Signal

MAX_ROUNDS = 8


def decide(draft: Draft, activity: Activity, game: Game) -> Outcome:
    """Decide `activity` on `draft`.

    Only the handler can refuse, before anything else happens. What listeners refuse is their own affair and
    stands in the trace, and so does what the eighth round publishes: it is logged, and wakes nobody.
    """
    handler = game.handlers.get(type(activity))
    handled = NOTHING
    if handler is not None:
        decision = handler.decide(draft, activity, handler.definition)
        if isinstance(decision, Rejected):
            return refused(decision)
        handled = decision
    elif type(activity) is not Happened:
        return refused(Rejected(EngineReason.UNHANDLED, kind=activity.topic))

    parts = game.hearers_of(activity)
    _ask(draft, activity, parts.before)
    if handler is not None:
        refusal = draft.carry_out(handled, handler.name)
        if isinstance(refusal, Rejected):
            return refused(refusal)
    _ask(draft, activity, parts.after)
    if draft.events:
        _echo(draft, game)
    return Outcome(paid=tuple(draft.paid), trace=tuple(draft.trace))


def _echo(draft: Draft, game: Game) -> None:
    """Ask those who listen to what was published, and to what these publish, round by round."""
    heard, heard_by = 0, game.listeners.get
    for _ in range(MAX_ROUNDS - 1):
        signals: Sequence[Event] = draft.events[heard:]
        if not signals:
            break
        heard = len(draft.events)
        for signal in signals:
            parts = heard_by(signal.topic, NOBODY)
            _ask(draft, signal, (*parts.before, *parts.after))
    dropped = {event.topic for event in draft.events[heard:] if event.topic in game.listeners}
    if dropped:
        draft.say(Step("rounds", EngineReason.TOO_DEEP.value, {"dropped": sorted(dropped)}))


def _ask(draft: Draft, signal: Signal, parts: Iterable[Part]) -> None:
    for part in parts:
        decision = part.decide(draft, signal, part.definition)
        if decision is NOTHING:
            continue
        answer = decision if isinstance(decision, Rejected) else draft.carry_out(decision, part.name)
        if isinstance(answer, Rejected):
            draft.say(Step(part.name, answer.reason.value, plain(answer.details)))
