"""`level`: levels after their curve was changed."""

from typing import Annotated

import typer

from besitos.apps.bars import Advance, bar
from besitos.apps.compose import Besitos
from besitos.apps.failure import refuse
from besitos.apps.help import LOOK, Noun, Verb, word
from besitos.apps.levels import Recalculation, preview, recalculate
from besitos.apps.options import Json, Quiet
from besitos.apps.session import do
from besitos.apps.terminal import Terminal
from besitos.mechanics.level.decide import levels_of

app = typer.Typer(**LOOK)
level = typer.Typer(**LOOK, cls=Noun, help=word("cli.help.level"))
app.add_typer(level, name="level")


@level.command("recalculate", cls=Verb, help=word("cli.help.level_recalculate"))
def recalculate_levels(
    *,
    apply: Annotated[bool, typer.Option("--apply", help=word("cli.option.level_apply"))] = False,
    pay: Annotated[bool, typer.Option("--pay", help=word("cli.option.level_pay"))] = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Bring every member to the level of the present curve; without `--apply` only say whom that concerns."""
    terminal = Terminal(json, quiet)

    async def work(besitos: Besitos, advance: Advance) -> Recalculation:
        levels = levels_of(besitos.engine.game)
        if levels is None:
            refuse("level.none")
        if not apply:
            return await preview(besitos.store, levels, lambda done: advance(done, ""))
        return await recalculate(besitos.engine, besitos.store, levels, pays=pay, tell=lambda done: advance(done, ""))

    with bar(terminal) as advance:
        found = do(lambda besitos: work(besitos, advance))
    terminal.data({"looked_at": found.looked_at, "up": found.up, "down": found.down, "applied": apply, "paid": pay})
    terminal.pairs(
        [
            [terminal.texts.of("cli.title.members"), found.looked_at],
            [terminal.texts.of("cli.title.up"), found.up],
            [terminal.texts.of("cli.title.down"), found.down],
        ]
    )
    terminal.say("cli.levels_recalculated" if apply else "cli.levels_previewed")
