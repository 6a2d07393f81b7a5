"""What a bot says of itself, and whom it may ask about."""

from typing import Any

import pytest

from besitos.playground import Playground, User
from tests.playground.scene import Api


def commands(*names: str) -> list[dict[str, str]]:
    return [{"command": name, "description": f"Does {name}"} for name in names]


async def test_a_menu_stands_per_scope_and_language(api: Api, playground: Playground, ana: User) -> None:
    here: dict[str, Any] = {"scope": {"type": "chat", "chat_id": ana.id}}
    private: dict[str, Any] = {"scope": {"type": "all_private_chats"}}
    await api.ok("setMyCommands", commands=commands("help"))
    await api.ok("setMyCommands", commands=commands("saldo"), language_code="es", **private)
    await api.ok("setMyCommands", commands=commands("balance"), **private)
    seen = playground.telegram.profile.commands_seen_in

    assert await api.ok("getMyCommands") == commands("help")
    assert await api.ok("getMyCommands", language_code="es") == []
    assert await api.ok("getMyCommands", language_code="es", **private) == commands("saldo")
    assert (seen(ana.id, "es"), seen(ana.id, "fr")) == (commands("saldo"), commands("balance"))

    await api.ok("setMyCommands", commands=commands("admin"), **here)
    assert seen(ana.id, "es") == commands("admin")
    await api.ok("deleteMyCommands", **here)
    await api.ok("setMyCommands", commands=[], **private)
    assert (seen(ana.id, "es"), seen(ana.id, "fr")) == (commands("saldo"), commands("help"))


@pytest.mark.parametrize(
    ("asked", "description"),
    [
        ({"commands": commands("Saldo")}, "BOT_COMMAND_INVALID"),
        ({"commands": commands("x" * 33)}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "x", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": commands(*(f"c{number}" for number in range(101)))}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": "nonsense"}, "can't parse commands JSON object"),
        ({"commands": {}}, ""),
        ({"commands": {"command": "x"}}, "expected an Array of BotCommand"),
        ({"commands": ["x"]}, "can't parse BotCommand: expected an Object"),
        ({"scope": {"type": "everybody"}}, "can't parse BotCommandScope: Unsupported type specified"),
        ({"scope": {"type": "chat"}}, "can't parse BotCommandScope: Empty chat_id specified"),
        ({"language_code": "spanish"}, "invalid language code specified"),
    ],
)
async def test_menus_that_are_not_set(api: Api, asked: dict[str, Any], description: str) -> None:
    if not description:
        assert await api.ok("setMyCommands", **asked) is True
        return
    assert await api.refused("setMyCommands", **asked) == f"400 Bad Request: {description}"


@pytest.mark.parametrize(
    ("name", "field", "longest"),
    [("Name", "name", 64), ("Description", "description", 512), ("ShortDescription", "short_description", 120)],
)
async def test_texts_stand_per_language(api: Api, name: str, field: str, longest: int) -> None:
    await api.ok(f"setMy{name}", **{field: "for all"})
    await api.ok(f"setMy{name}", **{field: "para ti", "language_code": "es"})

    assert await api.ok(f"getMy{name}", language_code="es") == {field: "para ti"}
    assert await api.ok(f"getMy{name}", language_code="fr") == {field: "for all"}
    await api.ok(f"setMy{name}", **{field: "x" * longest})
    assert "is too long" in await api.refused(f"setMy{name}", **{field: "x" * (longest + 1)})


async def test_the_menu_button_stands_per_chat(api: Api, ana: User) -> None:
    app = {"type": "web_app", "text": "Besitos", "web_app": {"url": "https://example.org"}}
    await api.ok("setChatMenuButton", menu_button=app)
    await api.ok("setChatMenuButton", chat_id=ana.id, menu_button={"type": "commands"})

    assert await api.ok("getChatMenuButton") == app
    assert await api.ok("getChatMenuButton", chat_id=ana.id) == {"type": "commands"}
    for broken in ({"type": "door"}, {"type": "web_app", "text": "x"}):
        assert "can't parse menu button" in await api.refused("setChatMenuButton", menu_button=broken)


async def test_chats_and_their_members_are_known(api: Api, playground: Playground, ana: User) -> None:
    bea = playground.person("Bea", last_name="Gil", language_code="en", is_premium=True)

    chat = await api.ok("getChat", chat_id=ana.id)
    assert (chat["type"], chat["first_name"], chat["username"]) == ("private", "Ana", "ana")
    assert chat["accepted_gift_types"]["limited_gifts"] is False
    member = await api.ok("getChatMember", chat_id=ana.id, user_id=ana.id)
    assert member == {"user": ana.as_json(), "status": "member"}
    assert (await api.ok("getChatMember", chat_id=bea.id, user_id=bea.id))["status"] == "left"
    await playground.block(ana)
    of_bot = await api.ok("getChatMember", chat_id=ana.id, user_id=playground.telegram.bot.id)
    assert (of_bot["status"], of_bot["until_date"]) == ("kicked", 0)
    assert await api.refused("getChat", chat_id=5) == "400 Bad Request: chat not found"
    assert await api.refused("getChatMember", chat_id=ana.id, user_id=5) == "400 Bad Request: user not found"
    assert await api.refused("getChatMember", chat_id=ana.id) == "400 Bad Request: invalid user_id specified"
