"""Levels after a new curve: who would move, and bringing them there in batches.

Members are gone through in the order of their ids. Doing it again changes nothing, so what was interrupted is simply
begun anew: those who are where they belong are passed over.
"""

import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import TypeAlias

from besitos.core.account import purse
from besitos.core.standing import STANDING
from besitos.engine.book import SECTIONS
from besitos.engine.engine import Engine
from besitos.mechanics.level.decide import LevelsAtWork
from besitos.mechanics.level.model import PEAK, RecalculateLevel
from besitos.store.boards import count_members, next_members
from besitos.store.protocol import Database
from besitos.store.reads import Card, cards

AT_ONCE = 500
"""Members of one batch."""

Tell: TypeAlias = Callable[[float], None]
"""How far it is, from 0 to 1."""


@dataclass
class Recalculation:
    """How many members were looked at, and how many of them belong higher or lower than they stand."""

    looked_at: int = 0
    up: int = 0
    down: int = 0

    def count(self, was: int, becomes: int) -> None:
        """One more member."""
        self.looked_at += 1
        self.up += becomes > was
        self.down += becomes < was


async def preview(database: Database, levels: LevelsAtWork, tell: Tell) -> Recalculation:
    """Whom a recalculation would move."""
    found = Recalculation()
    async for page in _pages(database, tell):
        for card in page:
            found.count(_level(card), _belongs(card, levels))
    return found


async def recalculate(
    engine: Engine, database: Database, levels: LevelsAtWork, *, pays: bool, tell: Tell
) -> Recalculation:
    """Bring every member to the level of the present curve; what it reaches is paid and announced only if it `pays`."""
    found, run = Recalculation(), secrets.token_hex(8)
    async for page in _pages(database, tell):
        orders = []
        for card in page:
            level = _belongs(card, levels)
            found.count(_level(card), level)
            if level != _level(card) or level > _peak(card):
                orders.append(_order(engine, card, run, pays=pays))
        await engine.run(orders)
    return found


async def _pages(database: Database, tell: Tell) -> AsyncIterator[list[Card]]:
    after, done, whole = 0, 0, await count_members(database)
    while ids := await next_members(database, after, AT_ONCE):
        found = await cards(database, ids)
        yield [found[each] for each in ids if each in found]
        after, done = ids[-1], done + len(ids)
        tell(min(done / max(whole, 1), 1.0))


def _order(engine: Engine, card: Card, run: str, *, pays: bool) -> RecalculateLevel:
    return RecalculateLevel(
        key=f"job:level.recalculate/{run}/{card.member_id}",
        member_id=card.member_id,
        occurred_at=engine.clock.now(),
        is_dated=False,
        pays=pays,
    )


def _belongs(card: Card, levels: LevelsAtWork) -> int:
    return levels.level_at(card.wallet(purse(card.member_id, levels.currency).name).earned)


def _level(card: Card) -> int:
    raw = SECTIONS.decode(card.state).get(STANDING.name)
    return (STANDING.blank if raw is None else STANDING.decode(raw)).level


def _peak(card: Card) -> int:
    raw = SECTIONS.decode(card.state).get(PEAK.name)
    return (PEAK.blank if raw is None else PEAK.decode(raw)).level
