"""What may stand under a message: inline keyboards with their limits, and the keyboards beside the text field."""

from typing import Any, NoReturn

import msgspec

from besitos.playground.objects import Button, Chat, InlineKeyboard
from besitos.playground.refusals import refuse

LONGEST_DATA_BYTES = 64
MOST_BUTTONS = 100
STYLES = ("danger", "success", "primary")
BESIDE = ("keyboard", "remove_keyboard", "force_reply")


def inline_keyboard(markup: dict[str, Any] | None, chat: Chat) -> InlineKeyboard | None:
    """The inline keyboard in a `reply_markup`, or None where it holds none or an empty one."""
    rows = (markup or {}).get("inline_keyboard")
    if not rows:
        return None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        refuse('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')

    keyboard = InlineKeyboard(
        inline_keyboard=tuple(tuple(button_of(said, chat) for said in row) for row in rows if row)
    )
    if len(keyboard.buttons()) > MOST_BUTTONS:
        refuse("reply markup is too long")
    return keyboard if keyboard.inline_keyboard else None


def keyboard_beside(markup: dict[str, Any] | None) -> dict[str, Any] | None:
    """What the markup does to the text field: a keyboard of ready answers, its removal, a forced reply."""
    return markup if markup and any(markup.get(name) for name in BESIDE) else None


def button_of(said: object, chat: Chat) -> Button:
    """One button, which must do exactly one thing."""
    try:
        button = msgspec.convert(said, Button)
    except msgspec.ValidationError as error:
        unparsable(str(error))
    if not button.text.strip():
        unparsable("Text must be non-empty")
    actions = [name for name in Button.ACTIONS if getattr(button, name) not in (None, *empty(name))]
    if not actions:
        unparsable("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        # Telegram takes the first and drops the rest without a word; a bot that does this has a bug.
        unparsable(f"Exactly one of the optional fields must be used, not {' and '.join(actions)}")
    if button.style is not None and button.style not in STYLES:
        unparsable("invalid button style specified")
    check_action(button, actions[0], chat)
    return button


def empty(action: str) -> tuple[str, ...]:
    """The values with which an action says nothing: an empty inline query is one, an empty link is none."""
    return () if action.startswith("switch_inline_query") else ("",)


def check_action(button: Button, action: str, chat: Chat) -> None:
    """The limits of what a button does."""
    if action == "callback_data" and len((button.callback_data or "").encode()) > LONGEST_DATA_BYTES:
        refuse("BUTTON_DATA_INVALID")
    if action == "url" and not (button.url or "").startswith(("http://", "https://", "tg://")):
        refuse(f"inline keyboard button URL '{button.url}' is invalid: Wrong HTTP URL")
    if action == "web_app" and chat.type != "private":
        refuse("BUTTON_TYPE_INVALID")


def unparsable(why: str) -> NoReturn:
    """400 with the words that Telegram uses for every malformed button."""
    refuse(f"can't parse inline keyboard button: {why}")
