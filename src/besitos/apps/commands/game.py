"""`game`: the document in which the game is written, and its versions."""

import json as encoder
from pathlib import Path
from typing import Annotated

import typer

from besitos.apps.commands.draft import draft
from besitos.apps.commands.past import past, recall
from besitos.apps.compose import Besitos
from besitos.apps.failure import misuse, refuse
from besitos.apps.gamefile import drafts_of, examine_game, manager_of, moment_of, texts_of
from besitos.apps.gameoptions import Author, Base, File, Reason, signature
from besitos.apps.gamewords import problems_as_data, show, show_findings, show_problems, told
from besitos.apps.help import LOOK, Noun, Verb, word
from besitos.apps.options import Json, Limit, Quiet
from besitos.apps.session import do
from besitos.apps.terminal import Terminal
from besitos.engine.editing.difference import Difference, as_data, plain
from besitos.engine.editing.manager import Applied
from besitos.game.document import Document
from besitos.game.exporting import document_of, files_of, text_of
from besitos.game.problem import Problem
from besitos.game.schema import schema_of
from besitos.game.source import MEGABYTE, MOST_FILE, SUFFIXES
from besitos.mechanics import SECTIONS
from besitos.store.drafts import Draft
from besitos.store.protocol import Keyed, Raw
from besitos.store.versions import GameVersion, Recorded, history, version_of

app = typer.Typer(**LOOK)
game = typer.Typer(**LOOK, cls=Noun, help=word("cli.help.game"))
app.add_typer(game, name="game")
game.command("past", cls=Verb, help=word("cli.help.game_past"))(past)

Version = Annotated[int, typer.Argument(metavar=word("cli.metavar.version"), min=1, help=word("cli.option.version"))]
Side = Annotated[str | None, typer.Argument(metavar=word("cli.metavar.side"), help=word("cli.option.side"))]
Dry = Annotated[bool, typer.Option("--dry-run", help=word("cli.option.game_dry_run"))]


@game.command("check", cls=Verb, help=word("cli.help.game_check"))
def check(path: File, *, json: Json = False, quiet: Quiet = False) -> None:
    """Say everything that is wrong with a document, or that it is in order."""
    terminal = Terminal(json, quiet)
    document, findings = _examine(path, terminal)
    terminal.data(
        {
            "ok": True,
            "definitions": len(document.rows),
            "problems": [],
            "findings": problems_as_data(findings, terminal),
        }
    )
    show_problems(findings, terminal)
    terminal.say("cli.game_fine", count=len(document.rows))


@game.command("plan", cls=Verb, help=word("cli.help.game_plan"))
def plan(path: File, *, json: Json = False, quiet: Quiet = False) -> None:
    """Say what applying a document would do."""
    terminal = Terminal(json, quiet)
    document, findings = _examine(path, terminal)
    with told(terminal):
        version, found = do(lambda besitos: manager_of(besitos).compare(document))
    terminal.data(
        {
            "version": version,
            "differs": bool(found),
            **as_data(found),
            "findings": problems_as_data(findings, terminal),
        }
    )
    show(found, terminal)
    show_findings(findings, terminal)
    _say_summary(found, terminal)
    terminal.say("cli.game_would_change" if found else "cli.game_unchanged", version=version)


@game.command("apply", cls=Verb, help=word("cli.help.game_apply"))
def apply(
    path: File,
    *,
    author: Author = None,
    reason: Reason = "",
    base: Base = None,
    at: Annotated[str | None, typer.Option("--at", help=word("cli.option.at"))] = None,
    dry_run: Dry = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Bring a document into force as one new version, now or at a moment to come."""
    terminal = Terminal(json, quiet)
    (document, findings), by = _examine(path, terminal), signature(author, reason)
    show_findings(findings, terminal)
    if at is not None:
        moment = moment_of(at, document)
        if moment is None:
            misuse("cli.game_moment_form", found=at)

        async def schedule(besitos: Besitos) -> Draft:
            return await drafts_of(besitos).add_scheduled(texts_of(path), moment, by, base=base)

        with told(terminal):
            made = do(schedule)
        terminal.data({"draft": made.name, "base": made.base, "publish_at": made.publish_at})
        terminal.say("cli.draft_will_apply", name=made.name, at=made.publish_at)
        return

    async def work(besitos: Besitos) -> Applied:
        manager = manager_of(besitos)
        if dry_run:
            return Applied(*await manager.compare(document))
        applied = await manager.apply(document, by, base=base)
        await recall(besitos, terminal)
        return applied

    with told(terminal):
        applied = do(work)
    _tell(applied, terminal, dry_run)


@game.command("rollback", cls=Verb, help=word("cli.help.game_rollback"))
def rollback(
    version: Version,
    *,
    author: Author = None,
    reason: Reason = "",
    base: Base = None,
    dry_run: Dry = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Bring an older version into force again, as a new one."""
    terminal = Terminal(json, quiet)
    by = signature(author, reason or terminal.texts.of("cli.rollback_reason", version=version))

    async def work(besitos: Besitos) -> Applied:
        manager = manager_of(besitos)
        if dry_run:
            return Applied(*await manager.compare(await manager.restore(version)))
        return await manager.rollback(version, by, base=base)

    with told(terminal):
        applied = do(work)
    _tell(applied, terminal, dry_run)


@game.command("export", cls=Verb, help=word("cli.help.game_export"))
def export(
    *,
    version: Annotated[int | None, typer.Option("--version", min=1, help=word("cli.option.version"))] = None,
    folder: Annotated[Path | None, typer.Option("--folder", help=word("cli.option.folder"))] = None,
    file: Annotated[Path | None, typer.Option("--output", "-o", help=word("cli.option.output"))] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write a version as a document: to stdout, to a file, or to a folder with a file for each section."""
    terminal = Terminal(json, quiet)
    if folder is not None and file is not None:
        misuse("cli.one_of", names=("--folder", "--output"))

    async def work(besitos: Besitos) -> tuple[int, dict[Keyed, Raw]]:
        manager = manager_of(besitos)
        wanted = version or await manager.latest()
        if not wanted:
            refuse("cli.no_game")
        return wanted, await manager.rows(wanted)

    with told(terminal):
        number, rows = do(work)
    if folder is not None:
        names = _write_folder(folder, rows)
    elif file is not None:
        names = [str(_write_file(file, text_of(rows, SECTIONS), terminal))]
    else:
        terminal.data({"version": number, "game": plain(document_of(rows, SECTIONS))})
        terminal.line(text_of(rows, SECTIONS).rstrip("\n"))
        return
    terminal.data({"version": number, "files": names})
    terminal.say("cli.game_exported", version=number, count=len(rows), files=names)


@game.command("diff", cls=Verb, help=word("cli.help.game_diff"))
def diff(one: Side = None, other: Side = None, *, json: Json = False, quiet: Quiet = False) -> None:
    """What parts two versions, or a document from the version in force."""
    terminal = Terminal(json, quiet)
    sides = [side for side in (one, other) if side is not None]
    numbers = [int(side) for side in sides if side.isascii() and side.isdecimal()]
    if len(numbers) != len(sides) and len(sides) > 1:
        misuse("cli.diff_sides")
    document = _read(Path(sides[0]), terminal) if sides and not numbers else None

    async def work(besitos: Besitos) -> Difference:
        manager = manager_of(besitos)
        if document is not None:
            return (await manager.compare(document))[1]
        latest = await manager.latest()
        before = numbers[0] if numbers else max(latest - 1, 0)
        return await manager.between(before, numbers[1] if len(numbers) > 1 else latest)

    with told(terminal):
        found = do(work)
    terminal.data({"differs": bool(found), **as_data(found)})
    show(found, terminal)
    if found:
        _say_summary(found, terminal)
    else:
        terminal.say("cli.game_same")


@game.command("history", cls=Verb, help=word("cli.help.game_history"))
def show_history(
    *,
    limit: Limit = 20,
    before: Annotated[int | None, typer.Option("--before", min=1, help=word("cli.option.before_version"))] = None,
    json: Json = False,
) -> None:
    """The versions, the newest first: who applied each, why, when, and how much it changed."""
    terminal = Terminal(json)

    async def work(besitos: Besitos) -> list[Recorded]:
        return await history(besitos.store, limit, before)

    found = do(work)
    terminal.data([each._asdict() for each in found])
    terminal.table(
        "version when author reason added changed archived",
        [
            [each.version, each.applied_at, each.author, each.reason, each.added, each.changed, each.archived]
            for each in found
        ],
    )


@game.command("schema", cls=Verb, help=word("cli.help.game_schema"))
def schema(*, json: Json = False) -> None:
    """The language of this program as JSON Schema, for editors and forms."""
    terminal, made = Terminal(json), schema_of(SECTIONS)
    terminal.data(made)
    terminal.line(encoder.dumps(made, ensure_ascii=False, indent=1))


@game.command("show", cls=Verb, help=word("cli.help.game_show"))
def show_game(*, json: Json = False, quiet: Quiet = False) -> None:
    """The game in force, as a document."""
    terminal = Terminal(json, quiet)

    async def work(besitos: Besitos) -> tuple[GameVersion | None, Document]:
        current = besitos.games.current()
        return await version_of(besitos.store, current.version), current.document

    version, document = do(work)
    if version is None:
        refuse("cli.no_game")
    terminal.data({**version._asdict(), "game": plain(document_of(document.rows, SECTIONS))})
    terminal.line(text_of(document.rows, SECTIONS).rstrip("\n"))
    terminal.say(
        "cli.game_in_force",
        version=version.version,
        at=version.applied_at,
        author=version.author,
        reason=version.reason or "-",
    )


game.add_typer(draft, name="draft")


def _read(path: Path, terminal: Terminal) -> Document:
    """The document, or a list of what is wrong with it and the end of the command."""
    return _examine(path, terminal)[0]


def _examine(path: Path, terminal: Terminal) -> tuple[Document, list[Problem]]:
    """The same, and what is in order and worth a look all the same."""
    with told(terminal):
        return examine_game(path)


def _tell(applied: Applied, terminal: Terminal, is_rehearsal: bool) -> None:
    found, version = applied.difference, applied.version
    terminal.data({"version": version, "differs": bool(found), **as_data(found)})
    if is_rehearsal or not terminal.quiet:  # what would change was asked for; what has changed is a message
        show(found, terminal)
    changed = "cli.game_would_change" if is_rehearsal else "cli.game_applied"
    terminal.say(changed if found else "cli.game_unchanged", version=version)
    new = [f"{kind}/{key}" for kind, key in found.added if kind in {"badge", "rule"}]
    if new and version > 1 and not is_rehearsal:
        terminal.say("cli.game_past_hint", parts=" ".join(new))


def _say_summary(found: Difference, terminal: Terminal) -> None:
    counts = {"added": len(found.added), "changed": len(found.changed), "archived": len(found.archived)}
    if found:
        terminal.say("cli.game_summary", **counts)


def _write_file(file: Path, text: str, terminal: Terminal) -> Path:
    """A new file: what is there already is somebody's work."""
    with file.open("x", encoding="utf-8") as stream:
        stream.write(text)
    if len(text.encode()) > MOST_FILE:
        terminal.warn("cli.export_too_large", most=MOST_FILE // MEGABYTE)
    return file


def _write_folder(folder: Path, rows: dict[Keyed, Raw]) -> list[str]:
    """A folder that has no document in it yet: two would be read as one."""
    folder.mkdir(parents=True, exist_ok=True)
    there = next((each for each in sorted(folder.rglob("*")) if each.name.endswith(SUFFIXES)), None)
    if there is not None:
        refuse("cli.folder_taken", folder=str(folder), file=str(there))
    files = files_of(rows, SECTIONS)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [str(folder / name) for name in files]
