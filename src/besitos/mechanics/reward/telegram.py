"""Rewards in the bot: /recompensas, and the buttons that claim them."""

from collections.abc import Iterator

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message

from besitos.core.member import PROFILE
from besitos.core.view import View
from besitos.mechanics.reward.decide import Seen, look_at, rewards_in
from besitos.mechanics.reward.model import ClaimReward, Reward, RewardReason, RewardState
from besitos.surfaces.telegram.keys import key_of_press, mark_of, new_nonce
from besitos.surfaces.telegram.markup import Markup, escaped
from besitos.surfaces.telegram.payout import payout_text
from besitos.surfaces.telegram.receipt import name_of, receipt
from besitos.surfaces.telegram.screen import Go, Press, Screen, button, way
from besitos.surfaces.telegram.visit import Entry, Feature, Visit
from besitos.surfaces.texts.missing import Missing

REWARDS = Entry("recompensas", "rewards")

LONGEST = 3_500
"""Characters of a list, which is cut before Telegram refuses it."""

ORDER = {RewardState.UNLOCKED: 0, RewardState.LOCKED: 1, RewardState.CLAIMED: 2, RewardState.EXPIRED: 3}


class Claim(CallbackData, prefix="reward"):
    """The button that claims a reward, which is named by a mark: its key may be too long for a button."""

    mark: str
    nonce: str


async def on_rewards(message: Message, visit: Visit) -> None:
    """/recompensas: what waits and until when, and what is missing for the others."""
    await (await all_rewards(visit)).send(message)


async def on_rewards_button(_: CallbackQuery, press: Press, visit: Visit) -> None:
    """The same, by a button."""
    await press.toast()
    await press.show(await all_rewards(visit))


async def on_claim(_: CallbackQuery, press: Press, callback_data: Claim, visit: Visit) -> None:
    """Claim a reward. A second tap gives nothing more, and is answered like the first."""
    found = await seen_by(visit)
    key = next((seen.key for seen in found if mark_of(seen.key) == callback_data.mark), "")
    attempt = key_of_press(press.query, "reward", callback_data.nonce)
    common = {"member_id": visit.member.id, "occurred_at": visit.words.now, "is_dated": False}
    outcome = await visit.act(ClaimReward(key=attempt, reward=key, **common))  # type: ignore[arg-type]  # by name
    if outcome.accepted:
        await press.toast(
            visit.words.of("bot.reward.claimed_now", name=called(visit, key), what=receipt(visit, outcome))
        )
    elif outcome.reason == RewardReason.LOCKED:
        lines = next((list(missing_lines(visit, seen)) for seen in found if seen.key == key), [])
        await press.alert("\n".join(lines) or visit.words.why(outcome))
    else:
        await press.alert(visit.words.why(outcome))
    await press.show(await all_rewards(visit))


async def seen_by(visit: Visit) -> list[Seen]:
    """What the member may know of, what waits first."""
    member_id = visit.member.id
    found = await visit.engine.look(member_id, lambda view: look_at(view, member_id, rewards_in(visit.game)))
    return sorted(
        found, key=lambda seen: (ORDER[seen.standing.state], order_of(visit, seen.key), called(visit, seen.key))
    )


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
    for seen in found:
        paragraph = Markup("\n".join(lines_of(visit, seen, is_vip=is_vip)))
        if sum(map(len, paragraphs)) + len(paragraph) > LONGEST:
            paragraphs.append(words.of("bot.reward.more"))
            break
        paragraphs.append(paragraph)
    waiting = (seen for seen in found if seen.standing.state is RewardState.UNLOCKED)
    return Screen(Markup("\n\n".join(paragraphs)), tuple((claim_button(visit, seen),) for seen in waiting))


def lines_of(visit: Visit, seen: Seen, *, is_vip: bool) -> Iterator[Markup]:
    """What there is to say of one reward."""
    words, name, standing = visit.words, called(visit, seen.key), seen.standing
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
    text = visit.words.of("bot.reward.claim", name=called(visit, seen.key))
    return button(text, Claim(mark=mark_of(seen.key), nonce=new_nonce()))


def called(visit: Visit, key: str) -> Markup:
    """What the game calls a reward."""
    return name_of(visit.words, visit.game, f"reward/{key}") or Markup(key)


def order_of(visit: Visit, key: str) -> int:
    """Its place in menus."""
    known = visit.game.document.all("reward").get(key)
    return known.order if known is not None else 0


def build() -> Router:
    """What members can ask of their rewards."""
    router = Router(name="reward")
    router.message.register(on_rewards, Command(*REWARDS.names, ignore_case=True))
    router.callback_query.register(on_rewards_button, Go.filter(F.to == REWARDS.en))
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
