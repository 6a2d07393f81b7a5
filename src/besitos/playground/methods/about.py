"""Who the bot is, what it says of itself, and whom it may ask about."""

import re
from typing import Any

from besitos.playground.chats import LEFT
from besitos.playground.parameters import Parameters
from besitos.playground.profile import DEFAULT, Scope
from besitos.playground.refusals import refuse
from besitos.playground.telegram import Method, Telegram

MOST_COMMANDS = 100
LONGEST_COMMAND_DESCRIPTION = 256
LONGEST = {"name": 64, "description": 512, "short_description": 120}
PLAIN_SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
CHAT_SCOPES = ("chat", "chat_administrators", "chat_member")
GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


async def get_me(telegram: Telegram, _: Parameters) -> dict[str, Any]:
    """The bot itself."""
    can = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
    return telegram.bot.as_json() | can | {"can_connect_to_business": False, "has_main_web_app": False}


async def leave_be(_: Telegram, __: Parameters) -> bool:
    """LogOut and close: granted, and of no consequence here."""
    return True


async def set_my_commands(telegram: Telegram, asked: Parameters) -> bool:
    """The menu for one scope and one language; an empty list takes it away."""
    key = (scope_of(asked), language_of(asked))
    commands = commands_of(asked)
    if commands:
        telegram.profile.commands[key] = commands
    else:
        telegram.profile.commands.pop(key, None)
    return True


async def get_my_commands(telegram: Telegram, asked: Parameters) -> list[dict[str, str]]:
    """The menu of exactly this scope and language, not what a person would see."""
    return telegram.profile.commands.get((scope_of(asked), language_of(asked)), [])


async def delete_my_commands(telegram: Telegram, asked: Parameters) -> bool:
    """No menu for this scope and language; the wider ones show through."""
    telegram.profile.commands.pop((scope_of(asked), language_of(asked)), None)
    return True


def setting(name: str) -> tuple[Method, Method]:
    """The two methods that set and tell one text of the bot."""

    async def set_text(telegram: Telegram, asked: Parameters) -> bool:
        text = asked.text(name)
        if len(text) > LONGEST[name]:
            refuse(f"{name.replace('_', ' ')} is too long")
        telegram.profile.texts[name, language_of(asked)] = text
        return True

    async def get_text(telegram: Telegram, asked: Parameters) -> dict[str, str]:
        return {name: telegram.profile.text(name, language_of(asked))}

    return set_text, get_text


async def set_chat_menu_button(telegram: Telegram, asked: Parameters) -> bool:
    """The button beside the text, in one private chat or everywhere."""
    button = asked.mapping("menu_button", "menu button") or {"type": "default"}
    if button.get("type") not in ("default", "commands", "web_app"):
        refuse("can't parse menu button: MenuButton has unsupported type")
    if button["type"] == "web_app" and not (button.get("text") and isinstance(button.get("web_app"), dict)):
        refuse("can't parse menu button: Can't find field \"web_app\"")
    telegram.profile.menu_buttons[menu_chat(telegram, asked)] = button
    return True


async def get_chat_menu_button(telegram: Telegram, asked: Parameters) -> dict[str, Any]:
    """The button as it stands."""
    return telegram.profile.menu_button(menu_chat(telegram, asked))


async def get_chat(telegram: Telegram, asked: Parameters) -> dict[str, Any]:
    """All about a chat, with the fields that every such answer has."""
    chat = telegram.directory.conversation(asked.text("chat_id")).chat
    always = {"accent_color_id": chat.id % 7, "max_reaction_count": 11}
    return chat.as_json() | always | {"accepted_gift_types": dict.fromkeys(GIFTS, False)}


async def get_chat_member(telegram: Telegram, asked: Parameters) -> dict[str, Any]:
    """The standing of one person in one chat."""
    conversation = telegram.directory.conversation(asked.text("chat_id"))
    user_id = asked.integer("user_id")
    user = telegram.bot if user_id == telegram.bot.id else telegram.directory.user(user_id)
    member: dict[str, Any] = {"user": user.as_json(), "status": conversation.standing.get(user_id, LEFT)}
    return member | {"until_date": 0} if member["status"] == "kicked" else member


def scope_of(asked: Parameters) -> Scope:
    """For whom a menu is."""
    said = asked.mapping("scope", "BotCommandScope")
    if said is None:
        return DEFAULT
    kind = said.get("type")
    if kind in PLAIN_SCOPES:
        return (kind,)
    if kind not in CHAT_SCOPES:
        refuse("can't parse BotCommandScope: Unsupported type specified")
    if not said.get("chat_id"):
        refuse("can't parse BotCommandScope: Empty chat_id specified")
    member = (str(said.get("user_id")),) if kind == "chat_member" else ()
    return (kind, str(said["chat_id"]), *member)


def language_of(asked: Parameters) -> str:
    """Two letters, or "" for everybody without a menu of their own."""
    language = asked.text("language_code")
    if not re.fullmatch(r"(?:[a-z]{2})?", language):
        refuse("invalid language code specified")
    return language


def commands_of(asked: Parameters) -> list[dict[str, str]]:
    """The commands of a menu, each a name and what it does."""
    said = asked.structure("commands", "commands") or []
    if not isinstance(said, list):
        refuse("expected an Array of BotCommand")
    if len(said) > MOST_COMMANDS:
        refuse("BOT_COMMANDS_TOO_MUCH")
    return [command_of(command) for command in said]


def command_of(said: object) -> dict[str, str]:
    """One command."""
    if not isinstance(said, dict):
        refuse("can't parse BotCommand: expected an Object")
    name, description = str(said.get("command", "")).removeprefix("/"), str(said.get("description", ""))
    if not re.fullmatch(r"[a-z0-9_]{1,32}", name):
        refuse("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= LONGEST_COMMAND_DESCRIPTION:
        refuse("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}


def menu_chat(telegram: Telegram, asked: Parameters) -> int | None:
    """The chat whose button it is, None for everybody's."""
    if "chat_id" not in asked:
        return None
    return telegram.directory.conversation(asked.text("chat_id")).chat.id


set_my_name, get_my_name = setting("name")
set_my_description, get_my_description = setting("description")
set_my_short_description, get_my_short_description = setting("short_description")

METHODS: dict[str, Method] = {
    "getme": get_me,
    "logout": leave_be,
    "close": leave_be,
    "setmycommands": set_my_commands,
    "getmycommands": get_my_commands,
    "deletemycommands": delete_my_commands,
    "setmyname": set_my_name,
    "getmyname": get_my_name,
    "setmydescription": set_my_description,
    "getmydescription": get_my_description,
    "setmyshortdescription": set_my_short_description,
    "getmyshortdescription": get_my_short_description,
    "setchatmenubutton": set_chat_menu_button,
    "getchatmenubutton": get_chat_menu_button,
    "getchat": get_chat,
    "getchatmember": get_chat_member,
}
