"""What comes built in: kinds of activities and events with the types of their attributes.

An application's own kinds are declared in the game, so that a misspelt word is an error today and not
silence for a month.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType, UnionType
from typing import Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

import msgspec

from besitos.core import event as events
from besitos.core.activity import topic_of
from besitos.core.member import MemberType

AttributeType: TypeAlias = Literal["text", "number", "boolean", "time"]
Attributes: TypeAlias = Mapping[str, AttributeType]

KNOWN_OF_ALL: Attributes = MappingProxyType({"day": "text", "hour": "number", "weekday": "text", "member_type": "text"})
"""Known of every activity besides what it carries: in the zone of the game, at that moment."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"weekday": WEEKDAYS, "member_type": tuple(each.value for each in MemberType)}
)
"""What these can be. A filter on anything else would never hold."""

ACTIVITIES: Mapping[str, Attributes] = MappingProxyType(
    {
        "member.joined": {"referrer": "text"},
        "member.visited": {},
        "daily.claim": {},
        "mission.take": {"mission": "text"},
        "reward.claim": {"reward": "text"},
        "reaction.added": {"post": "text", "reaction": "text", "emoji": "text", "channel": "text"},
        "message.posted": {
            "chat": "text",
            "module": "text",
            "length": "number",
            "media": "boolean",
            "reply": "boolean",
        },
        "reply.posted": {"chat": "text", "module": "text", "length": "number"},
        "media.shared": {"chat": "text", "module": "text", "type": "text"},
        "live.watched": {"live": "text", "module": "text", "minutes": "number"},
        "replay.watched": {"live": "text", "module": "text", "minutes": "number"},
        "live.commented": {"live": "text", "module": "text"},
        "stage.joined": {"live": "text", "module": "text", "minutes": "number"},
    }
)

# fmt: off
EVENTS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "narrative": (
        "fragment_started", "decision_made", "fragment_completed", "level_completed", "secret_discovered",
    ),
    "gamification": (
        "besitos_earned", "besitos_spent", "besitos_expired", "xp_earned", "daily_claimed", "reaction_added",
        "streak_extended", "streak_frozen", "streak_lost", "streak_restored", "level_up", "grade_changed",
        "achievement_unlocked", "badge_revoked", "mission_assigned", "mission_completed", "mission_expired",
        "reward_unlocked", "reward_claimed", "reward_expired", "item_purchased", "purchase_undone", "item_used",
        "item_gifted", "order_fulfilled", "order_cancelled", "gift_sent", "gift_received", "auction_started",
        "auction_bid", "auction_outbid", "auction_won", "auction_ended", "auction_cancelled", "trivia_answered",
        "boost_started", "boost_finished", "module_completed", "season_finished", "transfer_reversed",
        "payout_quarantined",
    ),
    "admin": (
        "member_created", "member_type_changed", "member_erased", "subscription_started", "subscription_renewed",
        "subscription_expiring", "subscription_expired", "subscription_cancelled", "payment_refunded",
        "user_joined_channel", "user_left_channel", "content_published", "game_applied", "rollback_applied",
        "bot_rights_lost",
    ),
})
"""The public events that the product is to have. One that `core` does not have yet a game may wait for."""

NAMING = frozenset((
    "badge", "item", "module", "reaction", "mission", "reward", "fragment", "story", "question", "plan", "streak",
    "auction", "grade",
))
"""Attributes that name a definition of this kind; a filter on one is looked up."""
# fmt: on

_TYPES: Mapping[object, AttributeType] = {
    str: "text", int: "number", Decimal: "number", bool: "boolean", datetime: "time", date: "text",
}  # fmt: skip


def _public_events() -> Iterable[tuple[str, Attributes]]:
    for shape in vars(events).values():
        if isinstance(shape, type) and issubclass(shape, events.Event) and shape is not events.Event:
            kind = topic_of(shape)
            if kind.partition(".")[0] in EVENTS:
                yield kind, _attributes_of(shape)


def _attributes_of(shape: type[msgspec.Struct]) -> Attributes:
    hints = get_type_hints(shape)
    own = {name: _type_of(hints[field]) for name, field in events.attributes_of(shape).items()}
    return {name: kind for name, kind in own.items() if kind is not None and name not in KNOWN_OF_ALL}


def _type_of(hint: object) -> AttributeType | None:
    if get_origin(hint) in (Union, UnionType):
        hint = next((part for part in get_args(hint) if part is not type(None)), None)
    return _TYPES.get(hint)


# fmt: off
_PENDING: Mapping[str, Attributes] = MappingProxyType({
    "narrative.fragment_started": {"story": "text", "fragment": "text", "level": "number"},
    "narrative.decision_made": {"story": "text", "fragment": "text", "decision": "text"},
    "narrative.fragment_completed": {"story": "text", "fragment": "text", "level": "number"},
    "narrative.level_completed": {"story": "text", "level": "number"},
    "narrative.secret_discovered": {"story": "text", "fragment": "text"},
    "gamification.item_purchased": {"item": "text", "amount": "number"},
    "gamification.purchase_undone": {"item": "text", "amount": "number"},
    "gamification.item_used": {"item": "text"},
    "gamification.item_gifted": {"item": "text", "to": "text"},
    "gamification.gift_sent": {"item": "text"},
    "gamification.gift_received": {"item": "text"},
    "gamification.order_fulfilled": {"item": "text"},
    "gamification.order_cancelled": {"item": "text"},
    "gamification.auction_started": {"auction": "text", "item": "text"},
    "gamification.auction_bid": {"auction": "text", "amount": "number"},
    "gamification.auction_outbid": {"auction": "text", "amount": "number"},
    "gamification.auction_won": {"auction": "text", "item": "text", "amount": "number"},
    "gamification.auction_ended": {"auction": "text", "item": "text"},
    "gamification.auction_cancelled": {"auction": "text", "item": "text"},
    "gamification.trivia_answered": {
        "question": "text", "category": "text", "difficulty": "text", "right": "boolean", "seconds": "number",
    },
    "admin.member_erased": {},
    "admin.subscription_started": {"plan": "text"},
    "admin.subscription_renewed": {"plan": "text"},
    "admin.subscription_expiring": {"plan": "text"},
    "admin.subscription_expired": {"plan": "text"},
    "admin.subscription_cancelled": {"plan": "text"},
    "admin.payment_refunded": {"plan": "text"},
    "admin.user_joined_channel": {"channel": "text"},
    "admin.user_left_channel": {"channel": "text"},
    "admin.content_published": {"post": "text", "channel": "text"},
    "admin.rollback_applied": {},
    "admin.bot_rights_lost": {"channel": "text"},
})
# fmt: on
"""What events carry that `core` does not have yet, or not all of. A game may wait for them, as it may name things of
the sections that nothing plays yet; the fields that an event of `core` has are laid over these."""

_PUBLISHED: Mapping[str, Attributes] = MappingProxyType(dict(_public_events()))

BUILT_IN: Mapping[str, Attributes] = MappingProxyType(
    {
        **ACTIVITIES,
        **{kind: {**_PENDING.get(kind, {}), **_PUBLISHED.get(kind, {})} for kind in (*_PENDING, *_PUBLISHED)},
    }
)
"""Every kind that any game knows, with the attributes that it may carry."""

RESULTS = frozenset({*EVENTS, "metric"})
"""Families of what happens as a result: it is published by us, and never sent or declared."""

# fmt: off
VERBS = frozenset((
    "badge.give", "badge.revoke", "badge.show", "boost.finish", "boost.start", "content.open", "happened",
    "item.give", "item.take", "leaderboard.award", "leaderboard.hide", "ledger.expire", "ledger.gift", "ledger.grant",
    "ledger.reverse", "ledger.spend", "level.recalculate", "member.ban", "member.of_age", "member.settings",
    "member.unban", "mission.settle", "past.badge", "past.metric", "past.rule", "past.thing", "quarantine.refuse",
    "quarantine.release", "reward.give", "reward.settle", "streak.close", "streak.freeze", "streak.pause",
    "streak.repair", "streak.restore", "streak.unpause", "vip.end", "vip.expire", "vip.give", "watching.heartbeat",
))
# fmt: on
"""What mechanics do and no caller sends."""


def is_ours(kind: str) -> bool:
    """Whether a kind is for us alone, so that a game that declared it would wait for it in vain."""
    return kind in VERBS or kind.partition(".")[0] in RESULTS


LATER = frozenset(f"{family}.{name}" for family, names in EVENTS.items() for name in names) - set(_PUBLISHED)
"""Events of the catalogue that nothing publishes yet."""
