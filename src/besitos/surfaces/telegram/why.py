"""/porque: what paid for what a member did lately, what did not, and why."""

from aiogram import Router

from besitos.store.why import newest
from besitos.surfaces.telegram.markup import Markup, escaped
from besitos.surfaces.telegram.opening import opens
from besitos.surfaces.telegram.screen import Screen, way
from besitos.surfaces.telegram.visit import Entry, Feature, Visit
from besitos.surfaces.texts.missing import Missing
from besitos.surfaces.texts.why import Why

WHY = Entry("porque", "why")

SHOWN = 5
LINES_SHOWN = 6
"""Of one activity: a game of many rules has much to say, and a message holds so much."""


async def why_screen(visit: Visit) -> Screen:
    """One paragraph for each activity."""
    words, document = visit.words, visit.game.document
    why = Why(words.texts, document, Missing(words.texts, document))
    found = await newest(visit.store, visit.member.id, SHOWN)
    if not found:
        return Screen(words.of("bot.why.none"))
    paragraphs = [words.of("bot.why.title")]
    for each in found:
        title = words.of("bot.why.activity", what=why.title(each), when=words.ago(each.occurred_at))
        lines = [f"• {escaped(told.sentence)}" for told in why.told(each)[:LINES_SHOWN]]
        paragraphs.append(Markup("\n".join([title, *lines])))
    return Screen(Markup("\n\n".join(paragraphs)))


def build() -> Router:
    """What members can ask."""
    router = Router(name="why")
    opens(router, WHY, why_screen)
    return router


FEATURE = Feature((WHY,), build, ways=lambda visit: [way(visit.words, WHY.en)])
