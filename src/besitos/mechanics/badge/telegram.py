"""Badges in the bot: /insignias, what comes next, and the buttons by which a member chooses what others see first."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from aiogram import Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, InlineKeyboardButton

from besitos.core.view import View
from besitos.mechanics.badge.decide import Awards, Seen, awards_in, badges_in, chosen_by, look_at, shown_of
from besitos.mechanics.badge.model import MOST_SHOWN, Badge, ShowBadges
from besitos.store.awards import awards_of
from besitos.surfaces.telegram.bar import bar
from besitos.surfaces.telegram.keys import key_of_press, key_with, mark_of, new_nonce
from besitos.surfaces.telegram.markup import Markup, escaped, name
from besitos.surfaces.telegram.opening import opens
from besitos.surfaces.telegram.screen import Press, Screen, button, way
from besitos.surfaces.telegram.visit import Entry, Feature, Visit
from besitos.surfaces.texts.missing import Missing

BADGES = Entry("insignias", "badges")

HELD_SHOWN = 20
NEXT_SHOWN = 3
VALUES_SHOWN = 3
VALUE_MOST = 24
"""Of a badge that is given for each value: how many of them are told, and how many characters of each."""


class Choose(CallbackData, prefix="badge"):
    """The button that shows a badge, or shows it no more. It is named by a mark: its key may be too long."""

    mark: str
    is_shown: bool


class Case(NamedTuple):
    """What a member has of badges, and how near the others are."""

    awards: Awards
    seen: Sequence[Seen]
    chosen: Sequence[str]


async def on_choose(_: CallbackQuery, press: Press, callback_data: Choose, visit: Visit) -> None:
    """Show a badge, or show it no more. Each press is an attempt of its own: twice the same comes to the same."""
    key = key_with(callback_data.mark, badges_of(visit))
    chosen = (await case_of(visit)).chosen
    if key:
        rest = tuple(each for each in chosen if each != key)
        order = ShowBadges(
            **visit.common,
            key=key_of_press(press.query, "badge", new_nonce()),
            badges=(*rest, key) if callback_data.is_shown else rest,
        )
        outcome = await visit.act(order)
        code = "bot.badge.shown" if callback_data.is_shown else "bot.badge.not_shown"
        if outcome.accepted:
            await press.toast(visit.words.of(code, name=visit.called(f"badge/{key}")))
        else:
            await press.alert(visit.words.why(outcome))
    await press.toast()
    await press.show(await badges_screen(visit))


async def badges_screen(visit: Visit) -> Screen:
    """What is held, the newest first, then the nearest of the others."""
    words, case, written = visit.words, await case_of(visit), badges_of(visit)
    held = [key for key in case.awards if key in written and written[key].is_shown]
    if not written:
        return Screen(words.of("bot.badge.no_game"))
    paragraphs = [words.of("bot.badge.title")]
    lines = [held_line(visit, key, case) for key in held[:HELD_SHOWN]] or [words.of("bot.badge.none")]
    if len(held) > HELD_SHOWN:
        lines.append(words.many("bot.badge.more", len(held) - HELD_SHOWN))
    paragraphs.append(Markup("\n".join(lines)))
    coming = [next_lines(visit, seen) for seen in nearest(case.seen, written)]
    if coming:
        paragraphs.append(Markup("\n".join([words.of("bot.badge.next"), *coming])))
    if held:
        paragraphs.append(words.of("bot.badge.choose", most=MOST_SHOWN))
    buttons = [choose_button(visit, key, case) for key in held[:HELD_SHOWN]]
    rows = [tuple(buttons[place : place + 2]) for place in range(0, len(buttons), 2)]
    return Screen(Markup("\n\n".join(paragraphs)), tuple(rows))


async def case_of(visit: Visit) -> Case:
    """All there is to know of a member's badges."""
    member_id, at_work = visit.member.id, badges_in(visit.game)

    def question(view: View) -> tuple[list[Seen], tuple[str, ...]]:
        return look_at(view, member_id, at_work.values()), chosen_by(view, member_id)

    seen, chosen = await visit.engine.look(member_id, question)
    return Case(awards_in(await awards_of(visit.store, member_id)), seen, chosen)


def nearest(seen: Sequence[Seen], written: dict[str, Badge]) -> list[Seen]:
    """Those that are nearest, of which members may hear."""
    open_ones = [each for each in seen if each.progress is not None and (each.times or written[each.key].is_open)]
    shown = [each for each in open_ones if written[each.key].is_shown]
    return sorted(shown, key=lambda each: -each.progress.part if each.progress else 0)[:NEXT_SHOWN]


def held_line(visit: Visit, key: str, case: Case) -> Markup:
    """`⭐ 🏅 Amiga · rara · 24 nov 2026`; where it was given for several values, how often and for which."""
    words, awards, badge = visit.words, case.awards[key], badges_of(visit)[key]
    called = visit.called(f"badge/{key}")
    if len(awards) > 1:
        called = words.of("bot.badge.several", name=called, n=len(awards))
    code = "bot.badge.starred" if key in case.chosen else "bot.badge.held"
    day = awards[0].at.astimezone(words.zone).date()
    line = words.of(code, icon=badge.icon, name=called, rarity=words.of(f"bot.rarity.{badge.rarity}"), day=day)
    values = [_value(visit, badge, each.value) for each in awards if each.value]
    return words.of("bot.badge.valued", line=line, what=_listed(visit, values)) if values else line


def _value(visit: Visit, badge: Badge, value: str) -> Markup:
    """What the game calls the module, else the value as it was sent, and short."""
    known = visit.name_of(f"{badge.per}/{value}")
    if known is not None:
        return known
    return name(value if len(value) <= VALUE_MOST else f"{value[:VALUE_MOST]}…")


def _listed(visit: Visit, values: Sequence[Markup]) -> Markup:
    """`Saludos, Verbos y 3 más`, those given last first."""
    if len(values) <= VALUES_SHOWN:
        return visit.words.together(values)
    shown = Markup(", ".join(values[:VALUES_SHOWN]))
    return visit.words.many("bot.badge.and_more", len(values) - VALUES_SHOWN, what=shown)


def next_lines(visit: Visit, seen: Seen) -> Markup:
    """How far it is, and what its nearest line still takes."""
    assert seen.progress is not None, "what has no progress is not told"
    badge = badges_of(visit)[seen.key]
    missing = Missing(visit.words.texts, visit.game.document).line(seen.progress.unmet)
    return visit.words.of(
        "bot.badge.near",
        icon=badge.icon,
        name=visit.called(f"badge/{seen.key}"),
        bar=bar(seen.progress.part),
        what=escaped(missing),
    )


def choose_button(visit: Visit, key: str, case: Case) -> InlineKeyboardButton:
    """The star of a badge."""
    is_chosen, name = key in case.chosen, visit.called(f"badge/{key}")
    text = visit.words.of("bot.badge.unstar" if is_chosen else "bot.badge.star", name=name)
    return button(text, Choose(mark=mark_of(key), is_shown=not is_chosen))


def badges_of(visit: Visit) -> dict[str, Badge]:
    """The badges of the game as they were written, in the order of menus."""
    return visit.game.document.in_order("badge", Badge, visit.words.texts.language)


def ways(visit: Visit) -> Iterator[InlineKeyboardButton]:
    """The button to them, in a game that has some of which members hear."""
    if any(badge.is_open for badge in badges_of(visit).values()):
        yield way(visit.words, BADGES.en)


def profile(visit: Visit, view: View) -> Markup | None:
    """Those that the member shows."""
    written = badges_of(visit)
    hidden = frozenset(key for key, badge in written.items() if not badge.is_shown)
    shown = [key for key in shown_of(view, visit.member.id, hidden) if key in written]
    if not shown:
        return None
    told = [visit.words.of("bot.badge.one", icon=written[key].icon, name=visit.called(f"badge/{key}")) for key in shown]
    return visit.words.of("bot.badge.profile", what=Markup(" · ".join(told)))


def build() -> Router:
    """What members can ask of their badges."""
    router = Router(name="badge")
    opens(router, BADGES, badges_screen)
    router.callback_query.register(on_choose, Choose.filter())
    return router


FEATURE = Feature((BADGES,), build, ways=ways)
"""Badges."""
