"""Members: the decisions."""

from msgspec.structs import replace

from besitos.core.calendar import is_zone
from besitos.core.decision import NOTHING, Accepted, Change, Decision, Give, Put, Rejected
from besitos.core.holding import HOLDINGS, changed
from besitos.core.member import PROFILE
from besitos.core.view import View
from besitos.game.mechanic import Signal
from besitos.mechanics.member.model import BanMember, ChangeSettings, MemberReason, UnbanMember


def ban(view: View, order: BanMember, _rules: None) -> Decision:
    """Pay this member nothing from now on."""
    profile = view.get(PROFILE.of(order.member_id))
    if profile.is_banned:
        return Rejected(MemberReason.ALREADY_BANNED)
    return Accepted(Put(PROFILE.of(order.member_id), replace(profile, is_banned=True)))


def unban(view: View, order: UnbanMember, _rules: None) -> Decision:
    """Pay this member again."""
    profile = view.get(PROFILE.of(order.member_id))
    if not profile.is_banned:
        return Rejected(MemberReason.NOT_BANNED)
    return Accepted(Put(PROFILE.of(order.member_id), replace(profile, is_banned=False)))


def welcome(view: View, signal: Signal, _rules: None) -> Decision:
    """Remember since when a member is known: the earliest of what is told of them, whenever it is told."""
    profile = view.get(PROFILE.of(signal.member_id))
    if profile.joined_at is not None and profile.joined_at <= view.now:
        return NOTHING
    return Accepted(Put(PROFILE.of(signal.member_id), replace(profile, joined_at=view.now)))


def give_flag(view: View, give: Give, _rules: None) -> Decision:
    """Set a flag that is not set."""
    holdings, flag = view.get(HOLDINGS.of(give.member_id)), give.given.key
    if flag in holdings.flags:
        return NOTHING
    flagged = replace(holdings, flags=changed(holdings.flags, flag))
    return Accepted(Put(HOLDINGS.of(give.member_id), flagged), Change(give.member_id, f"flag:{flag}"))


def change_settings(view: View, order: ChangeSettings, _rules: None) -> Decision:
    """Remember what the member says of themselves."""
    if order.zone and not is_zone(order.zone):
        return Rejected(MemberReason.UNKNOWN_ZONE, zone=order.zone)
    profile = view.get(PROFILE.of(order.member_id))
    changed = replace(profile, zone=order.zone or None)
    return NOTHING if changed == profile else Accepted(Put(PROFILE.of(order.member_id), changed))
