"""Levels in the bot: what /start says of the member's level."""

from fractions import Fraction

from aiogram import Router

from besitos.core.standing import STANDING
from besitos.core.view import View
from besitos.mechanics.level.decide import LevelsAtWork, levels_of, progress
from besitos.mechanics.level.model import Levels
from besitos.surfaces.telegram.bar import bar
from besitos.surfaces.telegram.markup import Markup
from besitos.surfaces.telegram.visit import Feature, Invitation, Visit


def invite(visit: Visit) -> Invitation | None:
    """The level, and how far the next one is."""
    levels = levels_of(visit.game)
    return None if levels is None else Invitation(level_line(visit, levels))


def level_line(visit: Visit, levels: LevelsAtWork) -> Markup:
    """Which level it is, and what is still to be earned for the next one."""
    words, level = visit.words, visit.member.get(STANDING).level
    named = _named(visit, level)
    following = levels.next_after(level)
    if following is None:
        return words.of("bot.level.top", level=named)
    missing = max(following[1] - visit.member.card.wallet(levels.currency).earned, 0)
    return words.of("bot.level.line", level=named, what=words.amount(missing, levels.currency), next=following[0])


def profile(visit: Visit, view: View) -> Markup | None:
    """The same with a bar of the way from this level to the next."""
    levels, words = levels_of(visit.game), visit.words
    if levels is None:
        return None
    at = progress(view, visit.member.id, levels)
    if at.next is None:
        return words.of("bot.level.top", level=_named(visit, at.level))
    number, takes = at.next
    done = Fraction(max(at.earned - at.takes, 0), max(takes - at.takes, 1))
    what = words.amount(max(takes - at.earned, 0), levels.currency)
    return words.of("bot.level.bar", level=_named(visit, at.level), bar=bar(done), what=what, next=number)


def _named(visit: Visit, number: int) -> str:
    """The number of a level, with its name where it has one."""
    levels = visit.game.document.find("levels", "levels", Levels)
    step = None if levels is None else levels.steps.get(number)
    if step is None or step.name is None:
        return str(number)
    name = step.name.in_language(visit.words.texts.language, visit.game.document.about.language)
    return visit.words.of("bot.level.named", number=number, name=name)


FEATURE = Feature((), lambda: Router(name="level"), invite)
"""Levels."""
