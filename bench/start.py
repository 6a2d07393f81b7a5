"""Starting: how long until there is help, until HTTP answers, and how much memory a role holds after some work."""

import asyncio
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import msgspec

from bench.load import ORDINARY, new_key
from bench.meter import Sample, resident_mib
from bench.section import Section
from bench.table import Line, of
from bench.wire import answers, free_port, request, running, send_all
from besitos.apps.gamefile import FIRST_GAME, examine_game
from besitos.game.game import compile_game
from besitos.mechanics import MECHANICS
from besitos.playground import TOKEN, Playground

GAME = "the sample game, read, checked, linted, compiled"
HELP, ANSWER = "besitos --help", "besitos run, first answer on a new file"
API, ALL = "besitos api, after 2,000 requests", "besitos run with a bot, after 2,000 requests"

LINES = (
    Line("besitos --help", of(HELP, "p50"), 300.0, 200.0, "ms", at_most=True),
    Line("the sample game is read and checked", of(GAME, "ours"), 500_000, 200_000, "µs", at_most=True),
    Line("HTTP answers after start, SQLite", of(ANSWER, "p50"), 3_000.0, 1_500.0, "ms", at_most=True),
    Line("memory, API alone", of(API, "memory"), 140.0, 100.0, "MiB", at_most=True),
    Line("memory, all in one", of(ALL, "memory"), 280.0, 230.0, "MiB", at_most=True),
)


@asynccontextmanager
async def start() -> AsyncIterator[Section]:
    """Nothing is shared between two starts but the playground that the bot talks to."""
    async with Playground() as playground:
        bot = {"BOT_TOKEN": TOKEN, "BESITOS_TELEGRAM_API_URL": playground.base_url}
        yield Section(
            {
                HELP: _help,
                GAME: _sample_game,
                ANSWER: _first_answer,
                API: partial(_memory, "api", {}),
                ALL: partial(_memory, "run", bot),
            },
            LINES,
        )


async def _help() -> Sample:
    return _took(await _besitos("--help"))


async def _sample_game() -> Sample:
    """What `besitos game check` does once it has started, and what an apply does besides, in CPU."""
    started, used = time.perf_counter(), time.process_time()
    document, _ = examine_game(FIRST_GAME)
    compile_game(MECHANICS, document)
    return _took(time.perf_counter() - started)._replace(ours=(time.process_time() - used) * 1e6)


async def _first_answer() -> Sample:
    with tempfile.TemporaryDirectory(prefix="besitos-bench-") as folder:
        port, started = free_port(), time.perf_counter()
        async with running("besitos", "run", "--port", str(port), environment=_on(folder)) as process:
            return _took(await answers(process, port, "/readyz") - started)


async def _memory(role: str, more: Mapping[str, str]) -> Sample:
    with tempfile.TemporaryDirectory(prefix="besitos-bench-") as folder:
        environment, port, document = {**_on(folder), **more}, free_port(), Path(folder) / "game.yaml"
        document.write_text(ORDINARY)
        await _besitos("migrate", environment=environment)
        await _besitos("game", "apply", str(document), environment=environment)
        key = await _key(environment)
        async with running("besitos", role, "--port", str(port), environment=environment) as process:
            await answers(process, port, "/readyz")
            work = [_message(key) for _ in range(2_000)]
            started = time.perf_counter()
            await send_all(port, work, 16)
            rate = len(work) / (time.perf_counter() - started)
            return Sample(rate, memory=resident_mib(process.pid))


def _on(folder: str) -> dict[str, str]:
    return {"DATABASE_URL": f"sqlite:///{folder}/besitos.db"}


async def _besitos(*arguments: str, environment: Mapping[str, str] | None = None) -> float:
    """Run a command to its end; how long it took, in seconds."""
    started = time.perf_counter()
    async with running("besitos", *arguments, environment=environment) as process:
        assert await process.wait() == 0, f"besitos {' '.join(arguments)} failed"
    return time.perf_counter() - started


async def _key(environment: Mapping[str, str]) -> str:
    """A new API key, as the command prints it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "besitos", "keys", "create", "bench", "--json", "--quiet"),
        stdout=asyncio.subprocess.PIPE,
        env={**environment},
    )
    printed, _ = await process.communicate()
    key: str = msgspec.json.decode(printed)["key"]
    return key


def _message(key: str) -> bytes:
    body = {"key": new_key(), "member": f"m{random.randint(1, 500)}", "kind": "chat.message"}
    return request("/api/v1/activities", msgspec.json.encode(body), {"authorization": f"Bearer {key}"})


def _took(seconds: float) -> Sample:
    return Sample(1 / seconds, p50=seconds * 1e3)
