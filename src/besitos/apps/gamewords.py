"""What the commands say of games: problems, differences, and why one was not brought into force."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from besitos.apps.failure import misuse, refuse
from besitos.apps.terminal import Terminal
from besitos.engine.editing.difference import UNWRITTEN, Difference, Word, as_data, name_of
from besitos.engine.editing.drafts import (
    ConflictsError,
    DraftNameError,
    PastMomentError,
    ScheduledError,
    UnknownDraftError,
)
from besitos.engine.editing.manager import BrokenGameError, EditedElsewhereError, NotOursError, UnknownVersionError
from besitos.game.problem import Problem
from besitos.game.yaml_writer import flow
from besitos.store.protocol import TransientError, UnavailableError

SHOWN = 160
"""How much of a value stands in a line."""

UNPLAYED = "no_mechanic_yet"
"""The finding of a section that is kept and does nothing yet."""

KEEPING = (
    BrokenGameError,
    EditedElsewhereError,
    ConflictsError,
    UnknownVersionError,
    NotOursError,
    UnknownDraftError,
    ScheduledError,
    DraftNameError,
    PastMomentError,
)
"""Whatever keeps a game from being brought into force."""


@contextmanager
def told(terminal: Terminal) -> Iterator[None]:
    """Say what kept a game from being brought into force, show what there is to see, and end the command."""
    try:
        yield
    except KEEPING as error:
        _show(error, terminal)
        _refuse(error)
    except UnavailableError:
        raise
    except TransientError:
        refuse("cli.draft_changed")


def _show(error: Exception, terminal: Terminal) -> None:
    """What there is to see of it: problems, what others have changed, what both have."""
    match error:
        case BrokenGameError():
            terminal.data({"ok": False, "problems": problems_as_data(error.problems, terminal)})
            show_problems(error.problems, terminal)
        case EditedElsewhereError():
            terminal.data({"ok": False, "version": error.version, "base": error.base, **as_data(error.difference)})
            show(error.difference, terminal)
        case ConflictsError():
            names = [name_of(key) for key in error.conflicts]
            terminal.data({"ok": False, "version": error.version, "conflicts": names})
            for name in names:
                terminal.line(f"! {name}")


def _refuse(error: Exception) -> NoReturn:
    match error:
        case BrokenGameError():
            refuse("cli.game_broken", count=len(error.problems))
        case EditedElsewhereError():
            refuse("cli.game_moved", version=error.version)
        case ConflictsError():
            refuse("cli.draft_conflicts", version=error.version, count=len(error.conflicts))
        case UnknownVersionError():
            refuse("cli.no_version", version=error.version, latest=error.latest)
        case NotOursError():
            refuse("cli.version_not_ours", version=error.version, kinds=error.kinds)
        case UnknownDraftError():
            refuse("cli.no_draft", name=str(error))
        case ScheduledError():
            refuse("cli.draft_scheduled", name=str(error))
        case DraftNameError():
            misuse("cli.draft_name", found=str(error))
        case _:
            misuse("cli.game_moment_past")


def show_problems(problems: Iterable[Problem], terminal: Terminal) -> None:
    """One line for each, with its place."""
    for problem in problems:
        terminal.line(terminal.texts.problem(problem))


def show_findings(findings: Iterable[Problem], terminal: Terminal) -> None:
    """The same beside a change, where what nothing plays yet is counted: it says nothing of what changes."""
    told = list(findings)
    show_problems((each for each in told if each.code != UNPLAYED), terminal)
    if waiting := sum(each.code == UNPLAYED for each in told):
        terminal.line(terminal.texts.many("cli.game_unplayed", waiting))


def problems_as_data(problems: Iterable[Problem], terminal: Terminal) -> list[dict[str, Any]]:
    """The same for programs."""
    return [
        {
            "file": problem.place.file,
            "line": problem.place.line,
            "column": problem.place.column,
            "path": problem.path,
            "code": problem.code,
            "message": terminal.texts.sentence(problem),
        }
        for problem in problems
    ]


def show(found: Difference, terminal: Terminal) -> None:
    """`+ ~ -` for each definition, and of the changed ones each word with what it said and what it says."""
    for sign, keys in (("+", found.added), ("~", found.changed), ("-", found.archived)):
        for key in keys:
            terminal.line(f"{sign} {name_of(key)}")
            for word in found.words.get(key, ()):
                terminal.line(f"    {_said(word, terminal)}")


def _said(word: Word, terminal: Terminal) -> str:
    before, after = _shown(word.before), _shown(word.after)
    if word.before is UNWRITTEN:
        return terminal.texts.of("cli.word_added", word=word.path, after=after)
    if word.after is UNWRITTEN:
        return terminal.texts.of("cli.word_removed", word=word.path, before=before)
    return terminal.texts.of("cli.word_changed", word=word.path, before=before, after=after)


def _shown(value: object) -> str:
    if value is UNWRITTEN:
        return ""
    text = flow(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
