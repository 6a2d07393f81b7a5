"""`chat`: a terminal that talks to the bot, without Telegram."""

import os
from typing import Annotated

import typer

from besitos.apps import logs
from besitos.apps.chat import ANA, chat
from besitos.apps.help import LOOK, Verb, word
from besitos.apps.house import started
from besitos.apps.language import language_of
from besitos.apps.options import Quiet
from besitos.apps.session import run_quickly
from besitos.apps.settings import get_settings
from besitos.apps.terminal import Terminal

app = typer.Typer(**LOOK)


@app.command("chat", cls=Verb, help=word("cli.help.chat"))
def talk(
    *,
    name: Annotated[str, typer.Option("--as", metavar=word("cli.metavar.name"), help=word("cli.option.name"))] = ANA,
    language: Annotated[str | None, typer.Option("--language", help=word("cli.option.language"))] = None,
    quiet: Quiet = False,
) -> None:
    """Talk to the bot as a member of this name."""
    settings, terminal = get_settings(), Terminal(quiet=quiet)
    logs.configure("warning", settings.log_format)

    async def work() -> int:
        async with started(settings, terminal) as besitos:
            return await chat(besitos, name, language or language_of(os.environ))

    code = run_quickly(work())
    if code:
        raise typer.Exit(code)
