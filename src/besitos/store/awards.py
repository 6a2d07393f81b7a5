"""Badges as they were given: all of one member, and how many members hold each."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from weakref import WeakKeyDictionary

from besitos.store.protocol import Query, Raw, Sql

COUNTED_SECONDS = 60.0
"""How old the numbers of holders may be. Counting a million is a walk along an index, and no work for every call."""

SHARE = 0.01
"""The part of the time that may be spent on counting: what takes three seconds is counted every five minutes."""


class Holders(NamedTuple):
    """How many members there are, and how many of them hold each badge."""

    members: int = 0
    of: Mapping[str, int] = {}

    def percent(self, badge: str) -> float:
        """The share of members who hold it, in per cent with two decimals."""
        return round(100 * self.of.get(badge, 0) / self.members, 2) if self.members else 0.0


NOBODY = Holders()


@dataclass
class _Count:
    """The last count of one database, and whether it is being counted anew: meanwhile the last one serves."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    at: float = float("-inf")
    took: float = 0.0
    found: Holders = NOBODY


_counts: WeakKeyDictionary[Sql, _Count] = WeakKeyDictionary()


async def awards_of(store: Sql, member_id: int) -> list[tuple[str, Raw]]:
    """Everything that a member was ever given, by name, as it is written: what was revoked too."""
    [rows] = await store.read(Query(_OF_MEMBER, {"member_id": member_id}))
    return [(row[0].removeprefix("badge/"), row[1]) for row in rows]


async def holders(store: Sql, badges: Mapping[str, str]) -> Holders:
    """How many members hold each of these badges, of which we know what they are kept `per`.

    A minute old at most; where counting takes so long, as old as keeps it to its share of the time.
    """
    count = _counts.setdefault(store, _Count())
    if count.lock.locked() and count.found is not NOBODY:
        return count.found
    async with count.lock:
        began = _now()
        if began - count.at >= max(COUNTED_SECONDS, count.took / SHARE):
            count.found, count.at = await count_holders(store, badges), began
            count.took = _now() - began
    return count.found


def _now() -> float:
    return asyncio.get_running_loop().time()


async def count_holders(store: Sql, badges: Mapping[str, str]) -> Holders:
    """The same as of now."""
    queries = [
        Query(_VALUES, {"scope": f"badge/{key}", "first": f"badge/{key}/", "end": f"badge/{key}0"})
        if per
        else Query(_ONE, {"scope": f"badge/{key}", "taken": f"badge_taken/{key}"})
        for key, per in badges.items()
    ]
    [[members], *counted] = await store.read(Query(_MEMBERS), *queries)
    return Holders(members[0], {key: rows[0][0] for key, rows in zip(badges, counted, strict=True)})


_OF_MEMBER = """
    SELECT scope, CAST(body AS TEXT) FROM rows
    WHERE member_id = :member_id AND scope >= 'badge/' AND scope < 'badge0'
    ORDER BY scope
"""
_MEMBERS = "SELECT count(*) FROM members WHERE member_id > 0"
# Each says the condition of the index word by word, so that both databases see that it will do.
_ONE = """
    SELECT (
        SELECT count(*) FROM rows WHERE scope >= 'badge/' AND scope < 'badge_u' AND scope = :scope
    ) - (
        SELECT count(*) FROM rows
        WHERE scope >= 'badge/' AND scope < 'badge_u' AND scope = :taken AND CAST(body AS TEXT) <> '{}'
    )
"""
_VALUES = """
    SELECT count(DISTINCT member_id) FROM rows
    WHERE scope >= 'badge/' AND scope < 'badge_u' AND (scope = :scope OR (scope >= :first AND scope < :end))
        AND (member_id, scope) NOT IN (
            SELECT member_id, 'badge/' || substr(scope, 13) FROM rows
            WHERE scope >= 'badge/' AND scope < 'badge_u' AND scope >= 'badge_taken/' AND CAST(body AS TEXT) <> '{}'
        )
"""
