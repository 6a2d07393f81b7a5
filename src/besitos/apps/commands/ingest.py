"""`ingest`: activities in bulk, from a file of JSON lines."""

import json as json_module
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import IO, Annotated

import typer

from besitos.apps import bars
from besitos.apps.help import LOOK, Verb, word
from besitos.apps.ingest import BadLine, Ingest, Summary
from besitos.apps.lines import numbered, open_lines
from besitos.apps.options import Json, Quiet
from besitos.apps.process import prepare_for_work
from besitos.apps.session import SCOPE, opened, run_quickly
from besitos.apps.terminal import Terminal
from besitos.engine.intake import Intake

app = typer.Typer(**LOOK)

SHOWN = 20
"""Bad lines that are told one by one; all of them go to the file of `--errors`."""


class Unknown(StrEnum):
    """What to do with kinds and attributes that the game does not know."""

    REFUSE = "refuse"
    RECORD = "record"


@app.command("ingest", cls=Verb, help=word("cli.help.ingest"))
def ingest(
    path: Annotated[Path, typer.Argument(metavar=word("cli.metavar.lines"), help=word("cli.option.lines"))],
    *,
    unknown: Annotated[Unknown, typer.Option("--unknown", help=word("cli.option.unknown"))] = Unknown.REFUSE,
    errors: Annotated[Path | None, typer.Option("--errors", help=word("cli.option.errors"))] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Read activities in bulk. Exit 1 if any line was malformed or not an activity of this game."""
    terminal = Terminal(json, quiet)
    intake = Intake(SCOPE, may_be_late=True, records_unknown=unknown is Unknown.RECORD)
    with ExitStack() as stack:
        lines, file = stack.enter_context(open_lines(path))
        report = Reporter(terminal, stack.enter_context(_errors_file(errors)))
        advance = stack.enter_context(bars.of_file(file, terminal))
        summary = Summary()
        try:
            run_quickly(_read(lines, intake, report, advance, summary))
        finally:
            stack.pop_all().close() if False else None
    _tell(summary, terminal, report)
