"""Transfers: what operators and applications move, how it is undone, and what time takes away."""

from collections.abc import Iterable

from besitos.core.lot import ExpireLots
from besitos.core.quarantine import RefusePayout, ReleasePayout
from besitos.game.document import Document
from besitos.game.mechanic import Handles, Mechanic
from besitos.game.section import SOURCES
from besitos.mechanics.transfer.decide import (
    expire,
    give,
    grant,
    other_side,
    refuse,
    release,
    reverse,
    spend,
    what_waits,
)
from besitos.mechanics.transfer.model import ADMIN, CurrencyRules, Gift, Grant, ReverseTransfer, Spend, TransferRules


def compile_rules(document: Document) -> Iterable[tuple[str, TransferRules]]:
    """What may be done with each currency, and the sources that a grant may name."""
    currencies = {key: CurrencyRules(made.spendable, made.giftable) for key, made in document.currencies.items()}
    yield "transfer", TransferRules(currencies, document.sources | SOURCES | {ADMIN})


TRANSFER = Mechanic(
    name="transfer",
    compile=compile_rules,
    handles=(
        Handles(Grant, grant),
        Handles(Spend, spend),
        Handles(Gift, give, other_side, is_deed=True),
        Handles(ReverseTransfer, reverse),
        Handles(ExpireLots, expire),
        Handles(ReleasePayout, release, what_waits),
        Handles(RefusePayout, refuse, what_waits),
    ),
)
