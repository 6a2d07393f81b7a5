"""`jobs`: what is to happen by itself, and what could not."""

from collections import Counter
from datetime import datetime
from typing import Annotated

import typer

from besitos.apps.compose import Besitos
from besitos.apps.help import LOOK, Verb, word
from besitos.apps.options import Json, Limit, Quiet
from besitos.apps.session import do
from besitos.apps.terminal import Terminal
from besitos.engine.outcome import Outcome
from besitos.store.protocol import LetterRow, TimerRow

app = typer.Typer(**LOOK)


@app.command("jobs", cls=Verb, help=word("cli.help.jobs"))
def jobs(
    *,
    retry: Annotated[bool, typer.Option("--retry", help=word("cli.option.retry"))] = False,
    limit: Limit = 20,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Timers to come and dead letters; with `--retry` decide the dead letters anew."""
    terminal = Terminal(json, quiet)
    if retry:
        _retry(terminal)
        return

    async def work(besitos: Besitos) -> tuple[datetime, list[TimerRow], list[LetterRow]]:
        backlog = besitos.store.backlog
        return besitos.clock.now(), await backlog.timers(limit), await backlog.letters(limit)

    now, timers, letters = do(work)
    terminal.data(
        {
            "timers": [{"key": each.key, "kind": each.kind, "due_at": each.due_at} for each in timers],
            "overdue": sum(each.due_at <= now for each in timers),
            "letters": [_letter(each) for each in letters],
        }
    )
    terminal.line(terminal.texts.of("cli.timers" if timers else "cli.no_timers"))
    if timers:
        terminal.table(
            "due_at kind key",
            [[each.due_at, each.kind, each.key] for each in timers],
        )
    terminal.line(terminal.texts.of("cli.letters" if letters else "cli.no_letters"))
    if letters:
        terminal.table(
            "when member kind key error",
            [[each.occurred_at, str(each.member_id), each.kind, each.key, each.error] for each in letters],
        )


def _retry(terminal: Terminal) -> None:
    async def work(besitos: Besitos) -> list[Outcome]:
        return await besitos.engine.retry_letters()

    statuses = Counter(outcome.status.value for outcome in do(work))
    terminal.data({"tried": statuses.total(), "statuses": dict(statuses)})
    terminal.pairs([terminal.texts.of(f"cli.status.{name}"), str(count)] for name, count in sorted(statuses.items()))
    terminal.say("cli.letters_tried", count=statuses.total())
    if statuses["failed"]:
        raise typer.Exit(1)


def _letter(letter: LetterRow) -> dict[str, object]:
    return {
        "key": letter.key,
        "member_id": str(letter.member_id),
        "kind": letter.kind,
        "occurred_at": letter.occurred_at,
        "error": letter.error,
    }
