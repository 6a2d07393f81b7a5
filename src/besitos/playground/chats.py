"""People, chats and what stands in them, with everything that happened there in order."""

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec

from besitos.playground.objects import Chat, InaccessibleMessage, Message, User
from besitos.playground.refusals import Refused, blocked, forbidden, refuse

MEMBER = "member"
KICKED = "kicked"
LEFT = "left"


class Kind(StrEnum):
    """What can happen in a chat that somebody looking at it would see."""

    SENT = "sent"
    EDITED = "edited"
    DELETED = "deleted"
    TOAST = "toast"
    ACTION = "action"
    PRESSED = "pressed"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"


@dataclass(frozen=True)
class Toast:
    """What a person sees at once after a press: a line that fades, an alert, or just the end of waiting."""

    query_id: str
    text: str = ""
    show_alert: bool = False
    url: str | None = None


@dataclass(frozen=True)
class Press:
    """A button that was pressed, on the message as it stood then."""

    query_id: str
    user: User
    message: Message
    data: str
    at: float
    update_id: int | None = None


@dataclass(frozen=True)
class Happening:
    """One thing that happened in a chat; only the fields of its kind are filled. `keyboard` stands beside the text."""

    kind: Kind
    by: int
    message: Message | None = None
    toast: Toast | None = None
    press: Press | None = None
    action: str = ""
    keyboard: dict[str, Any] | None = None
    is_silent: bool = False


class Conversation:
    """One chat as both sides see it: its members with their standing, its messages, its log.

    Message ids count per chat, so that a bot which forgets the chat in a key is found out.
    """

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.standing: dict[int, str] = {}
        self.messages: dict[int, Message] = {}
        self.log: list[Happening] = []
        self.last_message_id = 0
        self._something = asyncio.Event()

    def refusal_to(self, bot_id: int) -> Refused | None:
        """Why the bot may not write here, or None when it may."""
        standing = self.standing.get(bot_id, LEFT)
        if standing not in (KICKED, LEFT):
            return None
        if self.chat.type == "private":
            return blocked() if standing == KICKED else forbidden("bot can't initiate conversation with a user")
        name = "channel chat" if self.chat.type == "channel" else f"{self.chat.type} chat"
        return forbidden(
            f"bot was kicked from the {name}" if standing == KICKED else f"bot is not a member of the {name}"
        )

    def next_message_id(self) -> int:
        """A number that no message here ever had."""
        self.last_message_id += 1
        return self.last_message_id

    def happen(self, happening: Happening) -> None:
        """Add to the log and wake everybody who watches."""
        self.log.append(happening)
        self._something.set()
        self._something = asyncio.Event()

    async def more(self, position: int) -> None:
        """Wait until the log is longer than `position`."""
        while len(self.log) <= position:
            await self._something.wait()

    def put(self, message: Message, happening: Happening) -> None:
        """Let a new or changed message stand."""
        self.messages[message.message_id] = message
        self.happen(happening)

    def remove(self, message_id: int, by: int) -> None:
        """Take a message away for both sides."""
        self.happen(Happening(Kind.DELETED, by, message=self.messages.pop(message_id)))

    def as_it_stands(self, message: Message) -> Message | InaccessibleMessage:
        """The message as it is now, whatever version of it somebody is still looking at."""
        current = self.messages.get(message.message_id)
        return current or InaccessibleMessage(chat=self.chat, message_id=message.message_id, date=0)

    def position_of(self, message: Message | Press) -> int:
        """Where in the log this very message (or press) came; the position after it is where its answers begin."""
        for position in range(len(self.log) - 1, -1, -1):
            happening = self.log[position]
            if happening.message is message or happening.press is message:
                return position
        msg = "that is no message of this chat"
        raise LookupError(msg)


class Directory:
    """Who and what there is: people by id, chats by id."""

    def __init__(self) -> None:
        self.users: dict[int, User] = {}
        self.conversations: dict[int, Conversation] = {}

    def add_person(self, user: User) -> Conversation:
        """A person and the private chat they would have with the bot, or again the same with new names."""
        self.users[user.id] = user
        chat = Chat(
            id=user.id, type="private", username=user.username, first_name=user.first_name, last_name=user.last_name
        )
        conversation = self.conversations.setdefault(user.id, Conversation(chat))
        conversation.chat = chat
        return conversation

    def add_chat(self, chat: Chat) -> Conversation:
        """A group or a channel."""
        return self.conversations.setdefault(chat.id, Conversation(chat))

    def conversation(self, chat_id: str) -> Conversation:
        """The chat that a call names by number or @username; refuses as Telegram does."""
        if not chat_id:
            refuse("chat_id is empty")
        conversation = self._named(chat_id[1:]) if chat_id.startswith("@") else self._numbered(chat_id)
        if conversation is None:
            refuse("chat not found")
        return conversation

    def _named(self, username: str) -> Conversation | None:
        """Only groups and channels are found by name."""
        public = (one for one in self.conversations.values() if one.chat.type != "private")
        return next((one for one in public if one.chat.username == username), None)

    def _numbered(self, chat_id: str) -> Conversation | None:
        return self.conversations.get(int(chat_id)) if chat_id.removeprefix("-").isdecimal() else None

    def user(self, user_id: int) -> User:
        """The person with this id; refuses as Telegram does."""
        if user_id <= 0:
            refuse("invalid user_id specified")
        if user_id not in self.users:
            refuse("user not found")
        return self.users[user_id]


def quoted(message: Message) -> Message:
    """A message as it appears inside an answer to it: without what it answers itself."""
    return msgspec.structs.replace(message, reply_to_message=None)
