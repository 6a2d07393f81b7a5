"""`besitos chat`: a terminal in which one talks to the real bot, without Telegram.

The playground serves the Bot API on a port of this machine, the bot runs against it in the same process, and a line
that is typed is a message of the member whom one plays.
"""

import asyncio
import re
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from hashlib import sha256
from io import TextIOWrapper
from typing import TextIO

from besitos.apps.bot import run_bot
from besitos.apps.compose import Besitos
from besitos.playground import Button, Happening, Kind, Message, Playground, Toast, User
from besitos.surfaces.telegram.markup import clean, keeps
from besitos.surfaces.texts import Texts

FIRST_ID = 10**12
PEOPLE = 10**9
"""Ids that people of this terminal may have: far above any that Telegram gives, so nobody plays a real member."""

NUMBER = re.compile(r"/?(\d{1,3})")
PROMPT = "> "
PATIENCE_SECONDS = 30.0
GLANCE_SECONDS = 0.005
ANA = "Ana"

Write = Callable[[str], None]


class Chat:
    """One person at a terminal. Buttons are those of the last message that had any."""

    def __init__(self, playground: Playground, person: User, texts: Texts, write: Write) -> None:
        self._playground = playground
        self._person = person
        self._texts = texts
        self._write = write
        self._conversation = playground.telegram.directory.conversations[person.id]
        self._seen = 0
        self._screen: Message | None = None
        self._silences = 0

    @property
    def was_answered(self) -> bool:
        """Whether the bot has dealt with everything that was asked of it."""
        return self._silences == 0

    async def take(self, line: str) -> None:
        """One line: the number of a button that is in sight, else a message. Nothing, if it is blank."""
        pressed = NUMBER.fullmatch(line)
        if pressed is not None and (self._buttons() or line.startswith("/")):
            await self._press(int(pressed[1]))
        elif line:
            try:
                await self._playground.say(self._person, line)
            except ValueError:
                self._write(self._texts.of("chat.too_long"))

    async def settle(self, bot: asyncio.Task[None]) -> None:
        """Wait until the bot has dealt with all that it was told, and show what came of it."""
        waited = 0.0
        while self._playground.telegram.queue.pending and waited < PATIENCE_SECONDS and not bot.done():
            await asyncio.sleep(GLANCE_SECONDS)
            waited += GLANCE_SECONDS
        self._show_news()
        if bot.done():
            await bot
        if self._playground.telegram.queue.pending:
            self._silences += 1
            self._write(self._texts.of("chat.silence", seconds=int(PATIENCE_SECONDS)))

    async def _press(self, number: int) -> None:
        buttons = self._buttons()
        if self._screen is None or not 0 < number <= len(buttons):
            self._write(self._texts.of("chat.no_button", number=number))
            return
        button = buttons[number - 1]
        self._write(self._texts.of("chat.pressed", button=button.text))
        await self._playground.press(self._person, self._screen, button)

    def _buttons(self) -> list[Button]:
        return [] if self._screen is None else [each for each in self._screen.buttons() if each.callback_data]

    def _show_news(self) -> None:
        news = self._conversation.log[self._seen :]
        self._seen += len(news)
        for happening in news:
            if happening.by != self._person.id:
                self._show(happening)

    def _show(self, happening: Happening) -> None:
        match happening:
            case Happening(kind=Kind.SENT | Kind.EDITED as kind, message=Message() as message):
                if kind is Kind.EDITED:
                    self._write(self._texts.of("chat.edited"))
                self._show_message(message)
            case Happening(kind=Kind.DELETED):
                self._write(self._texts.of("chat.deleted"))
            case Happening(toast=Toast(text=text)) if text:
                self._write(self._texts.of("chat.toast", text=shown(text)))

    def _show_message(self, message: Message) -> None:
        if message.buttons() or (self._screen is not None and self._screen.message_id == message.message_id):
            self._screen = message
        self._write(shown(message.text or ""))
        for number, button in enumerate(self._buttons() if message is self._screen else (), 1):
            self._write(f"[{number}] {shown(button.text)}")
        self._write("")


async def chat(
    besitos: Besitos, name: str = ANA, language: str = "es", *, lines: TextIO | None = None, write: Write | None = None
) -> int:
    """Talk until the lines end, and say how it went: 0 if everything was answered, else 1."""
    lines, write = lines or standard_input(), write or show
    texts = Texts(language)
    async with playing(besitos, clean(name) or ANA, language) as (playground, person, bot):
        write(texts.of("chat.begin", name=person.first_name, id=str(person.id)))
        if besitos.games.current().version == 0:
            write(texts.of("chat.no_game"))
        write("")
        talk = Chat(playground, person, texts, write)
        async for line in typed(lines, write):
            await talk.take(line)
            await talk.settle(bot)
    return 0 if talk.was_answered else 1


@asynccontextmanager
async def playing(
    besitos: Besitos, name: str, language: str
) -> AsyncIterator[tuple[Playground, User, asyncio.Task[None]]]:
    """A playground with one person in it and the bot before it. Who has the same name again is the same member."""
    stop = asyncio.Event()
    async with Playground(clock=besitos.clock) as playground:
        person = playground.person(name, id=id_of(name), language_code=language)
        # Messages are numbered on from one evening to the next, or the second /diario would be the first one again.
        conversation = playground.telegram.directory.conversations[person.id]
        conversation.last_message_id = int(besitos.clock.now().timestamp() * 1000)
        bot = asyncio.create_task(run_bot(besitos, playground.token, playground.base_url, stop))
        try:
            yield playground, person, bot
        finally:
            stop.set()
            await asyncio.wait([bot])


def standard_input() -> TextIO:
    """What is typed here; bytes that are no text become question marks instead of an end."""
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    return sys.stdin


def id_of(name: str) -> int:
    """The Telegram id of whoever has this name at a terminal, the same wherever it is typed."""
    return FIRST_ID + int.from_bytes(sha256(name.casefold().encode()).digest()[:8]) % PEOPLE


async def typed(stream: TextIO, write: Write) -> AsyncIterator[str]:
    """What is typed, line by line, with a prompt at a terminal and an echo where there is nobody to see one.

    Each line is waited for in a thread of its own that no exit waits for: Ctrl-C ends at once.
    """
    is_terminal = stream.isatty()
    loop = asyncio.get_running_loop()
    while True:
        print(PROMPT if is_terminal else "", end="", flush=True)
        came: asyncio.Future[str] = loop.create_future()
        threading.Thread(target=_read, args=(stream, loop, came), daemon=True).start()
        line = await came
        if not line:
            return
        if not is_terminal:
            write(f"{PROMPT}{line.strip()}")
        yield line.strip()


def _read(stream: TextIO, loop: asyncio.AbstractEventLoop, came: asyncio.Future[str]) -> None:
    line = stream.readline()
    with suppress(RuntimeError):  # the loop may be gone by now
        loop.call_soon_threadsafe(_arrive, came, line)


def _arrive(came: asyncio.Future[str], line: str) -> None:
    if not came.done():
        came.set_result(line)


def show(text: str) -> None:
    """Print at once, for whoever reads at the other end of a pipe."""
    print(text, flush=True)


def shown(text: str) -> str:
    """A text of somebody else's without what would command the terminal."""
    return "".join(filter(keeps, text))
