"""A real aiogram bot, unchanged but for its base URL: polling and webhook, presses, bad days, sudden death."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.filters import Command, CommandStart
from aiogram.methods import SendSticker
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    CallbackQuery,
    ChatMemberUpdated,
    InaccessibleMessage,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MenuButtonCommands,
    Message,
    Update,
)

from besitos.playground import DropAnswer, Fault, Playground, Refuse, User
from besitos.playground.refusals import flood, internal_error
from tests.playground.scene import Receiver, until

CLAIM = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Reclamar", callback_data="claim")]])


class Heard:
    """What reached the bot's handlers, in order."""

    def __init__(self) -> None:
        self.texts: list[str | None] = []
        self.standings: list[str] = []
        self.is_deaf = False


def handlers(heard: Heard) -> Router:
    router = Router()

    @router.message(CommandStart(deep_link=True))
    async def on_deep_link(message: Message) -> None:
        heard.texts.append(message.text)
        await message.answer("linked")

    @router.message(CommandStart())
    @router.message(Command("diario"))
    async def on_command(message: Message) -> None:
        heard.texts.append(message.text)
        await message.answer("<b>Hoy</b> hay <i>besitos</i>", reply_markup=CLAIM)

    @router.callback_query(F.data == "claim")
    async def on_claim(query: CallbackQuery) -> None:
        await query.answer("+10", show_alert=True)
        if isinstance(query.message, Message):
            await query.message.edit_text("Ya está", reply_markup=None)

    @router.my_chat_member()
    async def on_standing(change: ChatMemberUpdated) -> None:
        heard.standings.append(change.new_chat_member.status)

    @router.message()
    async def on_anything(message: Message) -> None:
        if heard.is_deaf:
            raise asyncio.CancelledError
        heard.texts.append(message.text)

    return router


@pytest.fixture
async def bot(playground: Playground) -> AsyncIterator[Bot]:
    """Closed without aiogram's pause for TLS, which is not spoken here."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(playground.base_url))
    yield Bot(playground.token, session=session, default=DefaultBotProperties(parse_mode="HTML"))
    if session._session is not None:
        await session._session.close()


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def dispatcher(heard: Heard) -> Dispatcher:
    dispatcher = Dispatcher()
    dispatcher.include_router(handlers(heard))
    return dispatcher


@asynccontextmanager
async def polling(dispatcher: Dispatcher, bot: Bot) -> AsyncIterator[None]:
    task = asyncio.create_task(
        dispatcher.start_polling(
            bot, handle_as_tasks=False, handle_signals=False, close_bot_session=False, polling_timeout=5
        )
    )
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_a_polling_bot_talks_and_takes_presses(
    playground: Playground, dispatcher: Dispatcher, bot: Bot, heard: Heard
) -> None:
    ana = playground.person("Ana")

    async with polling(dispatcher, bot):
        await playground.say(ana, "/diario")
        offer = await playground.answer(ana)
        press = await playground.press(ana, offer, "Reclamar")
        toast = await playground.toast(press)
        done = await playground.answer(ana)
        await playground.say(ana, "/start abc")
        linked = await playground.answer(ana)
        await playground.block(ana)
        await playground.unblock(ana)
        await until(lambda: len(heard.standings) == 2)

    assert (offer.text, [entity.type for entity in offer.entities]) == ("Hoy hay besitos", ["bold", "italic"])
    assert (toast.text, toast.show_alert) == ("+10", True)
    assert (done.message_id, done.text, done.reply_markup) == (offer.message_id, "Ya está", None)
    assert linked.text == "linked"
    assert heard.texts == ["/diario", "/start abc"]
    assert heard.standings == ["kicked", "member"]
    assert [call.method for call in playground.journal.of_update(press.update_id or 0)] == [
        "answerCallbackQuery",
        "editMessageText",
    ]


async def test_an_update_under_way_when_the_bot_dies_comes_again(
    playground: Playground, dispatcher: Dispatcher, bot: Bot, heard: Heard
) -> None:
    ana = playground.person("Ana")
    heard.is_deaf = True
    await playground.say(ana, "do not lose me")
    dying = asyncio.create_task(
        dispatcher.start_polling(bot, handle_as_tasks=False, handle_signals=False, close_bot_session=False)
    )
    await until(dying.done)
    assert heard.texts == []

    heard.is_deaf = False
    async with polling(dispatcher, bot):
        await until(lambda: heard.texts)

    assert heard.texts == ["do not lose me"]


async def test_updates_come_again_shuffled_through_polling(
    playground: Playground, dispatcher: Dispatcher, bot: Bot, heard: Heard
) -> None:
    ana = playground.person("Ana")
    words = [f"word {number}" for number in range(150)]
    for word in words:
        await playground.say(ana, word)

    async with polling(dispatcher, bot):
        await until(lambda: len(heard.texts) == 150)
        playground.redeliver(random.Random(7).sample(playground.updates, 150))
        await until(lambda: len(heard.texts) >= 300)
        await until(lambda: not playground.telegram.queue.pending)

    assert heard.texts[:150] == words
    assert heard.texts[150:] != words
    assert sorted(heard.texts[150:], key=str) == sorted(words)


async def test_a_bot_behind_a_webhook_talks_too(
    playground: Playground, dispatcher: Dispatcher, bot: Bot, receiver: Receiver
) -> None:
    ana = playground.person("Ana")
    receiver.statuses = [500, 500]
    await bot.set_webhook(await receiver.start(), secret_token="S3cret", drop_pending_updates=True)
    await playground.say(ana, "/diario")

    bodies = await receiver.received(3)
    await dispatcher.feed_update(bot, Update.model_validate(bodies[-1], context={"bot": bot}))

    assert {body["update_id"] for body in bodies} == {bodies[0]["update_id"]}
    assert receiver.secrets == ["S3cret"] * 3
    assert (await playground.answer(ana)).text == "Hoy hay besitos"
    assert (await bot.get_webhook_info()).last_error_message == (
        "Wrong response from the webhook: 500 Internal Server Error"
    )
    assert await bot.delete_webhook()


async def test_every_answer_is_one_that_aiogram_understands(playground: Playground, bot: Bot, ana: User) -> None:
    sent = await bot.send_message(ana.id, "hola", protect_content=True, reply_markup=CLAIM, reply_to_message_id=1)
    scope = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands([BotCommand(command="saldo", description="Tus besitos")], scope, "es")
    await bot.set_my_description("d", "es")
    await bot.set_chat_menu_button(ana.id, MenuButtonCommands())
    edited = await bot.edit_message_reply_markup(chat_id=ana.id, message_id=sent.message_id)

    assert isinstance(edited, Message)
    assert (sent.has_protected_content, sent.reply_to_message and sent.reply_to_message.text) == (True, "/start")
    assert (edited.text, edited.reply_markup) == ("hola", None)
    assert (await bot.me()).username == "besitos_playground_bot"
    assert [command.command for command in await bot.get_my_commands(scope, "es")] == ["saldo"]
    assert (await bot.get_my_description("es")).description == "d"
    assert (await bot.get_chat(ana.id)).first_name == "Ana"
    assert (await bot.get_chat_member(ana.id, ana.id)).status == "member"
    assert isinstance(await bot.get_chat_menu_button(ana.id), MenuButtonCommands)
    assert await bot.send_chat_action(ana.id, "typing")
    assert await bot.delete_my_commands(scope, "es")
    assert await bot.delete_message(ana.id, sent.message_id)
    assert await bot.log_out()
    assert (await bot.get_updates())[0].message is not None
    assert playground.journal.calls("sendMessage", ana.id)


async def test_a_press_on_a_deleted_message_is_an_inaccessible_one(playground: Playground, bot: Bot, ana: User) -> None:
    sent = await bot.send_message(ana.id, "?", reply_markup=CLAIM)
    on_screen = playground.messages(ana)[-1]
    await bot.delete_message(ana.id, sent.message_id)
    await playground.press(ana, on_screen, "claim")

    query = (await bot.get_updates())[-1].callback_query
    assert query is not None
    assert isinstance(query.message, InaccessibleMessage)


async def test_each_refusal_is_the_exception_that_bots_expect(playground: Playground, bot: Bot, ana: User) -> None:
    with pytest.raises(TelegramBadRequest, match="can't parse entities: Unsupported start tag"):
        await bot.send_message(ana.id, "<h1>")
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await bot.answer_callback_query("1")
    with pytest.raises(TelegramForbiddenError, match="can't initiate conversation"):
        await bot.send_message(playground.person("Bea").id, "x")
    with pytest.raises(TelegramNotFound, match="method not found"):
        await bot(SendSticker(chat_id=ana.id, sticker="x"))
    with pytest.raises(TelegramUnauthorizedError):
        await Bot("700700:another", session=bot.session).get_me()

    def only(effect: Refuse | DropAnswer) -> None:
        playground.faults.clear()
        playground.faults.add(Fault(effect))

    only(Refuse(flood(3)))
    with pytest.raises(TelegramRetryAfter) as refused:
        await bot.send_message(ana.id, "x")
    only(Refuse(internal_error()))
    with pytest.raises(TelegramServerError):
        await bot.send_message(ana.id, "x")
    only(DropAnswer())
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(ana.id, "x")
    assert refused.value.retry_after == 3
