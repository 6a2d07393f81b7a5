"""Daily gift: the decision."""

from datetime import date, datetime

from besitos.core.calendar import UTC_CALENDAR, Calendar
from besitos.core.clock import ONE_DAY
from besitos.core.decision import NOTHING, Accepted, Decision, Pay, Publish, Put, Rejected
from besitos.core.event import DailyClaimed
from besitos.core.member import PROFILE
from besitos.core.transaction import TransactionType
from besitos.core.view import View
from besitos.game.asking import ConditionReason
from besitos.game.mechanic import Signal
from besitos.mechanics.daily_gift.model import GIFT, ClaimDailyGift, DailyGift, DailyGiftReason, GiftAtWork


def claim(view: View, claim: ClaimDailyGift, rules: GiftAtWork) -> Decision:
    """Give the gift once per day of the community.

    A claim dated before the last one is refused rather than reordered: a late delivery must not
    rewrite a day the member has already seen.
    """
    calendar = calendar_of(view, claim.member_id, rules)
    today = calendar.day(view.now)
    claimed_on = view.get(GIFT.of(claim.member_id)).last_claimed_on
    if claimed_on is not None and today <= claimed_on:
        return Rejected(DailyGiftReason.ALREADY_CLAIMED, retry_at=next_gift(calendar, claimed_on))
    unmet = rules.asking.unmet(view, claim.member_id)
    if unmet:
        return Rejected(ConditionReason.UNMET, unmet=list(unmet))
    return _give(view, claim.member_id, today, rules)


def give_unasked(view: View, signal: Signal, rules: GiftAtWork) -> Decision:
    """The first activity of the day brings the gift by itself. Who claims it has asked, and is answered."""
    if not rules.is_auto or isinstance(signal, ClaimDailyGift):
        return NOTHING
    today = calendar_of(view, signal.member_id, rules).day(view.now)
    claimed_on = view.get(GIFT.of(signal.member_id)).last_claimed_on
    if claimed_on is not None and today <= claimed_on:
        return NOTHING
    if not rules.asking.holds(view, signal.member_id):
        return NOTHING
    return _give(view, signal.member_id, today, rules)


def calendar_of(view: View, member_id: int, rules: GiftAtWork) -> Calendar:
    """Whose midnight ends this member's day."""
    return calendar_for(rules, view.calendar, view.get(PROFILE.of(member_id)).zone)


def calendar_for(rules: GiftAtWork, games: Calendar, zone: str | None) -> Calendar:
    """The calendar of a member of this zone. Who has said no zone lives in that of the game."""
    if rules.day == "utc":
        return UTC_CALENDAR
    if rules.day == "member" and zone is not None:
        return Calendar(zone, games.day_begins)
    return games


def next_gift(calendar: Calendar, claimed_on: date) -> datetime:
    """When the day after `claimed_on` begins."""
    return calendar.start_of_day(claimed_on + ONE_DAY)


def _give(view: View, member_id: int, today: date, rules: GiftAtWork) -> Decision:
    pay = Pay(
        member_id=member_id,
        payout=rules.pays.fixed(view.get(PROFILE.of(member_id)).is_vip),
        source="daily_gift",
        type=TransactionType.EARN_DAILY,
    )
    return Accepted(
        Put(GIFT.of(member_id), DailyGift(last_claimed_on=today)),
        pay,
        Publish(DailyClaimed(member_id=member_id, day=today)),
    )
