"""Polling: an update is acknowledged when it has been handled, and not before.

aiogram's own loop acknowledges whatever becomes of an update. Ours does not confirm one for which there was no
database: it comes again, and the keys of what it asks see to it that nothing happens twice.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    TelegramAPIError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import GetUpdates
from aiogram.types import Update

from besitos.store.protocol import UnavailableError

ALLOWED = ["message", "callback_query"]
POLL_SECONDS = 30
PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds after the first, second, … failure in a row."""

log = logging.getLogger(__name__)


@dataclass
class Polling:
    """Takes updates in and has them handled: those of a chat in their order, chats beside each other."""

    bot: Bot
    handle: Callable[[Update], Awaitable[object]]
    pauses: tuple[float, ...] = PAUSES
    _offset: int | None = None
    _handled: set[int] = field(default_factory=set)
    """Updates that are done but stand behind one that is not, and so come again with it."""

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; what is being handled then is finished and acknowledged.

        A token that Telegram does not know is raised; every other trouble passes.
        """
        stopping = asyncio.create_task(stop.wait())
        failures = 0
        try:
            while not stop.is_set():
                updates = await self._until(stopping, self._fetch())
                is_well = updates is not None and await self._take(updates)
                failures = 0 if is_well else failures + 1
                if failures and not stop.is_set():
                    pause = self.pauses[min(failures, len(self.pauses)) - 1]
                    await self._until(stopping, asyncio.sleep(pause, updates))
            await self._confirm()
        finally:
            stopping.cancel()

    async def _until(self, stopping: asyncio.Task[bool], work: Awaitable[list[Update] | None]) -> list[Update] | None:
        """What `work` brings, or nothing once it is time to stop."""
        task = asyncio.ensure_future(work)
        try:
            await asyncio.wait([task, stopping], return_when=asyncio.FIRST_COMPLETED)
            return task.result() if task.done() else []
        finally:
            task.cancel()

    async def _fetch(self) -> list[Update] | None:
        """The next updates; None if they could not be had."""
        method = GetUpdates(offset=self._offset, timeout=POLL_SECONDS, allowed_updates=ALLOWED)
        try:
            return await self.bot(method, request_timeout=POLL_SECONDS + 15)
        except (TelegramUnauthorizedError, TelegramNotFound):
            raise
        except TelegramRetryAfter as error:
            await asyncio.sleep(error.retry_after)
        except AiogramError as error:
            log.warning("no updates: %s", error)
        return None

    async def _take(self, updates: list[Update]) -> bool:
        """Have them handled, and move the offset up to the first that must come again. Whether none must."""
        chats: dict[int, list[Update]] = {}
        for update in updates:
            if update.update_id not in self._handled:
                chats.setdefault(chat_of(update), []).append(update)
        await asyncio.gather(*(self._in_order(chat) for chat in chats.values()))
        left = [update.update_id for update in updates if update.update_id not in self._handled]
        if left:
            self._offset = min(left)
            return False
        if updates:
            self._offset = max(update.update_id for update in updates) + 1
            self._handled.clear()
        return True

    async def _in_order(self, updates: Iterable[Update]) -> None:
        """One chat. What follows an update that must come again comes again after it."""
        for update in updates:
            try:
                await self.handle(update)
            except UnavailableError:
                return
            except Exception:
                log.exception("update %s was given up", update.update_id)
            self._handled.add(update.update_id)

    async def _confirm(self) -> None:
        """Tell Telegram what is done, or the last of it would come again after a restart."""
        if self._offset is not None:
            with suppress(TelegramAPIError):
                await self.bot(GetUpdates(offset=self._offset, limit=1, timeout=0, allowed_updates=ALLOWED))


def chat_of(update: Update) -> int:
    """Whose turn an update takes: that of its chat, or nobody's but its own."""
    query = update.callback_query
    message = query.message if query is not None else update.message
    return -update.update_id if message is None else message.chat.id
