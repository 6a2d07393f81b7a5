"""Rewards: unlocked by what a member has come to, and claimed."""

from collections.abc import Iterable

from besitos.core.activity import topic_of
from besitos.game.asking import Asking, Vocabulary
from besitos.game.document import Document
from besitos.game.mechanic import EVERY_ACTIVITY, Ask, Handles, Listens, Mechanic, Phase, Reads
from besitos.game.paying import Payable, allowance_of
from besitos.game.window import Window
from besitos.mechanics.reward.decide import (
    RewardAtWork,
    RewardsAtWork,
    count,
    needs,
    pay,
    refuse_or_claim,
    refuse_or_give,
    rests_until,
    settle,
    settle_due,
    unlock,
)
from besitos.mechanics.reward.model import REWARDS_SECTION, ClaimReward, GiveReward, Reward, SettleRewards

CLAIMS = (topic_of(ClaimReward), topic_of(GiveReward))


def compile_rewards(document: Document) -> Iterable[tuple[str, RewardAtWork]]:
    """Every reward of the game."""
    words = Vocabulary(document)
    for key, reward in document.all("reward").items():
        assert isinstance(reward, Reward)
        pays, pays_vip = Payable(reward.pays).promised()
        within = (allowance_of(f"reward/{key}", limit) for limit in reward.limit)
        made = RewardAtWork(
            key=key,
            asking=Asking.of(reward.requires, words),
            window=Window.of(reward, document.calendar),
            within=tuple(sorted(within, key=lambda allowance: allowance.is_shared)),
            lasts=reward.claim_within.value,
            is_secret=reward.secret,
            pays=pays,
            pays_vip=pays_vip,
        )
        yield f"reward/{key}", made


def asks(reward: RewardAtWork) -> Iterable[Ask]:
    """Whose changes may unlock it."""
    return reward.asking.asks()


def compile_shelf(document: Document) -> Iterable[tuple[str, RewardsAtWork]]:
    """All rewards together, in a game that has or had any."""
    if not document.has_ever("reward"):
        return
    yield "reward", RewardsAtWork({made.key: made for _, made in compile_rewards(document)})


REWARD = Mechanic(
    name="reward",
    sections=(REWARDS_SECTION,),
    compile=compile_rewards,
    reads=(Reads(asks, unlock, is_restless=lambda reward: reward.is_restless, catch_up=True),),
)

REWARD_SHELF = Mechanic(
    name="reward_shelf",
    compile=compile_shelf,
    handles=(
        Handles(ClaimReward, refuse_or_claim, needs, is_public=True),
        Handles(GiveReward, refuse_or_give, needs),
        Handles(SettleRewards, settle_due),
    ),
    listens=(
        Listens(lambda _: (EVERY_ACTIVITY,), settle, Phase.DUE, rests_until=rests_until),
        Listens(lambda _: CLAIMS, count, Phase.METRIC),
        Listens(lambda _: CLAIMS, pay, Phase.RULE),
    ),
)
"""What waits for a member, of all rewards: those too that the game has no longer, for they can be claimed in time."""
