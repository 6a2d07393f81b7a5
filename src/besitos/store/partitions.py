"""The months of the three logs on PostgreSQL: made ahead, and for the past when somebody brings it.

There is no default partition: it would be searched each time a month is made. A row without its month is refused.
"""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

from besitos.core.calendar import month_of, next_month

if TYPE_CHECKING:
    import asyncpg
    from asyncpg.pool import PoolConnectionProxy

    Connection: TypeAlias = asyncpg.Connection | PoolConnectionProxy

KEYS = {
    "transactions": "member_id, seq",
    "activities": "key",
    "events": "member_id, member_seq",
}
"""The logs, and the key that each month has of its own, because a key of the whole would have to contain the time."""

NEVER_EMPTIED = """
CREATE TRIGGER transactions_are_not_emptied BEFORE TRUNCATE ON {month}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('transactions');
"""
"""PostgreSQL hands down to a partition the triggers for each row, not those for a statement."""

CREATE = """
CREATE TABLE {month} (
    LIKE {log} INCLUDING DEFAULTS INCLUDING CONSTRAINTS,
    CONSTRAINT pk_{month} PRIMARY KEY ({key})
);
{trigger}
ALTER TABLE {log} ATTACH PARTITION {month} FOR VALUES FROM ('{begins}') TO ('{ends}');
"""
"""Made apart and attached, so that reading and writing of the log go on: CREATE … PARTITION OF would lock them out.

Being empty, the month has no rows to be checked when it is attached, and needs no CHECK that would say so.
"""

EXISTING = """
SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = $1::text::regclass
"""
TAKE_TURN = "SELECT pg_advisory_xact_lock($1::bigint)"
MAKING_MONTHS = 0x6D65736573
"""The advisory lock of whoever makes months: "meses" in ASCII."""

LOCK_TIMEOUT = "SET LOCAL lock_timeout = '10s'"

LAST_MONTH = datetime(9999, 12, 1, tzinfo=UTC)


async def ensure(connection: "Connection", log: str, months: Collection[datetime]) -> None:
    """Make those `months` of `log` that are missing, given as their first days.

    It asks the database every time: who writes often keeps the set of months that are there, and looks in it first.
    Call it before the transaction that will write, not in it, or others wait for their months as long as that takes.
    """
    missing = set(months) - await existing(connection, log)
    if not missing:
        return
    async with connection.transaction():
        await connection.execute(LOCK_TIMEOUT)
        await connection.execute(TAKE_TURN, MAKING_MONTHS)
        for month in sorted(missing - await existing(connection, log)):
            await connection.execute(_statements(log, month))


async def existing(connection: "Connection", log: str) -> set[datetime]:
    """The months of `log` that are there, as their first days."""
    names = await connection.fetch(EXISTING, log)
    return {_month_named(name.removeprefix(f"{log}_")) for (name,) in names}


def months_from(month: datetime, count: int) -> Iterator[datetime]:
    """`count` months, from the one of `month` on."""
    first = month_of(month)
    for _ in range(count):
        yield first
        first = next_month(first)


def _statements(log: str, month: datetime) -> str:
    name = f"{log}_{month.year:04}_{month.month:02}"
    ends = "infinity" if month == LAST_MONTH else _literal(next_month(month))
    trigger = NEVER_EMPTIED.format(month=name) if log == "transactions" else ""
    return CREATE.format(log=log, month=name, key=KEYS[log], trigger=trigger, begins=_literal(month), ends=ends)


def _literal(month: datetime) -> str:
    return f"{month.year:04}-{month.month:02}-01 00:00:00+00"


def _month_named(suffix: str) -> datetime:
    year, month = suffix.split("_")
    return datetime(int(year), int(month), 1, tzinfo=UTC)
