"""Boosts in the bot: what /start says of those that run."""

from aiogram import Router
from babel.numbers import format_decimal

from besitos.mechanics.boost.decide import running_at
from besitos.mechanics.boost.model import BOOSTS
from besitos.surfaces.telegram.markup import Markup
from besitos.surfaces.telegram.profile import as_invited
from besitos.surfaces.telegram.visit import Feature, Invitation, Visit


def invite(visit: Visit) -> Invitation | None:
    """Each boost that runs, by how much it multiplies, and how long still."""
    words, about = visit.words, visit.game.document.about
    known, language = visit.game.document.all("boost"), visit.words.texts.language
    lines = []
    for key, running in running_at(visit.member.get(BOOSTS), words.now).items():
        boost = known.get(key)
        name = key if boost is None or boost.name is None else boost.name.in_language(language, about.language)
        factor = format_decimal(running.factor, locale=language)
        lines.append(words.of("bot.boost.line", name=name, factor=factor, until=words.until(running.ends_at)))
    return Invitation(Markup("\n".join(lines))) if lines else None


FEATURE = Feature((), lambda: Router(name="boost"), invite)
"""Boosts."""

profile = as_invited(invite)
