"""The views that operators read: the same rows under the same names on both databases."""

from datetime import UTC, datetime

import pytest

from besitos.store import migrate
from besitos.store.moments import moment_of
from tests.store.raw import run

ANA, LUZ = 2**52, 2
WALLETS = """{
    "besitos": {"balance": 120, "earned": 300, "spent": 50, "debt": 7, "lots": [
        ["2026-12-01T00:00:00Z", 40, null], ["2026-12-05T10:20:30.000450Z", 20, "2026-12-03T00:00:00Z"]]},
    "besitos@auction/7": {"balance": 130, "lots": [["1999-12-31T23:59:59Z", 30, null]]},
    "besitos@quarantine/a@ñ": {"balance": 5},
    "xp": {"earned": 9007199254740993}
}"""

ACCOUNTS = "SELECT member_id, account, currency, is_hold, balance, earned, spent, debt FROM accounts ORDER BY account"
LOTS = "SELECT member_id, account, expires_at, amount FROM lots ORDER BY expires_at"
BALANCES = """
    SELECT member_id, external_id, telegram_id, currency, balance, held, earned, spent FROM user_balances
    ORDER BY currency
"""
DEFINED_ON_SQLITE = "SELECT count(*) FROM pragma_table_info('{}')"
DEFINED_ON_POSTGRESQL = "SELECT count(*) FROM information_schema.columns WHERE table_name = '{}'"


@pytest.fixture
async def database(url: str) -> str:
    """The URL of a database in which Ana has something of everything, and Luz nothing."""
    await migrate.upgrade(url)
    now = "0" if url.startswith("sqlite") else "to_timestamp(0)"
    columns = "member_id, telegram_id, external_id, wallets, created_at"
    await run(url, f"INSERT INTO members ({columns}) VALUES ({ANA}, 42, 'ana@forum', '{WALLETS}', {now})")
    await run(url, f"INSERT INTO members ({columns}) VALUES ({LUZ}, NULL, NULL, '{{}}', {now})")
    return url


async def test_every_account_is_a_row(database: str) -> None:
    assert await run(database, ACCOUNTS) == [
        (ANA, "besitos", "besitos", False, 120, 300, 50, 7),
        (ANA, "besitos@auction/7", "besitos", True, 130, 0, 0, 0),
        (ANA, "besitos@quarantine/a@ñ", "besitos", True, 5, 0, 0, 0),
        (ANA, "xp", "xp", False, 0, 9007199254740993, 0, 0),
    ]


async def test_every_lot_is_a_row_to_the_microsecond(database: str) -> None:
    found = [
        (member_id, account, moment_of(at), amount) for member_id, account, at, amount in await run(database, LOTS)
    ]

    assert found == [
        (ANA, "besitos@auction/7", datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC), 30),
        (ANA, "besitos", datetime(2026, 12, 1, tzinfo=UTC), 40),
        (ANA, "besitos", datetime(2026, 12, 5, 10, 20, 30, 450, tzinfo=UTC), 20),
    ]


async def test_a_balance_is_what_can_be_spent_beside_what_is_held(database: str) -> None:
    assert await run(database, BALANCES) == [
        (ANA, "ana@forum", 42, "besitos", 120, 135, 300, 50),
        (ANA, "ana@forum", 42, "xp", 0, 0, 9007199254740993, 0),
    ]


@pytest.mark.parametrize(
    ("view", "columns"),
    [
        *[("accounts", 8), ("lots", 5), ("user_balances", 8)],
        *[("movements", 20), ("lot_movements", 9), ("quarantined", 7), ("writers", 3), ("next_event", 1)],
    ],
)
async def test_a_view_has_no_column_on_one_database_alone(database: str, view: str, columns: int) -> None:
    query = DEFINED_ON_SQLITE if database.startswith("sqlite") else DEFINED_ON_POSTGRESQL

    assert await run(database, query.format(view)) == [(columns,)]
