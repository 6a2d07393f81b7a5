"""Everything in one process: the API, the jobs, and the bot where there is a token; or one of them by itself."""

import asyncio
import shlex
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TypeAlias

from besitos import __version__
from besitos.apps.compose import Besitos, open_besitos
from besitos.apps.house import CONNECTIONS, started
from besitos.apps.jobs import jobs_of, run_jobs
from besitos.apps.place import without_password
from besitos.apps.process import prepare_for_work
from besitos.apps.settings import Settings
from besitos.apps.terminal import Terminal

PATIENCE = 9.0
"""Seconds in which every part may finish what it has begun. Whoever stops us waits ten."""

Part: TypeAlias = Callable[[Besitos, asyncio.Event], Awaitable[None]]
"""Something that goes on until the event is set."""


async def run_everything(settings: Settings, terminal: Terminal) -> None:
    """A whole house: migrated, with a game, with all its parts."""
    parts = [api_part(settings, lambda url: _say_what_to_open(url, settings, terminal)), jobs_part(settings)]
    if settings.bot_token is not None:
        parts.append(bot_part(settings))
    await _run(started(settings, terminal), parts)


async def run_parts(settings: Settings, *parts: Part) -> None:
    """Some parts of a house whose database is ready: another process starts it, or has."""
    await _run(open_besitos(settings.database_url, connections=CONNECTIONS), parts)


def telling(tell: Callable[[], None], part: Part) -> Part:
    """A part that says a word when it begins: from then on it also hears that it is to stop."""

    async def work(besitos: Besitos, stop: asyncio.Event) -> None:
        tell()
        await part(besitos, stop)

    return work


def api_part(settings: Settings, tell: Callable[[str], None]) -> Part:
    """The API; `tell` is called with its address when it listens."""

    async def serve_api(besitos: Besitos, stop: asyncio.Event) -> None:
        from besitos.apps.api import create_app, listen, serve_on

        app = await create_app(besitos, settings)
        socket = listen(settings.host, settings.port)
        tell(f"http://{_shown(settings.host)}:{socket.getsockname()[1]}")
        await serve_on(app, socket, stop)

    return serve_api


def bot_part(settings: Settings) -> Part:
    """The bot."""
    token = settings.bot_token
    assert token is not None, "asked for only where there is a token"

    async def talk(besitos: Besitos, stop: asyncio.Event) -> None:
        from besitos.apps.bot import run_bot

        await run_bot(besitos, token.get_secret_value(), settings.telegram_api_url, stop)

    return talk


def jobs_part(settings: Settings) -> Part:
    """The jobs."""
    return lambda besitos, stop: run_jobs(besitos, stop, jobs_of(settings))


def called() -> str:
    """How this program is called where it was called: `besitos`, or with the path that leads to it."""
    program = Path(sys.argv[0])
    if program.name != "besitos" or shutil.which("besitos") == str(program.absolute()):
        return "besitos"
    here = program.absolute()
    return shlex.quote(str(here.relative_to(Path.cwd()) if here.is_relative_to(Path.cwd()) else here))


async def _run(house: AbstractAsyncContextManager[Besitos], parts: Sequence[Part]) -> None:
    async with stopping(asyncio.Event()) as stop, house as besitos:
        prepare_for_work()
        await together(parts, besitos, stop)


async def together(parts: Sequence[Part], besitos: Besitos, stop: asyncio.Event) -> None:
    """All parts until `stop`, or until one of them ends. What the first failed with is raised when all have ended."""
    tasks = [asyncio.ensure_future(part(besitos, stop)) for part in parts]
    wish = asyncio.ensure_future(stop.wait())
    await asyncio.wait({*tasks, wish}, return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    await wish
    _, late = await asyncio.wait(tasks, timeout=PATIENCE)
    for task in late:
        task.cancel()
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    for result in ended:
        if isinstance(result, Exception):
            raise result


@asynccontextmanager
async def stopping(stop: asyncio.Event) -> AsyncIterator[asyncio.Event]:
    """SIGTERM and SIGINT set `stop`. A second Ctrl-C is heard as usual: it interrupts."""
    loop = asyncio.get_running_loop()

    def heard() -> None:
        loop.remove_signal_handler(signal.SIGINT)
        stop.set()

    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, heard)
    try:
        yield stop
    finally:
        for each in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(each)


def _say_what_to_open(url: str, settings: Settings, terminal: Terminal) -> None:
    terminal.say("cli.open.title", version=__version__)
    terminal.say("cli.open.docs", url=f"{url}/docs")
    terminal.say("cli.open.health", url=f"{url}/readyz")
    terminal.say("cli.open.database", url=without_password(settings.database_url))
    program = called()
    if settings.bot_token is None:
        terminal.say("cli.open.chat", command=f"{program} chat")
    else:
        terminal.say("cli.open.bot")
    terminal.say("cli.open.key", command=f"{program} keys create mi-app")
    terminal.say("cli.open.try", command=f"{program} --help")
    terminal.say("cli.open.stop")


def _shown(host: str) -> str:
    """An address that a browser takes."""
    if host in {"0.0.0.0", "::", ""}:  # noqa: S104 - only shown
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
