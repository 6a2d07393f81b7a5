"""Things: what is remembered of a post, a live, a thread from the activity that began it."""

from collections.abc import Iterable

from besitos.core.past import RecallThing
from besitos.game.document import Document
from besitos.game.mechanic import Handles, Listens, Mechanic, Phase
from besitos.mechanics.thing.decide import ThingAtWork, needs, recall, remember
from besitos.mechanics.thing.model import THINGS_SECTION, Thing


def compile_things(document: Document) -> Iterable[tuple[str, ThingAtWork]]:
    """Every attribute that names things; the day is remembered of each."""
    for attribute, thing in document.all("thing").items():
        assert isinstance(thing, Thing)
        yield f"thing/{attribute}", ThingAtWork(attribute, tuple(thing.begins), tuple({*thing.keeps, "day"}))


THING = Mechanic(
    name="thing",
    sections=(THINGS_SECTION,),
    compile=compile_things,
    listens=(Listens(lambda thing: thing.topics, remember, Phase.THING, needs),),
)

THINGS_PAST = Mechanic(
    name="things_past", compile=lambda _: [("things_past", None)], handles=(Handles(RecallThing, recall),)
)
"""What the past knew of things that nobody asked for then."""
