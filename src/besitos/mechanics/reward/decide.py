"""Rewards: the decisions."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from msgspec.structs import replace

from besitos.core.calendar import FOREVER
from besitos.core.decision import (
    NOTHING,
    Accepted,
    Change,
    Decision,
    Effect,
    Pay,
    Publish,
    Put,
    Rejected,
)
from besitos.core.event import RewardClaimed, RewardExpired, RewardUnlocked
from besitos.core.holding import HOLDINGS, changed
from besitos.core.limit import COUNTERS, Allowance, key_of, reason_of, retry_at, room, use
from besitos.core.member import PROFILE
from besitos.core.payout import Payout, Promise, promised
from besitos.core.state import Key
from besitos.core.timer import due, no_longer_due
from besitos.core.transaction import TransactionType
from besitos.core.view import View
from besitos.game.asking import Asking, Unmet
from besitos.game.game import Game
from besitos.game.mechanic import Reading, Signal
from besitos.game.window import Window
from besitos.mechanics.reward.model import (
    REWARD_STANDING,
    SHELF,
    ClaimReward,
    GiveReward,
    RewardReason,
    RewardStanding,
    RewardState,
    SettleRewards,
    Shelf,
)

OVER = {RewardState.CLAIMED: RewardReason.CLAIMED, RewardState.EXPIRED: RewardReason.EXPIRED}


@dataclass(frozen=True, slots=True)
class RewardAtWork:
    """A reward, compiled. `within` are the limits of its claims, the member's own before the community's."""

    key: str
    asking: Asking
    window: Window
    within: tuple[Allowance, ...]
    lasts: timedelta
    is_secret: bool
    pays: Payout
    pays_vip: Payout | None

    @property
    def is_repeatable(self) -> bool:
        """Whether a member may claim it more than once, one day."""
        own = (each for each in self.within if not each.is_shared)
        return not any(each.number == 1 and each.window is None and each.period == "ever" for each in own)

    @property
    def is_restless(self) -> bool:
        """Whether it may be unlocked though nothing changed that it asks for: by time, or by the next period."""
        is_shared = any(each.is_shared for each in self.within)
        return self.asking.is_restless or self.is_repeatable or is_shared or self.window.opens is not None


@dataclass(frozen=True, slots=True)
class RewardsAtWork:
    """All rewards of a game."""

    of: Mapping[str, RewardAtWork]


class Seen(NamedTuple):
    """How a member stands with a reward, and what is missing to unlock it. A secret one is not shown before."""

    key: str
    reward: RewardAtWork | None
    standing: RewardStanding
    unmet: tuple[Unmet, ...]
    is_shown: bool

    def pays(self, *, is_vip: bool) -> Payout:
        """What claiming it pays: as it was when it was unlocked, else as it is."""
        promise: Promise | None = self.standing if self.standing.pays else self.reward
        return Payout() if promise is None else promised(promise, is_vip=is_vip)


def unlock(view: View, reading: Reading, reward: RewardAtWork) -> Decision:
    """Let a reward wait for a member for whom its conditions hold by now, and who may claim it.

    What was claimed, or whose time was over, begins anew at the member's next activity.
    """
    member_id = reading.member_id
    standing, shelf = view.get(REWARD_STANDING.named(member_id, reward.key)), view.get(SHELF.of(member_id))
    if standing.state is RewardState.UNLOCKED or not reward.window.is_open(view.now):
        return NOTHING
    if standing.state in OVER and not (reward.is_repeatable and _may_begin_anew(view, shelf, reward.key)):
        return NOTHING
    if not reward.asking.holds(view, member_id):
        return NOTHING
    if any(room(view, allowance, member_id) <= 0 for allowance in reward.within):
        return NOTHING
    claim_by = view.now + reward.lasts
    waiting = RewardStanding(RewardState.UNLOCKED, claim_by, reward.pays, reward.pays_vip)
    return Accepted(
        Put(REWARD_STANDING.named(member_id, reward.key), waiting),
        Put(
            SHELF.of(member_id),
            replace(
                shelf,
                unlocked=tuple(sorted({*shelf.unlocked, reward.key})),
                closed=tuple(key for key in shelf.closed if key != reward.key),
                due_at=min(filter(None, (shelf.due_at, claim_by))),
            ),
        ),
        due(SettleRewards, member_id, claim_by),
        Publish(RewardUnlocked(member_id=member_id, reward=reward.key, claim_by=claim_by)),
    )


def settle(view: View, signal: Signal, rewards: RewardsAtWork) -> Decision:
    """Close what nobody claimed in time; what is closed may begin anew from here on."""
    member_id = signal.member_id
    shelf = view.get(SHELF.of(member_id))
    if not shelf.closed and (shelf.due_at is None or view.now < shelf.due_at):
        return NOTHING
    return Accepted(*_settled(view, member_id, replace(shelf, fresh=(), here_at=view.now), rewards))


def rests_until(view: View, member_id: int, _rewards: RewardsAtWork) -> datetime:
    """Until the first that waits is over; not while some may begin anew."""
    shelf = view.get(SHELF.of(member_id))
    return view.now if shelf.closed else shelf.due_at or FOREVER


def settle_due(view: View, order: SettleRewards, rewards: RewardsAtWork) -> Decision:
    """The same, by a timer. Nobody was here, so nothing begins anew."""
    member_id = order.member_id
    shelf = view.get(SHELF.of(member_id))
    if shelf.due_at is None or view.now < shelf.due_at:
        return NOTHING
    return Accepted(*_settled(view, member_id, shelf, rewards))


def standing_of(view: View, member_id: int, key: str) -> RewardStanding:
    """A member's standing as it is now: what was not claimed in time is over. The same for timers and readers."""
    standing = view.get(REWARD_STANDING.named(member_id, key))
    if standing.state is not RewardState.UNLOCKED or standing.claim_by is None or view.now < standing.claim_by:
        return standing
    return RewardStanding(RewardState.EXPIRED, closed_at=standing.claim_by, how=standing.how)


def refuse_or_claim(view: View, claim: ClaimReward, rewards: RewardsAtWork) -> Decision:
    """Whether a member may claim a reward now. It is paid once what is due has been settled."""
    reward, member_id = rewards.of.get(claim.reward), claim.member_id
    standing = standing_of(view, member_id, claim.reward)
    if standing.state is RewardState.LOCKED:
        if reward is None or reward.is_secret:
            return Rejected(RewardReason.UNKNOWN, reward=claim.reward)
        unmet = reward.asking.unmet(view, member_id)
        return Rejected(RewardReason.LOCKED, reward=claim.reward, unmet=list(unmet))
    if standing.state in OVER:
        return Rejected(OVER[standing.state], reward=claim.reward)
    return _refusal(view, member_id, reward) if reward is not None else NOTHING


def refuse_or_give(view: View, order: GiveReward, rewards: RewardsAtWork) -> Decision:
    """Whether it may be given: its conditions need not hold, its limits must."""
    reward = rewards.of.get(order.reward)
    if reward is None:
        return Rejected(RewardReason.UNKNOWN, reward=order.reward)
    return _refusal(view, order.member_id, reward)


def count(view: View, order: ClaimReward | GiveReward, rewards: RewardsAtWork) -> Decision:
    """Count the claim in its limits: before it is paid, for caps count in the same place."""
    reward = rewards.of.get(order.reward)
    if reward is None or not reward.within:
        return NOTHING
    used = use(view, [(allowance, 1) for allowance in reward.within], order.member_id)
    return Accepted(*(Put(key, value) for key, value in used.items()))


def pay(view: View, order: ClaimReward | GiveReward, rewards: RewardsAtWork) -> Decision:
    """Pay what was claimed, as it was when it was unlocked, or what was given, as it is."""
    member_id, key = order.member_id, order.reward
    standing, reward = standing_of(view, member_id, key), rewards.of.get(key)
    promise = standing if standing.state is RewardState.UNLOCKED else reward
    assert promise is not None, "what is not unlocked is given by somebody who found it in the game"
    how = order.how if isinstance(order, GiveReward) else "claimed"
    closed = RewardStanding(RewardState.CLAIMED, closed_at=view.now, how=how)
    shelf, holdings = view.get(SHELF.of(member_id)), view.get(HOLDINGS.of(member_id))
    is_vip = view.get(PROFILE.of(member_id)).is_vip
    return Accepted(
        Put(REWARD_STANDING.named(member_id, key), closed),
        *_kept(view, member_id, replace(_closing(shelf, (key,), rewards), fresh=(*shelf.fresh, key)), {key: closed}),
        Put(HOLDINGS.of(member_id), replace(holdings, rewards=changed(holdings.rewards, key))),
        Pay(
            member_id=member_id,
            payout=promised(promise, is_vip=is_vip),
            source="reward",
            type=TransactionType.EARN_REWARD,
            cause=f"reward/{key}",
        ),
        Publish(RewardClaimed(member_id=member_id, reward=key, how=how)),
        Change(member_id, f"reward:{key}"),
    )


def rewards_in(game: Game) -> RewardsAtWork:
    """The rewards of a game; none where it never had any."""
    return next(iter(game.handling(ClaimReward, RewardsAtWork)), RewardsAtWork({}))


def look_at(view: View, member_id: int, rewards: RewardsAtWork) -> list[Seen]:
    """How a member stands with the rewards of the game, and with what waits of those that it has no longer."""
    gone = (key for key in view.get(SHELF.of(member_id)).unlocked if key not in rewards.of)
    seen = [_seen(view, member_id, key, rewards.of.get(key)) for key in (*rewards.of, *gone)]
    return [each for each in seen if each.is_shown]


def _seen(view: View, member_id: int, key: str, reward: RewardAtWork | None) -> Seen:
    standing = standing_of(view, member_id, key)
    if reward is None or standing.state is RewardState.UNLOCKED:
        return Seen(key, reward, standing, (), is_shown=standing.state is not RewardState.LOCKED)
    is_next = standing.state in OVER and reward.is_repeatable
    unmet = reward.asking.unmet(view, member_id) if is_next or standing.state is RewardState.LOCKED else ()
    is_in_play = reward.window.is_open(view.now)
    is_shown = standing.state in OVER or (is_in_play and not reward.is_secret)
    return Seen(key, reward, standing, unmet, is_shown=is_shown)


def needs(order: ClaimReward | GiveReward, rewards: RewardsAtWork) -> Iterable[Key[Any]]:
    """The counters that stand in rows of their own, or are shared."""
    reward = rewards.of.get(order.reward)
    for allowance in reward.within if reward is not None else ():
        key: Key[Any] = key_of(allowance, order.member_id)
        if key.slot is not COUNTERS:
            yield key


def _refusal(view: View, member_id: int, reward: RewardAtWork) -> Decision:
    for allowance in reward.within:
        left = room(view, allowance, member_id)
        if left <= 0:
            again = retry_at(view, allowance, member_id)
            details = {} if again is None else {"retry_at": again}
            return Rejected(reason_of(allowance, left), limit=allowance.text, **details)
    return NOTHING


def _may_begin_anew(view: View, shelf: Shelf, key: str) -> bool:
    """Whether the member is here, in another activity than the one that closed it."""
    return key not in shelf.closed or (key not in shelf.fresh and shelf.here_at == view.now)


def _settled(view: View, member_id: int, shelf: Shelf, rewards: RewardsAtWork) -> Iterator[Effect]:
    """What follows from these rewards standing as they do by now."""
    standings = {key: standing_of(view, member_id, key) for key in shelf.unlocked}
    over = [key for key, standing in standings.items() if standing.state is RewardState.EXPIRED]
    for key in over:
        yield Put(REWARD_STANDING.named(member_id, key), standings[key])
        yield Publish(RewardExpired(member_id=member_id, reward=key))
    yield from _kept(view, member_id, _closing(shelf, over, rewards), standings)


def _closing(shelf: Shelf, keys: Iterable[str], rewards: RewardsAtWork) -> Shelf:
    """The shelf with these among what may begin anew."""
    again = (key for key in keys if key in rewards.of and rewards.of[key].is_repeatable)
    return replace(shelf, closed=tuple(sorted({*shelf.closed, *again})))


def _kept(view: View, member_id: int, shelf: Shelf, after: Mapping[str, RewardStanding]) -> Iterator[Effect]:
    """The shelf without what waits no longer, and without the timers that nobody needs any more."""
    before = {key: view.get(REWARD_STANDING.named(member_id, key)) for key in shelf.unlocked}
    waiting = {
        key: standing.claim_by
        for key, standing in {**before, **after}.items()
        if standing.state is RewardState.UNLOCKED and standing.claim_by is not None
    }
    left = {standing.claim_by for standing in before.values() if standing.claim_by} - set(waiting.values())
    yield Put(SHELF.of(member_id), replace(shelf, unlocked=tuple(waiting), due_at=min(waiting.values(), default=None)))
    yield from (no_longer_due(SettleRewards, member_id, at) for at in sorted(left))
