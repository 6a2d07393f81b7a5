"""What must hold of any store at any time, and what is compared between stores."""

from collections import defaultdict
from typing import Any

import msgspec

from besitos.core.account import Account
from besitos.engine.codec import parse
from besitos.ledger.wallet import Wallet
from besitos.store.protocol import Changes


def wallets_in(tables: Changes) -> dict[Account, Wallet]:
    """Every account there is."""
    return {
        Account(row.member_id, name): wallet
        for row in tables.members
        for name, wallet in msgspec.json.decode(row.wallets, type=dict[str, Wallet]).items()
    }


def balances_in(tables: Changes) -> dict[Account, int]:
    """Every balance, once the books are found in order."""
    assert_books_balance(tables)
    return {account: wallet.balance for account, wallet in wallets_in(tables).items()}


def assert_books_balance(tables: Changes) -> None:
    """Each account is the sum of its rows; each row continues the one before; nothing is negative."""
    sums: dict[Account, int] = defaultdict(int)
    seqs: dict[int, int] = defaultdict(int)
    for row in tables.transactions:
        account = Account(row.member_id, row.account)
        sums[account] += row.amount
        seqs[row.member_id] += 1
        assert row.seq == seqs[row.member_id]
        assert row.balance_after == sums[account] >= 0
    wallets = wallets_in(tables)
    assert {account: total for account, total in sums.items() if total} == {
        account: wallet.balance for account, wallet in wallets.items() if wallet.balance
    }
    assert all(sum(lot.amount for lot in wallet.lots) <= wallet.balance for wallet in wallets.values())
    assert all(row.seq == seqs[row.member_id] for row in tables.members)


def held_in_all(tables: Changes) -> int:
    """All besitos of all members, promised or not."""
    return sum(wallet.balance for account, wallet in wallets_in(tables).items() if account.currency == "besitos")


def comparable(tables: Changes) -> dict[str, Any]:
    """The tables without what may differ between databases: the spacing of JSON, the order of rows."""

    def parsed(rows: dict[Any, str]) -> dict[Any, Any]:
        return {name: parse(raw) for name, raw in rows.items()}

    def read(raw: str | None) -> Any:  # noqa: ANN401 - JSON is anything
        return None if raw is None else parse(raw)

    return {
        "activities": [
            row._replace(content=parse(row.content), outcome=parse(row.outcome), trace=read(row.trace))
            for row in tables.activities
        ],
        "transactions": [row._replace(lots=read(row.lots), details=read(row.details)) for row in tables.transactions],
        "reversals": list(tables.reversals),
        "texts": list(tables.texts),
        "members": [row._replace(state=parse(row.state), wallets=parse(row.wallets)) for row in tables.members],
        "rows": parsed(tables.rows),
        "shared": parsed(tables.shared),
        "scores": tables.scores,
        "events": [row._replace(body=parse(row.body)) for row in tables.events],
        "timers": {key: (row.due_at, parse(row.activity)) for key, row in tables.timers.items()},
    }
