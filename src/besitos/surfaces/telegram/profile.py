"""/perfil: one message of what a member has and where they stand, to which each mechanic adds its lines."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message

from besitos.core.view import View
from besitos.surfaces.telegram.home import MENU, in_rows
from besitos.surfaces.telegram.markup import Markup, name
from besitos.surfaces.telegram.screen import Go, Press, Screen, way
from besitos.surfaces.telegram.visit import Entry, Feature, Invitation, Visit

PROFILE = Entry("perfil", "profile", ("nivel", "level"))

ProfilePart: TypeAlias = Callable[[Visit, View], Markup | None]
"""What a mechanic says of a member: a line or a few, or nothing. Asked as a decision is, of one state for all parts."""


def as_invited(invite: Callable[[Visit], Invitation | None]) -> ProfilePart:
    """The part of a mechanic that says in the profile what it says at the start."""

    def part(visit: Visit, _: View) -> Markup | None:
        told = invite(visit)
        return None if told is None else told.text

    return part


async def profile_screen(visit: Visit, features: Sequence[Feature], parts: Sequence[ProfilePart]) -> Screen:
    """The member by name, a paragraph of all that is told, and the ways from here."""
    words = visit.words
    told = await visit.engine.look(visit.member.id, lambda view: [part(visit, view) for part in parts])
    title = words.of("bot.profile.title", name=name(visit.member.name))
    ways: list[InlineKeyboardButton] = [each for feature in features for each in feature.ways(visit)]
    here = way(words, PROFILE.en)
    rows = in_rows([*(each for each in ways if each != here), way(words, MENU.en)])
    return Screen(Markup("\n\n".join([title, "\n".join(filter(None, told))])), rows)


def feature(parts: Sequence[ProfilePart]) -> Feature:
    """The command, with these parts in this order."""

    async def on_profile(message: Message, visit: Visit, features: Sequence[Feature]) -> None:
        await (await profile_screen(visit, features, parts)).send(message)

    async def on_profile_button(_: CallbackQuery, press: Press, visit: Visit, features: Sequence[Feature]) -> None:
        await press.toast()
        await press.show(await profile_screen(visit, features, parts))

    def build() -> Router:
        router = Router(name="profile")
        router.message.register(on_profile, Command(*PROFILE.names, ignore_case=True))
        router.callback_query.register(on_profile_button, Go.filter(F.to == PROFILE.en))
        return router

    return Feature((PROFILE,), build, ways=lambda visit: [way(visit.words, PROFILE.en)])
