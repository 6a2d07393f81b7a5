"""What the commands about games take, and who they say has given them."""

import getpass
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from besitos.apps.help import word
from besitos.apps.session import checked_text
from besitos.engine.editing.manager import Signature

File: TypeAlias = Annotated[Path, typer.Argument(metavar=word("cli.metavar.file"), help=word("cli.option.game"))]
Author: TypeAlias = Annotated[str | None, typer.Option("--author", help=word("cli.option.author"))]
Reason: TypeAlias = Annotated[str, typer.Option("--reason", help=word("cli.option.why"))]
Base: TypeAlias = Annotated[int | None, typer.Option("--base", min=0, help=word("cli.option.base"))]


def signature(author: str | None, reason: str) -> Signature:
    """Who gives the command, by default whoever is logged in, and why."""
    return Signature(checked_text(author or _user(), most=200), checked_text(reason))


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "cli"
