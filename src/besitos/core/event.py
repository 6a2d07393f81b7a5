"""Events: what happened as a result. Past tense, typed, public."""

from datetime import date, datetime
from typing import ClassVar

import msgspec

from besitos.core.activity import Scalar, topic_of


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to a member. Other mechanics hear it within the same batch.

    Events are kept in the event log and leave through the outbox, unless `logged` is off: such an
    event is a word between mechanics, and costs nothing when nobody listens.
    """

    logged: ClassVar[bool] = True
    version: ClassVar[int] = 1

    member_id: int

    @property
    def topic(self) -> str:
        """What listeners subscribe to."""
        return topic_of(type(self))

    def attribute(self, name: str) -> Scalar | None:
        """The value of attribute `name`, or None if this event has none of that name."""
        value: Scalar | None = getattr(self, name, None)
        return value


class MetricChanged(Event, frozen=True, kw_only=True, tag="metric.changed"):
    """A number known of a member went from `before` to `after`.

    `value` is set for metrics kept per attribute value: the module in "messages per module".
    """

    logged: ClassVar[bool] = False

    metric: str
    before: int
    after: int
    value: str = ""

    @property
    def topic(self) -> str:
        """One topic per metric: what speaks of other metrics is not even woken."""
        return metric_topic(self.metric)

    def crossed(self, threshold: int) -> bool:
        """Whether this very change reached `threshold`."""
        return self.before < threshold <= self.after


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


class MemberCreated(Event, frozen=True, kw_only=True, tag="admin.member_created"):
    """A member was seen for the first time."""


class GameApplied(Event, frozen=True, kw_only=True, tag="admin.game_applied"):
    """A version of the game came into force. Happens to nobody: `member_id` is 0."""

    game_version: int
    author: str = ""


def metric_topic(metric: str) -> str:
    """The topic on which changes of `metric` are told."""
    return f"metric.changed:{metric}"
