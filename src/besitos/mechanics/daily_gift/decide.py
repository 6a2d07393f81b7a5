"""Daily gift: the decision."""

from datetime import date, datetime
from typing import NamedTuple

from msgspec.structs import replace

from besitos.core.calendar import Calendar, calendar_of
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
    days = days_of(view, claim.member_id, rules)
    today, claimed_on = days.day(view.now), days.gift.last_claimed_on
    if claimed_on is not None and today <= claimed_on:
        return Rejected(DailyGiftReason.ALREADY_CLAIMED, retry_at=days.end(claimed_on))
    unmet = rules.asking.unmet(view, claim.member_id)
    if unmet:
        return Rejected(ConditionReason.UNMET, unmet=list(unmet))
    return _give(view, claim.member_id, today, rules)


def give_unasked(view: View, signal: Signal, rules: GiftAtWork) -> Decision:
    """The first activity of the day brings the gift by itself. Who claims it has asked, and is answered."""
    if not rules.is_auto or isinstance(signal, ClaimDailyGift):
        return NOTHING
    days = days_of(view, signal.member_id, rules)
    today, claimed_on = days.day(view.now), days.gift.last_claimed_on
    if claimed_on is not None and today <= claimed_on:
        return NOTHING
    if not rules.asking.holds(view, signal.member_id):
        return NOTHING
    return _give(view, signal.member_id, today, rules)


def stay(view: View, signal: Signal, rules: GiftAtWork) -> Decision:
    """Whoever says a zone stays in their day until it ends: a new zone counts from the next one."""
    days = days_of(view, signal.member_id, rules)
    if rules.day != "member" or (days.gift.moved_until is not None and view.now < days.gift.moved_until):
        return NOTHING
    today = days.day(view.now)
    stayed = replace(days.gift, moved_on=today, moved_until=days.end(today))
    return Accepted(Put(GIFT.of(signal.member_id), stayed))


class Days(NamedTuple):
    """The days of one member. None comes twice on a journey, and the one in which it began ends as it would have."""

    calendar: Calendar
    gift: DailyGift

    def day(self, now: datetime) -> date:
        """The day of the member that a moment belongs to."""
        gift, today = self.gift, self.calendar.day(now)
        if gift.moved_on is None or gift.moved_until is None:
            return today
        return gift.moved_on if now < gift.moved_until else max(gift.moved_on + ONE_DAY, today)

    def end(self, day: date) -> datetime:
        """When the day after `day` begins."""
        if self.gift.moved_on == day and self.gift.moved_until is not None:
            return self.gift.moved_until
        return self.calendar.start_of_day(day + ONE_DAY)


def days_of(view: View, member_id: int, rules: GiftAtWork) -> Days:
    """Whose midnight ends this member's day."""
    calendar = calendar_of(rules.day, view.calendar, view.get(PROFILE.of(member_id)).zone)
    return Days(calendar, view.get(GIFT.of(member_id)))


def _give(view: View, member_id: int, today: date, rules: GiftAtWork) -> Decision:
    pay = Pay(
        member_id=member_id,
        payout=rules.pays.fixed(view.get(PROFILE.of(member_id)).is_vip),
        source="daily_gift",
        type=TransactionType.EARN_DAILY,
    )
    return Accepted(
        Put(GIFT.of(member_id), replace(view.get(GIFT.of(member_id)), last_claimed_on=today)),
        pay,
        Publish(DailyClaimed(member_id=member_id, day=today)),
    )
