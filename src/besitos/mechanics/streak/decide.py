"""Streaks: the decisions.

What has become of a run is a function of time, so it is found in one place, `settle`, whoever asks: the timer at the
close of a period, the member's next activity, or somebody who reads the profile. Asking twice changes nothing.

An activity that arrives late counts if its period is still open, whatever came in between. Of a period that is closed
it changes nothing: not the length, not a freeze that was used, not a run that broke. With nothing to lose nothing
waits: a run begins at once, and what is older than its first period is late.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from msgspec.structs import replace

from besitos.core.activity import JOB
from besitos.core.calendar import FOREVER, Calendar, calendar_of
from besitos.core.clock import ONE_DAY
from besitos.core.decision import (
    NOTHING,
    Accepted,
    Cancel,
    Change,
    Decision,
    Effect,
    Give,
    Pay,
    Publish,
    Put,
    Rejected,
    Schedule,
)
from besitos.core.event import Event, StreakExtended, StreakFrozen, StreakLost, StreakRestored
from besitos.core.member import PROFILE
from besitos.core.standing import STANDING, Run
from besitos.core.state import Key
from besitos.core.transaction import TransactionType
from besitos.core.view import View
from besitos.game.game import Game
from besitos.game.mechanic import Signal
from besitos.game.paying import attributes_of, things_among
from besitos.mechanics.streak.model import (
    FREEZES_MOST,
    HISTORY,
    ITEM,
    PAUSE_LONGEST,
    PAUSES_MOST,
    RUNS,
    CancelPause,
    CloseStreak,
    Extended,
    Frozen,
    GrantFreeze,
    Happening,
    How,
    Loss,
    Lost,
    Past,
    Pause,
    PauseStreak,
    Period,
    RepairStreak,
    Restored,
    RestoreStreak,
    RunState,
    Settled,
    StreakAtWork,
    StreakOrder,
    StreakReason,
    bounds,
    days_of,
    period_after,
    period_begun,
)

LOOKAHEAD = 500
"""Closes that are looked at to find out when a run breaks: more than any pauses and freezes can bridge in days."""


def settle(run: RunState, now: datetime, calendar: Calendar, rules: StreakAtWork) -> Settled:
    """What has become of a run by now, and what happened to it on the way. Until something is due, nothing has."""
    is_due = rules.window.is_open(now) if run.is_away else run.due_at is not None and run.due_at <= now
    return _roll(run, now, calendar, rules) if is_due else (run, ())


def count(view: View, signal: Signal, rules: StreakAtWork) -> Decision:
    """The first activity of a period that qualifies makes the run longer; the others are told apart at once."""
    run, now = view.get(RUNS.named(signal.member_id, rules.key)), view.now
    last = run.last
    if last is not None and last.is_done and last.starts_at <= now < last.ends_at:
        return NOTHING
    if not rules.window.is_open(now) or not rules.filter.holds(attributes_of(view, signal, rules.known)):
        return NOTHING
    calendar = calendar_for(view, signal.member_id, rules)
    settled, before = settle(run, now, calendar, rules)
    found = _found(settled, now, calendar, rules)
    if found is None:
        is_known = any(past.how is How.DONE and past.number == calendar.period(rules.every, now) for past in run.past)
        return NOTHING if is_known else Rejected(StreakReason.LATE)
    after, then = _roll(found, now, calendar, rules)
    return _decision(view, signal.member_id, rules, run, (after, (*before, *then)))


def needs(signal: Signal, rules: StreakAtWork) -> Iterable[Key[Any]]:
    """The things that its filter looks at through an attribute."""
    return things_among(signal, rules.known)


def follow(view: View, signal: Signal, rules: StreakAtWork) -> Decision:
    """What is due by itself comes before whatever a member does."""
    run = view.get(RUNS.named(signal.member_id, rules.key))
    due_at = run.due_at
    if (due_at is None or view.now < due_at) and not run.is_away:
        return NOTHING
    calendar = calendar_for(view, signal.member_id, rules)
    return _decision(view, signal.member_id, rules, run, settle(run, view.now, calendar, rules))


def rests_until(view: View, member_id: int, rules: StreakAtWork) -> datetime:
    """Until its period closes; of a run that is away, until there is such a streak again."""
    run = view.get(RUNS.named(member_id, rules.key))
    return rules.window.next_open(view.now) if run.is_away else run.due_at or FOREVER


def before_journey(view: View, signal: Signal, rules: StreakAtWork) -> Decision:
    """A new zone counts from the next period: those that have begun are kept as they are."""
    run = view.get(RUNS.named(signal.member_id, rules.key))
    if rules.day != "member" or not run.length:
        return NOTHING
    calendar = calendar_for(view, signal.member_id, rules)
    settled, happened = settle(run, view.now, calendar, rules)
    if settled.length:
        settled = replace(settled, ahead=tuple(_opened(settled, view.now, calendar, rules)))
    return _decision(view, signal.member_id, rules, run, (settled, happened))


def after_journey(view: View, signal: Signal, rules: StreakAtWork) -> Decision:
    """The next period may end sooner or later than was thought."""
    run = view.get(RUNS.named(signal.member_id, rules.key))
    if rules.day != "member" or not run.length:
        return NOTHING
    calendar = calendar_for(view, signal.member_id, rules)
    return _decision(view, signal.member_id, rules, run, _roll(run, view.now, calendar, rules))


def obey(view: View, order: StreakOrder, rules: StreakAtWork) -> Decision:
    """Do what was asked of this streak, or say why it does not stand."""
    run = view.get(RUNS.named(order.member_id, rules.key))
    answer = _obeyed(view, run, order, rules)
    return answer if isinstance(answer, Rejected) else _decision(view, order.member_id, rules, run, answer)


def close(view: View, order: CloseStreak, known: Mapping[str, StreakAtWork]) -> Decision:
    """A timer has come: each streak hears it by itself.

    That of a streak which was archived finds nobody: the run then waits until there is such a streak again.
    """
    if order.streak in known:
        return NOTHING
    key = RUNS.named(order.member_id, order.streak)
    return Accepted(Put(key, replace(view.get(key), is_away=True, due_at=None)))


def give_freezes(view: View, give: Give, rules: StreakAtWork) -> Decision:
    """Give freezes in the middle of something else: an item is used."""
    order = GrantFreeze(**_as_order(view, give), count=give.given.count)
    return obey(view, order, rules)


def give_repair(view: View, give: Give, rules: StreakAtWork) -> Decision:
    """Repair in the middle of something else: an item is used."""
    return obey(view, RepairStreak(**_as_order(view, give), by=ITEM), rules)


def _as_order(view: View, give: Give) -> dict[str, Any]:
    return {"key": f"{JOB}give", "member_id": give.member_id, "occurred_at": view.now, "streak": give.given.key}


class Seen(NamedTuple):
    """A run as somebody reads it now: the present period, the pauses that are not over, the periods before.

    `expires_at` is when it breaks if nothing more is done, None where nothing breaks it; until `repairable_until` what
    broke last can be repaired.
    """

    run: RunState
    period: Period
    pauses: tuple[Pause, ...]
    history: tuple[Past, ...]
    expires_at: datetime | None
    repairable_until: datetime | None


def look_at(view: View, member_id: int, rules: StreakAtWork) -> Seen:
    """A member's run as it stands, whether or not anybody has written it down."""
    now, calendar = view.now, calendar_for(view, member_id, rules)
    run, _ = settle(view.get(RUNS.named(member_id, rules.key)), now, calendar, rules)
    period, today = _present(run, now, calendar, rules), calendar.day(now)
    known = {past.number: past for past in run.past} if run.every == rules.every else {}
    shown = (known.get(number) for number in range(period.number - HISTORY + 1, period.number + 1))
    until = None if run.lost is None else run.lost.missed.closes_at + rules.repair_within
    return Seen(
        run=run,
        period=period,
        pauses=tuple(pause for pause in run.pauses if pause.ends_on >= today),
        history=tuple(past for past in shown if past is not None),
        expires_at=_breaks_at(run, calendar, rules),
        repairable_until=until if until is not None and now <= until else None,
    )


def streaks_in(game: Game) -> Mapping[str, StreakAtWork]:
    """The streaks of a game, by key."""
    return {streak.key: streak for streak in game.handling(PauseStreak, StreakAtWork)}


def calendar_for(view: View, member_id: int, rules: StreakAtWork) -> Calendar:
    """The days in which this member's streak is counted."""
    return calendar_of(rules.day, view.calendar, view.get(PROFILE.of(member_id)).zone)


def _roll(run: RunState, now: datetime, calendar: Calendar, rules: StreakAtWork) -> Settled:
    """Settle period after period, in order, as far as it is known by now what became of them."""
    happened: list[Happening] = []
    if run.is_away or not rules.window.is_open(now):
        run = replace(run, excused_until=now, is_away=False)
    while run.length or run.ahead:
        period = _next(run, calendar, rules)
        if period.is_done:
            run, what = _extended(run, period, rules)
        elif not run.length:
            run, what = replace(run, last=period, ahead=run.ahead[1:]), None
        elif now < period.closes_at:
            return replace(run, due_at=period.closes_at), tuple(happened)
        elif rules.has_ended(now):
            return replace(run, due_at=None, is_away=True), tuple(happened)
        else:
            run, what = _closed(run, period, rules)
        if what is not None:
            happened.append(what)
    return replace(run, due_at=None), tuple(happened)


def _next(run: RunState, calendar: Calendar, rules: StreakAtWork) -> Period:
    """The first period that is not settled."""
    if run.ahead:
        return run.ahead[0]
    assert run.last is not None, "a run has begun some time"
    return period_after(run.last, run.every, calendar, rules.every)


def _extended(run: RunState, period: Period, rules: StreakAtWork) -> tuple[RunState, Happening]:
    length = run.length + 1
    best = max(run.best, length)
    return _onward(run, period, How.DONE, rules, length=length, best=best), Extended(length, best)


def _closed(run: RunState, period: Period, rules: StreakAtWork) -> tuple[RunState, Happening | None]:
    """What becomes of a period in which nothing was done: what excuses it costs nothing, a freeze is used up."""
    if rules.excuses(period, run.excused_until):
        return _onward(run, period, How.OUT_OF_PLAY, rules), None
    first, last = days_of(period.number, rules.every)
    if any(pause.starts_on <= last and first <= pause.ends_on for pause in run.pauses):
        return _onward(run, period, How.PAUSED, rules), None
    if run.freezes and run.freezes[0] < period.ends_at:
        left = run.freezes[1:]
        return _onward(run, period, How.FROZEN, rules, freezes=left), Frozen(run.length, len(left))
    return _onward(run, period, How.MISSED, rules, length=0, lost=Loss(run.length, period)), Lost(run.length)


def _onward(run: RunState, period: Period, how: How, rules: StreakAtWork, **changes: Any) -> RunState:  # noqa: ANN401 - fields of a run
    """The run with one more period settled. Dates that a journey left out stand in its history as skipped."""
    past = run.past if run.every == rules.every else ()
    if run.length and run.last is not None and run.every == rules.every:
        skipped = range(max(run.last.number + 1, period.number - HISTORY), period.number)
        past = (*past, *(Past(number, How.SKIPPED, run.length) for number in skipped))
    first, _ = days_of(period.number, rules.every)
    onward = replace(
        run,
        every=rules.every,
        last=replace(period, is_done=how is How.DONE),
        ahead=run.ahead[1:],
        pauses=tuple(pause for pause in run.pauses if pause.ends_on >= first),
        **changes,
    )
    return replace(onward, past=(*past, Past(period.number, how, onward.length))[-HISTORY:])


def _found(run: RunState, now: datetime, calendar: Calendar, rules: StreakAtWork) -> RunState | None:
    """The run with the period of now marked as done, not yet settled; None if it has been settled before."""
    if run.last is not None and now < run.last.ends_at:
        return None
    if not run.length:
        return replace(run, ahead=(replace(period_begun(run, now, calendar, rules.every), is_done=True),))
    *before, present = _opened(run, now, calendar, rules)
    for place, period in enumerate(before):
        if period.holds(now):
            before[place] = replace(period, is_done=True)
            return replace(run, ahead=(*before, present))
    return replace(run, ahead=(*before, replace(present, is_done=True)))


def _opened(run: RunState, now: datetime, calendar: Calendar, rules: StreakAtWork) -> list[Period]:
    """The periods after the last settled one up to the one of now: two of them for five minutes, else one or none."""
    opened = list(run.ahead)
    last = opened[-1] if opened else run.last
    assert last is not None, "a run has begun some time"
    counted_in = rules.every if opened else run.every
    while last.ends_at <= now:
        last = period_after(last, counted_in, calendar, rules.every)
        counted_in = rules.every
        opened.append(last)
    return opened


def _present(run: RunState, now: datetime, calendar: Calendar, rules: StreakAtWork) -> Period:
    """The period of now, for whoever looks."""
    if run.last is not None and now < run.last.ends_at:
        return run.last
    if not run.length:
        return period_begun(run, now, calendar, rules.every)
    return next(period for period in _opened(run, now, calendar, rules) if now < period.ends_at)


def _breaks_at(run: RunState, calendar: Calendar, rules: StreakAtWork) -> datetime | None:
    """When the run breaks if nothing more is done, with its pauses and freezes used; None if nothing breaks it."""
    for _ in range(LOOKAHEAD):
        at = run.due_at
        if at is None:
            return None
        run, happened = settle(run, at, calendar, rules)
        if any(isinstance(each, Lost) for each in happened):
            return at
    return None


def _obeyed(view: View, run: RunState, order: StreakOrder, rules: StreakAtWork) -> Settled | Rejected:
    """The run after what was asked of it, or why that does not stand."""
    now, calendar = view.now, calendar_for(view, order.member_id, rules)
    run, happened = settle(run, now, calendar, rules)
    match order:
        case GrantFreeze():
            answer: RunState | Rejected = _frozen_by(run, order.count, now, rules)
        case PauseStreak():
            answer = _paused(run, Pause(order.starts_on, order.ends_on), calendar.day(now))
        case CancelPause():
            answer = _unpaused(run, order.starts_on, calendar.day(now))
        case RepairStreak() | RestoreStreak():
            refusal = _unmendable(run, order, now, rules)
            if refusal is not None:
                return refusal
            answer, then = _mended(run, order.by, now, calendar, rules)
            happened = (*happened, *then)
        case _:
            answer = run
    return answer if isinstance(answer, Rejected) else (answer, happened)


def _frozen_by(run: RunState, number: int, now: datetime, rules: StreakAtWork) -> RunState | Rejected:
    """A freeze is held from now on: what was missed before is none of its business."""
    most = min(rules.freezes, FREEZES_MOST)
    if number < 1:
        return Rejected(StreakReason.NO_COUNT)
    if len(run.freezes) + number > most:
        return Rejected(StreakReason.FREEZES_FULL, held=len(run.freezes), most=most)
    return replace(run, freezes=tuple(sorted((*run.freezes, *[now] * number))))


def _paused(run: RunState, pause: Pause, today: date) -> RunState | Rejected:
    if pause.starts_on < today:
        return Rejected(StreakReason.PAUSE_IN_PAST, today=today.isoformat())
    if pause.ends_on < pause.starts_on:
        return Rejected(StreakReason.PAUSE_BACKWARDS)
    if pause.ends_on - pause.starts_on >= PAUSE_LONGEST:
        return Rejected(StreakReason.PAUSE_TOO_LONG, most=PAUSE_LONGEST.days)
    for other in run.pauses:
        if pause.starts_on <= other.ends_on and other.starts_on <= pause.ends_on:
            taken = {"starts_on": other.starts_on.isoformat(), "ends_on": other.ends_on.isoformat()}
            return Rejected(StreakReason.PAUSE_OVERLAPS, **taken)
    pending = [each for each in run.pauses if each.ends_on >= today]
    if len(pending) >= PAUSES_MOST:
        return Rejected(StreakReason.TOO_MANY_PAUSES, most=PAUSES_MOST)
    kept = run.pauses if run.length else pending
    return replace(run, pauses=tuple(sorted((*kept, pause), key=lambda each: each.starts_on)))


def _unpaused(run: RunState, starts_on: date, today: date) -> RunState | Rejected:
    """Take a pause back. What it has covered it has covered: of one that has begun, the days before today stay."""
    pause = next((each for each in run.pauses if each.starts_on == starts_on and each.ends_on >= today), None)
    if pause is None:
        return Rejected(StreakReason.NO_PAUSE, starts_on=starts_on.isoformat())
    rest = [each for each in run.pauses if each is not pause]
    if pause.starts_on < today:
        rest.append(replace(pause, ends_on=today - ONE_DAY))
    return replace(run, pauses=tuple(sorted(rest, key=lambda each: each.starts_on)))


def _unmendable(
    run: RunState, order: RepairStreak | RestoreStreak, now: datetime, rules: StreakAtWork
) -> Rejected | None:
    """A repair has a deadline; an outage of ours has none, but must have fallen into the period that was missed."""
    if run.lost is None:
        return Rejected(StreakReason.NOT_BROKEN)
    missed = run.lost.missed
    if isinstance(order, RestoreStreak):
        is_touched = order.since < missed.ends_at and missed.starts_at < order.until
        return None if is_touched else Rejected(StreakReason.NOT_IN_OUTAGE)
    until = missed.closes_at + rules.repair_within
    return Rejected(StreakReason.REPAIR_TOO_LATE, until=until) if now > until else None


def _mended(run: RunState, by: str, now: datetime, calendar: Calendar, rules: StreakAtWork) -> Settled:
    """What was lost and what has grown since, in one. Bonuses are for growing: lengths that it jumps over pay none.

    Where nothing has grown since, it goes on with the present period: what was missed before is forgiven.
    """
    assert run.lost is not None, "only what broke is mended"
    length = run.lost.length + run.length
    if not run.length:
        present = _present(run, now, calendar, rules)
        if run.last is None or run.last.ends_at < present.starts_at:
            starts_at, _ = bounds(present.number - 1, calendar, rules.every)
            past = run.past if run.every == rules.every else ()
            before = Period(present.number - 1, starts_at, present.starts_at)
            run = replace(run, last=before, every=rules.every, past=past)
    mended = replace(run, length=length, best=max(run.best, length), lost=None)
    after, then = _roll(mended, now, calendar, rules)
    return after, (Restored(length, by), *then)


def _decision(view: View, member_id: int, rules: StreakAtWork, before: RunState, settled: Settled) -> Decision:
    """The effects of what has become of a run."""
    run, happened = settled
    if run == before:
        return NOTHING
    return Accepted(
        Put(RUNS.named(member_id, rules.key), run),
        *_timed(member_id, rules, before, run),
        *_shown(view, member_id, rules, run),
        *_told(view, member_id, rules, happened),
    )


def _timed(member_id: int, rules: StreakAtWork, before: RunState, run: RunState) -> Iterator[Effect]:
    """One timer per member and streak, moved on. Its key has the moment in it, for a key is decided only once."""
    if before.due_at == run.due_at:
        return
    if before.due_at is not None:
        yield Cancel(_timer(member_id, rules, before.due_at).key)
    if run.due_at is not None:
        yield Schedule(run.due_at, _timer(member_id, rules, run.due_at))


def _timer(member_id: int, rules: StreakAtWork, due_at: datetime) -> CloseStreak:
    key = f"{JOB}streak.close/{member_id}/{rules.key}/{due_at:%Y%m%d%H%M%S}"
    return CloseStreak(key=key, member_id=member_id, occurred_at=due_at, streak=rules.key)


def _shown(view: View, member_id: int, rules: StreakAtWork, run: RunState) -> Iterator[Effect]:
    """The numbers that conditions ask for."""
    standing = view.get(STANDING.of(member_id))
    known, now = standing.streaks.get(rules.key, Run()), Run(run.length, run.best)
    if known == now:
        return
    yield Put(STANDING.of(member_id), replace(standing, streaks={**standing.streaks, rules.key: now}))
    if known.length != now.length:
        yield Change(member_id, f"streak:{rules.key}", after=now.length)
    if known.best != now.best:
        yield Change(member_id, f"best_streak:{rules.key}", after=now.best)


def _told(view: View, member_id: int, rules: StreakAtWork, happened: Iterable[Happening]) -> Iterator[Effect]:
    """What is published, and the bonuses of the lengths that were reached by growing."""
    for each in happened:
        yield Publish(_event(each, member_id, rules.key))
        bonus = rules.bonuses.get(each.length) if isinstance(each, Extended) else None
        if bonus is not None:
            payout = bonus.fixed(view.get(PROFILE.of(member_id)).is_vip)
            yield Pay(member_id=member_id, payout=payout, source="streak", type=TransactionType.EARN_STREAK)


def _event(happening: Happening, member_id: int, key: str) -> Event:
    match happening:
        case Extended(length, best):
            return StreakExtended(member_id=member_id, streak=key, length=length, best=best)
        case Frozen(length, left):
            return StreakFrozen(member_id=member_id, streak=key, length=length, left=left)
        case Lost(length):
            return StreakLost(member_id=member_id, streak=key, length=length)
        case Restored(length, by):
            return StreakRestored(member_id=member_id, streak=key, length=length, by=by)
