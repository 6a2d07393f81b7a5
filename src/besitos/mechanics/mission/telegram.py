"""Missions in the bot: /misiones, and the buttons by which they are taken."""

from collections.abc import Iterator

from aiogram import Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, InlineKeyboardButton

from besitos.core.member import PROFILE
from besitos.core.view import View
from besitos.game.asking import ConditionReason
from besitos.game.goals import Step
from besitos.mechanics.mission.decide import Seen, look_at, missions_in
from besitos.mechanics.mission.model import MissionState, TakeMission
from besitos.surfaces.telegram.keys import key_of_press, key_with, mark_of, new_nonce
from besitos.surfaces.telegram.markup import Markup, escaped
from besitos.surfaces.telegram.opening import opens
from besitos.surfaces.telegram.payout import payout_text
from besitos.surfaces.telegram.receipt import receipt
from besitos.surfaces.telegram.screen import Press, Screen, button, fitting, way
from besitos.surfaces.telegram.visit import Entry, Feature, Visit
from besitos.surfaces.texts.missing import Missing, exact_of, unmet_in

MISSIONS = Entry("misiones", "missions")

CELLS = 6
ORDER = {MissionState.ACTIVE: 0, MissionState.NONE: 1, MissionState.COMPLETED: 2, MissionState.EXPIRED: 3}


class Take(CallbackData, prefix="mission"):
    """The button that takes a mission, which is named by a mark: its key may be too long for a button."""

    mark: str
    nonce: str


async def on_take(_: CallbackQuery, press: Press, callback_data: Take, visit: Visit) -> None:
    """Take a mission. A second tap on the same button finds it taken."""
    key = key_with(callback_data.mark, missions_in(visit.game).of)
    if not key:
        await press.alert(visit.words.of("bot.old_button", command=f"/{MISSIONS.name(visit.words.texts.language)}"))
        return await press.show(await all_missions(visit))
    attempt = key_of_press(press.query, "mission", callback_data.nonce)
    outcome = await visit.act(TakeMission(**visit.common, key=attempt, mission=key))
    if outcome.accepted:
        text = visit.words.of("bot.mission.taken", name=visit.called(f"mission/{key}"))
        await press.toast(f"{text}\n{receipt(visit, outcome)}" if outcome.paid else text)
    elif outcome.reason == ConditionReason.UNMET:
        await press.alert(escaped("\n".join(missing_of(visit).lines(unmet_in(outcome.details)))))
    else:
        await press.alert(visit.words.why(outcome))
    return await press.show(await all_missions(visit))


async def all_missions(visit: Visit) -> Screen:
    """Every mission that there is for the member: what runs first, what is over last."""
    words, member_id = visit.words, visit.member.id

    def question(view: View) -> tuple[list[Seen], bool]:
        return look_at(view, member_id, missions_in(visit.game)), view.get(PROFILE.of(member_id)).is_vip

    found, is_vip = await visit.engine.look(member_id, question)
    found.sort(key=lambda seen: (ORDER[seen.run.state], visit.place_of(f"mission/{seen.key}")))
    if not found:
        return Screen(words.of("bot.mission.none"))
    paragraphs = [words.of("bot.mission.title")]
    paragraphs += [Markup("\n".join(lines_of(visit, seen, is_vip=is_vip))) for seen in found]
    rows = tuple((take_button(visit, seen),) for seen in found if can_take(seen))
    return Screen(fitting(paragraphs, words.of("bot.mission.more")), rows)


def lines_of(visit: Visit, seen: Seen, *, is_vip: bool) -> Iterator[Markup]:
    """What there is to say of one mission."""
    words, name = visit.words, visit.called(f"mission/{seen.key}")
    if seen.run.state is MissionState.COMPLETED:
        yield words.of("bot.mission.completed", name=name)
        return
    if seen.run.state is MissionState.EXPIRED:
        yield words.of("bot.mission.expired", name=name)
        return
    yield words.of("bot.mission.name", name=name)
    for step in seen.steps:
        yield goal_line(visit, step)
    what = payout_text(visit, seen.pays(is_vip=is_vip))
    if what:
        yield words.of("bot.mission.pays", what=what)
    if seen.run.is_active and seen.run.ends_at is not None:
        yield words.of("bot.mission.until", when=words.until(seen.run.ends_at))
    if seen.may_begin and not can_take(seen):
        lines = [escaped(line) for line in missing_of(visit).lines(seen.unmet)]
        yield words.of("bot.mission.locked", what="; ".join(lines)) if lines else words.of("bot.mission.soon")


def goal_line(visit: Visit, step: Step) -> Markup:
    """`▰▰▰▱▱▱ 3 / 5 mensajes`; alternatives say so."""
    words, missing, unmet = visit.words, missing_of(visit), step.unmet
    wanted = step.wanted.low if step.wanted is not None and not unmet.is_not else None
    if step.is_reached:
        told = words.of("bot.mission.reached", what=missing.subject(unmet))
    elif wanted is None:
        told = words.of("bot.mission.open", what=missing.line(unmet))
    else:
        have, need = exact_of(unmet.have), exact_of(wanted)
        full = max(0, min(CELLS - 1, int(have * CELLS / need))) if need > 0 else 0
        bar = "▰" * full + "▱" * (CELLS - full)
        told = words.of("bot.mission.goal", bar=bar, have=whole(have), need=whole(need), what=missing.subject(unmet))
    return words.of("bot.mission.or", what=told) if unmet.group else told


def whole(number: object) -> object:
    """A whole number as one, for its separators."""
    exact = exact_of(number)
    return int(exact) if exact == int(exact) else exact


def can_take(seen: Seen) -> bool:
    """Whether there is a button for it."""
    return seen.may_begin and not seen.unmet and seen.mission is not None and seen.mission.is_taken


def take_button(visit: Visit, seen: Seen) -> InlineKeyboardButton:
    """The button, drawn anew: what was decided under the old one stays with the old one."""
    text = visit.words.of("bot.mission.take", name=visit.called(f"mission/{seen.key}"))
    return button(text, Take(mark=mark_of(seen.key), nonce=new_nonce()))


def missing_of(visit: Visit) -> Missing:
    """The member's words for what is missing."""
    return Missing(visit.words.texts, visit.game.document)


def build() -> Router:
    """What members can ask of their missions."""
    router = Router(name="mission")
    opens(router, MISSIONS, all_missions)
    router.callback_query.register(on_take, Take.filter())
    return router


def ways(visit: Visit) -> Iterator[InlineKeyboardButton]:
    """The button to them, in a game that has some."""
    if visit.game.document.all("mission"):
        yield way(visit.words, MISSIONS.en)


FEATURE = Feature((MISSIONS,), build, ways=ways)
