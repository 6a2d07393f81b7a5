"""`game`: the document in which the game is written."""

import getpass
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from besitos.apps.compose import Besitos
from besitos.apps.failure import refuse
from besitos.apps.gamefile import BrokenGameError, manager_of, read_game
from besitos.apps.help import LOOK, Noun, Verb, word
from besitos.apps.options import Json, Quiet
from besitos.apps.session import checked_text, do
from besitos.apps.terminal import Terminal
from besitos.engine.manager import Applied, Difference, EditedElsewhereError, Signature
from besitos.game.document import Document
from besitos.game.problem import Problem
from besitos.game.section import LANGUAGE, OWN
from besitos.game.writing import body_of
from besitos.mechanics import SECTIONS
from besitos.store.versions import GameVersion, version_of

app = typer.Typer(**LOOK)
game = typer.Typer(**LOOK, cls=Noun, help=word("cli.help.game"))
app.add_typer(game, name="game")

File = Annotated[Path, typer.Argument(metavar=word("cli.metavar.file"), help=word("cli.option.game"))]


@game.command("check", cls=Verb, help=word("cli.help.game_check"))
def check(path: File, *, json: Json = False, quiet: Quiet = False) -> None:
    """Say everything that is wrong with a document, or that it is in order."""
    terminal = Terminal(json, quiet)
    document = _read(path, terminal)
    terminal.data({"ok": True, "definitions": len(document.rows), "problems": []})
    terminal.say("cli.game_fine", count=len(document.rows))


@game.command("apply", cls=Verb, help=word("cli.help.game_apply"))
def apply(
    path: File,
    *,
    author: Annotated[str | None, typer.Option("--author", help=word("cli.option.author"))] = None,
    reason: Annotated[str, typer.Option("--reason", help=word("cli.option.why"))] = "",
    base: Annotated[int | None, typer.Option("--base", min=0, help=word("cli.option.base"))] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=word("cli.option.game_dry_run"))] = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Bring a document into force as one new version."""
    terminal = Terminal(json, quiet)
    document = _read(path, terminal)
    by = Signature(checked_text(author or _user(), most=200), checked_text(reason))

    async def work(besitos: Besitos) -> Applied:
        manager = manager_of(besitos)
        if dry_run:
            return Applied(*await manager.compare(document))
        return await manager.apply(document, by, base=base)

    try:
        applied = do(work)
    except EditedElsewhereError as moved:
        _show(moved.difference, terminal)
        refuse("cli.game_moved", version=moved.version)
    terminal.data({"version": applied.version, "differs": bool(applied.difference), **_as_data(applied.difference)})
    _show(applied.difference, terminal)
    if dry_run:
        terminal.say("cli.game_would_change" if applied.difference else "cli.game_unchanged", version=applied.version)
    else:
        terminal.say("cli.game_applied" if applied.difference else "cli.game_unchanged", version=applied.version)


@game.command("show", cls=Verb, help=word("cli.help.game_show"))
def show(*, json: Json = False, quiet: Quiet = False) -> None:
    """The game in force, as a document."""
    terminal = Terminal(json, quiet)

    async def work(besitos: Besitos) -> tuple[GameVersion | None, Document]:
        current = besitos.games.current()
        return await version_of(besitos.store, current.version), current.document

    version, document = do(work)
    if version is None:
        refuse("cli.no_game")
    written = _document(document)
    terminal.data({**version._asdict(), "game": written})
    terminal.line(yaml.safe_dump(written, allow_unicode=True, sort_keys=False, width=120).rstrip())
    terminal.say(
        "cli.game_in_force",
        version=version.version,
        at=version.applied_at,
        author=version.author,
        reason=version.reason or "-",
    )


def _read(path: Path, terminal: Terminal) -> Document:
    """The document, or a list of what is wrong with it and the end of the command."""
    try:
        return read_game(path)
    except BrokenGameError as broken:
        terminal.data({"ok": False, "problems": [_problem(each, terminal) for each in broken.problems]})
        for problem in broken.problems:
            terminal.line(terminal.texts.problem(problem))
        refuse("cli.game_broken", count=len(broken.problems))


def _problem(problem: Problem, terminal: Terminal) -> dict[str, Any]:
    place = problem.place
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "path": problem.path,
        "code": problem.code,
        "message": terminal.texts.sentence(problem),
    }


def _show(difference: Difference, terminal: Terminal) -> None:
    for sign, keys in zip("+~-", difference, strict=True):
        for name in _names(keys):
            terminal.line(f"{sign} {name}")


def _as_data(difference: Difference) -> dict[str, list[str]]:
    return {name: _names(keys) for name, keys in zip(difference._fields, difference, strict=True)}


def _names(keys: Iterable[tuple[str, str]]) -> list[str]:
    return [kind if kind == key else f"{kind}/{key}" for kind, key in keys]


def _document(document: Document) -> dict[str, Any]:
    """The rows under the words of their sections, in the order in which a document is written."""
    sections = sorted((*OWN, *SECTIONS), key=lambda section: LANGUAGE.index(section.name))
    written: dict[str, Any] = {}
    for section in sections:
        bodies = {key: _plain(body_of(row)) for (kind, key), row in document.rows.items() if kind == section.kind}
        if bodies:
            written[section.name] = next(iter(bodies.values())) if section.single else bodies
    return written


def _plain(value: Any) -> Any:  # noqa: ANN401 - what stands in a document
    """Numbers and texts as YAML writes them: those of the reader remember their digits."""
    match value:
        case dict():
            return {key: _plain(inner) for key, inner in value.items()}
        case list():
            return [_plain(inner) for inner in value]
        case bool() | None | str():
            return value
        case int():
            return int(value)
        case _:
            return float(value)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "cli"
