"""Sending, editing and deleting messages, and answering presses."""

from datetime import timedelta

import msgspec

from besitos.playground.chats import Conversation, Happening, Kind, Toast, quoted
from besitos.playground.keyboard import inline_keyboard, keyboard_beside
from besitos.playground.markup import LONGEST_TEXT, Formatted, formatted
from besitos.playground.objects import InlineKeyboard, Message
from besitos.playground.parameters import Parameters
from besitos.playground.refusals import not_modified, refuse
from besitos.playground.tags import units
from besitos.playground.telegram import Telegram

LONGEST_TOAST = 200
DELETABLE_FOR = timedelta(hours=48)
ACTIONS = {
    *("typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document"),
    *("choose_sticker", "find_location", "record_video_note", "upload_video_note"),
}


async def send_message(telegram: Telegram, asked: Parameters) -> Message:
    """A new message of the bot."""
    content = text_of(asked, too_long="message is too long")
    conversation = telegram.open_to_writing(asked.text("chat_id"))
    markup = asked.mapping("reply_markup", "reply keyboard markup")
    message = Message(
        message_id=conversation.last_message_id + 1,
        sender=telegram.bot,
        chat=conversation.chat,
        date=telegram.stamp(),
        has_protected_content=asked.flag("protect_content"),
        reply_to_message=answered_message(conversation, asked),
        text=content.text,
        entities=content.entities,
        link_preview_options=asked.mapping("link_preview_options", "link preview options"),
        reply_markup=inline_keyboard(markup, conversation.chat),
    )
    conversation.next_message_id()
    happening = Happening(
        Kind.SENT,
        telegram.bot.id,
        message=message,
        keyboard=keyboard_beside(markup),
        is_silent=asked.flag("disable_notification"),
    )
    conversation.put(message, happening)
    return message


async def edit_message_text(telegram: Telegram, asked: Parameters) -> Message:
    """Another text, and another keyboard or none: what is not said again is gone."""
    content = text_of(asked, too_long="MESSAGE_TOO_LONG")
    conversation, message = own_message(telegram, asked)
    changed = msgspec.structs.replace(
        message,
        text=content.text,
        entities=content.entities,
        link_preview_options=asked.mapping("link_preview_options", "link preview options"),
        reply_markup=keyboard_of(asked, conversation),
    )
    return edited(telegram, conversation, message, changed)


async def edit_message_reply_markup(telegram: Telegram, asked: Parameters) -> Message:
    """Another keyboard under the same text, or none."""
    conversation, message = own_message(telegram, asked)
    changed = msgspec.structs.replace(message, reply_markup=keyboard_of(asked, conversation))
    return edited(telegram, conversation, message, changed)


async def delete_message(telegram: Telegram, asked: Parameters) -> bool:
    """Take a message away, the bot's or, in a private chat, the person's; up to 48 hours old."""
    conversation = telegram.directory.conversation(asked.text("chat_id"))
    message = conversation.messages.get(message_id_of(asked))
    if message is None:
        refuse("message to delete not found")
    is_own = message.sender is not None and message.sender.id == telegram.bot.id
    if not is_own and conversation.chat.type != "private":
        refuse("message can't be deleted")
    if telegram.stamp() - message.date > DELETABLE_FOR.total_seconds():
        refuse("message can't be deleted for everyone")
    conversation.remove(message.message_id, telegram.bot.id)
    return True


async def delete_messages(telegram: Telegram, asked: Parameters) -> bool:
    """Take several away; those that cannot be deleted are passed over."""
    conversation = telegram.directory.conversation(asked.text("chat_id"))
    numbers = asked.structure("message_ids", "message_ids")
    if not isinstance(numbers, list) or not numbers:
        refuse("message identifiers are not specified")
    if len(numbers) > 100:
        refuse("too many message identifiers specified")
    for number in map(number_from, numbers):
        message = conversation.messages.get(number)
        if message is not None and telegram.stamp() - message.date <= DELETABLE_FOR.total_seconds():
            conversation.remove(number, telegram.bot.id)
    return True


async def answer_callback_query(telegram: Telegram, asked: Parameters) -> bool:
    """The toast or alert after a press, or only the end of its waiting. Once per press."""
    press = telegram.open_press(asked.text("callback_query_id"))
    text = asked.text("text")
    if units(text) > LONGEST_TOAST:
        refuse("MESSAGE_TOO_LONG")
    del telegram.presses[press.query_id]
    toast = Toast(press.query_id, text, show_alert=asked.flag("show_alert"), url=asked.text("url") or None)
    conversation = telegram.directory.conversations[press.message.chat.id]
    conversation.happen(Happening(Kind.TOAST, telegram.bot.id, toast=toast))
    return True


async def send_chat_action(telegram: Telegram, asked: Parameters) -> bool:
    """The line that says the bot is typing."""
    conversation = telegram.open_to_writing(asked.text("chat_id"))
    action = asked.text("action")
    if action not in ACTIONS:
        refuse("wrong parameter action in request")
    conversation.happen(Happening(Kind.ACTION, telegram.bot.id, action=action))
    return True


def text_of(asked: Parameters, *, too_long: str) -> Formatted:
    """The text that a call brings, parsed and measured after parsing."""
    text = asked.text("text")
    if not text:
        refuse("message text is empty")
    content = formatted(text, asked.text("parse_mode"), asked.structure("entities", "entities"))
    if units(content.text) > LONGEST_TEXT:
        refuse(too_long)
    return content


def answered_message(conversation: Conversation, asked: Parameters) -> Message | None:
    """The message that a new one answers, by `reply_parameters` or their older spelling."""
    said = asked.mapping("reply_parameters", "reply parameters") or {}
    number = number_from(said.get("message_id", asked.integer("reply_to_message_id")))
    if not number:
        return None
    message = conversation.messages.get(number)
    if message is None and not (said.get("allow_sending_without_reply") or asked.flag("allow_sending_without_reply")):
        refuse("message to be replied not found")
    return quoted(message) if message else None


def number_from(said: object) -> int:
    """The number of a message inside a structure."""
    if not isinstance(said, int):
        refuse("message identifier must be a Number")
    return said


def message_id_of(asked: Parameters) -> int:
    """The number of the message that a call is about."""
    number = asked.integer("message_id")
    if not number and not asked.text("inline_message_id"):
        refuse("message identifier is not specified")
    return number


def own_message(telegram: Telegram, asked: Parameters) -> tuple[Conversation, Message]:
    """The chat and the bot's message in it that shall change."""
    number = message_id_of(asked)
    conversation = telegram.open_to_writing(asked.text("chat_id"))
    message = conversation.messages.get(number)
    if message is None:
        refuse("message to edit not found")
    if message.sender is None or message.sender.id != telegram.bot.id:
        refuse("message can't be edited")
    return conversation, message


def keyboard_of(asked: Parameters, conversation: Conversation) -> InlineKeyboard | None:
    """The inline keyboard that an edit brings."""
    return inline_keyboard(asked.mapping("reply_markup", "reply keyboard markup"), conversation.chat)


def edited(telegram: Telegram, conversation: Conversation, before: Message, changed: Message) -> Message:
    """Let the changed message stand, if it is another at all."""
    if changed == before:
        raise not_modified()
    message = msgspec.structs.replace(changed, edit_date=telegram.stamp())
    conversation.put(message, Happening(Kind.EDITED, telegram.bot.id, message=message))
    return message


METHODS = {
    "sendmessage": send_message,
    "editmessagetext": edit_message_text,
    "editmessagereplymarkup": edit_message_reply_markup,
    "deletemessage": delete_message,
    "deletemessages": delete_messages,
    "answercallbackquery": answer_callback_query,
    "sendchataction": send_chat_action,
}
