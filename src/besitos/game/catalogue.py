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
"""The public events that the product is to have. One that `core` does not have yet is named as such."""

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
    own = {name: _type_of(hints[name]) for name in shape.__struct_fields__ if name != "member_id"}
    return {name: kind for name, kind in own.items() if kind is not None and name not in KNOWN_OF_ALL}


def _type_of(hint: object) -> AttributeType | None:
    if get_origin(hint) in (Union, UnionType):
        hint = next((part for part in get_args(hint) if part is not type(None)), None)
    return _TYPES.get(hint)


BUILT_IN: Mapping[str, Attributes] = MappingProxyType({**ACTIVITIES, **dict(_public_events())})
"""Every kind that any game knows, with the attributes that it may carry."""

RESULTS = frozenset({*EVENTS, "metric"})
"""Families of what happens as a result: it is published by us, and never sent or declared."""

# fmt: off
VERBS = frozenset((
    "happened", "ledger.expire", "ledger.gift", "ledger.grant", "ledger.reverse", "ledger.spend", "member.ban",
    "member.settings", "member.unban", "quarantine.refuse", "quarantine.release",
))
# fmt: on
"""What mechanics do and no caller sends."""


def is_ours(kind: str) -> bool:
    """Whether a kind is for us alone, so that a game that declared it would wait for it in vain."""
    return kind in VERBS or kind.partition(".")[0] in RESULTS


LATER = frozenset(f"{family}.{name}" for family, names in EVENTS.items() for name in names) - set(BUILT_IN)
"""Events of the catalogue that nothing publishes yet."""
