"""Payouts in words: what is to be given, amounts first."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from besitos.core.payout import Given, Payout
from besitos.surfaces.telegram.markup import Markup
from besitos.surfaces.telegram.visit import Visit
from besitos.surfaces.texts.given import kind_of


def payout_text(visit: Visit, payout: Payout) -> Markup:
    """`20 besitos, 5 XP y «Amiga»`. What nobody has a name for is not told."""
    words = visit.words
    amounts = [words.payout(word, amount) for word, amount in payout.amounts if amount > 0]
    return words.together([*amounts, *givings_text(visit, payout.givings)])


def givings_text(visit: Visit, givings: Iterable[Given]) -> Iterator[Markup]:
    """Each thing by its name: `7 días de VIP`, `«Amiga»`. A milestone is never told, nor what has no name."""
    for given in givings:
        if getattr(visit.game.document.all(kind_of(given)).get(given.key), "is_shown", True):
            yield from _given(visit, given)


def _given(visit: Visit, given: Given) -> Iterator[Markup]:
    words = visit.words
    if given.word == "vip":
        yield words.of("bot.payout.vip", time=words.duration(timedelta(seconds=given.count)))
        return
    name = visit.name_of(f"{kind_of(given)}/{given.key}")
    if name is not None:
        yield (
            words.of("bot.payout.many", name=name, n=given.count)
            if given.count > 1
            else words.of("bot.payout.one", name=name)
        )
