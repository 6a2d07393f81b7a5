"""The shop in the bot: what /start says of the backpack."""

from aiogram import Router

from besitos.core.holding import HOLDINGS
from besitos.surfaces.telegram.profile import as_invited
from besitos.surfaces.telegram.visit import Feature, Invitation, Visit


def invite(visit: Visit) -> Invitation | None:
    """What is in the backpack, and how many of each."""
    words, document = visit.words, visit.game.document
    held, known = visit.member.get(HOLDINGS).items, document.all("item")
    if not held:
        return None
    names = []
    for key, count in sorted(held.items()):
        item = known.get(key)
        language = words.texts.language
        name = key if item is None or item.name is None else item.name.in_language(language, document.about.language)
        names.append(name if count == 1 else words.of("bot.bag.several", count=count, name=name))
    return Invitation(words.of("bot.bag.line", names=words.together(names)))


FEATURE = Feature((), lambda: Router(name="shop"), invite)
"""The shop."""

profile = as_invited(invite)
