"""Seals and daily totals: closed ranges of the ledger, hashed one onto the other, and summed once.

A seal shows what no sum can: that the words of a row have changed. Sealing is a job, not a part of writing,
since a chain of single rows would make all writers wait for each other.
"""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec

from besitos.store.moments import moment_of, to_micros
from besitos.store.protocol import Query, Sql, StoreError

ROWS_MAX = 20_000
"""Rows of one seal, which is what sealing and checking hold in memory. A batch is never split, so it may be more."""

NOTE = "sealing"
"""Where it is noted, among the facts of the deployment, up to which position the writers are being waited for."""


BILLION = 1_000_000_000
BILLIONS = f"(CASE WHEN counter LIKE 'sink:%' THEN -amount ELSE amount END / {BILLION})"
UNITS = f"(CASE WHEN counter LIKE 'sink:%' THEN -amount ELSE amount END % {BILLION})"
"""The two parts of what a movement minted or burned, which are summed apart: a whole day may exceed 64 bits."""


class Seal(msgspec.Struct, frozen=True):
    """The rows of these positions, and all before them, are those of this hash."""

    number: int
    first_position: int
    last_position: int
    row_count: int
    hash: str
    previous: str
    sealed_at: datetime


class Total(NamedTuple):
    """What a source minted or a sink burned on one day, UTC, and in how many rows."""

    day: date
    currency: str
    house: str
    amount: int
    movements: int


class Note(msgspec.Struct, frozen=True):
    """Positions up to this one were given to transactions numbered lower than `coming`."""

    position: int
    coming: int


BEFORE_ALL = Seal(0, 0, 0, 0, "", "", moment_of(0))


async def seal(store: Sql, now: datetime, *, rows_max: int = ROWS_MAX) -> Seal | None:
    """Seal the next rows that are closed, and add them to the daily totals in the same transaction.

    None when there are none, or when another process has just sealed them.
    """
    last = await _last_seal(store)
    closed = await _closed_position(store, last.last_position)
    end = await _end_of_range(store, last.last_position, closed, rows_max)
    first = last.last_position + 1
    rows = await rows_of(store, first, end) if end >= first else []
    if not rows:
        return None
    made = Seal(last.number + 1, first, end, len(rows), "", last.hash, now)
    made = msgspec.structs.replace(made, hash=await hash_of(made, rows))
    try:
        await store.amend(
            Query(_ADD_SEAL, msgspec.structs.asdict(made)), Query(_ADD_TOTALS, {"first": first, "last": end})
        )
    except StoreError:
        if (await _last_seal(store)).number < made.number:
            raise
        return None
    return made


async def seal_all(store: Sql, now: datetime, *, rows_max: int = ROWS_MAX) -> list[Seal]:
    """Seal whatever is closed, a range at a time. Doing it twice, or in two processes at once, is harmless."""
    made: list[Seal] = []
    while (each := await seal(store, now, rows_max=rows_max)) is not None:
        made.append(each)
    return made


async def seals(store: Sql) -> list[Seal]:
    """Every seal, the first one first."""
    [rows] = await store.read(Query(SEALS))
    return [seal_of(row) for row in rows]


async def totals(store: Sql, first_day: date, last_day: date) -> list[Total]:
    """What sources minted and sinks burned on these days: what is sealed as it was summed, the rest as it stands."""
    [rows] = await store.read(Query(_TOTALS, {"first_day": first_day, "last_day": last_day}))
    return [
        Total(
            day if isinstance(day, date) else date.fromisoformat(day),
            currency,
            house,
            int(billions) * BILLION + int(units),
            int(movements),
        )
        for day, currency, house, billions, units, movements in rows
    ]


async def rows_of(store: Sql, first: int, last: int) -> list[Sequence[Any]]:
    """The rows of these positions, in the order in which they are sealed."""
    [rows] = await store.read(Query(_ROWS, {"first": first, "last": last}))
    return rows


async def hash_of(made: Seal, rows: Sequence[Sequence[Any]]) -> str:
    """The hash of a seal: over the one before it, its own numbers, and its rows, each as a line of canonical JSON.

    In a thread: so many rows take a tenth of a second, for which nobody else should have to wait.
    """
    return await asyncio.to_thread(_hash, made, rows)


def _hash(made: Seal, rows: Sequence[Sequence[Any]]) -> str:
    head = [made.previous, made.number, made.first_position, made.last_position, to_micros(made.sealed_at)]
    digest = sha256(_encode(head))
    for row in rows:
        digest.update(b"\n")
        digest.update(_encode(_canonical(row)))
    return digest.hexdigest()


def seal_of(row: Sequence[Any]) -> Seal:
    """A seal as it was read."""
    number, first, last, row_count, digest, previous, sealed_at = row
    return Seal(number, first, last, row_count, digest, previous, moment_of(sealed_at))


async def _last_seal(store: Sql) -> Seal:
    [rows] = await store.read(Query(_LAST))
    return seal_of(rows[0]) if rows else BEFORE_ALL


async def _closed_position(store: Sql, sealed: int) -> int:
    """Up to where no row can appear any more.

    Positions are drawn before they are committed, so we note how far they have been drawn and which transaction
    would come next, and wait, over several calls if need be, until all that came before it have ended. A number
    that lies ahead of the present one was noted by another server, before this database was restored here.
    """
    # Two statements, in this order: a position drawn between them belongs to a transaction that is not waited for.
    [[(drawn,)], [(oldest, coming)], kept] = await store.amend(
        Query("SELECT last_position FROM writers"),
        Query("SELECT oldest, coming FROM writers"),
        Query("SELECT value FROM deployment WHERE name = :name", {"name": NOTE}),
    )
    note = msgspec.json.decode(kept[0][0], type=Note) if kept else None
    if note is None or note.position <= sealed or note.coming > coming:
        note = Note(drawn, coming)
        await store.amend(Query(_KEEP_NOTE, {"name": NOTE, "value": _encode(note).decode()}))
    return note.position if note.coming <= oldest else sealed


async def _end_of_range(store: Sql, after: int, closed: int, rows_max: int) -> int:
    """The last position of a range of at most `rows_max` rows, unless a single position has more.

    It grows by doubling: how many rows a position has depends on the database and on how busy it was.
    """
    width = 1
    end = min(after + width, closed)
    while end < closed:
        wider = min(after + 2 * width, closed)
        [[(count,)]] = await store.read(Query(_COUNT, {"after": after, "last": wider}))
        if count > rows_max:
            break
        width, end = 2 * width, wider
    return end


def _canonical(row: Sequence[Any]) -> list[Any]:
    """A row as it is on either database: documents parsed, moments as microseconds."""
    *plain, lots, details, occurred_at, recorded_at = row
    lots = None if lots is None else _parse(lots)
    details = None if details is None else _parse(details)
    if not isinstance(occurred_at, int):
        occurred_at, recorded_at = to_micros(occurred_at), to_micros(recorded_at)
    return [*plain, lots, details, occurred_at, recorded_at]


_encode = msgspec.json.Encoder(order="sorted", decimal_format="number").encode
_parse = msgspec.json.Decoder(float_hook=Decimal).decode

SEALS = """
    SELECT number, first_position, last_position, row_count, hash, previous, sealed_at FROM seals ORDER BY number
"""
_LAST = f"{SEALS} DESC LIMIT 1"
_ROWS = """
    SELECT position, member_id, seq, transfer_id, account, amount, balance_after, type, counter, activity, definition,
        game_version, lots, details, occurred_at, recorded_at
    FROM transactions WHERE position BETWEEN :first AND :last ORDER BY position, member_id, seq
"""
_COUNT = "SELECT count(*) FROM transactions WHERE position > :after AND position <= :last"
_KEEP_NOTE = """
    INSERT INTO deployment (name, value) VALUES (:name, :value)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value
"""
_ADD_SEAL = """
    INSERT INTO seals (number, first_position, last_position, row_count, hash, previous, sealed_at)
    VALUES (:number, :first_position, :last_position, :row_count, :hash, :previous, :sealed_at)
"""
_ADD_TOTALS = f"""
    INSERT INTO daily_totals (day, currency, house, billions, units, movements)
    SELECT day, currency, counter, sum({BILLIONS}), sum({UNITS}), count(*)
    FROM movements WHERE position BETWEEN :first AND :last AND counter NOT LIKE 'member:%'
    GROUP BY day, currency, counter
    ON CONFLICT (day, currency, house) DO UPDATE SET
        billions = daily_totals.billions + excluded.billions, units = daily_totals.units + excluded.units,
        movements = daily_totals.movements + excluded.movements
"""
_TOTALS = f"""
    SELECT day, currency, house, sum(billions), sum(units), sum(movements) FROM (
        SELECT day, currency, house, billions, units, movements FROM daily_totals
        UNION ALL
        SELECT day, currency, counter, {BILLIONS}, {UNITS}, 1
        FROM movements
        WHERE position > (SELECT coalesce(max(last_position), 0) FROM seals) AND counter NOT LIKE 'member:%'
    ) AS parts
    WHERE day BETWEEN :first_day AND :last_day
    GROUP BY day, currency, house ORDER BY day, currency, house
"""
