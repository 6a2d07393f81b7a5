"""Boosts: the decisions, and what multiplies an earning."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from msgspec.structs import replace

from besitos.core.activity import JOB
from besitos.core.calendar import FOREVER
from besitos.core.decision import NOTHING, Accepted, Cancel, Decision, Effect, Give, Publish, Put, Rejected, Schedule
from besitos.core.event import BoostFinished, BoostStarted
from besitos.core.view import View
from besitos.game.mechanic import Earning, Multiplier, Signal
from besitos.game.section import ALL
from besitos.mechanics.boost.model import (
    BOOSTS,
    BoostAtWork,
    Boosters,
    BoostReason,
    Boosts,
    FinishBoost,
    Running,
    StartBoost,
)

LONGEST = timedelta(days=36_500)
"""How far ahead the end of a boost may be: whoever keeps adding time stops here."""


def start(view: View, order: StartBoost, boost: BoostAtWork) -> Decision:
    """An operator starts it."""
    return _start(view, order.member_id, boost)


def give(view: View, give: Give, boost: BoostAtWork) -> Decision:
    """What somebody used starts it: each of `count` adds its time."""
    return _start(view, give.member_id, boost, give.given.count)


def finish(view: View, due: FinishBoost, _: Boosters) -> Decision:
    """Its timer says that its time may be up."""
    return _settle(view, due.member_id)


def settle_due(view: View, signal: Signal, _: Boosters) -> Decision:
    """Whoever does something finds finished what has run out."""
    return _settle(view, signal.member_id)


def running_of(view: View, member_id: int) -> Mapping[str, Running]:
    """The boosts that run for a member now, by key."""
    return running_at(view.get(BOOSTS.of(member_id)), view.now)


def running_at(boosts: Boosts, now: datetime) -> Mapping[str, Running]:
    """Those of a member's boosts that run at this moment, by key."""
    if not boosts.running:
        return boosts.running
    return {key: each for key, each in sorted(boosts.running.items()) if each.began_at <= now < each.ends_at}


def rests_until(view: View, member_id: int, _boosters: Boosters) -> datetime:
    """Until the first runs out."""
    return min((each.ends_at for each in view.get(BOOSTS.of(member_id)).running.values()), default=FOREVER)


def always_on(boost: BoostAtWork) -> Multiplier:
    """The factor of a boost that is on inside its window; one that must be started has none of its own."""

    def factors(view: View, earning: Earning) -> Iterator[tuple[str, Decimal]]:
        is_meant = earning.currency == boost.currency and not {earning.source, ALL}.isdisjoint(boost.sources)
        if is_meant and boost.window.is_open(view.now) and boost.asking.holds(view, earning.member_id):
            yield f"boost/{boost.key}", boost.factor

    return Multiplier(boost.key, factors if boost.lasts is None else lambda _view, _earning: ())


def started(boosters: Boosters) -> Multiplier:
    """The factors of what runs for a member, as they were when it began.

    For whom it is, the game says that is in force; of one that is gone from it, nothing more is asked.
    """

    def factors(view: View, earning: Earning) -> Iterator[tuple[str, Decimal]]:
        for key, running in running_of(view, earning.member_id).items():
            is_meant = earning.currency == running.currency and not {earning.source, ALL}.isdisjoint(running.sources)
            asking = boosters.askings.get(key)
            if is_meant and (asking is None or asking.holds(view, earning.member_id)):
                yield f"boost/{key}", running.factor

    return Multiplier("", factors)


def _start(view: View, member_id: int, boost: BoostAtWork, times: int = 1) -> Decision:
    """Begin it, or add its time to one that runs, which stays what it was when it began."""
    if boost.lasts is None:
        return Rejected(BoostReason.ALWAYS_ON, boost=boost.key)
    if not boost.window.is_open(view.now):
        return Rejected(BoostReason.NOT_IN_PLAY, boost=boost.key)
    standing, finished = _finished(view, member_id)
    begun = standing.get(boost.key) or Running(
        view.game_version, boost.factor, boost.currency, boost.sources, view.now, view.now
    )
    if begun.ends_at - view.now + times * boost.lasts > LONGEST:
        return Rejected(BoostReason.TOO_LONG, boost=boost.key, days=LONGEST.days)
    running = replace(begun, ends_at=begun.ends_at + times * boost.lasts)
    before = standing.get(boost.key)
    return Accepted(
        *finished,
        *([Cancel(_timer_key(member_id, boost.key, before))] if before is not None else ()),
        Put(BOOSTS.of(member_id), Boosts({**standing, boost.key: running})),
        _timer(member_id, boost.key, running),
        Publish(BoostStarted(member_id=member_id, boost=boost.key, ends_at=running.ends_at)),
    )


def _settle(view: View, member_id: int) -> Decision:
    """Finish what has run out by now. Timer, activity and whoever starts another come to the same."""
    standing, finished = _finished(view, member_id)
    return Accepted(Put(BOOSTS.of(member_id), Boosts(standing)), *finished) if finished else NOTHING


def _finished(view: View, member_id: int) -> tuple[Mapping[str, Running], Sequence[Effect]]:
    """What goes on, and what follows from the end of the others."""
    boosts = view.get(BOOSTS.of(member_id)).running
    over = sorted(key for key, running in boosts.items() if running.ends_at <= view.now)
    effects: list[Effect] = [Cancel(_timer_key(member_id, key, boosts[key])) for key in over]
    effects += [Publish(BoostFinished(member_id=member_id, boost=key)) for key in over]
    return {key: each for key, each in boosts.items() if key not in over}, effects


def _timer(member_id: int, key: str, running: Running) -> Schedule:
    name = _timer_key(member_id, key, running)
    finishing = FinishBoost(key=name, member_id=member_id, occurred_at=running.ends_at, boost=key)
    return Schedule(running.ends_at, finishing)


def _timer_key(member_id: int, key: str, running: Running) -> str:
    """One for each end: a key is decided once, be it that time is added while somebody has it in hand."""
    return f"{JOB}boost.finish/{member_id}/{key}/{running.ends_at:%Y%m%d%H%M%S%f}"
