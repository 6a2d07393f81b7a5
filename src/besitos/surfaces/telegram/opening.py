"""Opening a screen: by its command, and by the button that leads to it from elsewhere."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from besitos.surfaces.telegram.screen import Go, Press, Screen
from besitos.surfaces.telegram.visit import Entry, Visit

Draw: TypeAlias = Callable[[Visit], Awaitable[Screen]]


def opens(router: Router, entry: Entry, draw: Draw) -> None:
    """Let this screen be shown by this command, in a message of its own, and by its button, in place of another."""

    async def on_command(message: Message, visit: Visit) -> None:
        await (await draw(visit)).send(message)

    async def on_button(_: CallbackQuery, press: Press, visit: Visit) -> None:
        await press.toast()
        await press.show(await draw(visit))

    router.message.register(on_command, Command(*entry.names, ignore_case=True))
    router.callback_query.register(on_button, Go.filter(F.to == entry.en))
