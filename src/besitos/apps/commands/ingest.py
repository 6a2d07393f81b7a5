"""`ingest`: activities in bulk, from a file of JSON lines."""

import json as to_json
from contextlib import ExitStack, nullcontext
from enum import StrEnum
from pathlib import Path
from typing import IO, Annotated

import typer

from besitos.apps.bars import bar
from besitos.apps.help import LOOK, Verb, word
from besitos.apps.ingest import BadLine, Ingest, Summary
from besitos.apps.lines import Lines, numbered, open_lines
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


class Reporter:
    """Tells of bad lines: the first ones on stderr, all of them as JSON lines in a file."""

    def __init__(self, terminal: Terminal, file: IO[str] | None) -> None:
        self.told = 0
        self.terminal = terminal
        self._file = file

    def __call__(self, bad: BadLine) -> None:
        """Tell of one."""
        self.told += 1
        number, (code, values) = bad
        message = self.terminal.texts.reason(code, values)
        if self._file is not None:
            self._file.write(
                to_json.dumps({"line": number, "code": code, "message": message}, ensure_ascii=False) + "\n"
            )
        if self.told <= SHOWN:
            self.terminal.warn("cli.bad_line", line=str(number), why=message, reason=code)


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
    terminal, summary = Terminal(json, quiet), Summary()
    intake = Intake(SCOPE, may_be_late=True, records_unknown=unknown is Unknown.RECORD)
    with ExitStack() as stack:
        lines = stack.enter_context(open_lines(path))
        file = stack.enter_context(errors.open("w", encoding="utf-8") if errors is not None else nullcontext())
        reporter = Reporter(terminal, file)
        try:
            run_quickly(_read(lines, intake, summary, reporter))
        except BaseException:
            terminal.warn("cli.ingest_stopped", lines=summary.lines)
            raise
    _tell(summary, reporter, errors)
    if not summary.is_clean:
        raise typer.Exit(1)


async def _read(lines: Lines, intake: Intake, summary: Summary, reporter: Reporter) -> None:
    terminal = reporter.terminal
    async with opened() as besitos:
        prepare_for_work()
        with bar(terminal) as advance:
            work = Ingest(besitos, intake, summary, reporter)
            await work.read(numbered(lines.stream), lambda done: advance(lines.progress, f"{done:,}"))


def _tell(summary: Summary, reporter: Reporter, errors: Path | None) -> None:
    terminal = reporter.terminal
    terminal.data(summary.as_data())
    terminal.line(terminal.texts.of("cli.ingested", lines=summary.lines, replayed=summary.replayed))
    counts = [*sorted(summary.statuses.items()), *([("malformed", summary.malformed)] if summary.malformed else [])]
    terminal.pairs([terminal.texts.of(f"cli.status.{name}"), str(count)] for name, count in counts)
    if summary.reasons:
        terminal.line(terminal.texts.of("cli.reasons"))
        for code, count in summary.reasons.most_common():
            terminal.line(f"  {count:>8}  {code}")
    if reporter.told > SHOWN:
        terminal.warn(
            "cli.more_bad_lines" if errors else "cli.more_bad_lines_nowhere",
            count=reporter.told - SHOWN,
            file=str(errors),
        )
