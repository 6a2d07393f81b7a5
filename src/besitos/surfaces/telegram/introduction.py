"""Introduction: before a handler is called, who is talking is known."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import CallbackQuery, Chat, Message, TelegramObject, User

from besitos.engine.directory import Directory
from besitos.engine.engine import Engine
from besitos.engine.games import StoredGames
from besitos.store.protocol import Database
from besitos.surfaces.telegram.member import member_of
from besitos.surfaces.telegram.visit import Visit
from besitos.surfaces.telegram.words import Words
from besitos.surfaces.texts import Texts


def is_from_person(event: Message | CallbackQuery) -> bool:
    """Whether a person talks to us alone. Channels, bots and groups that speak for somebody are no members."""
    person, chat = event.from_user, place_of(event)
    if person is None or person.is_bot or chat is None or chat.type != "private":
        return False
    return not (isinstance(event, Message) and event.sender_chat is not None)


def place_of(event: Message | CallbackQuery) -> Chat | None:
    """The chat in which it happens, if Telegram says."""
    message = event if isinstance(event, Message) else event.message
    return None if message is None else message.chat


@dataclass(frozen=True)
class Introduction(BaseMiddleware):
    """Hands the handler its `visit`: the member, their words, and the game as it is in force at this moment."""

    store: Database
    engine: Engine
    games: StoredGames
    directory: Directory

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:  # noqa: ANN401 - whatever the handler answers
        """Find or open the member, then go on."""
        user = data["event_from_user"]
        assert isinstance(user, User), "only updates of persons come this far"
        await self.games.catch_up(await self.store.versions.latest())
        member = await member_of(user, self.directory, self.store)
        document = self.games.current().document
        zone = member.zone or document.calendar.zone
        words = Words(Texts(member.language, zone), self.engine.clock.now(), zone, document.currencies)
        return await handler(event, {**data, "visit": Visit(member, words, self.engine, self.store)})
