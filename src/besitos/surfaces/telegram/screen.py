"""Screens: a text with its buttons, and the press of a button with its one answer."""

import logging
from collections.abc import Iterable
from typing import NamedTuple

from aiogram.exceptions import TelegramBadRequest
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from besitos.surfaces.telegram.markup import Markup, plain
from besitos.surfaces.telegram.words import Words

LONGEST_TOAST = 200
LONGEST_LIST = 3_500
"""Characters, markup and all: Telegram refuses more than 4,096."""

SAME = "message is not modified"
TOO_OLD = "query is too old"

log = logging.getLogger(__name__)


class Go(CallbackData, prefix="go"):
    """A button that leads to another screen and changes nothing. Screens are called by their English command."""

    to: str


class Screen(NamedTuple):
    """What stands in a message."""

    text: Markup
    rows: tuple[tuple[InlineKeyboardButton, ...], ...] = ()

    @property
    def keyboard(self) -> InlineKeyboardMarkup | None:
        """Its buttons, where it has any."""
        return InlineKeyboardMarkup(inline_keyboard=[list(row) for row in self.rows]) if self.rows else None

    async def send(self, message: Message) -> None:
        """Answer with it."""
        await message.answer(self.text, reply_markup=self.keyboard)


def button(text: str, does: CallbackData) -> InlineKeyboardButton:
    """A button; its text is no HTML."""
    return InlineKeyboardButton(text=plain(text), callback_data=does.pack())


def way(words: Words, to: str) -> InlineKeyboardButton:
    """The button that leads to a screen."""
    return button(words.of(f"bot.button.{to}"), Go(to=to))


def fitting(paragraphs: Iterable[Markup], more: Markup) -> Markup:
    """Paragraphs, the title first, as far as one message holds them; where it is cut, `more` says so."""
    shown: list[Markup] = []
    for paragraph in paragraphs:
        if sum(map(len, shown)) + len(paragraph) > LONGEST_LIST:
            shown.append(more)
            break
        shown.append(paragraph)
    return Markup("\n\n".join(shown))


class Press:
    """A button that somebody pressed and waits for. The first answer is the only one."""

    def __init__(self, query: CallbackQuery) -> None:
        self.query = query
        self.is_answered = False

    async def toast(self, text: str = "") -> None:
        """End the waiting, with a line that fades."""
        await self._answer(text, is_alert=False)

    async def alert(self, text: str) -> None:
        """End the waiting, with words that must be closed: for refusals."""
        await self._answer(text, is_alert=True)

    async def show(self, screen: Screen) -> None:
        """Turn the message under the button into `screen`; where it cannot be turned any more, send a fresh one."""
        message = self.query.message
        try:
            if isinstance(message, Message):
                await message.edit_text(screen.text, reply_markup=screen.keyboard)
                return
        except TelegramBadRequest as error:
            if SAME in error.message:
                return
            log.info("sent anew what could not be edited: %s", error.message)
        if message is not None and self.query.bot is not None:
            await self.query.bot.send_message(message.chat.id, screen.text, reply_markup=screen.keyboard)

    async def _answer(self, text: str, *, is_alert: bool) -> None:
        if self.is_answered:
            return
        self.is_answered = True
        try:
            await self.query.answer(plain(text)[:LONGEST_TOAST] or None, show_alert=is_alert)
        except TelegramBadRequest as error:
            if TOO_OLD not in error.message:
                raise
