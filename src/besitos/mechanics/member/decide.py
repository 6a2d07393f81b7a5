"""Members: the decisions."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec.structs import replace

from besitos.core.activity import JOB
from besitos.core.calendar import FOREVER, is_zone
from besitos.core.decision import NOTHING, Accepted, Change, Decision, Effect, Give, Put, Rejected, Schedule
from besitos.core.holding import HOLDINGS, changed
from besitos.core.member import PROFILE, Profile
from besitos.core.view import View
from besitos.game.mechanic import Signal
from besitos.mechanics.member.model import (
    AGES,
    Ages,
    BanMember,
    ChangeSettings,
    ComeOfAge,
    MemberReason,
    MembersAtWork,
    UnbanMember,
)


def ban(view: View, order: BanMember, _members: MembersAtWork) -> Decision:
    """Pay this member nothing from now on."""
    profile = view.get(PROFILE.of(order.member_id))
    if profile.is_banned:
        return Rejected(MemberReason.ALREADY_BANNED)
    return Accepted(Put(PROFILE.of(order.member_id), replace(profile, is_banned=True)))


def unban(view: View, order: UnbanMember, _members: MembersAtWork) -> Decision:
    """Pay this member again."""
    profile = view.get(PROFILE.of(order.member_id))
    if not profile.is_banned:
        return Rejected(MemberReason.NOT_BANNED)
    return Accepted(Put(PROFILE.of(order.member_id), replace(profile, is_banned=False)))


def welcome(view: View, signal: Signal, members: MembersAtWork) -> Decision:
    """Remember since when a member is known: the earliest of what is told of them, whenever it is told."""
    member_id = signal.member_id
    profile = view.get(PROFILE.of(member_id))
    is_known = profile.joined_at is not None and profile.joined_at <= view.now
    if is_known and (not members.ages or view.get(AGES.of(member_id)).version == view.game_version):
        return NOTHING
    joined = profile if is_known else replace(profile, joined_at=view.now)
    known = [] if is_known else [Put(PROFILE.of(member_id), joined)]
    waits = [Put(AGES.of(member_id), Ages(view.game_version))] if members.ages else []
    return Accepted(*known, *waits, *_next_age(view, member_id, joined, members))


def rests_until(view: View, member_id: int, _members: MembersAtWork) -> datetime:
    """For ever, once a member is known: what is dated before that is not met by any rest."""
    return view.now if view.get(PROFILE.of(member_id)).joined_at is None else FOREVER


def come_of_age(view: View, order: ComeOfAge, members: MembersAtWork) -> Decision:
    """Let the conditions be read that ask for it. It is the only one that time alone brings about."""
    profile = view.get(PROFILE.of(order.member_id))
    of_age = Change(order.member_id, "member_for", after=order.seconds)
    return Accepted(of_age, *_next_age(view, order.member_id, profile, members))


def give_flag(view: View, give: Give, _members: MembersAtWork) -> Decision:
    """Set a flag that is not set."""
    holdings, flag = view.get(HOLDINGS.of(give.member_id)), give.given.key
    if flag in holdings.flags:
        return NOTHING
    flagged = replace(holdings, flags=changed(holdings.flags, flag))
    return Accepted(Put(HOLDINGS.of(give.member_id), flagged), Change(give.member_id, f"flag:{flag}"))


def change_settings(view: View, order: ChangeSettings, _members: MembersAtWork) -> Decision:
    """Remember what the member says of themselves."""
    if order.zone and not is_zone(order.zone):
        return Rejected(MemberReason.UNKNOWN_ZONE, zone=order.zone)
    profile = view.get(PROFILE.of(order.member_id))
    changed = replace(profile, zone=order.zone or None)
    return NOTHING if changed == profile else Accepted(Put(PROFILE.of(order.member_id), changed))


def _next_age(view: View, member_id: int, profile: Profile, members: MembersAtWork) -> Iterator[Effect]:
    """Wait for the next age that somebody asks for."""
    assert profile.joined_at is not None, "who comes of age has joined"
    for seconds in members.ages:
        due_at = profile.joined_at + timedelta(seconds=seconds)
        if due_at > view.now:
            key = f"{JOB}member.of_age/{member_id}/{seconds}"
            yield Schedule(due_at, ComeOfAge(key=key, member_id=member_id, occurred_at=due_at, seconds=seconds))
            return
