"""Payouts in words: what is to be given, amounts first."""

from collections.abc import Iterator
from datetime import timedelta

from besitos.core.payout import Given, Payout
from besitos.surfaces.telegram.markup import Markup
from besitos.surfaces.telegram.visit import Visit

KINDS = {"badges": "badge", "items": "item", "content": "content"}
"""The words of a payout that name definitions, and of which kind."""


def payout_text(visit: Visit, payout: Payout) -> Markup:
    """`20 besitos, 5 XP y «Amiga»`. What nobody has a name for is not told."""
    words = visit.words
    amounts = [words.payout(word, amount) for word, amount in payout.amounts if amount > 0]
    return words.together([*amounts, *(told for given in payout.givings for told in _given(visit, given))])


def _given(visit: Visit, given: Given) -> Iterator[Markup]:
    words = visit.words
    if given.word == "vip":
        yield words.of("bot.payout.vip", time=words.duration(timedelta(seconds=given.count)))
        return
    name = visit.name_of(f"{KINDS.get(given.word, given.word)}/{given.key}")
    if name is not None:
        yield (
            words.of("bot.payout.many", name=name, n=given.count)
            if given.count > 1
            else words.of("bot.payout.one", name=name)
        )
