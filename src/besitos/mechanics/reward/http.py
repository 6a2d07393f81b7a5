"""Rewards: the routes by which they are read, claimed, and given by operators."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from besitos.core.member import PROFILE
from besitos.core.view import View
from besitos.game.writing import body_of
from besitos.mechanics.reward.decide import Seen, look_at, rewards_in
from besitos.mechanics.reward.model import ClaimReward, GiveReward, Reward
from besitos.surfaces.http.call import Call, answer
from besitos.surfaces.http.documented import Documented, KeyUse, key_in_path
from besitos.surfaces.http.keys import Scope
from besitos.surfaces.http.models import MemberId, Read
from besitos.surfaces.http.wording import PromisedRead, name_in, promised_read, text_in_language

router = APIRouter(tags=["rewards"])

REWARD = key_in_path("reward", "primer_beso")


class RewardRead(PromisedRead):
    """How a member stands with a reward."""

    reward: str = Field(examples=["primer_beso"])
    type: str | None = Field(description="Read off what it pays.", examples=["BESITOS"])
    state: str = Field(description="LOCKED, UNLOCKED, CLAIMED or EXPIRED.", examples=["UNLOCKED"])
    claim_by: datetime | None = Field(description="Until when it waits, where it is unlocked.")
    how: str = Field(description="How it was obtained last: claimed, given, back_filled; empty before.")
    locked_text: str | None = Field(description="What members read instead of what is missing.")


class RewardsRead(Read):
    """The rewards of a member. Secret ones stand here once they are unlocked."""

    member_id: MemberId
    rewards: list[RewardRead]


class RewardDefinitionRead(Read):
    """A reward of the game, as it was written."""

    reward: str
    name: str
    type: str
    definition: dict[str, Any]


class RewardCatalogueRead(Read):
    """The rewards that members may hear of, in the order of menus: no secret ones."""

    rewards: list[RewardDefinitionRead]


@router.get(
    "/rewards",
    operation_id="get_rewards",
    summary="Read the rewards of the game",
    **Documented(scope=Scope.READ, answers={200: RewardCatalogueRead}).arguments(),
)
async def get_rewards(request: Request) -> Response:
    """What there is to claim, as it was written. The game itself, at `/game`, has secret ones, too."""
    call = await Call.open(request, Scope.READ)
    document = call.service.engine.game.document
    found = [
        RewardDefinitionRead(
            reward=key,
            name=name_in(call, key, each),
            type=each.type,
            definition=body_of(document.rows["reward", key]),
        )
        for key, each in document.in_order("reward", Reward, call.language).items()
        if not each.secret
    ]
    return answer(RewardCatalogueRead(rewards=found))


@router.get(
    "/members/{member}/rewards",
    operation_id="get_member_rewards",
    summary="Read a member's rewards",
    **Documented.of_member(RewardsRead).arguments(),
)
async def get_member_rewards(request: Request) -> Response:
    """How a member stands with every reward: until when it waits, or what is missing to unlock it."""
    call = await Call.open(request, Scope.READ)
    member_id = await call.member()

    def question(view: View) -> tuple[list[Seen], bool]:
        return look_at(view, member_id, rewards_in(call.service.engine.game)), view.get(PROFILE.of(member_id)).is_vip

    seen, is_vip = await call.service.engine.look(member_id, question)
    return answer(
        RewardsRead(member_id=str(member_id), rewards=[_reward_read(call, each, is_vip=is_vip) for each in seen])
    )


@router.post(
    "/members/{member}/rewards/{reward}/claim",
    operation_id="claim_reward",
    summary="Claim a reward",
    **Documented.order(Scope.ACTIVITIES, REWARD, key=KeyUse.OPTIONAL).arguments(),
)
async def claim_reward(request: Request) -> Response:
    """Claim what waits for a member. 409 `reward.locked`, with what is missing, `reward.claimed`, `reward.expired`."""
    call = await Call.open(request, Scope.ACTIVITIES)
    common = call.common(call.some_key(), await call.member())
    return await call.decide(ClaimReward(**common, reward=call.key_of("reward")))


@router.post(
    "/members/{member}/rewards/{reward}",
    operation_id="give_reward",
    summary="Give a reward",
    **Documented.order(Scope.MEMBERS, REWARD).arguments(),
)
async def give_reward(request: Request) -> Response:
    """Give a reward to a member, whatever its conditions. Its limits hold: 409 `limit.reached`."""
    call = await Call.open(request, Scope.MEMBERS)
    common = call.common(call.required_key(), await call.member())
    return await call.decide(GiveReward(**common, reward=call.key_of("reward")))


def _reward_read(call: Call, seen: Seen, *, is_vip: bool) -> RewardRead:
    reward = call.service.engine.game.document.find("reward", seen.key, Reward)
    return RewardRead(
        reward=seen.key,
        type=reward.type if reward else None,
        state=seen.standing.state.value,
        claim_by=seen.standing.claim_by,
        how=seen.standing.how,
        locked_text=text_in_language(call, reward.locked_text) if reward and reward.locked_text else None,
        **promised_read(call, seen.key, reward, seen.unmet, seen.pays(is_vip=is_vip)),
    )
