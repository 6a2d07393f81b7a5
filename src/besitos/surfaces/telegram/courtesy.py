"""Courtesy: nobody waits for an answer that does not come, whatever goes wrong."""

import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiogram import BaseMiddleware
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.types import TelegramObject, Update, User

from besitos.core.clock import Clock
from besitos.store.protocol import UnavailableError
from besitos.surfaces.telegram.introduction import is_from_person
from besitos.surfaces.telegram.screen import Press
from besitos.surfaces.telegram.words import Words
from besitos.surfaces.texts import Texts

EXCUSED_MAX = 1_000

log = logging.getLogger(__name__)


@dataclass
class Courtesy(BaseMiddleware):
    """Hands on the `press`, sees to its answer, and says what went wrong: once, in a sentence, with an id for the log.

    A database that is gone is raised further: the update is not acknowledged and comes again.
    """

    clock: Clock
    _excused: dict[int, None] = field(default_factory=dict)

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:  # noqa: ANN401 - whatever the handler answers
        """Let the update be handled."""
        assert isinstance(event, Update), "this stands before everything else"
        query = event.callback_query
        press = None if query is None else Press(query)
        try:
            answer = await handler(event, {**data, "press": press})
            if press is not None:
                await press.toast()
        except UnavailableError as error:
            log.warning("update %s waits for the database: %s", event.update_id, error.reason)
            await self._excuse(event, press)
            raise
        except TelegramForbiddenError as error:
            log.info("update %s: the member cannot be reached: %s", event.update_id, error.message)
        except (TelegramNetworkError, TelegramServerError, TelegramRetryAfter) as error:
            log.warning("update %s was handled, its answer was not sent: %s", event.update_id, error)
        except Exception:
            reference = secrets.token_hex(3)
            log.exception("update %s failed; the member was told %s", event.update_id, reference)
            await self._say(event, press, "bot.error", reference=reference)
        else:
            return answer
        return None

    async def _excuse(self, update: Update, press: Press | None) -> None:
        """Ask for patience, once however often it is tried."""
        if update.update_id in self._excused:
            return
        if len(self._excused) >= EXCUSED_MAX:
            self._excused.clear()
        self._excused[update.update_id] = None
        await self._say(update, press, "bot.patience")

    async def _say(self, update: Update, press: Press | None, code: str, **values: object) -> None:
        event = update.callback_query or update.message
        if event is None or not is_from_person(event):
            return
        user = event.from_user
        assert isinstance(user, User), "a person has sent it"
        text = Words(Texts(user.language_code or ""), self.clock.now()).of(code, **values)
        try:
            if press is not None and not press.is_answered:
                await press.alert(text)
            elif update.bot is not None:
                await update.bot.send_message(user.id, text)
        except TelegramAPIError as error:
            log.warning("update %s: the excuse was not sent either: %s", update.update_id, error)
