"""Rewards in the bot: /recompensas, and the buttons that claim them."""

from collections.abc import Iterator

from aiogram import Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, InlineKeyboardButton

from besitos.core.member import PROFILE
from besitos.core.view import View
from besitos.mechanics.reward.decide import Seen, look_at, rewards_in
from besitos.mechanics.reward.model import ClaimReward, Reward, RewardReason, RewardState
from besitos.surfaces.telegram.keys import key_of_press, key_with, mark_of, new_nonce
from besitos.surfaces.telegram.markup import Markup, escaped
from besitos.surfaces.telegram.opening import opens
from besitos.surfaces.telegram.payout import payout_text
from besitos.surfaces.telegram.receipt import receipt
from besitos.surfaces.telegram.screen import Press, Screen, button, fitting, way
from besitos.surfaces.telegram.visit import Entry, Feature, Visit
from besitos.surfaces.texts.missing import Missing

REWARDS = Entry("recompensas", "rewards")

ORDER = {RewardState.UNLOCKED: 0, RewardState.LOCKED: 1, RewardState.CLAIMED: 2, RewardState.EXPIRED: 3}


class Claim(CallbackData, prefix="reward"):
    """The button that claims a reward, which is named by a mark: its key may be too long for a button."""

    mark: str
    nonce: str


async def on_claim(_: CallbackQuery, press: Press, callback_data: Claim, visit: Visit) -> None:
    """Claim a reward. A second tap gives nothing more, and is answered like the first."""
    found = await seen_by(visit)
    key = key_with(callback_data.mark, (seen.key for seen in found))
    if not key:
        await press.alert(visit.words.of("bot.old_button", command=f"/{REWARDS.name(visit.words.texts.language)}"))
        return await press.show(await all_rewards(visit))
    attempt = key_of_press(press.query, "reward", callback_data.nonce)
    outcome = await visit.act(ClaimReward(**visit.common, key=attempt, reward=key))
    if outcome.accepted:
        await press.toast(
            visit.words.of("bot.reward.claimed_now", name=visit.called(f"reward/{key}"), what=receipt(visit, outcome))
        )
    elif outcome.reason == RewardReason.LOCKED:
        lines = next((list(missing_lines(visit, seen)) for seen in found if seen.key == key), [])
        await press.alert("\n".join(lines) or visit.words.why(outcome))
    else:
        await press.alert(visit.words.why(outcome))
    return await press.show(await all_rewards(visit))


async def seen_by(visit: Visit) -> list[Seen]:
    """What the member may know of, what waits first."""
    member_id = visit.member.id
    found = await visit.engine.look(member_id, lambda view: look_at(view, member_id, rewards_in(visit.game)))
    return sorted(found, key=lambda seen: (ORDER[seen.standing.state], visit.place_of(f"reward/{seen.key}")))


async def all_rewards(visit: Visit) -> Screen:
    """Every reward that the member may know of."""
    words, member_id = visit.words, visit.member.id
    found = await seen_by(visit)
    if not found:
        return Screen(words.of("bot.reward.none"))

    def question(view: View) -> bool:
        return view.get(PROFILE.of(member_id)).is_vip

    is_vip = await visit.engine.look(member_id, question)
    paragraphs = [words.of("bot.reward.title")]
    paragraphs += [Markup("\n".join(lines_of(visit, seen, is_vip=is_vip))) for seen in found]
    waiting = (seen for seen in found if seen.standing.state is RewardState.UNLOCKED)
    return Screen(
        fitting(paragraphs, words.of("bot.reward.more")), tuple((claim_button(visit, seen),) for seen in waiting)
    )


def lines_of(visit: Visit, seen: Seen, *, is_vip: bool) -> Iterator[Markup]:
    """What there is to say of one reward."""
    words, name, standing = visit.words, visit.called(f"reward/{seen.key}"), seen.standing
    if standing.state is RewardState.CLAIMED:
        yield words.of("bot.reward.claimed", name=name)
        return
    if standing.state is RewardState.EXPIRED:
        yield words.of("bot.reward.expired", name=name)
        return
    is_waiting = standing.state is RewardState.UNLOCKED
    yield words.of("bot.reward.unlocked", name=name) if is_waiting else words.of("bot.reward.locked", name=name)
    what = payout_text(visit, seen.pays(is_vip=is_vip))
    if what:
        yield words.of("bot.reward.pays", what=what)
    if is_waiting and standing.claim_by is not None:
        yield words.of("bot.reward.until", when=words.until(standing.claim_by))
    if not is_waiting:
        yield from (words.of("bot.reward.missing", what=line) for line in missing_lines(visit, seen))


def missing_lines(visit: Visit, seen: Seen) -> list[Markup]:
    """What is missing, or what the game says instead."""
    document, words = visit.game.document, visit.words
    known = document.all("reward").get(seen.key)
    if isinstance(known, Reward) and known.locked_text is not None:
        return [escaped(known.locked_text.in_language(words.texts.language, document.about.language))]
    return [escaped(line) for line in Missing(words.texts, document).lines(seen.unmet)]


def claim_button(visit: Visit, seen: Seen) -> InlineKeyboardButton:
    """The button, drawn anew: what was decided under the old one stays with the old one."""
    text = visit.words.of("bot.reward.claim", name=visit.called(f"reward/{seen.key}"))
    return button(text, Claim(mark=mark_of(seen.key), nonce=new_nonce()))


def build() -> Router:
    """What members can ask of their rewards."""
    router = Router(name="reward")
    opens(router, REWARDS, all_rewards)
    router.callback_query.register(on_claim, Claim.filter())
    return router


def ways(visit: Visit) -> Iterator[InlineKeyboardButton]:
    """The button to them, in a game that has some."""
    if visit.game.document.all("reward"):
        yield way(visit.words, REWARDS.en)


def profile(visit: Visit, view: View) -> Markup | None:
    """How many wait to be claimed."""
    if not visit.game.document.all("reward"):
        return None
    found = look_at(view, visit.member.id, rewards_in(visit.game))
    waiting = sum(seen.standing.state is RewardState.UNLOCKED for seen in found)
    return visit.words.many("bot.profile.rewards", waiting) if waiting else None


FEATURE = Feature((REWARDS,), build, ways=ways)
