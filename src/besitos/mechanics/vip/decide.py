"""VIP: the decisions. One function says when VIP time is over, for timers and for whoever acts."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from besitos.core.calendar import FOREVER
from besitos.core.decision import (
    NOTHING,
    Accepted,
    Change,
    Decision,
    Effect,
    Give,
    Publish,
    Put,
    Rejected,
)
from besitos.core.event import MemberTypeChanged
from besitos.core.member import PROFILE, MemberType, Profile
from besitos.core.timer import due, no_longer_due
from besitos.core.view import View
from besitos.game.mechanic import Signal
from besitos.mechanics.vip.model import EndVip, ExpireVip, GiveVip, VipAtWork, VipReason

LONGEST = timedelta(days=36_500)
"""How far ahead the end of VIP time may be: payouts that go on adding to it stop here."""


def give(view: View, give: Give, vip: VipAtWork) -> Decision:
    """As part of a payout."""
    return _add(view, give.member_id, timedelta(seconds=give.given.count), vip)


def give_by_hand(view: View, order: GiveVip, vip: VipAtWork) -> Decision:
    """An operator gives it."""
    if order.lasts <= 0:
        return Rejected(VipReason.NO_TIME)
    if order.lasts > LONGEST.total_seconds():
        return Rejected(VipReason.TOO_LONG, days=LONGEST.days)
    return _add(view, order.member_id, timedelta(seconds=order.lasts), vip)


def end(view: View, order: EndVip, vip: VipAtWork) -> Decision:
    """An operator ends it, grace and all."""
    profile = view.get(PROFILE.of(order.member_id))
    if not as_of(profile, view.now, vip).is_vip:
        return Rejected(VipReason.NOT_VIP)
    return Accepted(*_become_free(order.member_id, profile, vip))


def expire(view: View, order: ExpireVip, vip: VipAtWork) -> Decision:
    """Its timer says that it may be over. Where the grace has grown since, another timer is set."""
    profile = view.get(PROFILE.of(order.member_id))
    over_at = over(profile, vip)
    if over_at is not None and over_at > view.now:
        return Accepted(due(ExpireVip, order.member_id, over_at))
    return _settle(view, order.member_id, vip)


def settle_due(view: View, signal: Signal, vip: VipAtWork) -> Decision:
    """Whoever does something is VIP no more once it is over."""
    return _settle(view, signal.member_id, vip)


def rests_until(view: View, member_id: int, vip: VipAtWork) -> datetime:
    """Until VIP time is over."""
    return over(view.get(PROFILE.of(member_id)), vip) or FOREVER


def over(profile: Profile, vip: VipAtWork) -> datetime | None:
    """When a member is VIP no more; None of who is not, and of whose VIP time does not end by itself."""
    return profile.vip_until + vip.grace if profile.is_vip and profile.vip_until is not None else None


def as_of(profile: Profile, now: datetime, vip: VipAtWork) -> Profile:
    """The profile as it is now, whether or not anybody has found the end of VIP time yet."""
    over_at = over(profile, vip)
    return profile if over_at is None or now < over_at else replace(profile, type=MemberType.FREE, vip_until=None)


def _add(view: View, member_id: int, lasts: timedelta, vip: VipAtWork) -> Decision:
    """Add to the present end, or to now where that has passed. Who is VIP for good gets nothing by it."""
    profile = view.get(PROFILE.of(member_id))
    standing = as_of(profile, view.now, vip)
    if standing.is_vip and standing.vip_until is None:
        return NOTHING
    begins = max(view.now, standing.vip_until or view.now)
    until = min(begins + lasts, view.now + LONGEST)
    if standing.vip_until is not None and until <= standing.vip_until:
        return NOTHING
    after = replace(standing, type=MemberType.VIP, vip_until=until)
    # Who was VIP until a moment ago, which nobody has found yet, became free in between.
    between = _become_free(member_id, profile, vip) if standing != profile else _without_timer(member_id, profile, vip)
    changed = _told(member_id, after, before=standing) if not standing.is_vip else ()
    return Accepted(*between, Put(PROFILE.of(member_id), after), *changed, due(ExpireVip, member_id, until + vip.grace))


def _settle(view: View, member_id: int, vip: VipAtWork) -> Decision:
    """Make free who is VIP no more. Timer, activity and reader come to the same."""
    profile = view.get(PROFILE.of(member_id))
    if not profile.is_vip or as_of(profile, view.now, vip) == profile:
        return NOTHING
    return Accepted(*_become_free(member_id, profile, vip))


def _become_free(member_id: int, profile: Profile, vip: VipAtWork) -> Sequence[Effect]:
    after = replace(profile, type=MemberType.FREE, vip_until=None)
    return (
        *_without_timer(member_id, profile, vip),
        Put(PROFILE.of(member_id), after),
        *_told(member_id, after, before=profile),
    )


def _told(member_id: int, after: Profile, *, before: Profile) -> Sequence[Effect]:
    event = MemberTypeChanged(member_id=member_id, became=after.type.value, before=before.type.value)
    return Publish(event), Change(member_id, "member")


def _without_timer(member_id: int, profile: Profile, vip: VipAtWork) -> Sequence[Effect]:
    """Without the timer of the present end. One that was set under another grace finds nothing to do."""
    over_at = over(profile, vip)
    return () if over_at is None else (no_longer_due(ExpireVip, member_id, over_at),)
