"""What happens in a game: which kinds of activities and events there are reasons for, and which happen at will."""

from collections.abc import Callable, Mapping
from typing import Any

from besitos.core.activity import Scalar
from besitos.game.catalogue import BUILT_IN
from besitos.game.filter import Match
from besitos.game.lint.whole import Whole


def _is_sold(body: Any) -> bool:  # noqa: ANN401 - an item, of whose mechanic nothing is known here
    return body.price is not None


def _is_used(body: Any) -> bool:  # noqa: ANN401 - as above
    return body.use is not None


def _is_by_hand(body: Any) -> bool:  # noqa: ANN401 - as above
    return bool(body.fulfilled_by_hand)


def _is_secret(body: Any) -> bool:  # noqa: ANN401 - as above
    return bool(body.secret)


def _any(body: object) -> bool:  # noqa: ARG001 - one of them is enough, whichever
    return True


Test = Callable[[Any], bool]

# fmt: off
_NEEDS: Mapping[str, tuple[str, Test]] = {
    "gamification.daily_claimed": ("daily_gift", _any), "daily.claim": ("daily_gift", _any),
    "gamification.level_up": ("levels", _any), "gamification.grade_changed": ("grade", _any),
    "gamification.achievement_unlocked": ("badge", _any), "gamification.badge_revoked": ("badge", _any),
    "gamification.item_purchased": ("item", _is_sold), "gamification.purchase_undone": ("item", _is_sold),
    "gamification.item_used": ("item", _is_used), "gamification.item_gifted": ("item", _any),
    "gamification.order_fulfilled": ("item", _is_by_hand), "gamification.order_cancelled": ("item", _is_by_hand),
    "gamification.trivia_answered": ("question", _any),
    "gamification.season_finished": ("leaderboard", _any),
    "narrative.secret_discovered": ("fragment", _is_secret),
    "mission.take": ("mission", lambda body: body.assign == "taken"), "reward.claim": ("reward", _any),
}
_NEEDS_OF = {
    "gamification.streak_": "streak", "gamification.mission_": "mission", "gamification.reward_": "reward",
    "gamification.boost_": "boost", "gamification.module_": "module", "narrative.": "fragment",
    "admin.subscription_": "plan",
}

AT_WILL = frozenset((
    "member.visited", "message.posted", "reply.posted", "media.shared", "live.watched", "live.commented",
    "replay.watched", "stage.joined", "admin.user_joined_channel", "admin.user_left_channel",
))
"""What members can do as often as they like. A reaction they put once under a post; what costs stops by itself."""

OFTEN = AT_WILL - {"admin.user_joined_channel", "admin.user_left_channel"} | {
    "reaction.added", "gamification.reaction_added", "gamification.besitos_earned", "gamification.xp_earned",
}
"""What all members together do many times a minute."""

FEW_VALUES = frozenset(("chat", "module", "channel", "live", "media", "reaction", "emoji", "difficulty", "category"))
"""Attributes of which so few values are looked at in one hour that most members meet at the same one."""
# fmt: on


def can_happen(whole: Whole, kind: str) -> bool:
    """Whether something in this game can bring about activities or events of a kind."""
    if kind in _NEEDS:
        needed, test = _NEEDS[kind]
        return any(test(one.body) for one in whole.all(needed).values())
    if kind.startswith("gamification.auction_"):
        return whole.has("auction", "auction_house")
    prefix = next((each for each in _NEEDS_OF if kind.startswith(each)), None)
    return prefix is None or whole.has(_NEEDS_OF[prefix])


def is_at_will(whole: Whole, kind: str) -> bool:
    """Whether members can bring it about as often as they like, at no cost."""
    if kind in AT_WILL or kind not in BUILT_IN:
        return True
    if kind == "gamification.trivia_answered":
        return not getattr(whole.setting("trivia"), "limit", ())
    if kind in {"gamification.gift_sent", "gamification.gift_received", "gamification.item_gifted"}:
        gifts = whole.setting("gifts")
        return gifts is None or not (gifts.sent or gifts.received)
    if kind in {"gamification.auction_started", "gamification.auction_cancelled"}:
        return bool(getattr(whole.setting("auction_house"), "member_listings", False))
    return False


def may_hold(where: Mapping[str, Match], known: Mapping[str, Scalar]) -> bool:
    """Whether a filter can let something through of which these attributes are known."""
    return all(match.compiled("text")(known[name]) for name, match in where.items() if name in known)
