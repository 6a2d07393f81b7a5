"""Messages, keyboards and presses: what Telegram takes, and what it refuses in which words."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from besitos.playground import Button, Kind, Playground, User
from besitos.playground.chats import KICKED, LEFT
from besitos.playground.objects import Chat, plain
from tests.playground.scene import NOON, Api, MovedClock, button, keyboard, texts

TOO_OLD = "400 Bad Request: query is too old and response timeout expired or query ID is invalid"
NOT_MODIFIED = (
    "400 Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
UNPARSABLE = "can't parse inline keyboard button: "
YES_NO = keyboard([button("Sí", "yes"), button("No", "no")])


async def test_a_message_stands_in_the_chat_as_it_was_answered(api: Api, playground: Playground, ana: User) -> None:
    sent = await api.ok(
        "sendMessage",
        chat_id=ana.id,
        text="  <b>10</b> besitos 💋 <i>más</i>\n",
        parse_mode="HTML",
        protect_content=True,
        disable_notification=True,
        reply_markup=YES_NO,
        reply_parameters={"message_id": 1},
    )

    message = playground.messages(ana)[-1]
    assert sent == plain(message)
    assert sent == {
        "message_id": 2,
        "from": {"id": 700700, "is_bot": True, "first_name": "Besitos", "username": "besitos_playground_bot"},
        "chat": {"id": ana.id, "type": "private", "first_name": "Ana", "username": "ana"},
        "date": int(NOON.timestamp()),
        "has_protected_content": True,
        "reply_to_message": plain(playground.messages(ana)[0]),
        "text": "10 besitos 💋 más",
        "entities": [{"type": "bold", "offset": 0, "length": 2}, {"type": "italic", "offset": 14, "length": 3}],
        "reply_markup": YES_NO,
    }
    assert playground.telegram.directory.conversations[ana.id].log[-1].is_silent


async def test_numbers_of_messages_count_per_chat(api: Api, playground: Playground, ana: User) -> None:
    bea = playground.person("Bea")
    await playground.say(bea, "/start")

    assert await api.send(ana, "hola") == await api.send(bea, "hola") == 2


@pytest.mark.parametrize(
    ("text", "description"),
    [
        ("", "400 Bad Request: message text is empty"),
        (" \n ", "400 Bad Request: text must be non-empty"),
        ("<b></b>", "400 Bad Request: text must be non-empty"),
        ("x" * 4097, "400 Bad Request: message is too long"),
        ("💋" * 2049, "400 Bad Request: message is too long"),
        ("a < b", '400 Bad Request: can\'t parse entities: Unsupported start tag "" at byte offset 2'),
    ],
)
async def test_texts_that_do_not_go_out(api: Api, ana: User, text: str, description: str) -> None:
    assert await api.refused("sendMessage", chat_id=ana.id, text=text, parse_mode="HTML") == description


@pytest.mark.parametrize("text", ["x" * 4096, "💋" * 2048, "<b>" + "x" * 4096 + "</b>"])
async def test_the_limit_is_4096_utf16_units_after_parsing(api: Api, ana: User, text: str) -> None:
    await api.send(ana, text, parse_mode="HTML")


@pytest.mark.parametrize(
    ("markup", "description"),
    [
        (keyboard([button("x", "d" * 65)]), "BUTTON_DATA_INVALID"),
        (keyboard([button("x", "ñ" * 33)]), "BUTTON_DATA_INVALID"),
        (
            keyboard([button("x", "")]),
            UNPARSABLE + "Text buttons are unallowed in the inline keyboard",
        ),
        (
            keyboard([{"text": "x"}]),
            UNPARSABLE + "Text buttons are unallowed in the inline keyboard",
        ),
        (keyboard([button(" ", "d")]), UNPARSABLE + "Text must be non-empty"),
        (
            keyboard([button("x", "d") | {"url": "https://example.org"}]),
            UNPARSABLE + "Exactly one of the optional fields must be used, not url and callback_data",
        ),
        (
            keyboard([{"text": "x", "url": "nowhere"}]),
            "inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL",
        ),
        (
            keyboard([button("x", "d") | {"style": "pink"}]),
            UNPARSABLE + "invalid button style specified",
        ),
        (
            {"inline_keyboard": [button("x", "d")]},
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
        ),
        (keyboard([button("x", "d")] * 101), "reply markup is too long"),
        ("{", "can't parse reply keyboard markup JSON object"),
        ([], "object expected as reply keyboard markup"),
    ],
)
async def test_keyboards_that_do_not_go_out(api: Api, ana: User, markup: object, description: str) -> None:
    refused = await api.refused("sendMessage", chat_id=ana.id, text="x", reply_markup=markup)

    assert refused == f"400 Bad Request: {description}"


@pytest.mark.parametrize(
    "more",
    [
        button("x", "d" * 64),
        {"text": "x", "url": "https://example.org"},
        {"text": "x", "web_app": {"url": "https://example.org"}},
        {"text": "x", "switch_inline_query": ""},
        {"text": "x", "copy_text": {"text": "code"}},
        button("x", "d") | {"style": "primary"},
    ],
)
async def test_buttons_that_go_out_come_back_as_they_were(api: Api, ana: User, more: dict[str, Any]) -> None:
    sent = await api.ok("sendMessage", chat_id=ana.id, text="x", reply_markup=keyboard([more]))

    assert sent["reply_markup"] == keyboard([more])


async def test_a_keyboard_beside_the_text_is_for_those_who_look(api: Api, playground: Playground, ana: User) -> None:
    sent = await api.ok(
        "sendMessage", chat_id=ana.id, text="x", reply_markup={"keyboard": [["Saldo", "Ayuda"]], "is_persistent": True}
    )

    assert "reply_markup" not in sent
    assert playground.telegram.directory.conversations[ana.id].log[-1].keyboard == {
        "keyboard": [["Saldo", "Ayuda"]],
        "is_persistent": True,
    }


@pytest.mark.parametrize(
    ("chat_id", "description"),
    [("", "chat_id is empty"), (999, "chat not found"), ("@nobody", "chat not found"), ("x", "chat not found")],
)
async def test_chats_that_are_not_there(api: Api, chat_id: object, description: str) -> None:
    assert await api.refused("sendMessage", chat_id=chat_id, text="x") == f"400 Bad Request: {description}"


async def test_an_answer_to_nothing_goes_out_only_on_request(api: Api, ana: User) -> None:
    to_nothing = {"message_id": 77}

    refused = await api.refused("sendMessage", chat_id=ana.id, text="x", reply_parameters=to_nothing)
    sent = await api.ok(
        "sendMessage", chat_id=ana.id, text="x", reply_parameters=to_nothing | {"allow_sending_without_reply": True}
    )

    assert refused == "400 Bad Request: message to be replied not found"
    assert "reply_to_message" not in sent


async def test_an_edit_changes_text_and_keyboard_and_keeps_the_date(
    api: Api, playground: Playground, ana: User, clock: MovedClock
) -> None:
    message_id = await api.send(ana, "uno", reply_markup=YES_NO)
    clock.move(timedelta(seconds=5))

    edited = await api.ok("editMessageText", chat_id=ana.id, message_id=message_id, text="dos")

    assert (edited["text"], edited["edit_date"] - edited["date"]) == ("dos", 5)
    assert "reply_markup" not in edited
    assert texts(playground.messages(ana)) == ["/start", "dos"]


async def test_an_edit_that_changes_nothing_is_refused(api: Api, ana: User) -> None:
    message_id = await api.send(ana, "uno", reply_markup=YES_NO)
    same = {"chat_id": ana.id, "message_id": message_id}

    assert await api.refused("editMessageText", **same, text=" uno", reply_markup=YES_NO) == NOT_MODIFIED
    assert await api.refused("editMessageReplyMarkup", **same, reply_markup=YES_NO) == NOT_MODIFIED
    assert (await api.ok("editMessageReplyMarkup", **same))["text"] == "uno"
    assert await api.refused("editMessageReplyMarkup", **same) == NOT_MODIFIED


async def test_messages_that_cannot_be_edited(api: Api, ana: User) -> None:
    async def edit(**where: object) -> str:
        return await api.refused("editMessageText", chat_id=ana.id, text="x", **where)

    assert await edit(message_id=77) == "400 Bad Request: message to edit not found"
    assert await edit(message_id=1) == "400 Bad Request: message can't be edited"
    assert await edit() == "400 Bad Request: message identifier is not specified"
    message_id = await api.send(ana, "uno")
    too_long = await api.refused("editMessageText", chat_id=ana.id, message_id=message_id, text="x" * 4097)
    assert too_long == "400 Bad Request: MESSAGE_TOO_LONG"


async def test_messages_are_deleted_for_48_hours(
    api: Api, playground: Playground, ana: User, clock: MovedClock
) -> None:
    old = await api.send(ana, "old")
    clock.move(timedelta(hours=48, seconds=1))
    young = await api.send(ana, "young")

    assert await api.refused("deleteMessage", chat_id=ana.id, message_id=old) == (
        "400 Bad Request: message can't be deleted for everyone"
    )
    assert await api.ok("deleteMessage", chat_id=ana.id, message_id=young) is True
    assert await api.refused("deleteMessage", chat_id=ana.id, message_id=young) == (
        "400 Bad Request: message to delete not found"
    )
    assert await api.ok("deleteMessages", chat_id=ana.id, message_ids=[old, young, 99]) is True
    assert texts(playground.messages(ana)) == ["/start", "old"]


async def test_a_press_reaches_the_bot_and_its_toast_the_person(api: Api, playground: Playground, ana: User) -> None:
    await api.send(ana, "?", reply_markup=YES_NO)
    press = await playground.press(ana, playground.messages(ana)[-1], "Sí")
    update = (await api.ok("getUpdates"))[-1]

    query = update["callback_query"]
    assert (query["id"], query["data"], query["from"]["id"]) == (press.query_id, "yes", ana.id)
    assert query["message"] == plain(playground.messages(ana)[-1])
    assert query["chat_instance"]

    await api.ok("answerCallbackQuery", callback_query_id=query["id"], text="Hecho", show_alert=True)
    toast = await playground.toast(press)
    assert (toast.text, toast.show_alert) == ("Hecho", True)


async def test_an_answer_to_a_press_is_refused_when_late_repeated_invented_or_long(
    api: Api, playground: Playground, ana: User, clock: MovedClock
) -> None:
    await api.send(ana, "?", reply_markup=YES_NO)
    message = playground.messages(ana)[-1]
    first = await playground.press(ana, message, "yes")

    async def answer(query_id: str, text: str = "") -> str:
        return await api.refused("answerCallbackQuery", callback_query_id=query_id, text=text)

    assert await answer(first.query_id, "x" * 201) == "400 Bad Request: MESSAGE_TOO_LONG"
    await api.ok("answerCallbackQuery", callback_query_id=first.query_id, text="x" * 200)
    assert await answer(first.query_id) == TOO_OLD
    assert await answer("1") == TOO_OLD

    late = await playground.press(ana, message, "yes")
    clock.move(timedelta(seconds=16))
    assert await answer(late.query_id) == TOO_OLD


async def test_an_old_version_of_a_message_can_still_be_pressed(api: Api, playground: Playground, ana: User) -> None:
    message_id = await api.send(ana, "price 10", reply_markup=keyboard([button("Buy 10", "buy:10")]))
    on_screen = playground.messages(ana)[-1]
    await api.ok("editMessageText", chat_id=ana.id, message_id=message_id, text="price 20")

    await playground.press(ana, on_screen, "Buy 10")
    await api.ok("deleteMessage", chat_id=ana.id, message_id=message_id)
    await playground.press(ana, on_screen, "Buy 10")

    edited, deleted = [update["callback_query"] for update in (await api.ok("getUpdates"))[-2:]]
    assert (edited["data"], edited["message"]["text"]) == ("buy:10", "price 20")
    assert deleted["message"] == {"chat": edited["message"]["chat"], "message_id": message_id, "date": 0}


async def test_a_press_of_what_is_not_there_is_a_mistake_of_the_test(
    api: Api, playground: Playground, ana: User
) -> None:
    await api.send(
        ana, "?", reply_markup=keyboard([button("Sí", "yes"), {"text": "Web", "url": "https://example.org"}])
    )
    message = playground.messages(ana)[-1]

    with pytest.raises(LookupError, match=r"no button 'No' .* there: Sí, Web"):
        await playground.press(ana, message, "No")
    with pytest.raises(ValueError, match="asks nothing of the bot"):
        await playground.press(ana, message, "Web")
    forged = await playground.press(ana, message, Button(text="", callback_data="forged"))
    assert forged.data == "forged"


async def test_whoever_blocks_the_bot_is_out_of_its_reach_and_it_hears_of_that_once(
    api: Api, playground: Playground, ana: User
) -> None:
    await playground.block(ana)
    await playground.block(ana)

    assert await api.refused("sendMessage", chat_id=ana.id, text="x") == "403 Forbidden: bot was blocked by the user"
    assert await api.refused("sendChatAction", chat_id=ana.id, action="typing") == (
        "403 Forbidden: bot was blocked by the user"
    )
    with pytest.raises(ValueError, match="has blocked the bot"):
        await playground.say(ana, "hola")

    await playground.unblock(ana)
    await api.send(ana, "welcome back")
    changes = [update["my_chat_member"] for update in (await api.ok("getUpdates"))[1:]]
    standings = [(change["old_chat_member"]["status"], change["new_chat_member"]["status"]) for change in changes]
    assert standings == [("member", "kicked"), ("kicked", "member")]
    assert changes[0]["new_chat_member"]["user"]["id"] == 700700


async def test_a_bot_cannot_write_first(api: Api, playground: Playground) -> None:
    bea = playground.person("Bea")

    refused = await api.refused("sendMessage", chat_id=bea.id, text="hola")

    assert refused == "403 Forbidden: bot can't initiate conversation with a user"


@pytest.mark.parametrize(
    ("standing", "description"),
    [(LEFT, "bot is not a member of the supergroup chat"), (KICKED, "bot was kicked from the supergroup chat")],
)
async def test_groups_have_refusals_of_their_own(
    api: Api, playground: Playground, standing: str, description: str
) -> None:
    group = playground.telegram.directory.add_chat(Chat(id=-100, type="supergroup", title="Campus", username="campus"))
    group.standing[700700] = standing

    assert await api.refused("sendMessage", chat_id="@campus", text="x") == f"403 Forbidden: {description}"


async def test_typing_is_seen_and_nonsense_is_not(api: Api, playground: Playground, ana: User) -> None:
    assert await api.ok("sendChatAction", chat_id=ana.id, action="typing") is True
    assert await api.refused("sendChatAction", chat_id=ana.id, action="sleeping") == (
        "400 Bad Request: wrong parameter action in request"
    )
    happening = playground.telegram.directory.conversations[ana.id].log[-1]
    assert (happening.kind, happening.action) == (Kind.ACTION, "typing")


async def test_an_edit_of_a_person_reaches_the_bot(api: Api, playground: Playground, ana: User) -> None:
    message = await playground.say(ana, "/dairio")

    await playground.edit(ana, message, "/diario")

    update = (await api.ok("getUpdates"))[-1]
    assert update["edited_message"]["text"] == "/diario"
    assert update["edited_message"]["message_id"] == message.message_id


async def test_answers_are_found_whether_they_came_or_are_coming(api: Api, playground: Playground, ana: User) -> None:
    message_id = await api.send(ana, "uno")
    coming = asyncio.create_task(playground.answer(ana, after=await playground.answer(ana)))
    await api.ok("editMessageText", chat_id=ana.id, message_id=message_id, text="dos")

    assert (await playground.answer(ana)).text == "uno"
    assert (await coming).text == "dos"

    await playground.say(ana, "otra cosa")
    with pytest.raises(TimeoutError):
        await playground.answer(ana, within=0.02)
    await api.send(ana, "tres")
    assert (await playground.answer(ana)).text == "tres"


async def test_a_person_left_waiting_after_a_press_is_a_timeout(api: Api, playground: Playground, ana: User) -> None:
    await api.send(ana, "?", reply_markup=YES_NO)
    press = await playground.press(ana, playground.messages(ana)[-1], "No")

    with pytest.raises(TimeoutError):
        await playground.toast(press, within=0.02)


async def test_whoever_follows_a_chat_sees_all_of_it(api: Api, playground: Playground, ana: User) -> None:
    seen: list[Kind] = []
    message_id = await api.send(ana, "?", reply_markup=YES_NO)
    press = await playground.press(ana, playground.messages(ana)[-1], "No")
    await api.ok("answerCallbackQuery", callback_query_id=press.query_id)
    await api.ok("deleteMessage", chat_id=ana.id, message_id=message_id)

    async for happening in playground.follow(ana, after=playground.messages(ana)[0]):
        seen.append(happening.kind)
        if happening.kind is Kind.DELETED:
            break

    assert seen == [Kind.SENT, Kind.PRESSED, Kind.TOAST, Kind.DELETED]


@pytest.mark.parametrize("text", ["", "  ", "x" * 4097])
async def test_people_cannot_send_what_their_client_would_not(playground: Playground, ana: User, text: str) -> None:
    with pytest.raises(ValueError, match="UTF-16"):
        await playground.say(ana, text)
