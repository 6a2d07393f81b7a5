"""What is kept only for a while, and goes in small steps: traces, events that nothing is reckoned from, old acts.

A step is a transaction of a few hundred rows, so that whoever writes beside it hardly waits. What may be gone is noted
before anything goes: nobody is told that all is there while some of it is not. Doing it twice, or in two processes at
once, is harmless: what is gone is not there to go again.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from besitos.core.activity import REMEMBERED
from besitos.store.moments import moment_of
from besitos.store.protocol import Query, Sql

ROWS_MAX = 200
"""Rows of one step. On PostgreSQL the events of a batch share a position, and go together however many they are."""

PAUSE = 0.01
"""Seconds between two steps, in which others write."""

SWEPT = "retention/events"
"""The cursor up to which events may be missing: gaps before it are no offence, as the audit knows."""

SCANNED = "retention/scan"
"""The cursor from which on events are looked at: it begins anew where a type comes to be dispensable."""

TOO_FAR = 2**40
"""Positions in a row in which nothing stands: after them there is nothing."""


class Terms(NamedTuple):
    """For how long each is kept."""

    traces: timedelta = timedelta(days=90)
    events: timedelta = timedelta(days=90)
    staff_log: timedelta = timedelta(days=730)


class Cleared(msgspec.Struct, frozen=True):
    """What is gone by now: the traces and, by type, the events of what was recorded before these moments.

    `at` is when everything was last gone through to its end, None before the first time; `rows` how many rows went in
    all, by what they were.
    """

    at: datetime | None = None
    traces: datetime | None = None
    events: Mapping[str, datetime] = {}
    rows: Mapping[str, int] = {}


async def cleared(store: Sql) -> Cleared:
    """What is gone by now."""
    [rows] = await store.read(CLEARED)
    return cleared_of(rows)


def cleared_of(rows: Sequence[Sequence[Any]]) -> Cleared:
    """The same, as `CLEARED` found it."""
    return msgspec.json.decode(rows[0][0], type=Cleared) if rows else Cleared()


async def clear(store: Sql, now: datetime, terms: Terms, dispensable: Collection[str], *, pause: float = PAUSE) -> int:
    """Let go what is past its time, and say how many rows went.

    `dispensable` are the types of events that nothing is reckoned from; all others stay for ever.
    """
    await _announce(store, now, terms, dispensable)
    rows = {
        "traces": await _walk(_empty_traces(store, now - terms.traces), pause),
        "events": await _walk(_drop_events(store, now - terms.events, dispensable), pause),
        "requests": await _walk(_drop_named(store, "requests", "key", now - REMEMBERED), pause),
        "staff_log": await _walk(_drop_named(store, "staff_log", "log_id", now - terms.staff_log), pause),
    }
    await _conclude(store, now, rows)
    return sum(rows.values())


async def _announce(store: Sql, now: datetime, terms: Terms, dispensable: Collection[str]) -> None:
    """Note what is about to go. A term that became longer brings nothing back: the later moment stays."""
    said = await _said(store)
    before = msgspec.json.decode(said, type=Cleared)
    traces, events = now - terms.traces, now - terms.events
    going = {each: max(before.events.get(each, events), events) for each in dispensable}
    traces = max(before.traces or traces, traces)
    after = msgspec.structs.replace(before, traces=traces, events={**before.events, **going})
    anew = [Query(_FORGET, {"name": SCANNED})] if going.keys() - before.events.keys() else []
    await store.amend(_instead(said, after), *anew)


async def _conclude(store: Sql, now: datetime, rows: Mapping[str, int]) -> None:
    said = await _said(store)
    before = msgspec.json.decode(said, type=Cleared)
    counted = {name: before.rows.get(name, 0) + count for name, count in rows.items()}
    await store.amend(_instead(said, msgspec.structs.replace(before, at=now, rows=counted)))


async def _said(store: Sql) -> str:
    *_, [[said]] = await store.amend(Query(_BEGIN, {"name": _NAME}), CLEARED)
    return str(said)


def _instead(before: str, after: Cleared) -> Query:
    """Of two processes that change it at once the second fails, and is called again by its job."""
    value = msgspec.json.encode(after).decode()
    return Query(_CHANGE, {"name": _NAME, "before": before, "value": value}, must_find=True)


async def _walk(steps: AsyncIterator[int], pause: float) -> int:
    count = 0
    async for gone in steps:
        count += gone
        await asyncio.sleep(pause)
    return count


async def _empty_traces(store: Sql, until: datetime) -> AsyncIterator[int]:
    """Member by member, along the index of what has something to explain; looked up beside the writer."""
    member_id = 0
    while True:
        [rows] = await store.read(Query(_EXPLAINED, {"from": member_id, "until": until, "limit": ROWS_MAX}))
        if not rows:
            return
        await store.amend(*(Query(_EMPTY, {"key": key, "at": moment_of(at)}) for _, key, at in rows))
        member_id = rows[-1][0]
        yield len(rows)


async def _drop_events(store: Sql, until: datetime, dispensable: Collection[str]) -> AsyncIterator[int]:
    """From position to position, in ranges that grow and shrink: how many events share one depends on the database."""
    types = {f"type{place}": type_ for place, type_ in enumerate(sorted(dispensable))}
    drop = _DROP.format(types=", ".join(f":{name}" for name in types) or "NULL")
    [rows] = await store.read(Query(_CURSOR, {"name": SCANNED}))
    after, width = (int(rows[0][0]) if rows else 0), ROWS_MAX
    while width < TOO_FAR:
        last = after + width
        [[(count, newest)]] = await store.read(Query(_LOOK, {"after": after, "last": last, "most": ROWS_MAX + 1}))
        is_young = newest is not None and moment_of(newest) >= until
        if width > 1 and (is_young or count > ROWS_MAX):
            width //= 2
            continue
        if is_young:
            return
        if not count:
            width *= 2
            continue
        moved = [Query(_MOVE, {"name": name, "position": last}) for name in (SWEPT, SCANNED)]
        *_, gone = await store.amend(*moved, Query(drop, {"after": after, "last": last, **types}))
        after = last
        if count < ROWS_MAX // 4:
            width *= 2
        yield len(gone)


async def _drop_named(store: Sql, table: str, key: str, until: datetime) -> AsyncIterator[int]:
    """Rows of a table that is never long, found beside the writer and dropped by their key."""
    while True:
        find = _OLD.format(table=table, key=key)
        [rows] = await store.read(Query(find, {"until": until, "limit": ROWS_MAX}))
        if not rows:
            return
        await store.amend(*(Query(_DROP_ONE.format(table=table, key=key), {"key": name}) for [name] in rows))
        yield len(rows)


_NAME = "retention"
CLEARED = Query("SELECT value FROM deployment WHERE name = :name", {"name": _NAME})
_BEGIN = "INSERT INTO deployment (name, value) VALUES (:name, '{}') ON CONFLICT DO NOTHING"
_CHANGE = "UPDATE deployment SET value = :value WHERE name = :name AND value = :before RETURNING name"
_EXPLAINED = """
    SELECT member_id, key, occurred_at FROM activities
    WHERE trace IS NOT NULL AND member_id >= :from AND occurred_at < :until AND recorded_at < :until
    ORDER BY member_id, occurred_at LIMIT :limit
"""
_EMPTY = "UPDATE activities SET trace = NULL WHERE key = :key AND occurred_at = :at"
_CURSOR = "SELECT position FROM cursors WHERE name = :name"
_FORGET = "DELETE FROM cursors WHERE name = :name"
_MOVE = """
    INSERT INTO cursors (name, position) VALUES (:name, :position)
    ON CONFLICT (name) DO UPDATE SET position = CASE
        WHEN cursors.position > excluded.position THEN cursors.position ELSE excluded.position END
"""
_LOOK = """
    SELECT count(*), max(recorded_at) FROM (
        SELECT recorded_at FROM events WHERE position > :after AND position <= :last LIMIT :most
    ) AS looked_at
"""
_DROP = """
    DELETE FROM events WHERE position > :after AND position <= :last AND type IN ({types}) RETURNING position
"""
_OLD = "SELECT {key} FROM {table} WHERE recorded_at < :until ORDER BY {key} LIMIT :limit"
_DROP_ONE = "DELETE FROM {table} WHERE {key} = :key"
