"""Levels: how far a member has come, by what they have earned."""

from collections.abc import Iterable

from besitos.game.document import Document
from besitos.game.mechanic import Ask, Handles, Mechanic, Phase, Reads
from besitos.game.paying import Payable
from besitos.mechanics.level.decide import LevelsAtWork, follow, recalculate, takes_each
from besitos.mechanics.level.model import LEVELS_SECTION, Levels, RecalculateLevel


def compile_levels(document: Document) -> Iterable[tuple[str, LevelsAtWork]]:
    """The levels of a game that has them."""
    for levels in document.all("levels").values():
        assert isinstance(levels, Levels)
        takes = takes_each(levels)
        pays = Payable(levels.pays) if levels.pays is not None else None
        steps = {number: Payable(step.pays) for number, step in levels.steps.items() if step.pays is not None}
        yield "levels", LevelsAtWork(levels.currency, tuple(takes), tuple(takes.values()), pays, steps)


LEVEL = Mechanic(
    name="level",
    sections=(LEVELS_SECTION,),
    compile=compile_levels,
    handles=(Handles(RecalculateLevel, recalculate),),
    reads=(Reads(lambda levels: (Ask(f"earned:{levels.currency}"),), follow, Phase.FOLLOW),),
)
