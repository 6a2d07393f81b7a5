"""`run`, `api`, `bot` and `worker`: what goes on until it is stopped."""

from typing import Annotated

import typer

from besitos.apps import logs
from besitos.apps.failure import misuse
from besitos.apps.help import LOOK, Verb, word
from besitos.apps.options import Quiet
from besitos.apps.run import api_part, bot_part, jobs_part, run_everything, run_parts, telling
from besitos.apps.session import run_quickly
from besitos.apps.settings import Settings, get_settings
from besitos.apps.terminal import Terminal

app = typer.Typer(**LOOK)

Host = Annotated[str | None, typer.Option("--host", help=word("cli.option.host"))]
Port = Annotated[int | None, typer.Option("--port", min=0, max=65535, help=word("cli.option.port"))]


@app.command("run", cls=Verb, help=word("cli.help.run"))
def run(*, host: Host = None, port: Port = None, quiet: Quiet = False) -> None:
    """Everything in one process."""
    settings = _settings(host, port)
    run_quickly(run_everything(settings, Terminal(quiet=quiet)))


@app.command("api", cls=Verb, help=word("cli.help.api"))
def api(*, host: Host = None, port: Port = None, quiet: Quiet = False) -> None:
    """The API alone."""
    settings, terminal = _settings(host, port), Terminal(quiet=quiet)
    run_quickly(run_parts(settings, api_part(settings, lambda url: terminal.say("cli.api_listens", url=url))))


@app.command("bot", cls=Verb, help=word("cli.help.bot"))
def bot(*, quiet: Quiet = False) -> None:
    """The bot alone."""
    settings = _settings()
    if settings.bot_token is None:
        misuse("cli.no_token")
    terminal = Terminal(quiet=quiet)
    url = settings.telegram_api_url
    talk = telling(lambda: terminal.say("cli.bot_talks", url=url), bot_part(settings))
    run_quickly(run_parts(settings, talk))


@app.command("worker", cls=Verb, help=word("cli.help.worker"))
def worker(*, quiet: Quiet = False) -> None:
    """The jobs alone."""
    settings = _settings()
    terminal = Terminal(quiet=quiet)
    run_quickly(run_parts(settings, telling(lambda: terminal.say("cli.worker_works"), jobs_part(settings))))


def _settings(host: str | None = None, port: int | None = None) -> Settings:
    """The settings, with what was typed laid over them, and logs that go where they say."""
    settings = get_settings()
    typed = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    logs.configure(settings.log_level, settings.log_format)
    return settings.model_copy(update=typed)
