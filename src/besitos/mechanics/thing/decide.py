"""Things: the decision."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from besitos.core.decision import NOTHING, Accepted, Decision, Put
from besitos.core.past import RecallThing
from besitos.core.state import Key, named
from besitos.core.thing import BEGINNING, THING, Thing
from besitos.core.view import View
from besitos.game.mechanic import Signal
from besitos.game.paying import attributes_of


@dataclass(frozen=True, slots=True)
class ThingAtWork:
    """What is remembered of the things that this attribute names, and from which activities."""

    attribute: str
    topics: tuple[str, ...]
    keeps: tuple[str, ...]


def remember(view: View, signal: Signal, thing: ThingAtWork) -> Decision:
    """Remember what began, once. Of two who see it begin at once the first is remembered."""
    value = signal.attribute(thing.attribute)
    if value is None:
        return NOTHING
    name = f"{thing.attribute}/{named(value)}"
    if view.get(THING.of(name)).kept:
        return NOTHING
    view.get(BEGINNING.of(name))  # nothing stands in it: asking for it holds it, so nobody else writes meanwhile
    attributes = attributes_of(view, signal, frozenset(thing.keeps))
    kept = {each: attributes[each] for each in thing.keeps if each in attributes}
    return Accepted(Put(THING.of(name), Thing(kept)))


def recall(view: View, order: RecallThing, _rules: None) -> Decision:
    """What the past knew of a thing, unless it has been seen to begin meanwhile."""
    if view.get(THING.of(order.thing)).kept:
        return NOTHING
    view.get(BEGINNING.of(order.thing))
    return Accepted(Put(THING.of(order.thing), Thing(order.kept)))


def needs(signal: Signal, thing: ThingAtWork) -> Iterable[Key[Any]]:
    """The thing that may begin."""
    value = signal.attribute(thing.attribute)
    if value is not None:
        yield THING.of(f"{thing.attribute}/{named(value)}")
