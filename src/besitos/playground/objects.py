"""The Bot API's objects, as far as the playground speaks them; field names are Telegram's.

Everything is frozen: an edit makes a new `Message`, so whoever holds the old one keeps what was on the screen then.
Fields at their default are left out of the JSON, as Telegram does.
"""

from typing import Any, ClassVar

import msgspec


class Wire(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that travels as JSON."""

    def as_json(self) -> dict[str, Any]:
        """Plain dictionaries and lists, the way a bot sees them."""
        seen: dict[str, Any] = plain(self)
        return seen


def plain(value: object) -> Any:  # noqa: ANN401 - whatever JSON can say
    """A value after its journey as JSON: nothing but dictionaries, lists and the like, and shared with nobody."""
    return msgspec.json.decode(msgspec.json.encode(value))


class User(Wire, frozen=True, kw_only=True):
    """A person, or the bot."""

    id: int
    is_bot: bool
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_premium: bool = False


class Chat(Wire, frozen=True, kw_only=True):
    """Where messages stand. A private chat has the person's id, a group or a channel a negative one."""

    id: int
    type: str
    title: str | None = None
    username: str | None = None
    first_name: str | None = None
    last_name: str | None = None


class Entity(Wire, frozen=True, kw_only=True):
    """A stretch of text that means something. Offset and length count UTF-16 code units."""

    type: str
    offset: int
    length: int
    url: str | None = None
    user: User | None = None
    language: str | None = None
    custom_emoji_id: str | None = None
    unix_time: int | None = None
    date_time_format: str | None = None


class Button(Wire, frozen=True, kw_only=True):
    """A button under a message."""

    ACTIONS: ClassVar[tuple[str, ...]] = (
        "url",
        "callback_data",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
    )

    text: str
    url: str | None = None
    callback_data: str | None = None
    web_app: dict[str, Any] | None = None
    login_url: dict[str, Any] | None = None
    switch_inline_query: str | None = None
    switch_inline_query_current_chat: str | None = None
    switch_inline_query_chosen_chat: dict[str, Any] | None = None
    copy_text: dict[str, Any] | None = None
    callback_game: dict[str, Any] | None = None
    pay: bool | None = None
    style: str | None = None
    icon_custom_emoji_id: str | None = None


class InlineKeyboard(Wire, frozen=True, kw_only=True):
    """The rows of buttons under a message."""

    inline_keyboard: tuple[tuple[Button, ...], ...]

    def buttons(self) -> list[Button]:
        """All buttons, row after row."""
        return [button for row in self.inline_keyboard for button in row]


class Message(Wire, frozen=True, kw_only=True, rename={"sender": "from"}):
    """A message as it stood at one moment."""

    message_id: int
    sender: User | None = None
    chat: Chat
    date: int
    edit_date: int | None = None
    has_protected_content: bool = False
    reply_to_message: "Message | None" = None
    text: str | None = None
    entities: tuple[Entity, ...] = ()
    link_preview_options: dict[str, Any] | None = None
    reply_markup: InlineKeyboard | None = None

    def buttons(self) -> list[Button]:
        """All buttons under it, row after row."""
        return self.reply_markup.buttons() if self.reply_markup else []

    def button(self, said: str) -> Button:
        """The button with this text, or with this callback data. LookupError names what there is."""
        for button in self.buttons():
            if said in (button.text, button.callback_data):
                return button
        there = ", ".join(button.text for button in self.buttons()) or "none"
        msg = f"no button {said!r} under message {self.message_id}; there: {there}"
        raise LookupError(msg)


class InaccessibleMessage(Wire, frozen=True, kw_only=True):
    """What a press shows of a message that is gone: where it was, and date 0."""

    chat: Chat
    message_id: int
    date: int


class CallbackQuery(Wire, frozen=True, kw_only=True, rename={"sender": "from"}):
    """A press of a button."""

    id: str
    sender: User
    message: Message | InaccessibleMessage
    chat_instance: str
    data: str


class Update(Wire, frozen=True, kw_only=True):
    """Something that happened, numbered: `kind` names the one field beside the number that it has on the wire."""

    update_id: int
    kind: str
    body: dict[str, Any]
    chat_id: int | None = None

    def as_json(self) -> dict[str, Any]:
        """`{"update_id": …, kind: body}`."""
        return {"update_id": self.update_id, self.kind: self.body}
