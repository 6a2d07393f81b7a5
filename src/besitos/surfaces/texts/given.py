"""What is given besides money, in words."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from besitos.core.payout import Given
from besitos.surfaces.texts.texts import Texts

_KINDS: Final[Mapping[str, str]] = {"badges": "badge", "items": "item", "flags": "flag"}


def kind_of(given: Given) -> str:
    """Of which kind it is what the word of a payout names: `badge` of `badges`."""
    return _KINDS.get(given.word, given.word)


def given_text(texts: Texts, given: Given, name: str) -> str:
    """`7 días de VIP`, `«Amiga»`, and how many where there are several."""
    if given.word == "vip":
        return texts.of("bot.payout.vip", time=timedelta(seconds=given.count))
    if given.count > 1:
        return texts.of("bot.payout.many", name=name, n=given.count)
    return texts.of("bot.payout.one", name=name)
