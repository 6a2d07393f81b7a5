"""The command `besitos`: what there is, and what becomes of an error.

A command's module is loaded when it is called, so that `besitos --help` answers at once.
"""

import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.main import get_command, get_group

from besitos import __version__
from besitos.apps.failure import USAGE, Failure, OutputError, failure_of
from besitos.apps.help import LOOK, Noun, word
from besitos.apps.terminal import Terminal, flush

COMMANDS = {
    "run": "serve",
    "chat": "chat",
    "game": "game",
    "ingest": "ingest",
    "grant": "money",
    "spend": "money",
    "gift": "money",
    "reverse": "money",
    "balance": "reading",
    "history": "reading",
    "why": "why",
    "member": "member",
    "streak": "streak",
    "badge": "badge",
    "mission": "mission",
    "reward": "reward",
    "leaderboard": "board",
    "level": "level",
    "audit": "books",
    "seal": "books",
    "quarantine": "review",
    "anomalies": "review",
    "jobs": "jobs",
    "keys": "keys",
    "api": "serve",
    "bot": "serve",
    "worker": "serve",
    "migrate": "database",
    "doctor": "database",
    "backup": "database",
}
"""Every command in the order of `--help`, and the module of `besitos.apps.commands` that has it."""

INTERRUPTED = 130
"""What a shell expects of a process that Ctrl-C ended."""

UNREAD = 141
"""What a shell expects of a process whose reader has gone, as in `besitos history ext:ana | head -1`."""


class Commands(Noun):
    """The commands, each loaded when it is called."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002 - as in Noun
        """Their names."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002 - as in Noun
        """The command of this name, whose module is loaded for it."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"besitos.apps.commands.{COMMANDS[cmd_name]}")
        return get_group(module.app).commands[cmd_name]

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002 - as in Noun
        """The list in `--help`, without loading any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, word(f"cli.help.{name}")) for name in COMMANDS])


app = typer.Typer(**LOOK, add_completion=True)


def show_version(wanted: bool) -> None:
    """Say the version and end."""
    if wanted:
        print(f"besitos {__version__}")
        raise typer.Exit


@app.callback(cls=Commands, help=word("cli.help.besitos"))
def besitos(
    *,
    version: Annotated[
        bool, typer.Option("--version", "-V", callback=show_version, is_eager=True, help=word("cli.help.version"))
    ] = False,
) -> None:
    """Nothing but the options that stand before a command."""


def main() -> None:
    """What the console script and `python -m besitos` run."""
    sys.exit(run(sys.argv[1:]))


def run(args: Sequence[str]) -> int:
    """Do what was typed and say how it went: 0 done, 1 failed, 2 typed wrongly, 130 interrupted, 141 not read."""
    terminal = Terminal(json="--json" in args)
    try:
        code = get_command(app).main(list(args), prog_name="besitos", standalone_mode=False)
        flush()
    except typer.Abort as error:  # Typer's word for the end of a file that was not expected
        return _failed(error.__cause__ or error, terminal)
    except typer.TyperException as error:
        return _usage(error, terminal)
    except OutputError as error:
        return UNREAD if error.is_unread else _failed(error, terminal)
    except Exception as error:  # noqa: BLE001 - it is told apart there, and raised again where it is ours
        return _failed(error, terminal)
    if code == INTERRUPTED:
        terminal.warn("cli.interrupted")
    return code if isinstance(code, int) else 0


def _failed(error: BaseException, terminal: Terminal) -> int:
    failure = failure_of(error)
    if failure is None:
        raise error
    terminal.fail(failure)
    with suppress(OutputError):  # the failure weighs more
        flush()
    return failure.exit_code


def _usage(error: typer.TyperException, terminal: Terminal) -> int:
    """Say what is wrong with what was typed. Typer's exceptions for that have no public names."""
    context, kind = getattr(error, "ctx", None), type(error).__name__
    if kind == "NoArgsIsHelpError":
        print(error.message, file=sys.stderr)
        return USAGE
    terminal.fail(_what_was_wrong(error, kind))
    if context is not None and not terminal.json:
        terminal.warn("cli.usage.help", command=f"{context.command_path} --help")
    return USAGE


def _what_was_wrong(error: typer.TyperException, kind: str) -> Failure:
    option, parameter = getattr(error, "option_name", None), getattr(error, "param", None)
    if kind == "NoSuchOption" and re.match(r"-\d", str(option)):
        return Failure("cli.amount_negative", {"found": option})
    if kind == "NoSuchOption":
        near = getattr(error, "possibilities", None) or [""]
        return Failure("cli.usage.no_such_option", {"option": option, "nearest": near[0]})
    if kind == "MissingParameter" and parameter is not None:
        return Failure("cli.usage.missing", {"name": parameter.get_error_hint().strip("'")})
    if parameter is not None:
        return Failure("cli.usage.wrong", {"name": parameter.get_error_hint().strip("'"), "why": error.message})
    if extra := re.fullmatch(r"Got unexpected extra argument(?:s|\(s\))? \((.*)\)", error.message):
        return Failure("cli.usage.extra", {"found": extra[1]})
    return Failure("cli.usage", {"why": error.message})
