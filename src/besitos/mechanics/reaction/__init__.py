"""Reactions: an emoji under a post, and what it pays."""

from collections.abc import Iterable

from besitos.core.activity import topic_of
from besitos.game.asking import Asking, Vocabulary
from besitos.game.document import Document
from besitos.game.mechanic import Handles, Listens, Mechanic, Phase
from besitos.game.paying import Payable
from besitos.game.window import Window
from besitos.mechanics.reaction.decide import Paying, add, needs, pay
from besitos.mechanics.reaction.model import REACTIONS_SECTION, AddReaction, Palette, Reaction, ReactionAtWork


def compile_palette(document: Document) -> Iterable[tuple[str, Palette]]:
    """All reactions of the game. Of two with the same emoji, the emoji alone means the first by key."""
    words, by_key = Vocabulary(document), dict[str, ReactionAtWork]()
    for key, reaction in document.all("reaction").items():
        assert isinstance(reaction, Reaction)
        by_key[key] = ReactionAtWork(
            key=key,
            emoji=reaction.emoji,
            asking=Asking.of(reaction.requires, words),
            pays=None if reaction.pays is None else Payable(reaction.pays),
            window=Window.of(reaction, document.calendar),
        )
    yield "reaction", Palette(by_key, {by_key[key].emoji: by_key[key] for key in sorted(by_key, reverse=True)})


def compile_payments(document: Document) -> Iterable[tuple[str, Paying]]:
    """Every reaction that pays, under a name of its own in the books."""
    for _, palette in compile_palette(document):
        for key, reaction in palette.by_key.items():
            if reaction.pays is not None:
                yield f"reaction/{key}", Paying(reaction, palette)


REACTION = Mechanic(
    name="reaction",
    sections=(REACTIONS_SECTION,),
    compile=compile_palette,
    handles=(Handles(AddReaction, add, needs, is_public=True),),
)

REACTION_PAYMENTS = Mechanic(
    name="reaction_payments",
    compile=compile_payments,
    listens=(Listens(lambda _: (topic_of(AddReaction),), pay, Phase.RULE),),
)
"""What reactions pay: after the reaction is taken, and before any rule."""
