"""The doctor: everything that a besitos needs, looked at one by one, so that one finding does not hide the next."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

import httpx2

from besitos.apps.compose import Besitos, open_besitos
from besitos.apps.failure import failure_of
from besitos.apps.place import network_of, room_left, without_password
from besitos.apps.settings import Settings
from besitos.store.database import is_postgresql, sqlite_path
from besitos.store.health import check_up, try_to_write
from besitos.store.migrate import HEAD, check
from besitos.store.retention import Cleared

MEGABYTE = 1024 * 1024
LITTLE, VERY_LITTLE = 1024 * MEGABYTE, 64 * MEGABYTE
SKEW = timedelta(seconds=5)
OVERDUE = timedelta(days=2)


class Grade(Enum):
    """How bad a finding is."""

    GOOD = "good"
    NOTE = "note"
    BAD = "bad"

    @property
    def sign(self) -> str:
        """What stands before it."""
        return {"good": "✓", "note": "!", "bad": "✗"}[self.value]


@dataclass(frozen=True)
class Finding:
    """What was looked at, and what was found."""

    check: str
    grade: Grade
    code: str
    values: dict[str, Any] = field(default_factory=dict)


async def examine(settings: Settings) -> list[Finding]:
    """Look at everything."""
    return [finding async for finding in _examine(settings)]


async def _examine(settings: Settings) -> AsyncIterator[Finding]:
    url = settings.database_url
    yield Finding("address", Grade.GOOD, "cli.found.address", {"url": without_password(url)})
    if not is_postgresql(url):
        for finding in _of_disk(url):
            yield finding
    try:
        await check(url)
        yield Finding("schema", Grade.GOOD, "cli.found.schema", {"revision": HEAD})
        async with open_besitos(url, connections=1) as besitos:
            async for finding in _of_house(besitos, url):
                yield finding
    except Exception as error:  # noqa: BLE001 - a fault of ours is raised again
        yield _failed("database", error)
    if settings.bot_token is not None:
        yield await _of_token(settings.telegram_api_url, settings.bot_token.get_secret_value())
    else:
        yield Finding("bot", Grade.NOTE, "cli.found.no_token")


def _of_disk(url: str) -> list[Finding]:
    path = sqlite_path(url)
    if not path.absolute().parent.is_dir():
        return [Finding("disk", Grade.BAD, "cli.found.no_folder", {"folder": str(path.absolute().parent)})]
    room = room_left(path)
    grade = Grade.BAD if room < VERY_LITTLE else Grade.NOTE if room < LITTLE else Grade.GOOD
    findings = [Finding("disk", grade, "cli.found.room", {"megabytes": room // MEGABYTE})]
    network = network_of(path)
    if network is not None:
        findings.append(Finding("disk", Grade.NOTE, "cli.found.network", {"kind": network}))
    return findings


async def _of_house(besitos: Besitos, url: str) -> AsyncIterator[Finding]:
    found = await check_up(besitos.store, url)
    yield Finding("database", Grade.GOOD, "cli.found.database", {"members": found.members})
    try:
        await try_to_write(besitos.store)
        yield Finding("writing", Grade.GOOD, "cli.found.writable")
    except Exception as error:  # noqa: BLE001 - a fault of ours is raised again
        yield _failed("writing", error)
    now = besitos.clock.now()
    if found.clock is not None and abs(found.clock - now) > SKEW:
        skew = abs(found.clock - now)
        yield Finding("clock", Grade.BAD, "cli.found.skew", {"seconds": round(skew.total_seconds())})
    elif found.newest is not None and found.newest > now + SKEW:
        yield Finding("clock", Grade.BAD, "cli.found.clock_behind", {"newest": found.newest})
    else:
        yield Finding("clock", Grade.GOOD, "cli.found.clock", {"now": now})
    game = besitos.games.current()
    if game.version:
        about = {"version": game.version, "name": game.document.about.name.in_language("es")}
        yield Finding("game", Grade.GOOD, "cli.found.game", about)
    else:
        yield Finding("game", Grade.NOTE, "cli.found.no_game")
    yield _of_retention(found.cleared, now)
    if found.dead_letters:
        yield Finding("letters", Grade.NOTE, "cli.found.letters", {"count": found.dead_letters})


def _of_retention(gone: Cleared, now: datetime) -> Finding:
    """Whether what is past its time goes: it is a job of `run` and `worker`, done once a day."""
    if gone.at is None:
        return Finding("retention", Grade.NOTE, "cli.found.never_cleared")
    grade = Grade.GOOD if now - gone.at < OVERDUE else Grade.NOTE
    return Finding("retention", grade, "cli.found.cleared", {"at": gone.at, "rows": sum(gone.rows.values())})


async def _of_token(api_url: str, token: str) -> Finding:
    """Ask Telegram who we are. The token stands in the address, so no error of the client's is shown as it is."""
    try:
        async with httpx2.AsyncClient(timeout=10) as client:
            answer = (await client.get(f"{api_url.rstrip('/')}/bot{token}/getMe")).json()
        if answer.get("ok"):
            return Finding("bot", Grade.GOOD, "cli.found.bot", {"name": answer["result"]["username"]})
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, KeyError, AttributeError) as error:
        return Finding("bot", Grade.BAD, "cli.found.no_telegram", {"url": api_url, "why": type(error).__name__})
    return Finding("bot", Grade.BAD, "cli.found.wrong_token", {"why": answer.get("description", "")})


def _failed(name: str, error: Exception) -> Finding:
    failure = failure_of(error)
    if failure is None:
        raise error
    return Finding(name, Grade.BAD, failure.code, failure.values)
