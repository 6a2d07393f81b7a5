"""Groups, channels and machines: a word to whoever calls us by name, and to nobody else."""

from aiogram import Bot, Router
from aiogram.types import CallbackQuery, Message

from besitos.surfaces.telegram.screen import Press
from besitos.surfaces.texts import Texts


async def is_calling_us(message: Message, bot: Bot) -> bool:
    """Whether a person in a group sends a command that names this very bot (`/saldo@our_bot`)."""
    person, command = message.from_user, (message.text or "").partition(" ")[0]
    if person is None or person.is_bot or message.sender_chat is not None or not command.startswith("/"):
        return False
    return command.casefold().endswith(f"@{(await bot.me()).username}".casefold())


async def on_call(message: Message, bot: Bot) -> None:
    """What a member has is for their own eyes: we talk in private."""
    person = message.from_user
    texts = Texts((person.language_code if person else None) or "")
    await message.reply(texts.of("bot.in_private", bot=f"@{(await bot.me()).username}"))


async def on_press(query: CallbackQuery, press: Press, bot: Bot) -> None:
    """A button of ours that stands where it should not."""
    texts = Texts(query.from_user.language_code or "")
    await press.alert(texts.of("bot.in_private", bot=f"@{(await bot.me()).username}"))


def elsewhere() -> Router:
    """What is answered outside private chats."""
    router = Router(name="elsewhere")
    router.message.register(on_call, is_calling_us)
    router.callback_query.register(on_press)
    return router
