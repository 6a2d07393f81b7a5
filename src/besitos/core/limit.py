"""Limits: how often or how much in a period, and the counters that remember it.

Written `3/day`, `200 besitos/day`, `1/30s` (rolling), `1/ever per post`, `3/day per chat for all`
(GAME-LANGUAGE §7, §14). A times limit counts what was paid, an amount limit what it came to.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal, TypeAlias, cast, get_args

import msgspec

from besitos.core.calendar import EPOCH, PeriodName
from besitos.core.state import Hot, Key, Row, Shared, State
from besitos.core.view import View

Then: TypeAlias = Literal["cut", "report", "quarantine"]

MICROSECOND = timedelta(microseconds=1)

MANY = 24
"""Counters in a document before those that have had their time are dropped."""

CLOSED = -1
"""Room in a period whose counter no longer stands. Any other room is 0 or more."""


class LimitReason(StrEnum):
    """Why a limit lets nothing, or not all, through."""

    REACHED = "limit.reached"
    CAP_REACHED = "cap.reached"
    NO_VALUE = "limit.no_value"
    LATE = "late.closed"


class Allowance(msgspec.Struct, frozen=True, kw_only=True):
    """One limit at work, for one value of its `per`: what may pass, and under which name it is counted.

    `name` is that of whoever sets the limit (`rule/chat`, `cap/total`), `counter` what it is counted under
    (`rule/chat:/day`, `cap/total: besitos/day`): `3/day` changed to `5/day` goes on with the same counter.
    Times limits have no `currency`; rolling ones have a `window` instead of a `period`.
    """

    name: str
    counter: str
    number: int
    currency: str = ""
    period: PeriodName = "ever"
    window: timedelta | None = None
    per: str = ""
    value: str = ""
    is_shared: bool = False
    is_net: bool = False
    then: Then = "cut"
    reason: LimitReason = LimitReason.REACHED
    is_plain: bool = False
    """Whether it is counted in the member's document: per calendar period, for one member, whatever the value.

    It follows from the others, and is asked for several times at each payment.
    """

    def __post_init__(self) -> None:
        is_plain = self.window is None and not self.per and not self.is_shared
        msgspec.structs.force_setattr(self, "is_plain", is_plain)

    @property
    def text(self) -> str:
        """The limit for traces: `3/day`, `200 besitos/day`, `1/ever per post`, `50/month for all`."""
        per, shared = f" per {self.per}" if self.per else "", " for all" if self.is_shared else ""
        return f"{self.number}{self.counter.removeprefix(self.name + ':')}{per}{shared}"


class Counted(msgspec.Struct, frozen=True, array_like=True):
    """Uses in a calendar period and in the one before, stored as `[period, used, before]`."""

    period: int = 0
    used: int = 0
    before: int = 0


class Counters(State, frozen=True):
    """The plain calendar counters of a member. What has not counted since the period before last is dropped."""

    of: Mapping[str, Counted] = {}


class Counter(State, frozen=True):
    """One counter in a row of its own: per value or shared (`counted`), rolling times or rolling amounts.

    `moments` are microseconds since 1970; `buckets` are numbered minutes or hours of UTC, or days of the game.
    """

    counted: Counted = Counted()
    moments: tuple[int, ...] = ()
    buckets: Mapping[int, int] = {}


UNUSED = Counted()

COUNTERS = Hot("limits", Counters)
COUNTER = Row("limit", Counter)
SHARED_COUNTER = Shared("limit", Counter)


def key_of(allowance: Allowance, member_id: int) -> Key[Counters] | Key[Counter]:
    """Where the uses of this limit are remembered."""
    name = allowance.counter
    if allowance.is_shared:
        return SHARED_COUNTER.of(f"{name}/all/{allowance.value}" if allowance.per else f"{name}/all")
    if allowance.per:
        return COUNTER.of(member_id, f"{name}/{allowance.value}")
    return COUNTERS.of(member_id) if allowance.window is None else COUNTER.of(member_id, name)


def room(view: View, allowance: Allowance, member_id: int) -> int:
    """How much still fits: times or amount; `CLOSED` where the period is too long ago to be counted in.

    A limit that was lowered below what it has counted already is full, no more.
    """
    if allowance.is_plain:
        counted = view.get(COUNTERS.of(member_id)).of.get(allowance.counter, UNUSED)
    elif allowance.window is not None:
        return max(0, allowance.number - _rolling(view, allowance, member_id))
    else:
        counted = _row(view, allowance, member_id).counted
    behind = counted.period - view.calendar.period(allowance.period, view.now)
    if behind < 0:
        return allowance.number
    if behind > 1:
        return CLOSED
    left = allowance.number - (counted.before if behind else counted.used)
    return max(0, left)


def reason_of(allowance: Allowance, left: int) -> LimitReason:
    """Why so little room is left: the limit is reached, or its period is over."""
    return LimitReason.LATE if left == CLOSED else allowance.reason


def use(view: View, uses: Iterable[tuple[Allowance, int]], member_id: int) -> Mapping[Key[Any], State]:
    """What the counters come to after these uses (1 of a times limit), by key.

    Limits that are counted under one name (`2/1h` and `5/1h`) count it once, and the larger remembers more.
    """
    own, calendar, now = COUNTERS.of(member_id), view.calendar, view.now
    standing = view.get(own).of
    plain: dict[str, Counted] = {}
    values: dict[Key[Any], State] = {}
    for allowance, amount in uses:
        if allowance.is_plain:
            counter = allowance.counter
            plain[counter] = _advance(standing.get(counter, UNUSED), calendar.period(allowance.period, now), amount)
            continue
        key = key_of(allowance, member_id)
        after = _after(view, allowance, _row(view, allowance, member_id), amount)
        known = values.get(key)
        if not isinstance(known, Counter) or len(known.moments) < len(after.moments):
            values[key] = after
    if plain:
        values[own] = Counters({**(standing if len(standing) < MANY else _standing(view, standing)), **plain})
    return values


def _standing(view: View, counters: Mapping[str, Counted]) -> Mapping[str, Counted]:
    """Those that may still be asked: of this period, the one before, or for ever."""
    now = {span: view.calendar.period(span, view.now) for span in get_args(PeriodName)}
    spans = {name: cast("PeriodName", name.rpartition("/")[2]) for name in counters}
    return {
        name: counted
        for name, counted in counters.items()
        if spans[name] == "ever" or counted.period >= now[spans[name]] - 1
    }


def retry_at(view: View, allowance: Allowance, member_id: int) -> datetime | None:
    """When a full limit lets something through again; None where it never does, as in a period that is over."""
    if allowance.window is None:
        period = view.calendar.period(allowance.period, view.now)
        is_past = _counted(view, allowance, member_id).period > period
        return None if is_past else view.calendar.start(allowance.period, period + 1)
    if allowance.currency:
        return None
    moments = _row(view, allowance, member_id).moments
    inside = [at for at in moments if EPOCH + at * MICROSECOND > view.now - allowance.window]
    frees = len(inside) - allowance.number
    return EPOCH + inside[frees] * MICROSECOND + allowance.window if 0 <= frees < len(inside) else None


def _counted(view: View, allowance: Allowance, member_id: int) -> Counted:
    if allowance.is_plain:
        return view.get(COUNTERS.of(member_id)).of.get(allowance.counter, UNUSED)
    return _row(view, allowance, member_id).counted


def _row(view: View, allowance: Allowance, member_id: int) -> Counter:
    key: Key[Any] = key_of(allowance, member_id)
    value = view.get(key)
    assert isinstance(value, Counter), "only plain calendar counters stand together in the document"
    return value


def _after(view: View, allowance: Allowance, before: Counter, amount: int) -> Counter:
    if allowance.window is not None:
        return _moved(view, before, allowance, amount)
    return Counter(counted=_advance(before.counted, view.calendar.period(allowance.period, view.now), amount))


def _advance(counted: Counted, period: int, amount: int) -> Counted:
    if period == counted.period:
        return Counted(period, counted.used + amount, counted.before)
    if period == counted.period - 1:
        return Counted(counted.period, counted.used, counted.before + amount)
    if period < counted.period:
        return counted  # too late to be counted: what is counted since must not be forgotten for it
    return Counted(period, amount, counted.used if period == counted.period + 1 else 0)


def _rolling(view: View, allowance: Allowance, member_id: int) -> int:
    """Uses after `now - window`; those of a later moment count against a late activity."""
    assert allowance.window is not None, "only rolling limits have a window"
    counter = _row(view, allowance, member_id)
    since = view.now - allowance.window
    if allowance.currency:
        first = view.calendar.bucket(allowance.window, since)
        return sum(amount for number, amount in counter.buckets.items() if number >= first)
    after = (since - EPOCH) // MICROSECOND
    return sum(at > after for at in counter.moments)


def _moved(view: View, counter: Counter, allowance: Allowance, amount: int) -> Counter:
    assert allowance.window is not None, "only rolling limits have a window"
    now, since = view.now, view.now - allowance.window
    if not allowance.currency:
        oldest = (since - EPOCH) // MICROSECOND
        moments = sorted([*(at for at in counter.moments if at > oldest), (now - EPOCH) // MICROSECOND])
        return Counter(moments=tuple(moments[-allowance.number :]))
    first, number = view.calendar.bucket(allowance.window, since), view.calendar.bucket(allowance.window, now)
    buckets = {each: used for each, used in counter.buckets.items() if each >= first}
    return Counter(buckets={**buckets, number: buckets.get(number, 0) + amount})
