"""Metrics: the decision."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from besitos.core.decision import NOTHING, Accepted, Change, Decision, Put
from besitos.core.metric import (
    SEEN,
    TALLY,
    TALLY_AT,
    Span,
    Tally,
    counted,
    joined,
    replaced,
    risen,
    seen,
    seen_in_both,
)
from besitos.core.past import RecallMetric
from besitos.core.state import Key, named
from besitos.core.view import View
from besitos.game.measuring import Measure, Taken
from besitos.game.mechanic import Signal
from besitos.game.paying import things_among


@dataclass(frozen=True, slots=True)
class MetricAtWork:
    """A measure, and the periods that somebody asks it for.

    `is_at_once` of what a mechanic does: it is counted as it is done, and not in the round that hears of it.
    """

    measure: Measure
    spans: tuple[Span, ...] = ()
    is_at_once: bool = False


def measure(view: View, signal: Signal, metric: MetricAtWork) -> Decision:
    """Count what happened, and say that the number has changed, even where what is late leaves it as it was."""
    taken = metric.measure.taken(view, signal)
    if taken is None:
        return NOTHING
    name, member_id = metric.measure.name, signal.member_id
    if metric.measure.takes == "distinct":
        changes, count = seen(view, member_id, _scope(metric.measure, taken.value), taken.word)
        puts = (Put(place, values) for place, values in changes.items())
        return Accepted(*puts, Change(member_id, name, taken.value, count))
    key = _key(metric.measure, member_id, taken.value)
    before = view.get(key)
    after = _after(before, view, metric, taken)
    change = Change(member_id, name, taken.value, after.total)
    return Accepted(change) if after == before else Accepted(Put(key, after), change)


def recall(view: View, order: RecallMetric, _past: None) -> Decision:
    """Add what was before a metric was counted to what has been counted since.

    It wakes nobody: badges for the past are given when the operator says so, dated as they would have been.
    """
    member_id, (stored, slash, _) = order.member_id, order.metric.partition("/")
    if order.takes == "distinct":
        both = seen_in_both(view, member_id, order.metric, order.values)
        return Accepted(*(Put(key, values) for key, values in both.items()))
    tally_key = TALLY_AT.of(member_id, order.metric) if slash else TALLY.named(member_id, stored)
    return Accepted(Put(tally_key, joined(view.get(tally_key), order.tally, order.takes, order.only)))


def has_rows(metric: MetricAtWork) -> bool:
    """Whether it counts, or looks, in rows beside the member's document."""
    measure = metric.measure
    return bool(measure.per or measure.known) or measure.takes == "distinct"


def needs(signal: Signal, metric: MetricAtWork) -> Iterable[Key[Any]]:
    """The rows that it counts in, and looks into."""
    measure = metric.measure
    yield from things_among(signal, measure.known)
    if measure.per:
        value = signal.attribute(measure.per)
        if value is not None:
            yield _key(measure, signal.member_id, named(value))
    elif measure.takes == "distinct":
        yield _key(measure, signal.member_id, "")


def _key(measure: Measure, member_id: int, value: str) -> Key[Any]:
    scope = _scope(measure, value)
    if measure.takes == "distinct":
        return SEEN.of(member_id, scope)
    return TALLY_AT.of(member_id, scope) if measure.per else TALLY.named(member_id, scope)


def _scope(measure: Measure, value: str) -> str:
    return f"{measure.stored}/{value}" if measure.per else measure.stored


def _after(tally: Tally, view: View, metric: MetricAtWork, taken: Taken) -> Tally:
    match metric.measure.takes:
        case "max":
            return risen(tally, view, taken.amount, metric.spans)
        case "last":
            return replaced(tally, view, taken.amount)
        case _:
            return counted(tally, view, taken.amount, metric.spans)
