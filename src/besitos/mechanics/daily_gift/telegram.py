"""Daily gift in the bot: /diario, and the button that /start offers."""

from collections.abc import Iterator
from datetime import datetime

from aiogram import Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message

from besitos.core.calendar import calendar_of
from besitos.core.member import PROFILE
from besitos.engine.outcome import EngineReason, Outcome
from besitos.mechanics.daily_gift.decide import Days
from besitos.mechanics.daily_gift.model import GIFT, ClaimDailyGift, DailyGiftReason, GiftAtWork
from besitos.surfaces.telegram.keys import key_of, key_of_press, new_nonce
from besitos.surfaces.telegram.markup import Markup
from besitos.surfaces.telegram.profile import as_invited
from besitos.surfaces.telegram.receipt import receipt
from besitos.surfaces.telegram.screen import Press, Screen, button, way
from besitos.surfaces.telegram.visit import Entry, Feature, Invitation, Visit

DAILY = Entry("diario", "daily")


class Claim(CallbackData, prefix="gift"):
    """The button that claims."""

    nonce: str


async def on_daily(message: Message, visit: Visit) -> None:
    """/diario: claim today's gift and say how it went."""
    claim = ClaimDailyGift(key=key_of(message), member_id=visit.member.id, occurred_at=message.date)
    await answer(visit, await visit.act(claim), message.date).send(message)


async def on_claim(_: CallbackQuery, press: Press, callback_data: Claim, visit: Visit) -> None:
    """The same, by the button. A second tap finds it done; one on another day gets a new button for that day."""
    words, now = visit.words, visit.words.now
    key = key_of_press(press.query, "gift", callback_data.nonce)
    claim = ClaimDailyGift(key=key, member_id=visit.member.id, occurred_at=now, is_dated=False)
    outcome = await visit.act(claim)
    if outcome.replayed and claimed_until(visit, now) is None:
        await press.toast()
        await press.show(Screen(words.of("bot.gift.ready"), ((claim_button(visit),),)))
        return
    screen = answer(visit, outcome, now)
    if not outcome.accepted:
        await press.alert(screen.text)
    else:
        await press.toast(words.of("bot.gift.done_before") if outcome.replayed else screen.text.partition("\n")[0])
    await press.show(screen)


def answer(visit: Visit, outcome: Outcome, at: datetime) -> Screen:
    """What was paid and what there is now, or why not; and when the next gift can be claimed."""
    words = visit.words
    onward = ((way(words, "balance"),),)
    if outcome.reason == EngineReason.UNHANDLED:
        return Screen(words.of("bot.gift.none"))
    if outcome.reason == DailyGiftReason.ALREADY_CLAIMED:
        return Screen(still(visit, datetime.fromisoformat(outcome.details["retry_at"]), "already"), onward)
    if not outcome.accepted:
        return Screen(words.why(outcome), onward)
    days = days_of(visit)
    again = days.end(days.day(at))
    return Screen(Markup(f"{receipt(visit, outcome)}\n{still(visit, again, 'next')}"), onward)


def still(visit: Visit, again: datetime, code: str) -> Markup:
    """When to come again; an answer that comes late may find that it is time already."""
    if again <= visit.words.now:
        return visit.words.of("bot.gift.ready")
    return visit.words.of(f"bot.gift.{code}", when=visit.words.until(again))


def claimed_until(visit: Visit, at: datetime) -> datetime | None:
    """When the gift can be claimed again; None if it can be now."""
    days = days_of(visit)
    claimed_on = days.gift.last_claimed_on
    return None if claimed_on is None or days.day(at) > claimed_on else days.end(claimed_on)


def days_of(visit: Visit) -> Days:
    """Whose midnight ends the member's day."""
    rules, calendar = rules_of(visit), visit.game.calendar
    if rules is not None:
        calendar = calendar_of(rules.day, calendar, visit.member.get(PROFILE).zone)
    return Days(calendar, visit.member.get(GIFT))


def invite(visit: Visit) -> Invitation | None:
    """What /start says of the gift: what it is worth, or when it comes again."""
    rules, words = rules_of(visit), visit.words
    if rules is None:
        return None
    again = claimed_until(visit, words.now)
    if again is not None:
        return Invitation(still(visit, again, "already"))
    amounts = rules.pays.fixed(visit.member.get(PROFILE).is_vip).amounts
    what = words.together(words.payout(word, amount) for word, amount in amounts)
    return Invitation(words.of("bot.gift.offer", what=what), claim_button(visit))


def claim_button(visit: Visit) -> InlineKeyboardButton:
    """The button, drawn anew: what was decided under the old one stays with the old one."""
    return button(visit.words.of("bot.button.gift"), Claim(nonce=new_nonce()))


def rules_of(visit: Visit) -> GiftAtWork | None:
    """The gift of the game in force, if it has one."""
    return next(iter(visit.game.handling(ClaimDailyGift, GiftAtWork)), None)


def build() -> Router:
    """What members can ask of the gift."""
    router = Router(name="daily_gift")
    router.message.register(on_daily, Command(*DAILY.names, ignore_case=True))
    router.callback_query.register(on_claim, Claim.filter())
    return router


def ways(visit: Visit) -> Iterator[InlineKeyboardButton]:
    """The button that claims, while there is something to claim."""
    if rules_of(visit) is not None and claimed_until(visit, visit.words.now) is None:
        yield claim_button(visit)


FEATURE = Feature((DAILY,), build, invite, ways)

profile = as_invited(invite)
