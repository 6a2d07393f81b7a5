"""The bot's own commands: /start, /inicio, /ayuda, and an answer to everything that nobody understands."""

from collections.abc import Sequence

from aiogram import Router
from aiogram.filters import Command, CommandStart
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message

from besitos.surfaces.telegram.markup import Markup, escaped, name
from besitos.surfaces.telegram.screen import Press, Screen, way
from besitos.surfaces.telegram.visit import Entry, Feature, Visit

START = Entry("start", "start")
MENU = Entry("inicio", "menu")
HELP = Entry("ayuda", "help")

ABREAST = 2
"""Buttons in a row."""


async def on_start(message: Message, visit: Visit, features: Sequence[Feature]) -> None:
    """/start: who we are, what there is to get, and one button. However often it is sent, nothing else happens."""
    words, about = visit.words, visit.game.document.about
    language = words.texts.language
    invitations = [each for feature in features if feature.invite and (each := feature.invite(visit))]
    description = escaped(about.description.in_language(language, about.language)) if about.description else ""
    paragraphs = [
        words.of("bot.start.hello", name=name(visit.member.name)),
        words.of("bot.start.where", game=about.name.in_language(language, about.language)),
        description,
        "\n".join(each.text for each in invitations) or words.of("bot.start.no_game"),
        words.of("bot.start.help", command=f"/{HELP.name(language)}"),
    ]
    first = next((each.button for each in invitations if each.button), way(words, HELP.en))
    await Screen(Markup("\n\n".join(filter(None, paragraphs))), ((first,),)).send(message)


async def on_menu(message: Message, visit: Visit, features: Sequence[Feature]) -> None:
    """/inicio: where there is to go."""
    await menu_screen(visit, features).send(message)


async def on_menu_button(_: CallbackQuery, press: Press, visit: Visit, features: Sequence[Feature]) -> None:
    """The same, by a button."""
    await press.toast()
    await press.show(menu_screen(visit, features))


def menu_screen(visit: Visit, features: Sequence[Feature]) -> Screen:
    """The house, and a button to each room that it has."""
    words, about = visit.words, visit.game.document.about
    title = words.of("bot.menu.title", game=about.name.in_language(words.texts.language, about.language))
    ways = [each for feature in features for each in feature.ways(visit)]
    text = Markup("\n\n".join([title, words.of("bot.menu.what")]))
    return Screen(text, in_rows([*ways, way(words, HELP.en)]))


def in_rows(buttons: Sequence[InlineKeyboardButton]) -> tuple[tuple[InlineKeyboardButton, ...], ...]:
    """Buttons side by side."""
    return tuple(tuple(buttons[place : place + ABREAST]) for place in range(0, len(buttons), ABREAST))


async def on_help(message: Message, visit: Visit, features: Sequence[Feature]) -> None:
    """/ayuda: every command with what it does."""
    await help_screen(visit, features).send(message)


async def on_help_button(_: CallbackQuery, press: Press, visit: Visit, features: Sequence[Feature]) -> None:
    """The same, by a button."""
    await press.toast()
    await press.show(help_screen(visit, features))


def help_screen(visit: Visit, features: Sequence[Feature]) -> Screen:
    """Every command of every mechanic, under the name that it has in the reader's language."""
    words = visit.words
    lines = [
        words.of("bot.help.line", command=f"/{entry.name(words.texts.language)}", does=words.of(entry.code))
        for entry in entries_of(features)
    ]
    return Screen(Markup("\n".join([words.of("bot.help.title"), "", *lines, "", words.of("bot.help.both")])))


def entries_of(features: Sequence[Feature]) -> list[Entry]:
    """All commands: those of the mechanics, then those of the house."""
    return [MENU, *(entry for feature in features for entry in feature.entries), HELP, START]


async def on_anything(message: Message, visit: Visit) -> None:
    """What is no command of ours: a hint, in one line."""
    language = visit.words.texts.language
    hint = visit.words.of("bot.hint", command=f"/{HELP.name(language)}")
    await message.answer(hint)


async def on_old_button(_: CallbackQuery, press: Press, visit: Visit) -> None:
    """A button that nothing answers to any more."""
    await press.alert(visit.words.of("bot.old_button", command=f"/{HELP.name(visit.words.texts.language)}"))


def commands() -> Router:
    """What the house answers to by name."""
    router = Router(name="home")
    router.message.register(on_start, CommandStart(ignore_case=True))
    router.message.register(on_menu, Command(*MENU.names, ignore_case=True))
    router.message.register(on_help, Command(*HELP.names, ignore_case=True))
    return router


def fallback() -> Router:
    """What is left over. It stands last."""
    router = Router(name="fallback")
    router.message.register(on_anything)
    router.callback_query.register(on_old_button)
    return router
