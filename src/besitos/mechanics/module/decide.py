"""Modules and watching: the decisions."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from msgspec.structs import replace

from besitos.core.activity import topic_of
from besitos.core.decision import NOTHING, Accepted, Change, Decision, Effect, Pay, Publish, Put, Rejected
from besitos.core.event import ModuleCompleted
from besitos.core.holding import HOLDINGS, changed
from besitos.core.member import PROFILE
from besitos.core.transaction import TransactionType
from besitos.core.view import View
from besitos.game.asking import Unmet
from besitos.game.mechanic import Reading, Signal
from besitos.mechanics.module.model import (
    ENROLLED,
    MODULES,
    SESSION,
    Attendance,
    Course,
    Enrolled,
    Heartbeat,
    LiveWatched,
    ModuleAtWork,
    ModuleReason,
    Modules,
    Place,
    ReplayWatched,
    Session,
    StageJoined,
    Watched,
    WatchingAtWork,
)

MESSAGE = "message.posted"
MINUTE = 60_000
WATCHED: dict[str, type[Watched]] = {"live": LiveWatched, "replay": ReplayWatched, "stage": StageJoined}
TOLD = frozenset(topic_of(shape) for shape in WATCHED.values())
FRESH = Attendance()


def attend(view: View, signal: Signal, course: Course) -> Decision:
    """The first activity that names a module begins it. Messages count, and minutes that an application tells."""
    module = signal.attribute("module")
    if not isinstance(module, str) or module not in course.keys:
        return NOTHING
    minutes = signal.attribute("minutes") if signal.topic in TOLD else None
    effects = _attended(
        view,
        signal.member_id,
        module,
        messages=1 if signal.topic == MESSAGE else 0,
        minutes=max(0, int(minutes)) if isinstance(minutes, int | Decimal) else 0,
    )
    return Accepted(*effects) if effects else NOTHING


def complete(view: View, reading: Reading, module: ModuleAtWork) -> Decision:
    """Complete it once what it takes holds, whether or not the member may enter it."""
    member_id = reading.member_id
    holdings = view.get(HOLDINGS.of(member_id))
    if module.key in holdings.modules or not module.window.is_open(view.now):
        return NOTHING
    if not module.completion.holds(view, member_id):
        return NOTHING
    modules = view.get(MODULES.of(member_id)).of
    before = modules.get(module.key, FRESH)
    completed = Modules({**modules, module.key: replace(before, completed_at=view.now)})
    held = replace(holdings, modules=changed(holdings.modules, module.key))
    effects: list[Effect] = [
        Put(MODULES.of(member_id), completed),
        Put(HOLDINGS.of(member_id), held),
        Change(member_id, f"module:{module.key}"),
        Publish(ModuleCompleted(member_id=member_id, module=module.key)),
    ]
    if before == FRESH:
        effects.append(_enrol(member_id, module.key))
    if module.pays is not None:
        payout = module.pays.fixed(view.get(PROFILE.of(member_id)).is_vip)
        effects.append(Pay(member_id=member_id, payout=payout, source="module", type=TransactionType.EARN_ACHIEVEMENT))
    return Accepted(*effects)


def watch(view: View, beat: Heartbeat, watching: WatchingAtWork) -> Decision:
    """Credit what was watched since the last heartbeat: the lesser of the time on the wall and the advance.

    A longer silence than may be credits nothing. Another player takes the place of the one before, whose rest is
    lost: nobody watches twice at once. Whole minutes are told, and the rest stays with the session.
    """
    if beat.module is not None and beat.module not in watching.course.keys:
        return Rejected(ModuleReason.UNKNOWN, module=beat.module)
    key = SESSION.named(beat.member_id, "stage" if beat.way == "stage" else "player")
    before = view.get(key)
    goes_on = (before.session, before.way, before.live) == (beat.session, beat.way, beat.live)
    begun = before if goes_on else Session(beat.session, beat.way, beat.live)
    credit = credited(begun, beat, view, watching.longest_gap)
    minutes, rest = divmod(begun.rest + credit, MINUTE)
    at = view.now if begun.at is None else max(view.now, begun.at)
    position = beat.position if beat.position is not None else begun.position
    after = replace(begun, module=beat.module, position=position, at=at, minutes=begun.minutes + minutes, rest=rest)
    effects: list[Effect] = [Put(key, after)]
    if beat.module is not None:
        effects += _attended(view, beat.member_id, beat.module, minutes=minutes)
    if minutes:
        told = WATCHED[beat.way](member_id=beat.member_id, live=beat.live, module=beat.module, minutes=minutes)
        effects.append(Publish(told))
    return Accepted(*effects)


def credited(session: Session, beat: Heartbeat, view: View, longest_gap: timedelta) -> int:
    """The milliseconds that a heartbeat is worth."""
    if session.at is None or not timedelta(0) < view.now - session.at <= longest_gap:
        return 0
    on_the_wall = (view.now - session.at) // timedelta(milliseconds=1)
    if beat.position is None:
        return on_the_wall if beat.way == "stage" else 0
    return max(0, min(on_the_wall, (beat.position - session.position) * 1_000))


def place_of(view: View, member_id: int, module: ModuleAtWork) -> Place:
    """Where a member stands in a module."""
    profile = view.get(PROFILE.of(member_id))
    is_for_them = module.audience in ("all", profile.type)
    for_others = () if is_for_them else (Unmet(0, "member", module.audience, have=profile.type.value),)
    to_enter = (*for_others, *module.entry.unmet(view, member_id))
    attendance = view.get(MODULES.of(member_id)).of.get(module.key, FRESH)
    to_complete = () if attendance.completed_at is not None else module.completion.unmet(view, member_id)
    return Place(attendance, not to_enter and module.window.is_open(view.now), to_enter, to_complete)


def enrolled_in(module: str) -> str:
    """What the names of all who are in a module begin with."""
    return f"{ENROLLED.name}/{module}/"


def _attended(view: View, member_id: int, module: str, *, messages: int = 0, minutes: int = 0) -> Sequence[Effect]:
    """Begin the module where it was not, and count what was done in it."""
    modules = view.get(MODULES.of(member_id)).of
    before = modules.get(module, FRESH)
    after = replace(
        before,
        started_at=before.started_at or view.now,
        messages=before.messages + messages,
        minutes=before.minutes + minutes,
    )
    if after == before:
        return ()
    effects: list[Effect] = [Put(MODULES.of(member_id), Modules({**modules, module: after}))]
    if before == FRESH:
        effects.append(_enrol(member_id, module))
    return effects


def _enrol(member_id: int, module: str) -> Put[Enrolled]:
    return Put(ENROLLED.of(f"{module}/{member_id:019d}"), Enrolled())
