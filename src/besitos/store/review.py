"""What waits for a person to look at it: payouts in quarantine, members whom a cap has noticed, timers to come."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from besitos.core.quarantine import ANOMALY, WAITING, Anomaly, Waiting
from besitos.store.protocol import Query, Store


class WaitingPayout(NamedTuple):
    """A payout in quarantine, and whose it is."""

    member_id: int
    payout: str
    waiting: Waiting


class NoticedMember(NamedTuple):
    """A member who went above a cap that only reports."""

    member_id: int
    cap: str
    anomaly: Anomaly


async def waiting_payouts(store: Store, limit: int) -> list[WaitingPayout]:
    """Payouts in quarantine, the longest waiting first."""
    found = [
        WaitingPayout(member_id, name, WAITING.decode(body))
        for member_id, name, body in await _rows(store, WAITING.name)
    ]
    waiting = [each for each in found if each.waiting.amounts]
    return sorted(waiting, key=lambda each: (str(each.waiting.since), each.member_id))[:limit]


async def noticed_members(store: Store, limit: int) -> list[NoticedMember]:
    """Members above a cap that only reports, the latest first."""
    found = [
        NoticedMember(member_id, name, ANOMALY.decode(body))
        for member_id, name, body in await _rows(store, ANOMALY.name)
    ]
    return sorted(found, key=lambda each: str(each.anomaly.last_at), reverse=True)[:limit]


async def _rows(store: Store, slot: str) -> list[tuple[int, str, Any]]:
    """All rows of a slot. They are few, but nothing leads to them without their members: every row is read."""
    [rows] = await store.read(Query(_OF_SLOT, {"first": f"{slot}/", "last": f"{slot}0"}))
    return [(row[0], str(row[1]).partition("/")[2], _text(row)) for row in rows]


def _text(row: Sequence[Any]) -> str | bytes:
    body: str | bytes = row[2] if isinstance(row[2], (str, bytes)) else msgspec.json.encode(row[2])
    return body


_OF_SLOT = """
    SELECT member_id, scope, body FROM rows WHERE scope >= :first AND scope < :last ORDER BY member_id, scope
"""
"""`0` is the character after `/`."""
