"""Names that were written once under a common beginning: counted by what they say, and listed."""

from typing import Any

from besitos.store.protocol import Query, Raw, Sql


async def counted_below(store: Sql, beginning: str) -> list[tuple[Raw, int]]:
    """How many values there are whose name begins so, by value. A range of the key: no lock, and no search."""
    [rows] = await store.read(Query(_COUNTED, _range(beginning)))
    return [(row[0], row[1]) for row in rows]


async def names_below(store: Sql, beginning: str, *, after: str = "", limit: int = 100) -> list[str]:
    """The rest of the names that begin so, in their order, those after `after`."""
    chosen = {**_range(beginning), "after": beginning + after, "limit": limit}
    [rows] = await store.read(Query(_NAMES, chosen))
    return [row[0].removeprefix(beginning) for row in rows]


def _range(beginning: str) -> dict[str, Any]:
    """From the beginning up to the first name that does not have it. Names are compared by bytes."""
    assert beginning.endswith("/"), "a beginning is a part of a name, or `post/4` would hold `post/42`"
    return {"first": beginning, "end": beginning[:-1] + chr(ord("/") + 1)}


_COUNTED = """
    SELECT CAST(body AS TEXT), count(*) FROM rows
    WHERE member_id = 0 AND scope >= :first AND scope < :end
    GROUP BY CAST(body AS TEXT) ORDER BY count(*) DESC, CAST(body AS TEXT)
"""
_NAMES = """
    SELECT scope FROM rows
    WHERE member_id = 0 AND scope > :after AND scope >= :first AND scope < :end
    ORDER BY scope LIMIT :limit
"""
