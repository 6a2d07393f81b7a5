"""Groups, channels, bots, and those who hide behind them: nobody earns, nothing breaks."""

from typing import Any

import pytest

from besitos.playground import Message, User
from besitos.playground.objects import Chat
from tests.bot.stage import Stage

GROUP: dict[str, Any] = {"id": -100200, "type": "supergroup", "title": "Plaza"}
CHANNEL = {"id": -100300, "type": "channel", "title": "Canal"}
ANA = {"id": 1001, "is_bot": False, "first_name": "Ana", "language_code": "es"}
ROBOT = {"id": 55, "is_bot": True, "first_name": "Robot"}
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
FORWARDER = {"id": 777000, "is_bot": False, "first_name": "Telegram"}


def message(number: int, text: str | None, chat: dict[str, Any], **more: object) -> dict[str, Any]:
    command = {"type": "bot_command", "offset": 0, "length": len((text or "").split(" ")[0])}
    entities = {"entities": [command]} if text and text.startswith("/") else {}
    return {
        "message_id": number,
        "date": 1795545600,
        "chat": chat,
        **({"text": text} if text else {}),
        **entities,
        **more,
    }


@pytest.fixture
def group(scene: Stage) -> Chat:
    """A group in which the bot is."""
    chat = Chat(id=GROUP["id"], type="supergroup", title="Plaza")
    conversation = scene.playground.telegram.directory.add_chat(chat)
    conversation.standing[scene.playground.telegram.bot.id] = "member"
    return chat


NOBODYS: list[dict[str, Any]] = [
    message(1, "/diario", GROUP, **{"from": ANA}),
    message(2, "hola", GROUP, **{"from": ANA}),
    message(3, "/diario@besitos_playground_bot", GROUP, **{"from": ANONYMOUS}, sender_chat=GROUP),
    message(4, "/diario@besitos_playground_bot", GROUP, **{"from": FORWARDER}, sender_chat=CHANNEL),
    message(5, "/diario@besitos_playground_bot", GROUP),
    message(6, "/diario@another_bot", GROUP, **{"from": ANA}),
    message(7, "/diario@besitos_playground_bot", GROUP, **{"from": ROBOT}),
    message(8, None, GROUP, **{"from": ANA}, new_chat_members=[ANA]),
    message(9, "/diario", CHANNEL, sender_chat=CHANNEL),
    message(10, "/diario", {"id": 55, "type": "private", "first_name": "Robot"}, **{"from": ROBOT}),
    message(11, "/diario", {"id": 1001, "type": "private", "first_name": "Ana"}),
]


@pytest.mark.usefixtures("group")
async def test_nothing_is_earned_and_nothing_is_said(scene: Stage) -> None:
    for body in NOBODYS:
        scene.playground.telegram.tell("message", body, body["chat"]["id"])
    await scene.settle()

    assert not scene.calls("sendMessage")
    assert not (await scene.tables()).members


async def test_who_calls_us_by_name_in_a_group_is_asked_to_come_in_private(scene: Stage, group: Chat) -> None:
    body = message(1, "/saldo@Besitos_Playground_Bot", GROUP, **{"from": ANA})

    scene.playground.telegram.directory.conversations[group.id].messages[1] = Message(
        message_id=1, chat=group, date=0, sender=User(id=1001, is_bot=False, first_name="Ana")
    )
    scene.playground.telegram.tell("message", body, group.id)
    await scene.settle()

    [said] = scene.calls("sendMessage")
    assert said["text"] == "Tus besitos son cosa tuya: escríbeme en privado, @besitos_playground_bot."
    assert not (await scene.tables()).members


async def test_a_press_in_a_group_is_answered_and_changes_nothing(scene: Stage, group: Chat) -> None:
    query = {
        "id": "7007000001",
        "from": ANA,
        "chat_instance": "1",
        "data": "gift:0123",
        "message": message(1, "?", GROUP, **{"from": ANA}),
    }
    scene.playground.telegram.tell("callback_query", query, group.id)
    scene.playground.telegram.tell(
        "callback_query", {**query, "id": "2", "message": None, "inline_message_id": "x"}, None
    )
    await scene.settle()

    answers = scene.playground.journal.calls("answerCallbackQuery")
    assert [call.parameters["text"] for call in answers] == [
        "Tus besitos son cosa tuya: escríbeme en privado, @besitos_playground_bot."
    ] * 2
    assert not (await scene.tables()).members


async def test_what_is_no_text_gets_the_hint_too(scene: Stage) -> None:
    ana = scene.playground.person("Ana")
    await scene.ask(ana, "/start")
    file = {"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}
    contents: list[dict[str, Any]] = [
        {"sticker": {**file, "type": "regular", "is_animated": False, "is_video": False}},
        {"voice": {**file, "duration": 1}},
        {"photo": [file]},
        {"contact": {"phone_number": "1", "first_name": "x"}},
        {"dice": {"emoji": "🎲", "value": 3}},
    ]
    for number, content in enumerate(contents, 90):
        body = message(number, None, {"id": ana.id, "type": "private", "first_name": "Ana"}, **{"from": ana.as_json()})
        scene.playground.telegram.tell("message", {**body, **content}, ana.id)
    await scene.settle()

    hints = [call["text"] for call in scene.calls("sendMessage")[1:]]
    assert hints == ["No te he entendido. Con /ayuda ves lo que puedo hacer."] * 5
