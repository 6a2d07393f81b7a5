"""`migrate`, `doctor` and `backup`: the database."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from besitos.apps.bars import bar
from besitos.apps.doctor import Grade, examine
from besitos.apps.failure import refuse
from besitos.apps.help import LOOK, Verb, word
from besitos.apps.options import Json, Quiet
from besitos.apps.place import make_place
from besitos.apps.settings import get_settings
from besitos.apps.terminal import Terminal
from besitos.store.backup import back_up
from besitos.store.database import is_postgresql, sqlite_path
from besitos.store.migrate import HEAD, check, upgrade

app = typer.Typer(**LOOK)


@app.command("migrate", cls=Verb, help=word("cli.help.migrate"))
def migrate(*, json: Json = False, quiet: Quiet = False) -> None:
    """Bring the database to this program's schema."""
    terminal, url = Terminal(json, quiet), get_settings().database_url
    make_place(url)
    before = asyncio.run(upgrade(url))
    terminal.data({"before": before, "now": HEAD})
    if before == HEAD:
        terminal.say("cli.schema_current", revision=HEAD)
    else:
        terminal.say("cli.migrated" if before else "cli.database_made", before=before, revision=HEAD)


@app.command("doctor", cls=Verb, help=word("cli.help.doctor"))
def doctor(*, json: Json = False) -> None:
    """Look at everything that a besitos needs. Exit 1 if something does not work."""
    terminal = Terminal(json)
    findings = asyncio.run(examine(get_settings()))
    texts = terminal.texts
    terminal.data(
        [
            {"check": each.check, "grade": each.grade.value, "message": texts.reason(each.code, each.values)}
            for each in findings
        ]
    )
    for each in findings:
        terminal.line(
            f"{each.grade.sign} {texts.of(f'cli.check.{each.check}')}: {texts.reason(each.code, each.values)}"
        )
    if any(each.grade is Grade.BAD for each in findings):
        raise typer.Exit(1)


@app.command("backup", cls=Verb, help=word("cli.help.backup"))
def backup(
    target: Annotated[Path, typer.Argument(metavar=word("cli.metavar.file"), help=word("cli.option.backup"))],
    *,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Copy a live SQLite database into a file."""
    terminal, url = Terminal(json, quiet), get_settings().database_url
    if is_postgresql(url):
        refuse("cli.backup_postgresql")
    asyncio.run(check(url))
    with bar(terminal) as advance:
        size = back_up(sqlite_path(url), target, lambda left, total: advance(1 - left / max(total, 1), ""))
    terminal.data({"file": str(target), "bytes": size})
    terminal.say("cli.backed_up", file=str(target), size=size)
