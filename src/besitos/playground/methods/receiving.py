"""How the bot hears of things: long polling, or a webhook, never both."""

import re
from functools import partial
from urllib.parse import urlsplit

from besitos.playground.calls import perform
from besitos.playground.parameters import Parameters
from besitos.playground.refusals import conflict, refuse
from besitos.playground.telegram import Telegram
from besitos.playground.updates import MOST_AT_ONCE
from besitos.playground.webhook import Webhook, WebhookSettings

POLL_DURING_WEBHOOK = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
MOST_CONNECTIONS = 100
DEFAULT_CONNECTIONS = 40
LONGEST_SECRET = 256


async def get_updates(telegram: Telegram, asked: Parameters) -> list[dict[str, object]]:
    """What waits, at most `limit`; with nothing waiting, whatever comes within `timeout` seconds."""
    if telegram.webhook is not None:
        raise conflict(POLL_DURING_WEBHOOK)
    allow_updates(telegram, asked)
    updates = await telegram.queue.poll(
        asked.integer("offset"), asked.integer("limit", MOST_AT_ONCE), asked.integer("timeout")
    )
    return [update.as_json() for update in updates]


async def set_webhook(telegram: Telegram, asked: Parameters) -> bool:
    """Push from now on. Any http or https address is taken, as by a Bot API server of one's own."""
    url = asked.text("url")
    if not url:
        return await delete_webhook(telegram, asked)
    settings = WebhookSettings(
        url=url,
        secret_token=asked.text("secret_token"),
        max_connections=min(max(asked.integer("max_connections", DEFAULT_CONNECTIONS), 1), MOST_CONNECTIONS),
        ip_address=asked.text("ip_address"),
    )
    check_settings(settings)
    allow_updates(telegram, asked)
    telegram.queue.end_poll("terminated by setWebhook request")
    await drop_webhook(telegram, asked)

    telegram.webhook = Webhook(
        settings, telegram.queue, partial(perform, telegram), telegram.stamp, telegram.first_pause
    )
    telegram.webhook.start()
    return True


async def delete_webhook(telegram: Telegram, asked: Parameters) -> bool:
    """Back to polling; what was not delivered waits, unless it shall be dropped."""
    await drop_webhook(telegram, asked)
    return True


async def get_webhook_info(telegram: Telegram, _: Parameters) -> dict[str, object]:
    """Where updates go, how many wait, and what went wrong last."""
    queue = telegram.queue
    info: dict[str, object] = {"url": "", "has_custom_certificate": False, "pending_update_count": len(queue.pending)}
    if telegram.webhook is not None:
        settings, trouble = telegram.webhook.settings, telegram.webhook.trouble
        info |= {"url": settings.url, "max_connections": settings.max_connections}
        if settings.ip_address:
            info["ip_address"] = settings.ip_address
        if trouble.message:
            info |= {"last_error_date": trouble.date, "last_error_message": trouble.message}
    if queue.allowed:
        info["allowed_updates"] = list(queue.allowed)
    return info


def allow_updates(telegram: Telegram, asked: Parameters) -> None:
    """Keep the kinds asked for, from now on. Not said: as before. An empty list: Telegram's default."""
    if "allowed_updates" not in asked:
        return
    kinds = asked.structure("allowed_updates", "allowed updates")
    if isinstance(kinds, list):
        telegram.queue.allow(kind for kind in kinds if isinstance(kind, str))


def check_settings(settings: WebhookSettings) -> None:
    """Refuse an address that is none, and a secret that no header can carry."""
    address = urlsplit(settings.url)
    if address.scheme not in ("http", "https") or not address.hostname:
        refuse("invalid webhook URL specified")
    if len(settings.secret_token) > LONGEST_SECRET:
        refuse("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", settings.secret_token):
        refuse("secret token contains unallowed characters")


async def drop_webhook(telegram: Telegram, asked: Parameters) -> None:
    """End the webhook that stands, and what waits if the call says so."""
    webhook, telegram.webhook = telegram.webhook, None
    if webhook is not None:
        await webhook.stop()
    if asked.flag("drop_pending_updates"):
        telegram.queue.pending.clear()


METHODS = {
    "getupdates": get_updates,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
}
