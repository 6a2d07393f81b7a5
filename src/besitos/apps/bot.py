"""The bot: its parts put together, and run against Telegram or whatever speaks the Bot API."""

import asyncio
import logging
from contextlib import suppress

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramNotFound, TelegramUnauthorizedError
from aiogram.types import BotCommand, BotCommandScopeAllPrivateChats
from aiogram.utils.token import TokenValidationError

from besitos.apps.compose import Besitos
from besitos.apps.failure import misuse, refuse
from besitos.mechanics.badge import telegram as badge
from besitos.mechanics.boost import telegram as boost
from besitos.mechanics.daily_gift import telegram as daily_gift
from besitos.mechanics.grade import telegram as grade
from besitos.mechanics.leaderboard import telegram as leaderboard
from besitos.mechanics.level import telegram as level
from besitos.mechanics.mission import telegram as mission
from besitos.mechanics.module import telegram as module
from besitos.mechanics.reward import telegram as reward
from besitos.mechanics.shop import telegram as shop
from besitos.mechanics.streak import telegram as streak
from besitos.mechanics.transfer import telegram as transfer
from besitos.mechanics.vip import telegram as vip
from besitos.surfaces.telegram import profile, why
from besitos.surfaces.telegram.dispatcher import make_dispatcher
from besitos.surfaces.telegram.home import entries_of
from besitos.surfaces.telegram.introduction import Introduction
from besitos.surfaces.telegram.polling import PAUSES, Polling
from besitos.surfaces.telegram.session import make_bot
from besitos.surfaces.telegram.visit import Feature
from besitos.surfaces.texts import LANGUAGES, Texts

PROFILE: tuple[profile.ProfilePart, ...] = (
    vip.profile,
    transfer.profile,
    level.profile,
    grade.profile,
    boost.profile,
    streak.profile,
    badge.profile,
    module.profile,
    shop.profile,
    reward.profile,
    daily_gift.profile,
)
"""What members read in their profile, in this order."""

FEATURES: tuple[Feature, ...] = (
    daily_gift.FEATURE,
    profile.feature(PROFILE),
    streak.FEATURE,
    badge.FEATURE,
    mission.FEATURE,
    reward.FEATURE,
    level.FEATURE,
    grade.FEATURE,
    leaderboard.FEATURE,
    vip.FEATURE,
    boost.FEATURE,
    module.FEATURE,
    shop.FEATURE,
    transfer.FEATURE,
    why.FEATURE,
)
"""What members find in the bot, in the order in which they are told of it."""

log = logging.getLogger(__name__)


async def run_bot(
    besitos: Besitos, token: str, api_url: str, stop: asyncio.Event, *, pauses: tuple[float, ...] = PAUSES
) -> None:
    """Talk to members until `stop`. A token that is none, or that the server at `api_url` does not know, is refused."""
    try:
        bot = make_bot(token, api_url)
    except TokenValidationError:
        misuse("bot.token_malformed")
    dispatcher = make_dispatcher(
        Introduction(besitos.store, besitos.engine, besitos.games, besitos.directory), FEATURES
    )

    try:
        async with bot.session:
            await introduce(bot, stop, pauses)
            await Polling(bot, lambda update: dispatcher.feed_update(bot, update), pauses).run(stop)
    except (TelegramUnauthorizedError, TelegramNotFound):
        refuse("bot.token_unknown", url=api_url)


async def introduce(bot: Bot, stop: asyncio.Event, pauses: tuple[float, ...]) -> None:
    """Say which commands there are, and take updates by polling; again and again until Telegram hears it."""
    failures = 0
    while not stop.is_set():
        try:
            await bot.me()
            await bot.delete_webhook()
            await tell_commands(bot)
        except (TelegramUnauthorizedError, TelegramNotFound):
            raise
        except TelegramAPIError as error:
            log.warning("Telegram does not answer yet: %s", error)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pauses[min(failures, len(pauses) - 1)])
            failures += 1
        else:
            return


async def tell_commands(bot: Bot) -> None:
    """The commands of private chats, in each language; who reads another sees those of the first."""
    for language in (None, *LANGUAGES):
        texts = Texts(language or LANGUAGES[0])
        told = [
            BotCommand(command=entry.name(texts.language), description=texts.of(entry.code))
            for entry in entries_of(FEATURES)
        ]
        await bot.set_my_commands(told, BotCommandScopeAllPrivateChats(), language)
