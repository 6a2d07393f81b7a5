"""Keys: the name of one attempt, the same however often Telegram delivers it."""

import secrets
from collections.abc import Iterable
from hashlib import sha256

from aiogram.types import CallbackQuery, Message

SCOPE = "tg"


def key_of(message: Message) -> str:
    """The key of a command. Messages are numbered per chat."""
    return f"{SCOPE}:{message.chat.id}:{message.message_id}"


def key_of_press(query: CallbackQuery, action: str, nonce: str) -> str:
    """The key of a button: two taps on the same drawing of it are one attempt."""
    message = query.message
    place = f"{query.from_user.id}:0" if message is None else f"{message.chat.id}:{message.message_id}"
    return f"{SCOPE}:{place}:{action}:{nonce}"


def new_nonce() -> str:
    """What tells one drawing of a button from the next."""
    return secrets.token_hex(4)


def mark_of(key: str) -> str:
    """A name of one length for any key of the game: a button holds 64 bytes in all."""
    return sha256(key.encode()).hexdigest()[:8]


def key_with(mark: str, keys: Iterable[str]) -> str:
    """Which of these keys a button names by its mark; nothing where that one is gone."""
    return next((key for key in keys if mark_of(key) == mark), "")
