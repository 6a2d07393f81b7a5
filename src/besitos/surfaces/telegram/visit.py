"""A visit: one update of one member, with everything that is needed to answer it; and what a mechanic offers there."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from aiogram import Router
from aiogram.types import InlineKeyboardButton

from besitos.core.activity import Activity
from besitos.engine.engine import Engine
from besitos.engine.outcome import Outcome, Status
from besitos.game.game import Game
from besitos.store.protocol import Database
from besitos.surfaces.telegram.markup import Markup, escaped
from besitos.surfaces.telegram.member import Member
from besitos.surfaces.telegram.words import Words


class NotDecidedError(Exception):
    """The engine could not decide what a member asked for: a fault of ours."""

    def __init__(self, key: str, outcome: Outcome) -> None:
        super().__init__(f"{key}: {outcome.status.value} {outcome.reason} {outcome.details}")
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class Visit:
    """What a handler works with."""

    member: Member
    words: Words
    engine: Engine
    store: Database

    @property
    def game(self) -> Game:
        """The game in force."""
        return self.engine.game

    @property
    def common(self) -> dict[str, Any]:
        """What all activities have that the member asks for here: it is about them, and happens now."""
        return {"member_id": self.member.id, "occurred_at": self.words.now, "is_dated": False}

    def name_of(self, definition: str) -> Markup | None:
        """What the game calls a definition, `badge/amiga`, where it calls it anything."""
        kind, _, key = definition.partition("/")
        document = self.game.document
        known = document.all(kind).get(key)
        if known is None or known.name is None:
            return None
        return escaped(known.name.in_language(self.words.texts.language, document.about.language))

    def called(self, definition: str) -> Markup:
        """The same; what has no name goes by its key."""
        return self.name_of(definition) or Markup(definition.partition("/")[2])

    def place_of(self, definition: str) -> tuple[int, Markup]:
        """Where it stands in menus: by its order, then by what it is called."""
        kind, _, key = definition.partition("/")
        known = self.game.document.all(kind).get(key)
        return 0 if known is None else known.order, self.called(definition)

    async def act(self, activity: Activity) -> Outcome:
        """Have something decided. It is committed when this returns; accepted or refused, else it is raised."""
        outcome = await self.engine.submit(activity)
        if outcome.status not in (Status.ACCEPTED, Status.REJECTED):
            raise NotDecidedError(activity.key, outcome)
        return outcome


@dataclass(frozen=True, slots=True)
class Entry:
    """A command, by its names in both languages. Both always work, and so does `also`, which nobody is told of."""

    es: str
    en: str
    also: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What may be typed."""
        return tuple(dict.fromkeys((self.es, self.en, *self.also)))

    def name(self, language: str) -> str:
        """What is shown to somebody who reads this language."""
        return self.en if language == "en" else self.es

    @property
    def code(self) -> str:
        """The text that says what it does."""
        return f"bot.command.{self.en}"


@dataclass(frozen=True, slots=True)
class Invitation:
    """What /start says of one thing that there is to do, and the button that does it."""

    text: Markup
    button: InlineKeyboardButton | None = None


def no_ways(_: Visit) -> Iterable[InlineKeyboardButton]:
    """No buttons."""
    return ()


@dataclass(frozen=True, slots=True)
class Feature:
    """What a mechanic brings to the bot. `build` makes the router anew for each dispatcher.

    `ways` are the buttons to its screens for menus, where the game in force has what they show.
    """

    entries: tuple[Entry, ...]
    build: Callable[[], Router]
    invite: Callable[[Visit], Invitation | None] | None = None
    ways: Callable[[Visit], Iterable[InlineKeyboardButton]] = no_ways
