"""Boosts: what multiplies what is paid, for a while or for some."""

from collections.abc import Iterable
from decimal import Decimal

from besitos.game.asking import Asking, Vocabulary
from besitos.game.document import Document
from besitos.game.mechanic import EVERY_ACTIVITY, Gives, Handles, Listens, Mechanic, Phase
from besitos.game.window import Window
from besitos.mechanics.boost.decide import always_on, finish, give, rests_until, settle_due, start, started
from besitos.mechanics.boost.model import BOOSTS_SECTION, Boost, BoostAtWork, Boosters, FinishBoost, StartBoost


def compile_boosts(document: Document) -> Iterable[tuple[str, BoostAtWork]]:
    """Every boost of the game."""
    words = Vocabulary(document)
    for key, boost in document.all("boost").items():
        assert isinstance(boost, Boost)
        yield (
            f"boost/{key}",
            BoostAtWork(
                key=key,
                factor=Decimal(boost.multiply),
                currency=str(boost.currency),
                sources=tuple(str(source) for source in boost.sources),
                asking=Asking.of(boost.requires, words),
                window=Window.of(boost, document.calendar),
                lasts=None if boost.lasts is None else boost.lasts.value,
            ),
        )


def compile_boosters(document: Document) -> Iterable[tuple[str, Boosters]]:
    """What runs goes on to its end, in a game that has no boosts any more too."""
    if not document.has_ever("boost"):
        return
    yield "boosts", Boosters({name.removeprefix("boost/"): boost.asking for name, boost in compile_boosts(document)})


BOOST = Mechanic(
    name="boost",
    sections=(BOOSTS_SECTION,),
    compile=compile_boosts,
    handles=(Handles(StartBoost, start, names=lambda order: f"boost/{order.boost}"),),
    gives=(Gives("boosts", give, lambda boost: (boost.key,)),),
    multiplies=always_on,
)

RUNNING_BOOSTS = Mechanic(
    name="running_boosts",
    compile=compile_boosters,
    handles=(Handles(FinishBoost, finish),),
    listens=(Listens(lambda _: (EVERY_ACTIVITY,), settle_due, Phase.DUE, rests_until=rests_until),),
    multiplies=started,
)
"""What members have started and what has not run out."""
