"""`game past`: what a badge or a rule would have given before it was there, and giving it."""

from collections.abc import Mapping
from typing import Annotated

import typer

from besitos.apps.bars import bar
from besitos.apps.compose import Besitos
from besitos.apps.failure import refuse
from besitos.apps.help import word
from besitos.apps.options import Json, Quiet
from besitos.apps.process import prepare_for_work
from besitos.apps.session import opened, run_quickly
from besitos.apps.terminal import Terminal
from besitos.engine.catchup import CatchUp, Gain, refusal_of
from besitos.game.game import Game
from besitos.mechanics import SECTIONS

Parts = Annotated[list[str], typer.Argument(metavar=word("cli.metavar.parts"), help=word("cli.option.parts"))]
Preview = Annotated[bool, typer.Option("--preview", help=word("cli.option.preview"))]


def past(parts: Parts, *, preview: Preview = False, json: Json = False, quiet: Quiet = False) -> None:
    """Give these badges and rules for the past, or say what that would come to."""
    terminal = Terminal(json, quiet)
    prepare_for_work()
    gains = run_quickly(back_fill(parts, terminal, preview=preview))
    tell(gains, terminal)
    terminal.say(
        "cli.past_previewed" if preview else "cli.past_given", count=sum(gain.times for gain in gains.values())
    )


async def back_fill(parts: list[str], terminal: Terminal, *, preview: bool = False) -> Mapping[str, Gain]:
    """Read the past for these parts, with a bar, once the metrics they ask for are computed."""
    async with opened() as besitos:
        check(parts, besitos.engine.game)
        with bar(terminal) as advance:
            catching_up = CatchUp(besitos.engine, besitos.store, lambda done: advance(done, ""))
            await catching_up.bring_up_to_date(SECTIONS)
            gains = await (catching_up.preview(parts) if preview else catching_up.back_fill(parts))
        tell_forgotten(catching_up, terminal)
        return gains


async def recall(besitos: Besitos, terminal: Terminal) -> None:
    """Compute the metrics that are new in the game in force over what was recorded, with a bar."""
    await besitos.games.catch_up(await besitos.store.versions.latest())
    with bar(terminal) as advance:
        catching_up = CatchUp(besitos.engine, besitos.store, lambda done: advance(done, ""))
        await catching_up.bring_up_to_date(SECTIONS)
    tell_forgotten(catching_up, terminal)


def tell_forgotten(catching_up: CatchUp, terminal: Terminal) -> None:
    """What the past could not be read from any more."""
    for event, until in sorted(catching_up.forgotten.items()):
        terminal.warn("cli.past_forgotten", event=event, until=until)


def check(parts: list[str], running: Game) -> None:
    """End here where one of them cannot be given for the past."""
    for part in parts:
        refusal = refusal_of(part, running)
        if refusal is not None:
            refuse(refusal.reason.value, **refusal.details)


def tell(gains: Mapping[str, Gain], terminal: Terminal) -> None:
    """What each comes to: members, times, amounts."""
    terminal.data(
        {
            part: {"members": len(gain.members), "times": gain.times, "amounts": dict(sorted(gain.amounts.items()))}
            for part, gain in gains.items()
        }
    )
    for part, gain in gains.items():
        texts, nothing = terminal.texts, terminal.texts.of("cli.past_no_money")
        amounts = ", ".join(f"{amount:+,} {currency}" for currency, amount in sorted(gain.amounts.items())) or nothing
        members, times = texts.many("cli.past_members", len(gain.members)), texts.many("cli.past_times", gain.times)
        terminal.say("cli.past_gain", part=part, members=members, times=times, amounts=amounts)
