"""A Telegram of our own: be people, talk to the bot over real HTTP, see what it does, and make it hard for it."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from functools import partial
from types import TracebackType
from typing import Self

import msgspec

from besitos.core.clock import Clock, SystemClock
from besitos.playground.calls import perform
from besitos.playground.chats import KICKED, MEMBER, Conversation, Happening, Kind, Press, Toast
from besitos.playground.markup import LONGEST_TEXT, Formatted, formatted
from besitos.playground.methods import METHODS
from besitos.playground.objects import Button, CallbackQuery, Message, Update, User
from besitos.playground.server import BotApiServer
from besitos.playground.tags import units
from besitos.playground.telegram import Telegram

TOKEN = "700700:playground"  # noqa: S105 - opens the playground and nothing else
USERNAME = "besitos_playground_bot"
FIRST_PERSON_ID = 1001
PATIENCE_SECONDS = 5.0


class Playground:
    """One bot, its people and their private chats.

    Methods are what people do and see; `faults` and `journal` are for whoever tests, and `telegram` is the state below.
    """

    def __init__(self, *, token: str = TOKEN, clock: Clock | None = None, first_pause: float = 1.0) -> None:
        self.token = token
        bot = User(id=int(token.partition(":")[0]), is_bot=True, first_name="Besitos", username=USERNAME)
        self.telegram = Telegram(bot, clock or SystemClock(), METHODS, first_pause)
        self.journal = self.telegram.journal
        self.faults = self.telegram.faults
        self.base_url = ""
        self._server = BotApiServer(token, partial(perform, self.telegram))

    @property
    def updates(self) -> list[Update]:
        """Everything that the bot was or will be told, in order."""
        return list(self.telegram.queue.history)

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen, on a free port unless one is given; the answer is the base URL for the bot's settings."""
        bound = await self._server.start(host, port)
        self.base_url = f"http://{f'[{host}]' if ':' in host else host}:{bound}"
        return self.base_url

    async def stop(self) -> None:
        """End polls and deliveries, then the server. A playground starts once."""
        self.telegram.queue.close()
        if self.telegram.webhook is not None:
            await self.telegram.webhook.stop()
            self.telegram.webhook = None
        await self._server.stop()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.stop()

    def person(self, first_name: str, *, language_code: str | None = "es", **more: str | int | bool) -> User:
        """Somebody new, who has not met the bot yet; `more` are Telegram's fields (`id`, `last_name`, `username` …)."""
        users = self.telegram.directory.users
        fields = {"id": max(users, default=FIRST_PERSON_ID - 1) + 1} | more
        user = msgspec.convert(
            {"is_bot": False, "first_name": first_name, "language_code": language_code, **fields}, User
        )
        self.telegram.directory.add_person(user)
        return user

    async def say(self, user: User, text: str) -> Message:
        """Write to the bot. Whoever writes has met it; ValueError where a person's client would not send."""
        conversation = self._chat(user)
        if conversation.standing.get(self.telegram.bot.id) == KICKED:
            msg = f"{user.first_name} has blocked the bot; unblock it first"
            raise ValueError(msg)
        conversation.standing |= {user.id: MEMBER, self.telegram.bot.id: MEMBER}
        content = typed(text)
        message = Message(
            message_id=conversation.next_message_id(),
            sender=user,
            chat=conversation.chat,
            date=self.telegram.stamp(),
            text=content.text,
            entities=content.entities,
        )
        conversation.put(message, Happening(Kind.SENT, user.id, message=message))
        self.telegram.tell("message", message.as_json(), conversation.chat.id)
        return message

    async def edit(self, user: User, message: Message, text: str) -> Message:
        """Change one's own message."""
        conversation = self._chat(user)
        if message.message_id not in conversation.messages or message.sender != user:
            msg = f"message {message.message_id} is not one that {user.first_name} could edit"
            raise ValueError(msg)
        content = typed(text)
        edited = msgspec.structs.replace(
            message, text=content.text, entities=content.entities, edit_date=self.telegram.stamp()
        )
        conversation.put(edited, Happening(Kind.EDITED, user.id, message=edited))
        self.telegram.tell("edited_message", edited.as_json(), conversation.chat.id)
        return edited

    async def press(self, user: User, message: Message, button: str | Button) -> Press:
        """Press a button under the message as this person sees it, maybe an older version; by its text or its data.

        A `Button` of one's own making is sent as it is: modified clients can do that. The bot hears of the message as
        it stands now.
        """
        pressed = message.button(button) if isinstance(button, str) else button
        if pressed.callback_data is None:
            msg = f"the button {pressed.text!r} asks nothing of the bot"
            raise ValueError(msg)
        conversation = self.telegram.directory.conversations[message.chat.id]
        self.telegram.presses_made += 1
        query = CallbackQuery(
            id=str(self.telegram.bot.id * 10**10 + self.telegram.presses_made),
            sender=user,
            message=conversation.as_it_stands(message),
            chat_instance=str(-conversation.chat.id),
            data=pressed.callback_data,
        )
        update = self.telegram.tell("callback_query", query.as_json(), conversation.chat.id)
        press = Press(
            query.id,
            user,
            message,
            query.data,
            self.telegram.now().timestamp(),
            update.update_id if update else None,
        )
        self.telegram.presses[query.id] = press
        conversation.happen(Happening(Kind.PRESSED, user.id, press=press))
        return press

    async def block(self, user: User) -> None:
        """Stop the bot: it may not write any more, and hears of that once."""
        self._stand(user, KICKED, Kind.BLOCKED)

    async def unblock(self, user: User) -> None:
        """Let the bot write again."""
        self._stand(user, MEMBER, Kind.UNBLOCKED)

    def messages(self, user: User) -> list[Message]:
        """The private chat as it stands, both sides."""
        return list(self._chat(user).messages.values())

    async def answer(
        self, user: User, *, after: Message | Press | None = None, within: float = PATIENCE_SECONDS
    ) -> Message:
        """The bot's next message or edit in the private chat: after this one, or after what the person did last.

        The message may be there already. TimeoutError when the bot stays silent.
        """
        async with asyncio.timeout(within):
            async for happening in self.follow(user, after=after):
                is_bots = happening.by == self.telegram.bot.id
                if is_bots and happening.kind in (Kind.SENT, Kind.EDITED) and happening.message:
                    return happening.message
        raise AssertionError  # follow() never ends

    async def toast(self, press: Press, *, within: float = PATIENCE_SECONDS) -> Toast:
        """What the bot answers to a press. TimeoutError if it leaves the person waiting."""
        conversation = self.telegram.directory.conversations[press.message.chat.id]
        async with asyncio.timeout(within):
            async for happening in everything(conversation, conversation.position_of(press) + 1):
                if happening.toast is not None and happening.toast.query_id == press.query_id:
                    return happening.toast
        raise AssertionError  # everything() never ends

    async def follow(self, user: User, *, after: Message | Press | None = None) -> AsyncIterator[Happening]:
        """Everything that happens in the private chat, without end: after this, or after the person's last act."""
        conversation = self._chat(user)
        begin = conversation.position_of(after) + 1 if after is not None else after_last_act(conversation, user)
        async for happening in everything(conversation, begin):
            yield happening

    def redeliver(self, updates: Iterable[Update] | None = None) -> None:
        """Deliver these updates once more in the given order, or all there ever were: shuffle them as you like."""
        self.telegram.queue.put_again(list(self.telegram.queue.history) if updates is None else updates)

    def _chat(self, user: User) -> Conversation:
        return self.telegram.directory.conversations[user.id]

    def _stand(self, user: User, standing: str, kind: Kind) -> None:
        conversation = self._chat(user)
        bot = self.telegram.bot
        before = conversation.standing.get(bot.id, MEMBER)
        if before == standing:
            return
        conversation.standing |= {user.id: MEMBER, bot.id: standing}
        conversation.happen(Happening(kind, user.id))
        change = {
            "chat": conversation.chat.as_json(),
            "from": user.as_json(),
            "date": self.telegram.stamp(),
            "old_chat_member": member_json(bot, before),
            "new_chat_member": member_json(bot, standing),
        }
        self.telegram.tell("my_chat_member", change, conversation.chat.id)


def typed(text: str) -> Formatted:
    """What a person wrote, with its commands and links found. ValueError if a client would not send it."""
    if not text.strip() or units(text) > LONGEST_TEXT:
        msg = f"a message has between 1 and {LONGEST_TEXT} UTF-16 code units"
        raise ValueError(msg)
    return formatted(text, "", None)


def member_json(user: User, standing: str) -> dict[str, object]:
    """A ChatMember."""
    member: dict[str, object] = {"user": user.as_json(), "status": standing}
    return member | {"until_date": 0} if standing == KICKED else member


def after_last_act(conversation: Conversation, user: User) -> int:
    """The position after the last thing that this person did, 0 if they did nothing."""
    acts = (position for position, happening in enumerate(conversation.log) if happening.by == user.id)
    return max(acts, default=-1) + 1


async def everything(conversation: Conversation, position: int) -> AsyncIterator[Happening]:
    """The log from a position on, waiting for more for ever."""
    while True:
        await conversation.more(position)
        yield conversation.log[position]
        position += 1
