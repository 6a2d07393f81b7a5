"""Streaks in the bot: /racha, and the buttons by which a member says that they will be away."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from aiogram import Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, InlineKeyboardButton

from besitos.core.clock import ONE_DAY
from besitos.core.view import View
from besitos.mechanics.streak.decide import Seen, calendar_for, look_at, streaks_in
from besitos.mechanics.streak.model import (
    FREEZES_MOST,
    CancelPause,
    How,
    Pause,
    PauseStreak,
    StreakAtWork,
    StreakOrder,
)
from besitos.surfaces.telegram.keys import key_of_press, key_with, mark_of, new_nonce
from besitos.surfaces.telegram.markup import Markup
from besitos.surfaces.telegram.opening import opens
from besitos.surfaces.telegram.screen import Press, Screen, button, way
from besitos.surfaces.telegram.visit import Entry, Feature, Visit

STREAK = Entry("racha", "streak", ("rachas", "streaks"))

LENGTHS = (1, 3, 7, 14)
"""Days of the pauses that are offered, from tomorrow on."""

SIGNS = {
    How.DONE: "🔥",
    How.FROZEN: "❄️",
    How.PAUSED: "⏸",
    How.OUT_OF_PLAY: "▫️",
    How.SKIPPED: "✈️",
    How.MISSED: "✖️",
}


class Choose(CallbackData, prefix="racha_p"):
    """The button to the pauses of one streak, which is named by a mark: its key may be too long for a button."""

    mark: str


class Away(CallbackData, prefix="racha_a"):
    """The button that pauses from a day on, so many days."""

    mark: str
    first: int
    days: int
    nonce: str


class Back(CallbackData, prefix="racha_b"):
    """The button that takes a pause back."""

    mark: str
    first: int
    nonce: str


async def on_choose(_: CallbackQuery, press: Press, callback_data: Choose, visit: Visit) -> None:
    """The pauses of one streak."""
    await press.toast()
    await press.show(await pauses(visit, callback_data.mark))


async def on_away(_: CallbackQuery, press: Press, callback_data: Away, visit: Visit) -> None:
    """Pause from a day on, so many days."""
    first = date.fromordinal(callback_data.first)
    said = {"starts_on": first, "ends_on": first + (callback_data.days - 1) * ONE_DAY}
    key = key_of_press(press.query, "streak", callback_data.nonce)
    await act(press, visit, callback_data.mark, (PauseStreak, {"key": key, **said}))


async def on_back(_: CallbackQuery, press: Press, callback_data: Back, visit: Visit) -> None:
    """Take a pause back."""
    key = key_of_press(press.query, "streak", callback_data.nonce)
    said = {"key": key, "starts_on": date.fromordinal(callback_data.first)}
    await act(press, visit, callback_data.mark, (CancelPause, said))


async def act(press: Press, visit: Visit, mark: str, what: tuple[type[StreakOrder], dict[str, Any]]) -> None:
    """Order something of the streak of this mark, say how it went, and show the pauses as they are then."""
    rules, (order, said) = marked(visit, mark), what
    if rules is None:
        await press.alert(visit.words.of("bot.streak.gone"))
        await press.show(await all_streaks(visit))
        return
    outcome = await visit.act(order(**visit.common, streak=rules.key, **said))
    if not outcome.accepted:
        await press.alert(visit.words.why(outcome))
    elif order is PauseStreak:
        await press.toast(visit.words.of("bot.streak.paused"))
    else:
        await press.toast(visit.words.of("bot.streak.unpaused"))
    await press.show(await pauses(visit, mark))


async def all_streaks(visit: Visit) -> Screen:
    """Every streak of the game, with a button to its pauses."""
    words, known = visit.words, streaks_in(visit.game)
    if not known:
        return Screen(words.of("bot.streak.none"))

    def question(view: View) -> list[tuple[StreakAtWork, Seen]]:
        return [(rules, look_at(view, visit.member.id, rules)) for rules in known.values()]

    found = await visit.engine.look(visit.member.id, question)
    text = "\n\n".join("\n".join(lines_of(visit, rules, seen)) for rules, seen in found)
    rows = tuple((choose(visit, rules),) for rules, _ in found)
    return Screen(Markup("\n\n".join([words.of("bot.streak.title"), text])), rows)


def lines_of(visit: Visit, rules: StreakAtWork, seen: Seen) -> list[Markup]:
    """What there is to say of one streak."""
    words, run = visit.words, seen.run
    lines = [
        words.of(
            "bot.streak.name", name=visit.called(f"streak/{rules.key}"), length=length_of(visit, rules, run.length)
        )
    ]
    if run.best > run.length:
        lines.append(words.of("bot.streak.best", length=length_of(visit, rules, run.best)))
    if seen.history:
        lines.append(Markup(" ".join(SIGNS[past.how] for past in seen.history)))
    if seen.period.is_done:
        lines.append(words.of("bot.streak.done", when=words.until(seen.period.ends_at)))
    else:
        lines.append(words.of("bot.streak.open", when=words.until(seen.period.ends_at)))
    if rules.freezes:
        most = min(rules.freezes, FREEZES_MOST)
        lines.append(words.of("bot.streak.freezes", held=len(run.freezes), most=most))
    lines += [pause_line(visit, pause) for pause in seen.pauses]
    if run.lost is not None and seen.repairable_until is not None:
        lost = length_of(visit, rules, run.lost.length)
        lines.append(words.of("bot.streak.lost", length=lost, when=words.until(seen.repairable_until)))
    return lines


async def pauses(visit: Visit, mark: str) -> Screen:
    """The pauses of one streak, and the buttons for another."""
    words, rules = visit.words, marked(visit, mark)
    if rules is None:
        return await all_streaks(visit)

    def question(view: View) -> tuple[date, Seen]:
        today = calendar_for(view, visit.member.id, rules).day(view.now)
        return today, look_at(view, visit.member.id, rules)

    today, seen = await visit.engine.look(visit.member.id, question)
    lines = [
        words.of("bot.streak.pauses", name=visit.called(f"streak/{rules.key}")),
        *(pause_line(visit, each) for each in seen.pauses),
    ]
    offered = [away(visit, mark, today + ONE_DAY, days) for days in LENGTHS]
    undone = [(back(visit, mark, pause),) for pause in seen.pauses]
    home = way(words, STREAK.en)
    rows = (tuple(offered[:2]), tuple(offered[2:]), *undone, (home,))
    return Screen(Markup("\n".join(lines)), rows)


def pause_line(visit: Visit, pause: Pause) -> Markup:
    """From when to when."""
    if pause.starts_on == pause.ends_on:
        return visit.words.of("bot.streak.pause_day", day=pause.starts_on)
    return visit.words.of("bot.streak.pause", first=pause.starts_on, last=pause.ends_on)


def length_of(visit: Visit, rules: StreakAtWork, length: int) -> Markup:
    """`5 días seguidos`."""
    match rules.every:
        case "day":
            return visit.words.many("bot.streak.days", length)
        case "week":
            return visit.words.many("bot.streak.weeks", length)
        case _:
            return visit.words.many("bot.streak.months", length)


def choose(visit: Visit, rules: StreakAtWork) -> InlineKeyboardButton:
    """The button to the pauses of a streak."""
    return button(
        visit.words.of("bot.streak.choose", name=visit.called(f"streak/{rules.key}")), Choose(mark=mark_of(rules.key))
    )


def away(visit: Visit, mark: str, first: date, days: int) -> InlineKeyboardButton:
    """The button of a pause from tomorrow on."""
    does = Away(mark=mark, first=first.toordinal(), days=days, nonce=new_nonce())
    if days == 1:
        return button(visit.words.of("bot.streak.tomorrow"), does)
    return button(visit.words.many("bot.streak.away", days), does)


def back(visit: Visit, mark: str, pause: Pause) -> InlineKeyboardButton:
    """The button that takes a pause back."""
    does = Back(mark=mark, first=pause.starts_on.toordinal(), nonce=new_nonce())
    return button(visit.words.of("bot.streak.back", day=pause.starts_on), does)


def marked(visit: Visit, mark: str) -> StreakAtWork | None:
    """The streak of this mark, if it is still there."""
    known = streaks_in(visit.game)
    return known.get(key_with(mark, known))


def build() -> Router:
    """What members can ask of their streaks."""
    router = Router(name="streak")
    opens(router, STREAK, all_streaks)
    router.callback_query.register(on_choose, Choose.filter())
    router.callback_query.register(on_away, Away.filter())
    router.callback_query.register(on_back, Back.filter())
    return router


def ways(visit: Visit) -> Iterator[InlineKeyboardButton]:
    """The button to them, in a game that has some."""
    if streaks_in(visit.game):
        yield way(visit.words, STREAK.en)


def profile(visit: Visit, view: View) -> Markup | None:
    """How long each is; what is yet to be done today is said, too."""
    lines = []
    for rules in streaks_in(visit.game).values():
        seen = look_at(view, visit.member.id, rules)
        length = length_of(visit, rules, seen.run.length)
        code = "bot.streak.told" if seen.period.is_done or not seen.run.length else "bot.streak.told_open"
        until = visit.words.until(seen.period.ends_at)
        lines.append(visit.words.of(code, name=visit.called(f"streak/{rules.key}"), length=length, when=until))
    return Markup("\n".join(lines)) if lines else None


FEATURE = Feature((STREAK,), build, ways=ways)
