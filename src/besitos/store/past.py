"""The past: what each member did and what came of it, member by member, in the order of time."""

from collections.abc import AsyncIterator, Collection
from datetime import datetime
from typing import Literal, NamedTuple

import msgspec

from besitos.store.moments import moment_of
from besitos.store.protocol import Logs, Query
from besitos.store.rows import as_rows
from besitos.store.sums import EARNED_BY, SPENT_BY

What = Literal["activity", "transaction", "event"]
WHATS: tuple[What, ...] = ("activity", "transaction", "event")


class PastRow(NamedTuple):
    """One line of the logs. Rows of one activity stand together: itself first, then money, then events.

    `name` is the kind of an activity, the type of a transaction, the type of an event; `body` the content of an
    activity or an event, and of a transaction a `Booked`.
    """

    member_id: int
    at: datetime
    activity: str
    what: What
    name: str
    body: str
    game_version: int


class Booked(NamedTuple):
    """One movement: in which account, how much, what it added to earned and spent, for what, and with whom."""

    account: str
    amount: int
    earned: int
    spent: int
    definition: str
    counter: str

    @classmethod
    def read(cls, body: str) -> "Booked":
        """As it stands in a row."""
        account, amount, earned, spent, definition, counter = body.split("|", 5)
        return cls(account, int(amount), int(earned), int(spent), definition, counter)


async def past(
    database: Logs, kinds: Collection[str], events: Collection[str], *, with_money: bool
) -> AsyncIterator[list[PastRow]]:
    """Accepted activities of these kinds, events of these types and, if asked for, money, many rows at a time."""
    parameters: dict[str, object] = {
        "kinds": as_rows(_text(kind) for kind in sorted(kinds)),
        "events": as_rows(_text(event) for event in sorted(events)),
        "money": int(with_money),
    }
    async for rows in database.stream(Query(_PAST, parameters)):
        yield [
            PastRow(member_id, moment_of(at), activity, WHATS[what], name, body, version)
            for member_id, at, _, activity, what, _, name, body, version in rows
        ]


async def keys_of(database: Logs, kind: str) -> frozenset[str]:
    """The keys of all activities of this kind that were accepted, however long ago."""
    found: set[str] = set()
    async for rows in database.stream(Query(_KEYS, {"kind": kind})):
        found.update(key for [key] in rows)
    return frozenset(found)


async def members_in_all(database: Logs) -> int:
    """How many members there are."""
    [[[count]]] = await database.read(Query("SELECT count(*) FROM members"))
    return max(1, int(count))


def _text(name: str) -> str:
    """A name as a JSON list of one."""
    return msgspec.json.encode([str(name)]).decode()


_KEYS = "SELECT key FROM activities WHERE kind = :kind AND outcome ->> 'status' IS NULL"
_PAST = f"""
    SELECT member_id, CASE WHEN occurred_at > recorded_at THEN recorded_at ELSE occurred_at END AS at, recorded_at,
        key AS activity, 0 AS what, 0 AS seq, kind AS name, CAST(content AS text) AS body, game_version
    FROM activities
    WHERE kind IN (SELECT value ->> 0 FROM json_each(:kinds)) AND outcome ->> 'status' IS NULL
    UNION ALL
    SELECT member_id, occurred_at, recorded_at, activity, 1, position, type,
        account || '|' || amount || '|' || ({EARNED_BY}) || '|' || ({SPENT_BY}) || '|' || definition || '|' || counter,
        game_version
    FROM movements WHERE CAST(:money AS integer) = 1
    UNION ALL
    SELECT member_id, occurred_at, recorded_at, activity, 2, member_seq, type, CAST(body AS text), game_version
    FROM events WHERE type IN (SELECT value ->> 0 FROM json_each(:events))
    ORDER BY 1, 2, 3, 4, 5, 6
"""
"""By member, then by time; what came late stands where it happened. What was said to be yet to come stands where it was
recorded: all that came of it is dated so, and it must stand together, or what it paid would be taken for unpaid.
"""
