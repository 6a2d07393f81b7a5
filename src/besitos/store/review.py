"""What waits for a person to look at it: payouts in quarantine, members whom a cap has noticed, timers to come."""

from typing import NamedTuple

from besitos.core.quarantine import ANOMALY, WAITING, Anomaly, Waiting
from besitos.store.protocol import Query, Raw, Sql


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


async def waiting_payouts(store: Sql, limit: int) -> list[WaitingPayout]:
    """Payouts in quarantine, the longest waiting first."""
    found = [
        WaitingPayout(member_id, name, WAITING.decode(body))
        for member_id, name, body in await _rows(store, WAITING.name)
    ]
    waiting = [each for each in found if each.waiting]
    return sorted(waiting, key=lambda each: (str(each.waiting.since), each.member_id))[:limit]


async def noticed_members(store: Sql, limit: int) -> list[NoticedMember]:
    """Members above a cap that only reports, the latest first."""
    found = [
        NoticedMember(member_id, name, ANOMALY.decode(body))
        for member_id, name, body in await _rows(store, ANOMALY.name)
    ]
    return sorted(found, key=lambda each: str(each.anomaly.last_at), reverse=True)[:limit]


async def _rows(store: Sql, slot: str) -> list[tuple[int, str, Raw]]:
    """All rows of a slot. They are few, but nothing leads to them without their members: every row is read."""
    [rows] = await store.read(Query(_OF_SLOT, {"first": f"{slot}/", "last": f"{slot}0"}))
    return [(member_id, scope.partition("/")[2], body) for member_id, scope, body in rows]


_OF_SLOT = """
    SELECT member_id, scope, body FROM rows WHERE scope >= :first AND scope < :last ORDER BY member_id, scope
"""
"""`0` is the character after `/`."""
