"""What Telegram knows: the bot, the people and chats, the updates that wait, the presses that want an answer."""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from besitos.core.clock import Clock
from besitos.playground.chats import Conversation, Directory, Press
from besitos.playground.faults import Faults
from besitos.playground.journal import Journal
from besitos.playground.objects import Update, User
from besitos.playground.parameters import Parameters
from besitos.playground.profile import Profile
from besitos.playground.refusals import query_too_old
from besitos.playground.updates import UpdateQueue
from besitos.playground.webhook import Webhook

Method = Callable[["Telegram", Parameters], Awaitable[object]]

PRESS_LIVES = timedelta(seconds=15)  # Telegram names no number; bots report between ten seconds and half a minute


@dataclass
class Telegram:
    """The whole state of one playground, for one bot."""

    bot: User
    clock: Clock
    methods: Mapping[str, Method]
    first_pause: float
    directory: Directory = field(default_factory=Directory)
    queue: UpdateQueue = field(default_factory=UpdateQueue)
    profile: Profile = field(default_factory=Profile)
    journal: Journal = field(default_factory=Journal)
    faults: Faults = field(default_factory=Faults)
    presses: dict[str, Press] = field(default_factory=dict)
    presses_made: int = 0
    webhook: Webhook | None = None
    began: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        """The moment of the injected clock."""
        return self.clock.now()

    def stamp(self) -> int:
        """The moment as messages carry it, in seconds since 1970."""
        return int(self.now().timestamp())

    def tell(self, kind: str, body: dict[str, Any], chat_id: int | None) -> Update | None:
        """Let the bot know of something, if it asked for the kind."""
        return self.queue.put(kind, body, chat_id)

    def open_to_writing(self, chat_id: str) -> Conversation:
        """The chat, if the bot may write in it."""
        conversation = self.directory.conversation(chat_id)
        refusal = conversation.refusal_to(self.bot.id)
        if refusal is not None:
            raise refusal
        return conversation

    def open_press(self, query_id: str) -> Press:
        """A press that still waits for its answer; too old, answered before and unknown are refused alike."""
        press = self.presses.get(query_id)
        if press is None or self.now().timestamp() - press.at > PRESS_LIVES.total_seconds():
            raise query_too_old()
        return press

    def about(self, asked: Parameters) -> tuple[int | None, int | None]:
        """The chat that a call is about, and the update that it most likely answers."""
        press = self.presses.get(asked.text("callback_query_id"))
        if press is not None:
            return press.message.chat.id, press.update_id
        chat_id = asked.integer("chat_id") or None
        return chat_id, self.queue.latest_of_chat.get(chat_id) if chat_id is not None else None
