"""The bot as a client of Telegram: which server, and how much patience with it."""

import asyncio

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter, TelegramServerError
from aiogram.methods import GetUpdates, Response, TelegramMethod
from aiogram.methods.base import TelegramType

CALL_SECONDS = 20.0
RETRY_AFTER = (0.3, 1.0, 3.0)
"""Seconds before each further attempt when Telegram, or the way to it, fails."""

LONGEST_WAIT = 60.0
"""Seconds that one call may wait in all for a flood to pass: others wait behind it."""


class Patience(BaseRequestMiddleware):
    """Waits as long as a flood control asks, and tries again what broke on the way.

    A message whose answer was lost may then stand twice, which is better than not at all; nothing else happens twice.
    """

    async def __call__(
        self, make_request: NextRequestMiddlewareType[TelegramType], bot: Bot, method: TelegramMethod[TelegramType]
    ) -> Response[TelegramType]:
        """Make the call. Long polling has a rhythm of its own."""
        delays, waited = iter(RETRY_AFTER), 0.0
        while True:
            try:
                return await make_request(bot, method)
            except TelegramRetryAfter as error:
                delay: float | None = error.retry_after
                if waited + error.retry_after > LONGEST_WAIT:
                    raise
            except (TelegramServerError, TelegramNetworkError):
                delay = next(delays, None)
                if delay is None or isinstance(method, GetUpdates):
                    raise
            waited += delay or 0.0
            await asyncio.sleep(delay or 0.0)


class Session(AiohttpSession):
    """aiogram's session, without its pause at the end where no TLS is spoken."""

    async def close(self) -> None:
        """Let go of the connections."""
        if self.api.base.startswith("https:"):
            await super().close()
        elif self._session is not None:
            await self._session.close()


def make_bot(token: str, api_url: str) -> Bot:
    """A client of the Bot API at `api_url`. Messages are HTML, and links in them show no preview."""
    session = Session(api=TelegramAPIServer.from_base(api_url), timeout=CALL_SECONDS)
    session.middleware.register(Patience())
    return Bot(
        token, session=session, default=DefaultBotProperties(parse_mode=ParseMode.HTML, link_preview_is_disabled=True)
    )
