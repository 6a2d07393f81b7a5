"""Everything that a database holds of the game, as one batch would have written it: to compare stores by."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from besitos.core.board import Score
from besitos.store.moments import from_micros, moment_of
from besitos.store.protocol import (
    ActivityRow,
    Changes,
    EventRow,
    LetterRow,
    MemberChange,
    Query,
    ReversalRow,
    Sql,
    TextRow,
    TimerRow,
    TransactionRow,
)

R = TypeVar("R", bound=NamedTuple)

MOMENTS = frozenset({"occurred_at", "due_at", "last_active"})


async def everything(database: Sql) -> Changes:
    """All rows in a canonical order, from one snapshot. Members whom nothing has happened to are left out."""
    found: Iterator[Any] = iter(await database.read(*_ALL))
    return Changes(
        from_micros(0),
        activities=_made(ActivityRow, next(found)),
        transactions=_made(TransactionRow, next(found)),
        reversals=_made(ReversalRow, next(found)),
        texts=_made(TextRow, next(found)),
        members=_made(MemberChange, next(found)),
        events=_made(EventRow, next(found)),
        timers={row.key: row for row in _made(TimerRow, next(found))},
        letters={row.attempt: row for row in _made(LetterRow, next(found))},
        rows={(member_id, scope): body for member_id, scope, body in next(found)},
        shared=dict(next(found)),
        scores={(board, period, member_id): Score(*score) for board, period, member_id, *score in next(found)},
    )


def _made(shape: type[R], rows: Iterable[Sequence[Any]]) -> list[R]:
    return [shape._make(map(_plain, shape._fields, row)) for row in rows]


def _plain(column: str, value: Any) -> Any:  # noqa: ANN401 - what a column holds
    if column in MOMENTS:
        return moment_of(value)
    return bool(value) if column == "is_dated" else value


def _all(shape: type[NamedTuple], table: str) -> str:
    """The rows of a table whose columns are called as the fields are."""
    return f"SELECT {', '.join(shape._fields)} FROM {table}"


_MEMBERS = _all(MemberChange, "members").replace("seq_before", "0 AS seq_before")

_ALL = (
    Query(f"{_all(ActivityRow, 'activities')} ORDER BY key, occurred_at"),
    Query(f"{_all(TransactionRow, 'transactions')} ORDER BY member_id, seq"),
    Query(f"{_all(ReversalRow, 'reversals')} ORDER BY transfer_id"),
    Query(f"{_all(TextRow, 'texts')} ORDER BY transfer_id"),
    Query(f"{_MEMBERS} WHERE last_active IS NOT NULL ORDER BY member_id"),
    Query(f"{_all(EventRow, 'events')} ORDER BY member_id, member_seq"),
    Query(_all(TimerRow, "timers")),
    Query(_all(LetterRow, "dead_letters")),
    Query("SELECT member_id, scope, body FROM rows"),
    Query("SELECT scope, body FROM shared WHERE body IS NOT NULL"),
    Query("SELECT board, period, member_id, whole, fraction FROM scores"),
)
"""In the order in which `everything` takes them up."""
