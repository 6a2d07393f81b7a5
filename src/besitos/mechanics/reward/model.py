"""Rewards: what members ask, what we remember, what the operator may write."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from besitos.core.activity import Activity
from besitos.core.payout import Payout as Fixed
from besitos.core.state import Hot, Hots, State
from besitos.game.checking.amounts import of_a_member
from besitos.game.condition import If
from besitos.game.definition import Named
from besitos.game.known import Checked
from besitos.game.lists import Limits
from besitos.game.payout import Payout
from besitos.game.problem import Finding
from besitos.game.section import Section
from besitos.game.text import Line
from besitos.game.units import Duration, Limit, YesNo


class ClaimReward(Activity, frozen=True, kw_only=True, tag="reward.claim"):
    """A member takes a reward that waits for them."""

    reward: str = ""


class GiveReward(Activity, frozen=True, kw_only=True, tag="reward.give"):
    """An operator gives a reward to a member, whatever its conditions; its limits hold."""

    reward: str
    how: str = "given"


class SettleRewards(Activity, frozen=True, kw_only=True, tag="reward.settle"):
    """The time to claim some rewards is over. Comes from a timer, dated when it was."""


class RewardState(StrEnum):
    """Where a member stands with a reward."""

    LOCKED = "LOCKED"
    UNLOCKED = "UNLOCKED"
    CLAIMED = "CLAIMED"
    EXPIRED = "EXPIRED"


class RewardStanding(State, frozen=True):
    """A member's standing with one reward.

    Once it is unlocked it has with it what it pays, to free and VIP members, and until when it can be claimed. `how` it
    was obtained last: claimed, given, back_filled.
    """

    state: RewardState = RewardState.LOCKED
    claim_by: datetime | None = None
    pays: Fixed = Fixed()
    pays_vip: Fixed | None = None
    closed_at: datetime | None = None
    how: str = ""


class Shelf(State, frozen=True):
    """Which rewards wait for a member, and until when the first of them does.

    `closed` are those that were claimed, or whose time was over, and that begin anew at an activity of the member: not
    by time, nor at the activity that closed them, which `fresh` are of. `here_at` is when the member was here last,
    kept while there are such.
    """

    unlocked: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    fresh: tuple[str, ...] = ()
    here_at: datetime | None = None
    due_at: datetime | None = None


SHELF = Hot("rewards", Shelf, wakes=True)
REWARD_STANDING = Hots("reward", RewardStanding)


class RewardReason(StrEnum):
    """Why a claim does not stand."""

    UNKNOWN = "reward.unknown"
    LOCKED = "reward.locked"
    CLAIMED = "reward.claimed"
    EXPIRED = "reward.expired"


class Reward(Named):
    """Unlocked when its conditions hold, and there until it is claimed or its time is over."""

    pays: Payout = Field(description="What claiming it gives.")
    requires: If = Field((), alias="if", description="What unlocks it; all lines must hold.")
    claim_within: Duration = Field(Duration.read("7d"), description="How long it waits to be claimed.")
    limit: Limits = Field((Limit.read("1/ever"),), description="How often it can be claimed.")
    secret: YesNo = Field(False, description="Whether nobody hears of it before it is unlocked.")
    locked_text: Line | None = Field(None, description="What members read instead of what is missing.")

    @property
    def type(self) -> str:
        """What kind of reward it is: read off what it pays, the greatest first."""
        pays = self.pays
        named = (("VIP_EXTENSION", pays.vip), ("CONTENT", pays.content), ("ITEM", pays.items), ("BADGE", pays.badges))
        found = next((name for name, given in named if given), None)
        if found is not None:
            return found
        return "XP" if "xp" in pays.amounts and "besitos" not in pays.amounts and pays.bonus is None else "BESITOS"


def check_reward(one: Checked[Reward]) -> Iterator[Finding]:
    """Claims are counted, and a secret is one that not everybody has at once."""
    yield from of_a_member(one.definition.limit, "limit")
    if one.definition.secret and not one.definition.requires:
        yield Finding(("secret",), "reward.open_secret", at_key=True)


REWARDS_SECTION = Section("rewards", "reward", Reward, check=check_reward, sources=lambda _: ("reward",), outlives=True)
