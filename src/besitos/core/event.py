"""Events: what happened as a result. Past tense, typed, public."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar

import msgspec

from besitos.core.account import XP
from besitos.core.activity import Scalar, topic_of


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to a member. Other mechanics hear it within the same batch.

    Events are kept in the event log and leave through the outbox, unless `logged` is off: such an
    event is a word between mechanics, and costs nothing when nobody listens.
    """

    logged: ClassVar[bool] = True
    version: ClassVar[int] = 1
    fields: ClassVar[Mapping[str, str]] = {}
    """Attributes whose field has another name: that of `type` cannot be `type`, by which the log tells events apart."""

    member_id: int

    @property
    def topic(self) -> str:
        """What listeners subscribe to."""
        return topic_of(type(self))

    def attribute(self, name: str) -> Scalar | None:
        """The value of attribute `name`, or None if this event has none of that name."""
        value: Scalar | None = getattr(self, self.fields.get(name, name), None)
        return value

    def carried(self) -> Mapping[str, Scalar]:
        """What `where` and `per` may ask of it."""
        named = ((name, getattr(self, field)) for name, field in attributes_of(type(self)).items())
        return {name: value for name, value in named if value is not None}


@cache
def attributes_of(shape: Any) -> Mapping[str, str]:  # noqa: ANN401 - mypy takes no class of structs for hashable
    """The attributes of a kind of event and the field of each: all that it says but whom it happened to."""
    named = {field: name for name, field in shape.fields.items()}
    return {named.get(field, field): field for field in shape.__struct_fields__ if field != "member_id"}


class DailyClaimed(Event, frozen=True, kw_only=True, tag="gamification.daily_claimed"):
    """A member took the gift of `day`."""

    day: date


class GiftSent(Event, frozen=True, kw_only=True, tag="gamification.gift_sent"):
    """A member gave `amount` to another."""

    to: str
    currency: str
    amount: int


class GiftReceived(Event, frozen=True, kw_only=True, tag="gamification.gift_received"):
    """A member was given `amount` by another."""

    by: str
    currency: str
    amount: int


class BesitosExpired(Event, frozen=True, kw_only=True, tag="gamification.besitos_expired"):
    """`amount` in lots that had reached their expiry was burned."""

    currency: str
    amount: int


class TransferReversed(Event, frozen=True, kw_only=True, tag="gamification.transfer_reversed"):
    """The transfer was undone; `policy` says what became of what had been spent."""

    transfer: str
    policy: str


class PayoutQuarantined(Event, frozen=True, kw_only=True, tag="gamification.payout_quarantined"):
    """A payout waits in a hold, for review or until `releases_at`."""

    payout: str
    source: str
    releases_at: datetime | None = None


class BesitosEarned(Event, frozen=True, kw_only=True, tag="gamification.besitos_earned"):
    """A member was paid. Told to a game that listens; to the world the transaction itself tells it."""

    logged: ClassVar[bool] = False

    currency: str
    amount: int
    source: str


class BesitosSpent(Event, frozen=True, kw_only=True, tag="gamification.besitos_spent"):
    """A member spent. Told as `BesitosEarned` is."""

    logged: ClassVar[bool] = False

    currency: str
    amount: int
    sink: str


class XpEarned(Event, frozen=True, kw_only=True, tag="gamification.xp_earned"):
    """A member got XP. Told as `BesitosEarned` is."""

    logged: ClassVar[bool] = False

    amount: int
    source: str


def earned(member_id: int, currency: str, amount: int, source: str) -> BesitosEarned | XpEarned:
    """What is published of an earning: XP have an event of their own."""
    if currency == XP:
        return XpEarned(member_id=member_id, amount=amount, source=source)
    return BesitosEarned(member_id=member_id, currency=currency, amount=amount, source=source)


class ReactionAdded(Event, frozen=True, kw_only=True, tag="gamification.reaction_added"):
    """A member reacted to a post, for the first and only time."""

    post: str
    reaction: str
    emoji: str


class StreakExtended(Event, frozen=True, kw_only=True, tag="gamification.streak_extended"):
    """A streak grew to `length` periods, the first one included."""

    streak: str
    length: int
    best: int


class StreakFrozen(Event, frozen=True, kw_only=True, tag="gamification.streak_frozen"):
    """A freeze was used up for a missed period; `left` more are held."""

    streak: str
    length: int
    left: int


class StreakLost(Event, frozen=True, kw_only=True, tag="gamification.streak_lost"):
    """A streak of `length` broke."""

    streak: str
    length: int


class StreakRestored(Event, frozen=True, kw_only=True, tag="gamification.streak_restored"):
    """A streak that had broken stands again at `length`; `by` is an item, an operator or an outage."""

    streak: str
    length: int
    by: str


class LevelUp(Event, frozen=True, kw_only=True, tag="gamification.level_up"):
    """A member reached `level` for the first time."""

    level: int


class GradeChanged(Event, frozen=True, kw_only=True, tag="gamification.grade_changed"):
    """A member's grade is another one. The first one is no event."""

    grade: str
    before: str


class AchievementUnlocked(Event, frozen=True, kw_only=True, tag="gamification.achievement_unlocked"):
    """A member got a badge: where it is kept `per` an attribute, for this `value` of it.

    `how`: earned, given, paid (part of a payout), or back_filled, of which nobody is to be notified.
    """

    badge: str
    per: str = ""
    value: str = ""
    how: str = "earned"

    def attribute(self, name: str) -> Scalar | None:
        """As of every event; the value stands under the name of its attribute too."""
        return self.value if self.per and name == self.per else super().attribute(name)

    def carried(self) -> Mapping[str, Scalar]:
        """The badge, and the value under the name of its attribute."""
        return {"badge": self.badge, **({self.per: self.value} if self.per else {})}


class BadgeRevoked(Event, frozen=True, kw_only=True, tag="gamification.badge_revoked"):
    """A badge was taken away by an operator, who said why."""

    badge: str
    value: str = ""
    reason: str = ""


class MissionAssigned(Event, frozen=True, kw_only=True, tag="gamification.mission_assigned"):
    """A mission began; without `ends_at` it has no end."""

    mission: str
    ends_at: datetime | None = None


class MissionCompleted(Event, frozen=True, kw_only=True, tag="gamification.mission_completed"):
    """All goals of a mission were reached."""

    fields: ClassVar[Mapping[str, str]] = {"type": "mission_type"}

    mission: str
    mission_type: str = ""


class MissionExpired(Event, frozen=True, kw_only=True, tag="gamification.mission_expired"):
    """A mission ended unfinished."""

    mission: str


class RewardUnlocked(Event, frozen=True, kw_only=True, tag="gamification.reward_unlocked"):
    """A reward may be claimed until `claim_by`."""

    reward: str
    claim_by: datetime


class RewardClaimed(Event, frozen=True, kw_only=True, tag="gamification.reward_claimed"):
    """A member took a reward; `how` it was obtained: claimed, given, back_filled."""

    reward: str
    how: str = "claimed"


class RewardExpired(Event, frozen=True, kw_only=True, tag="gamification.reward_expired"):
    """A reward was not claimed in time."""

    reward: str


class BoostStarted(Event, frozen=True, kw_only=True, tag="gamification.boost_started"):
    """A member's boost runs until `ends_at`."""

    boost: str
    ends_at: datetime


class BoostFinished(Event, frozen=True, kw_only=True, tag="gamification.boost_finished"):
    """A member's boost ran out."""

    boost: str


class ModuleCompleted(Event, frozen=True, kw_only=True, tag="gamification.module_completed"):
    """A member completed a module."""

    module: str


class SeasonFinished(Event, frozen=True, kw_only=True, tag="gamification.season_finished"):
    """A board closed for a period, with this member at `rank`."""

    leaderboard: str
    period: str
    rank: int
    value: Decimal


class MemberTypeChanged(Event, frozen=True, kw_only=True, tag="admin.member_type_changed"):
    """A member became VIP, or free again."""

    became: str
    before: str


class MemberCreated(Event, frozen=True, kw_only=True, tag="admin.member_created"):
    """A member was seen for the first time."""


class GameApplied(Event, frozen=True, kw_only=True, tag="admin.game_applied"):
    """A version of the game came into force. Happens to nobody: `member_id` is 0."""

    game_version: int
    author: str = ""
