"""`game draft`: documents that are not in force, under a name."""

from typing import Annotated, Any

import typer

from besitos.apps.compose import Besitos
from besitos.apps.failure import misuse
from besitos.apps.gamefile import drafts_of, moment_of, problems_of, texts_of
from besitos.apps.gameoptions import Author, Base, File, Reason, signature
from besitos.apps.gamewords import problems_as_data, show, show_findings, show_problems, told
from besitos.apps.help import LOOK, Noun, Verb, word
from besitos.apps.options import Json, Quiet
from besitos.apps.session import do
from besitos.apps.terminal import Terminal
from besitos.engine.editing.difference import as_data, name_of
from besitos.engine.editing.drafts import BROKEN, MOVED, files_of
from besitos.engine.editing.manager import Applied
from besitos.store.drafts import Draft, DraftState

draft = typer.Typer(**LOOK, cls=Noun, help=word("cli.help.draft"))

Name = Annotated[str, typer.Argument(metavar=word("cli.metavar.name"), help=word("cli.option.draft"))]
NOT_SHOWN = frozenset(("files",))

STATES = {
    DraftState.OPEN: "cli.draft_state.open",
    DraftState.SCHEDULED: "cli.draft_state.scheduled",
    DraftState.APPLIED: "cli.draft_state.applied",
    DraftState.REFUSED: "cli.draft_state.refused",
}
REFUSED = {MOVED: "cli.draft_refused.moved", BROKEN: "cli.draft_refused.broken"}


@draft.command("save", cls=Verb, help=word("cli.help.draft_save"))
def save(
    name: Name,
    path: File,
    *,
    author: Author = None,
    reason: Reason = "",
    base: Base = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Keep a document under a name, be it in order or not."""
    terminal, by = Terminal(json, quiet), signature(author, reason)
    files, problems = texts_of(path), problems_of(path)

    async def work(besitos: Besitos) -> Draft:
        return await drafts_of(besitos).save(name, files, by, base=base)

    with told(terminal):
        kept = do(work)
    terminal.data({**_as_data(kept), "problems": problems_as_data(problems, terminal)})
    show_problems(problems, terminal)
    terminal.say("cli.draft_saved", name=name, base=kept.base)
    if problems:
        terminal.warn("cli.draft_broken", count=len(problems))


@draft.command("list", cls=Verb, help=word("cli.help.draft_list"))
def show_all(*, json: Json = False) -> None:
    """Every draft, with what is to become of it."""
    terminal = Terminal(json)
    found = do(lambda besitos: drafts_of(besitos).all())
    terminal.data([_as_data(each) for each in found])
    terminal.table(
        "draft base state publish_at version author reason saved_at",
        [
            [
                *(each.name, each.base, _state(each, terminal), each.publish_at, each.version),
                *(each.author, each.reason, each.saved_at),
            ]
            for each in found
        ],
    )


@draft.command("show", cls=Verb, help=word("cli.help.draft_show"))
def show_one(name: Name, *, json: Json = False, quiet: Quiet = False) -> None:
    """A draft as it was saved, comments and all."""
    terminal = Terminal(json, quiet)
    with told(terminal):
        found = do(lambda besitos: drafts_of(besitos).find(name))
    files = files_of(found)
    terminal.data({**_as_data(found), "files": files})
    for file, text in files.items():
        if len(files) > 1:
            terminal.line(f"# {file}")
        terminal.line(text.rstrip("\n"))
    terminal.say("cli.draft_is", name=name, base=found.base, state=_state(found, terminal))


@draft.command("plan", cls=Verb, help=word("cli.help.draft_plan"))
def plan(name: Name, *, json: Json = False, quiet: Quiet = False) -> None:
    """What applying a draft would do now."""
    terminal = Terminal(json, quiet)
    with told(terminal):
        found = do(lambda besitos: drafts_of(besitos).plan(name))
    terminal.data(
        {
            "version": found.version,
            "base": found.base,
            "differs": bool(found.difference),
            **as_data(found.difference),
            "theirs": as_data(found.theirs),
            "conflicts": [name_of(key) for key in found.conflicts],
            "findings": problems_as_data(found.findings, terminal),
        }
    )
    show(found.difference, terminal)
    for key in found.conflicts:
        terminal.line(f"! {name_of(key)}")
    show_findings(found.findings, terminal)
    if found.base != found.version:
        terminal.say("cli.draft_behind", base=found.base, version=found.version)
    if found.conflicts:
        terminal.say("cli.draft_has_conflicts", count=len(found.conflicts))
    terminal.say("cli.game_would_change" if found.difference else "cli.game_unchanged", version=found.version)


@draft.command("apply", cls=Verb, help=word("cli.help.draft_apply"))
def apply(
    name: Name,
    *,
    author: Author = None,
    reason: Reason = "",
    rebase: Annotated[bool, typer.Option("--rebase", help=word("cli.option.rebase"))] = False,
    at: Annotated[str | None, typer.Option("--at", help=word("cli.option.at"))] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Bring a draft into force as a new version, now or at a moment to come."""
    terminal, by = Terminal(json, quiet), signature(author, reason)
    if at is not None and rebase:
        misuse("cli.one_of", names=("--at", "--rebase"))

    async def schedule(besitos: Besitos, at: str) -> Draft:
        drafts = drafts_of(besitos)
        moment = moment_of(at, await drafts.document(await drafts.find(name)))
        if moment is None:
            misuse("cli.game_moment_form", found=at)
        return await drafts.schedule(name, moment, by)

    if at is not None:
        with told(terminal):
            made = do(lambda besitos: schedule(besitos, at))
        terminal.data(_as_data(made))
        terminal.say("cli.draft_will_apply", name=name, at=made.publish_at)
        return

    async def work(besitos: Besitos) -> Applied:
        return await drafts_of(besitos).apply(name, by, rebase=rebase)

    with told(terminal):
        applied = do(work)
    terminal.data({"version": applied.version, "differs": bool(applied.difference), **as_data(applied.difference)})
    show(applied.difference, terminal)
    terminal.say("cli.game_applied" if applied.difference else "cli.game_unchanged", version=applied.version)


@draft.command("cancel", cls=Verb, help=word("cli.help.draft_cancel"))
def cancel(name: Name, *, json: Json = False, quiet: Quiet = False) -> None:
    """Let a draft that waits for its moment be an ordinary one again."""
    terminal = Terminal(json, quiet)
    with told(terminal):
        found = do(lambda besitos: drafts_of(besitos).cancel(name))
    terminal.data(_as_data(found))
    terminal.say("cli.draft_is", name=name, base=found.base, state=_state(found, terminal))


@draft.command("delete", cls=Verb, help=word("cli.help.draft_delete"))
def delete(name: Name, *, json: Json = False, quiet: Quiet = False) -> None:
    """Forget a draft."""
    terminal = Terminal(json, quiet)
    with told(terminal):
        found = do(lambda besitos: drafts_of(besitos).delete(name))
    terminal.data(_as_data(found))
    terminal.say("cli.draft_deleted", name=name)


def _as_data(found: Draft) -> dict[str, Any]:
    return {name: value for name, value in found._asdict().items() if name not in NOT_SHOWN}


def _state(found: Draft, terminal: Terminal) -> str:
    said = terminal.texts.of(STATES[found.state])
    return said if found.refused is None else f"{said}: {terminal.texts.of(REFUSED[found.refused])}"
