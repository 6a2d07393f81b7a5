"""Modules in the bot: what /start says of those that a member has begun or completed."""

from aiogram import Router

from besitos.mechanics.module.model import MODULES, Module, ModuleState
from besitos.surfaces.telegram.markup import Markup
from besitos.surfaces.telegram.profile import as_invited
from besitos.surfaces.telegram.visit import Feature, Invitation, Visit

WORDS = (("bot.module.in_progress", ModuleState.IN_PROGRESS), ("bot.module.completed", ModuleState.COMPLETED))
"""What is said of modules, in the order in which it is."""


def invite(visit: Visit) -> Invitation | None:
    """The modules in progress, and those that are completed."""
    words, about = visit.words, visit.game.document.about
    attended = visit.member.get(MODULES).of
    found: dict[ModuleState, list[str]] = {ModuleState.IN_PROGRESS: [], ModuleState.COMPLETED: []}
    for key, module in visit.game.document.in_order("module", Module, words.texts.language).items():
        if key in attended:
            name = module.name.in_language(words.texts.language, about.language)
            found[attended[key].state].append(name)
    lines = [words.of(code, names=words.together(found[state])) for code, state in WORDS if found[state]]
    return Invitation(Markup("\n".join(lines))) if lines else None


FEATURE = Feature((), lambda: Router(name="module"), invite)
"""Modules."""

profile = as_invited(invite)
