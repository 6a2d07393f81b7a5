"""`streak`: how streaks stand, and what an operator may do for one, or for all that an outage broke."""

from datetime import UTC, date, datetime
from typing import Annotated

import typer

from besitos.apps.bars import bar
from besitos.apps.compose import Besitos
from besitos.apps.failure import misuse, refuse
from besitos.apps.help import LOOK, Noun, Verb, word
from besitos.apps.options import Dry, Json, Key, MemberName, Note, Quiet
from besitos.apps.orders import Attempt
from besitos.apps.outage import Outage, restore
from besitos.apps.session import checked_text, do, look_at_member
from besitos.apps.terminal import Terminal
from besitos.core.view import View
from besitos.game.game import Game
from besitos.mechanics.streak.decide import Seen, look_at, streaks_in
from besitos.mechanics.streak.model import CancelPause, GrantFreeze, PauseStreak, RepairStreak, StreakReason

app = typer.Typer(**LOOK)
streak = typer.Typer(**LOOK, cls=Noun, help=word("cli.help.streak"))
app.add_typer(streak, name="streak")

StreakName = Annotated[str, typer.Argument(metavar=word("cli.metavar.streak"), help=word("cli.option.streak"))]
DayOption = typer.Option("--from", metavar=word("cli.metavar.day"), help=word("cli.option.pause_from"))
LastOption = typer.Option("--to", metavar=word("cli.metavar.day"), help=word("cli.option.pause_to"))
UndoOption = typer.Option("--cancel", metavar=word("cli.metavar.day"), help=word("cli.option.unpause"))


@streak.command("show", cls=Verb, help=word("cli.help.streak_show"))
def show(name: MemberName, *, json: Json = False) -> None:
    """How a member's streaks stand."""
    terminal = Terminal(json)

    def question(view: View, member_id: int, game: Game) -> dict[str, Seen]:
        return {key: look_at(view, member_id, rules) for key, rules in streaks_in(game).items()}

    found, _ = look_at_member(name, question)
    terminal.data([_as_data(key, seen) for key, seen in found.items()])
    if not found:
        terminal.say("cli.streak.none")
        return
    terminal.table(
        "streak length best breaks_at freezes pauses",
        [
            [key, seen.run.length, seen.run.best, seen.expires_at, len(seen.run.freezes), _pauses(seen)]
            for key, seen in found.items()
        ],
    )


@streak.command("pause", cls=Verb, help=word("cli.help.streak_pause"))
def pause(
    key_of_streak: StreakName,
    name: MemberName,
    *,
    first: Annotated[str | None, DayOption] = None,
    last: Annotated[str | None, LastOption] = None,
    cancel: Annotated[str | None, UndoOption] = None,
    key: Key = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Say on which days a member will be away, or take that back."""
    attempt = Attempt.under(key, Terminal(json, quiet))
    if cancel is not None:
        undone = _day(cancel)
        attempt.carry_out([name], lambda common, _: CancelPause(**common, streak=key_of_streak, starts_on=undone))
        return
    if first is None:
        misuse("cli.usage.missing", name="--from")
    starts_on = _day(first)
    ends_on = starts_on if last is None else _day(last)
    attempt.carry_out(
        [name],
        lambda common, _: PauseStreak(**common, streak=key_of_streak, starts_on=starts_on, ends_on=ends_on),
    )


@streak.command("freeze", cls=Verb, help=word("cli.help.streak_freeze"))
def freeze(
    key_of_streak: StreakName,
    name: MemberName,
    *,
    count: Annotated[int, typer.Option("--count", min=1, max=100, help=word("cli.option.freeze_count"))] = 1,
    note: Note = "",
    key: Key = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Give freezes to a member."""
    reason = checked_text(note)
    Attempt.under(key, Terminal(json, quiet)).carry_out(
        [name], lambda common, _: GrantFreeze(**common, streak=key_of_streak, count=count, reason=reason)
    )


@streak.command("repair", cls=Verb, help=word("cli.help.streak_repair"))
def repair(
    key_of_streak: StreakName,
    name: MemberName,
    *,
    note: Note = "",
    key: Key = None,
    dry_run: Dry = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Let a run that broke stand again."""
    reason = checked_text(note)
    Attempt.under(key, Terminal(json, quiet), is_rehearsal=dry_run).carry_out(
        [name], lambda common, _: RepairStreak(**common, streak=key_of_streak, reason=reason)
    )


@streak.command("restore", cls=Verb, help=word("cli.help.streak_restore"))
def restore_all(
    key_of_streak: StreakName,
    *,
    since: Annotated[str, typer.Option("--from", metavar=word("cli.metavar.day"), help=word("cli.option.outage_from"))],
    until: Annotated[str, typer.Option("--to", metavar=word("cli.metavar.day"), help=word("cli.option.outage_to"))],
    dry_run: Dry = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Restore every run of a streak that broke in a period which an outage fell into."""
    terminal, outage = Terminal(json, quiet), Outage(key_of_streak, _moment(since), _moment(until))
    if outage.until <= outage.since:
        misuse("cli.outage_backwards")

    async def work(besitos: Besitos) -> int:
        if key_of_streak not in streaks_in(besitos.engine.game):
            refuse(StreakReason.UNKNOWN.value, streak=key_of_streak)
        with bar(terminal) as advance:
            return await restore(besitos, outage, lambda part, count: advance(part, str(count)), is_rehearsal=dry_run)

    count = do(work)
    terminal.data({"restorable" if dry_run else "restored": count})
    if not json:
        terminal.line(terminal.texts.of("cli.streak.preview" if dry_run else "cli.streak.restored", count=count))


def _as_data(key: str, seen: Seen) -> dict[str, object]:
    run = seen.run
    return {
        "streak": key,
        "length": run.length,
        "best": run.best,
        "is_done": seen.period.is_done,
        "period_start": seen.period.starts_at,
        "period_end": seen.period.ends_at,
        "expires": seen.expires_at,
        "freezes": len(run.freezes),
        "pauses": [{"starts_on": each.starts_on, "ends_on": each.ends_on} for each in seen.pauses],
        "repairable_until": seen.repairable_until,
    }


def _pauses(seen: Seen) -> str:
    return ", ".join(f"{each.starts_on}..{each.ends_on}" for each in seen.pauses)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        misuse("cli.day_form", found=text)


def _moment(text: str) -> datetime:
    """A moment with its zone, or a day of UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        misuse("cli.moment_form", found=text)
    if moment.tzinfo is None and len(text) > len("2026-12-24"):
        misuse("cli.moment_form", found=text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
