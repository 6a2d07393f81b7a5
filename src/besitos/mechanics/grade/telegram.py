"""Grades in the bot: what /start says of the member's grade."""

from aiogram import Router

from besitos.core.holding import HOLDINGS
from besitos.mechanics.grade.model import Grade
from besitos.surfaces.telegram.profile import as_invited
from besitos.surfaces.telegram.visit import Feature, Invitation, Visit


def invite(visit: Visit) -> Invitation | None:
    """The grade, with what is shown of it where there is something to show."""
    grade = visit.game.document.all("grade").get(visit.member.get(HOLDINGS).grade)
    if not isinstance(grade, Grade):
        return None
    name = grade.name.in_language(visit.words.texts.language, visit.game.document.about.language)
    if grade.animation is None:
        return Invitation(visit.words.of("bot.grade.line", name=name))
    return Invitation(visit.words.of("bot.grade.shown", name=name, animation=str(grade.animation)))


FEATURE = Feature((), lambda: Router(name="grade"), invite)
"""Grades."""

profile = as_invited(invite)
