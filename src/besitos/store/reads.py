"""What people look at: balances and histories, each answer from one snapshot."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from besitos.core.account import Account
from besitos.ledger.wallet import Wallet
from besitos.store.moments import moment_of
from besitos.store.protocol import Query, Sql

WALLETS = msgspec.json.Decoder(dict[str, Wallet])

PAGE_MAX = 200


class Card(NamedTuple):
    """One member: who they are, what they have, and their document as JSON."""

    member_id: int
    telegram_id: int | None
    external_id: str | None
    username: str | None
    display_name: str | None
    language: str | None
    created_at: datetime
    last_active: datetime | None
    state: str
    wallets: Mapping[str, Wallet]

    def wallet(self, account: str) -> Wallet:
        """What stands in one account; an account never used is empty."""
        return self.wallets.get(account, Wallet())

    def held(self, currency: str) -> int:
        """What is promised of a currency, in all holds."""
        accounts = ((Account(self.member_id, name), wallet) for name, wallet in self.wallets.items())
        return sum(each.balance for account, each in accounts if account.is_hold and account.currency == currency)


class Line(NamedTuple):
    """One line of a history. `note` is what somebody typed about the transfer."""

    member_id: int
    seq: int
    transfer_id: str
    account: str
    amount: int
    balance_after: int
    type: str
    counter: str
    lots: Sequence[Sequence[Any]]
    activity: str
    definition: str
    game_version: int
    details: Mapping[str, Any]
    occurred_at: datetime
    recorded_at: datetime
    note: str | None
    reversed_by: str | None


async def cards(store: Sql, member_ids: Collection[int]) -> dict[int, Card]:
    """These members as they are now, those that exist."""
    if not member_ids:
        return {}
    numbered = {f"m{place}": member_id for place, member_id in enumerate(member_ids)}
    [rows] = await store.read(Query(_CARDS.format(names=", ".join(f":{name}" for name in numbered)), numbered))
    return {row[0]: _card(row) for row in rows}


async def history(
    store: Sql, member_id: int, *, before: int | None = None, limit: int = 20, account: str | None = None
) -> list[Line]:
    """The newest lines of a member's history, or those before the `before`-th; of all accounts or of one."""
    assert 0 < limit <= PAGE_MAX, "pages are bounded"
    chosen = {"member_id": member_id, "before": before or 2**63 - 1, "limit": limit}
    if account is None:
        query = Query(_HISTORY.format(where=""), chosen)
    else:
        query = Query(_HISTORY.format(where="AND t.account = :account"), {**chosen, "account": account})
    [rows] = await store.read(query)
    return [_line(row) for row in rows]


async def newer_history(
    store: Sql, member_id: int, after: int, *, limit: int = 20, account: str | None = None
) -> list[Line]:
    """The lines that follow the `after`-th, as `history` has them: the page before that which begins below it."""
    assert 0 < limit <= PAGE_MAX, "pages are bounded"
    where = "" if account is None else "AND t.account = :account"
    named = {} if account is None else {"account": account}
    query = Query(_NEWER.format(where=where), {"member_id": member_id, "after": after, "limit": limit, **named})
    [rows] = await store.read(query)
    return [_line(row) for row in reversed(rows)]


def _card(row: Sequence[Any]) -> Card:
    created_at, last_active, state, wallets = row[6:]
    seen = None if last_active is None else moment_of(last_active)
    return Card._make([*row[:6], moment_of(created_at), seen, state, WALLETS.decode(wallets)])


def _line(row: Sequence[Any]) -> Line:
    lots, details = row[8], row[12]
    return Line._make(
        [
            *row[:8],
            msgspec.json.decode(lots) if lots else (),
            *row[9:12],
            msgspec.json.decode(details) if details else {},
            moment_of(row[13]),
            moment_of(row[14]),
            *row[15:],
        ]
    )


_CARDS = """
    SELECT member_id, telegram_id, external_id, username, display_name, language, created_at, last_active,
        state, wallets
    FROM members WHERE member_id IN ({names})
"""
_LINES = """
    SELECT t.member_id, t.seq, t.transfer_id, t.account, t.amount, t.balance_after, t.type, t.counter, t.lots,
        t.activity, t.definition, t.game_version, t.details, t.occurred_at, t.recorded_at, n.body, r.by
    FROM transactions AS t
    LEFT JOIN texts AS n ON n.transfer_id = t.transfer_id
    LEFT JOIN reversals AS r ON r.transfer_id = t.transfer_id
    WHERE t.member_id = :member_id {where}
"""
_HISTORY = f"{_LINES} AND t.seq < :before ORDER BY t.seq DESC LIMIT :limit"
_NEWER = f"{_LINES} AND t.seq > :after ORDER BY t.seq LIMIT :limit"
