"""Missions: the decisions."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from msgspec.structs import replace

from besitos.core.calendar import FOREVER, PeriodName
from besitos.core.decision import (
    NOTHING,
    Accepted,
    Change,
    Decision,
    Effect,
    Pay,
    Publish,
    Put,
    Rejected,
)
from besitos.core.event import MissionAssigned, MissionCompleted, MissionExpired
from besitos.core.holding import HOLDINGS, changed
from besitos.core.member import PROFILE
from besitos.core.metric import micros
from besitos.core.payout import Payout, promised
from besitos.core.timer import due, no_longer_due
from besitos.core.transaction import TransactionType
from besitos.core.view import View
from besitos.game.asking import Asking, ConditionReason, Unmet
from besitos.game.game import Game
from besitos.game.goals import GoalsAtWork, Step
from besitos.game.mechanic import Ask, Reading, Signal
from besitos.game.window import Window
from besitos.mechanics.mission.model import (
    AGENDA,
    RUN,
    Agenda,
    MissionReason,
    MissionRun,
    MissionState,
    SettleMissions,
    TakeMission,
)


@dataclass(frozen=True, slots=True)
class MissionAtWork:
    """A mission, compiled: what it takes to begin it, what is to be done, and what that pays.

    `since` is the version of the game since which it stands so; `stood` says of an earlier one whether it did then.
    """

    key: str
    since: int
    stood: Callable[[int], bool]
    type: str
    asking: Asking
    goals: GoalsAtWork
    window: Window
    period: PeriodName | None
    lasts: timedelta | None
    is_taken: bool
    pays: Payout
    pays_vip: Payout | None


@dataclass(frozen=True)
class MissionsAtWork:
    """All missions of a game, and what they were once.

    `was` says what a mission was under an earlier version; what it is, where that is not known.
    """

    of: Mapping[str, MissionAtWork]
    past: tuple[MissionAtWork, ...] = ()
    was: Callable[[str, int], MissionAtWork | None] = lambda _key, _version: None

    @cached_property
    def restless(self) -> tuple[MissionAtWork, ...]:
        """Those that may come by time alone."""
        return tuple(each for each in self.of.values() if not each.is_taken and each.asking.is_restless)

    @property
    def topics(self) -> frozenset[str]:
        """The kinds of activities that are counted from a beginning of a mission's own."""
        return frozenset(topic for each in (*self.of.values(), *self.past) for topic in each.goals.topics)

    @cached_property
    def counting(self) -> Mapping[str, tuple[str, ...]]:
        """By kind of activity, the missions that count it from a beginning of their own."""
        return {
            topic: tuple(key for key, mission in self.of.items() if topic in mission.goals.topics)
            for topic in self.topics
        }

    def under(self, key: str, run: MissionRun) -> MissionAtWork | None:
        """The mission that a run is of, as it was when that began, whatever has become of it since."""
        mission = self.of.get(key)
        if mission is not None and mission.since <= run.version:
            return mission
        return self.was(key, run.version)


class Seen(NamedTuple):
    """How a member is with a mission: the run, how far each goal is, and, before it begins, what is missing for that.

    `mission` is None where the game has it no longer; `under` is what the run began under. One that `may_begin` has a
    run that has not begun.
    """

    key: str
    mission: MissionAtWork | None
    run: MissionRun
    under: MissionAtWork | None
    steps: tuple[Step, ...]
    unmet: tuple[Unmet, ...] = ()
    may_begin: bool = False

    def pays(self, *, is_vip: bool) -> Payout:
        """What completing it pays: as it was when it began, else as it is."""
        return Payout() if self.under is None else promised(self.under, is_vip=is_vip)


def settle(view: View, signal: Signal, _missions: MissionsAtWork) -> Decision:
    """End what has ended by now, and let count from here on what the activity before brought."""
    member_id = signal.member_id
    agenda = view.get(AGENDA.of(member_id))
    if not agenda.fresh and (agenda.due_at is None or view.now < agenda.due_at):
        return NOTHING
    runs = {key: settled_run(view.get(RUN.named(member_id, key)), view.now) for key in agenda.active}
    counting = {key: replace(run, is_fresh=False) if run.is_fresh else run for key, run in runs.items()}
    return Accepted(*_settled(view, member_id, replace(agenda, fresh=()), counting))


def rests_until(view: View, member_id: int, _missions: MissionsAtWork) -> datetime:
    """Until the first of the runs ends."""
    agenda = view.get(AGENDA.of(member_id))
    return view.now if agenda.fresh else agenda.due_at or FOREVER


def rests_until_next(view: View, member_id: int, _missions: MissionsAtWork) -> datetime:
    """Until time may let another one begin."""
    agenda = view.get(AGENDA.of(member_id))
    return view.now if agenda.looked_under != view.game_version else agenda.look_at or FOREVER


def has_none_restless(missions: MissionsAtWork) -> bool:
    """Whether missions begin by themselves at known times alone."""
    return not missions.restless


def settle_due(view: View, order: SettleMissions, _missions: MissionsAtWork) -> Decision:
    """The same, by a timer. Nobody was here, so what is fresh stays so."""
    member_id = order.member_id
    agenda = view.get(AGENDA.of(member_id))
    if agenda.due_at is None or view.now < agenda.due_at:
        return NOTHING
    runs = {key: settled_run(view.get(RUN.named(member_id, key)), view.now) for key in agenda.active}
    return Accepted(*_settled(view, member_id, agenda, runs))


def settled_run(run: MissionRun, now: datetime) -> MissionRun:
    """The run as it is at `now`: unfinished at its end, it is over. The same for timers, activities and readers."""
    if not run.is_active or run.ends_at is None or now < run.ends_at:
        return run
    return _ended(run, MissionState.EXPIRED, run.ends_at)


def assign(view: View, signal: Signal, missions: MissionsAtWork) -> Decision:
    """Begin the missions that a member has come to by the passing of time, or by a new version of the game.

    Those that come by what the member does begin where that is read.
    """
    member_id = signal.member_id
    agenda = view.get(AGENDA.of(member_id))
    is_known = agenda.looked_under == view.game_version and (agenda.look_at is None or view.now < agenda.look_at)
    if is_known and not missions.restless:
        return NOTHING
    looked_at = missions.restless if is_known else tuple(missions.of.values())
    begun = [
        (mission, _begin(view, member_id, mission))
        for mission in looked_at
        if not mission.is_taken and _may_begin(view, member_id, mission) and mission.asking.holds(view, member_id)
    ]
    if is_known and not begun:
        return NOTHING
    if not is_known:
        odd, look_at = _odd(view, member_id, agenda, missions), _next_look(view, missions)
        agenda = replace(agenda, odd=odd, look_at=look_at, looked_under=view.game_version)
    return Accepted(*_begun(view, member_id, agenda, begun))


def refuse_or_take(view: View, take: TakeMission, missions: MissionsAtWork) -> Decision:
    """Whether a member may take a mission now. It begins once what is due has been settled."""
    mission, member_id = missions.of.get(take.mission), take.member_id
    if mission is None:
        return Rejected(MissionReason.UNKNOWN, mission=take.mission)
    if not mission.is_taken:
        return Rejected(MissionReason.NOT_TO_BE_TAKEN, mission=take.mission)
    run = settled_run(view.get(RUN.named(member_id, take.mission)), view.now)
    if run.is_active:
        return Rejected(MissionReason.RUNNING, mission=take.mission)
    if mission.period is None and run.state is MissionState.COMPLETED:
        return Rejected(MissionReason.COMPLETED, mission=take.mission)
    if not _may_begin(view, member_id, mission):
        return Rejected(MissionReason.NOT_NOW, mission=take.mission)
    unmet = mission.asking.unmet(view, member_id)
    return Rejected(ConditionReason.UNMET, unmet=list(unmet)) if unmet else NOTHING


def take(view: View, take: TakeMission, missions: MissionsAtWork) -> Decision:
    """Begin what was taken; the taking itself counts already."""
    mission = missions.of[take.mission]
    agenda = view.get(AGENDA.of(take.member_id))
    return Accepted(*_begun(view, take.member_id, agenda, [(mission, _begin(view, take.member_id, mission))]))


def count(view: View, signal: Signal, missions: MissionsAtWork) -> Decision:
    """Count an activity for the missions that run and are measured from a beginning of their own."""
    member_id = signal.member_id
    agenda, counting = view.get(AGENDA.of(member_id)), missions.counting.get(signal.topic, ())
    effects: list[Effect] = []
    for key in dict.fromkeys((*counting, *_odd(view, member_id, agenda, missions))):
        name = RUN.named(member_id, key)
        run = view.get(name)
        mission = missions.under(key, run) if _is_in_time(view, run) else None
        if mission is None:
            continue
        done = mission.goals.after(view, signal, run.done)
        if done is not run.done:
            effects.append(Put(name, replace(run, done=done)))
            if mission.goals.may_be_reached(done):
                effects.append(Change(member_id, _goal_of(key)))
    return Accepted(*effects) if effects else NOTHING


def read(view: View, reading: Reading, mission: MissionAtWork) -> Decision:
    """Complete a mission whose goals are reached by now, or begin it for whom it has just come to be.

    One that repeats begins only for who was here in its day or week: not by a timer alone.
    """
    member_id = reading.member_id
    run = view.get(RUN.named(member_id, mission.key))
    if run.is_active:
        is_as_then = run.version >= mission.since or mission.stood(run.version)
        return _complete_if_reached(view, member_id, run, mission) if is_as_then else NOTHING
    agenda = view.get(AGENDA.of(member_id))
    is_here = agenda.looked_under == view.game_version and (agenda.look_at is None or view.now < agenda.look_at)
    if mission.is_taken or (mission.period is not None and not is_here) or not _may_begin(view, member_id, mission):
        return NOTHING
    if not mission.asking.holds(view, member_id):
        return NOTHING
    return Accepted(*_begun(view, member_id, agenda, [(mission, _begin(view, member_id, mission, is_read=True))]))


def asks(mission: MissionAtWork) -> Iterable[Ask]:
    """Whose changes may begin a mission, or complete it."""
    if not mission.is_taken:
        yield from mission.asking.asks()
    yield from mission.goals.asks
    yield Ask(_goal_of(mission.key))


def asks_of_past(missions: MissionsAtWork) -> Iterable[Ask]:
    """Whose changes may complete a mission that goes on as it was: a gift, too, of which its member does nothing."""
    for mission in missions.past:
        yield from mission.goals.asks
        yield Ask(_goal_of(mission.key))


def read_odd(view: View, signal: Signal | Reading, missions: MissionsAtWork) -> Decision:
    """Complete missions as they were when they began, where the game has them otherwise by now, or not at all."""
    agenda = view.get(AGENDA.of(signal.member_id))
    for key in _odd(view, signal.member_id, agenda, missions):
        run = view.get(RUN.named(signal.member_id, key))
        mission = missions.under(key, run)
        decision = NOTHING if mission is None else _complete_if_reached(view, signal.member_id, run, mission)
        if decision is not NOTHING:
            return decision  # another one that is reached is found at the next activity
    return NOTHING


def missions_in(game: Game) -> MissionsAtWork:
    """The missions of a game; none where it never had any."""
    return next(iter(game.handling(TakeMission, MissionsAtWork)), MissionsAtWork({}))


def look_at(view: View, member_id: int, missions: MissionsAtWork) -> list[Seen]:
    """The missions that run for a member, that are over, and that they may take or will be given, as of now."""
    gone = (key for key in view.get(AGENDA.of(member_id)).active if key not in missions.of)
    seen = [_seen(view, member_id, key, missions) for key in (*missions.of, *gone)]
    return [each for each in seen if each.run.state or each.may_begin]


def _seen(view: View, member_id: int, key: str, missions: MissionsAtWork) -> Seen:
    mission, run = missions.of.get(key), settled_run(view.get(RUN.named(member_id, key)), view.now)
    if mission is None or not _may_begin(view, member_id, mission):
        under = missions.under(key, run) if run.is_active else mission
        steps = under.goals.steps(view, member_id, run) if run.is_active and under is not None else ()
        return Seen(key, mission, run, under, steps)
    unmet = mission.asking.unmet(view, member_id)
    if unmet and not mission.is_taken:
        return Seen(key, mission, MissionRun(), mission, ())
    next_run = replace(_begin(view, member_id, mission), state=MissionState.NONE)
    steps = mission.goals.steps(view, member_id, next_run)
    return Seen(key, mission, next_run, mission, steps, unmet, may_begin=True)


def _odd(view: View, member_id: int, agenda: Agenda, missions: MissionsAtWork) -> tuple[str, ...]:
    """What runs as its mission was, and is no longer: found anew until the member has been here under this version."""
    if agenda.looked_under == view.game_version:
        return agenda.odd
    runs = ((key, view.get(RUN.named(member_id, key))) for key in agenda.active)
    return tuple(key for key, run in runs if missions.under(key, run) is not missions.of.get(key))


def _settled(view: View, member_id: int, agenda: Agenda, runs: Mapping[str, MissionRun]) -> Iterator[Effect]:
    """What follows from these runs being as they are by now."""
    for key, run in runs.items():
        if run is not view.get(RUN.named(member_id, key)):
            yield Put(RUN.named(member_id, key), run)
        if not run.is_active:
            yield Publish(MissionExpired(member_id=member_id, mission=key))
    yield from _leave_timers(view, member_id, agenda, runs)
    yield Put(AGENDA.of(member_id), _without_ended(agenda, runs))


def _complete_if_reached(view: View, member_id: int, run: MissionRun, mission: MissionAtWork) -> Decision:
    key, goals = mission.key, mission.goals
    if _is_same_moment(view, run):
        run, known = replace(run, bases=goals.bases(view, member_id)), run
        if not goals.are_reached(view, member_id, run):
            return NOTHING if run == known else Accepted(Put(RUN.named(member_id, key), run))
    elif not _is_in_time(view, run) or not goals.are_reached(view, member_id, run):
        return NOTHING
    agenda, holdings = view.get(AGENDA.of(member_id)), view.get(HOLDINGS.of(member_id))
    ended = _ended(run, MissionState.COMPLETED, view.now)
    runs = {each: view.get(RUN.named(member_id, each)) for each in agenda.active} | {key: ended}
    is_vip = view.get(PROFILE.of(member_id)).is_vip
    return Accepted(
        Put(RUN.named(member_id, key), ended),
        Put(AGENDA.of(member_id), _without_ended(agenda, runs)),
        Put(HOLDINGS.of(member_id), replace(holdings, missions=changed(holdings.missions, key))),
        Pay(
            member_id=member_id,
            payout=promised(mission, is_vip=is_vip),
            source="mission",
            type=TransactionType.EARN_MISSION,
            cause=f"mission/{key}",
        ),
        Publish(MissionCompleted(member_id=member_id, mission=key, mission_type=mission.type)),
        Change(member_id, f"mission:{key}"),
        *_leave_timers(view, member_id, agenda, runs),
    )


def _may_begin(view: View, member_id: int, mission: MissionAtWork) -> bool:
    """Whether it is in play, and the member has not had it: ever, or in this day or week."""
    if not mission.window.is_open(view.now):
        return False
    run = settled_run(view.get(RUN.named(member_id, mission.key)), view.now)
    if run.state is MissionState.NONE:
        return True
    if run.is_active:
        return False
    if run.period_at is None:
        return mission.period is not None
    period_at, number = _period(view, mission)
    if period_at is None or period_at <= run.period_at:
        return False
    return mission.period != run.period or number > run.number  # in a zone farther west a day comes again


def _begin(view: View, member_id: int, mission: MissionAtWork, *, is_read: bool = False) -> MissionRun:
    """A run of this mission from now on; one that repeats is measured from the beginning of its day or week.

    `is_read` says that the activity which is under way has brought it about.
    """
    period_at, number = _period(view, mission)
    run = MissionRun(
        state=MissionState.ACTIVE,
        began_at=view.now,
        period_at=period_at,
        period=mission.period,
        number=number,
        ends_at=_end(view, mission),
        version=view.game_version,
    )
    if period_at is not None:
        return run
    return replace(
        run, counts_from=micros(view.now) + is_read, bases=mission.goals.bases(view, member_id), is_fresh=is_read
    )


def _begun(
    view: View, member_id: int, agenda: Agenda, begun: list[tuple[MissionAtWork, MissionRun]]
) -> Iterator[Effect]:
    """What follows from beginning these: they are on the agenda, told, watched, and read once."""
    known = {view.get(RUN.named(member_id, key)).ends_at for key in agenda.active}
    for mission, run in begun:
        yield Put(RUN.named(member_id, mission.key), run)
        yield Publish(MissionAssigned(member_id=member_id, mission=mission.key, ends_at=run.ends_at))
        yield Change(member_id, _goal_of(mission.key))
        if run.ends_at is not None and run.ends_at not in known:
            known.add(run.ends_at)
            yield due(SettleMissions, member_id, run.ends_at)
    keys = tuple(mission.key for mission, _ in begun)
    after = replace(
        agenda,
        active=tuple(sorted({*agenda.active, *keys})),
        fresh=(*agenda.fresh, *(mission.key for mission, run in begun if run.is_fresh)),
        odd=tuple(key for key in agenda.odd if key not in keys),
        due_at=_earliest([agenda.due_at, *(run.ends_at for _, run in begun)]),
    )
    yield Put(AGENDA.of(member_id), after)


def _without_ended(agenda: Agenda, runs: Mapping[str, MissionRun]) -> Agenda:
    active = tuple(key for key in agenda.active if runs[key].is_active)
    return replace(
        agenda,
        active=active,
        fresh=tuple(key for key in agenda.fresh if key in active),
        odd=tuple(key for key in agenda.odd if key in active),
        due_at=_earliest(runs[key].ends_at for key in active),
    )


def _leave_timers(view: View, member_id: int, agenda: Agenda, runs: Mapping[str, MissionRun]) -> Iterator[Effect]:
    """Forget the timers that nobody needs any more. Those that are due go by themselves."""
    before = {view.get(RUN.named(member_id, key)).ends_at for key in agenda.active}
    after = {run.ends_at for run in runs.values() if run.is_active}
    yield from (no_longer_due(SettleMissions, member_id, at) for at in sorted(filter(None, before - after)))


def _ended(run: MissionRun, state: MissionState, at: datetime) -> MissionRun:
    """What is remembered of a run that is over: when, and in which day or week."""
    return MissionRun(
        state=state,
        began_at=run.began_at,
        period_at=run.period_at,
        period=run.period,
        number=run.number,
        ends_at=run.ends_at,
        ended_at=at,
    )


def _is_in_time(view: View, run: MissionRun) -> bool:
    """Whether what happens now may count for it: not before its beginning, nor after its end."""
    begins = run.period_at or run.began_at
    if not run.is_active or begins is None or view.now < begins or _is_same_moment(view, run):
        return False
    return run.ends_at is None or view.now < run.ends_at


def _is_same_moment(view: View, run: MissionRun) -> bool:
    """Whether the activity that brought it is still under way: what that one does not count for."""
    return run.is_active and run.is_fresh and view.now == run.began_at


def _period(view: View, mission: MissionAtWork) -> tuple[datetime | None, int]:
    """When the present day or week of a mission began, and its number."""
    if mission.period is None:
        return None, 0
    number = view.calendar.period(mission.period, view.now)
    return view.calendar.start(mission.period, number), number


def _next_period(view: View, mission: MissionAtWork) -> datetime | None:
    if mission.period is None:
        return None
    return view.calendar.start(mission.period, view.calendar.period(mission.period, view.now) + 1)


def _end(view: View, mission: MissionAtWork) -> datetime | None:
    """The earliest of its period, `lasts` and `until`."""
    lasts = view.now + mission.lasts if mission.lasts is not None else None
    return _earliest((_next_period(view, mission), lasts, mission.window.closes))


def _next_look(view: View, missions: MissionsAtWork) -> datetime | None:
    """When time may next let a mission begin: a new day or week, or the opening of a window."""
    opens = (each.window.opens for each in missions.of.values() if not each.is_taken)
    periods = (_next_period(view, each) for each in missions.of.values() if not each.is_taken)
    return _earliest((*(at for at in opens if at is not None and at > view.now), *periods))


def _earliest(moments: Iterable[datetime | None]) -> datetime | None:
    return min((at for at in moments if at is not None), default=None)


def _goal_of(key: str) -> str:
    """The name under which it is told that a mission has come further."""
    return f"goal:{key}"
