"""The hot statements on PostgreSQL: everything goes in as arrays, in as few round trips as can be."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from besitos.store.transfers import COLUMNS

LOCK_MEMBERS = """
    SELECT member_id, state, wallets, seq, event_seq FROM members WHERE member_id = ANY($1::bigint[])
    ORDER BY member_id FOR UPDATE
"""
LOCK_SHARED = """
    SELECT scope, body FROM shared WHERE scope = ANY($1::text[]) ORDER BY scope FOR UPDATE
"""
OPEN_SHARED = """
    INSERT INTO shared (scope) SELECT * FROM unnest($1::text[]) ON CONFLICT DO NOTHING
"""
FIND_MEMBERS = (
    "SELECT member_id, member_id FROM members WHERE member_id = ANY($1::bigint[])",
    "SELECT telegram_id, member_id FROM members WHERE telegram_id = ANY($1::bigint[])",
    "SELECT external_id, member_id FROM members WHERE external_id = ANY($1::text[])",
)
"""By our id, Telegram's, an application's: in the order of `MemberRef`."""

OPEN_MEMBERS = """
    WITH opened AS (
        INSERT INTO members (member_id, telegram_id, external_id, created_at, event_seq)
        SELECT member_id, telegram_id, external_id, $5::timestamptz, 1
        FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS new (member_id, telegram_id, external_id)
        ORDER BY telegram_id, external_id
        ON CONFLICT DO NOTHING RETURNING member_id
    )
    INSERT INTO events
        (position, member_id, member_seq, type, body, activity, game_version, occurred_at, recorded_at)
    SELECT (SELECT nextval('event_positions')), member_id, 1, 'admin.member_created', told.body, '', 0, $5, $5
    FROM opened JOIN unnest($1::bigint[], $4::json[]) AS told (member_id, body) USING (member_id)
"""

LOAD = """
    SELECT key, member_id, kind, content AS body, is_dated, outcome, trace, occurred_at
    FROM activities WHERE key = ANY($1::text[]) AND occurred_at >= $4 AND occurred_at < $5
    UNION ALL
    SELECT r.scope, r.member_id, NULL, r.body, NULL, NULL, NULL, NULL
    FROM unnest($2::bigint[], $3::text[]) AS wanted (member_id, scope)
    JOIN rows AS r ON r.member_id = wanted.member_id AND r.scope = wanted.scope
    UNION ALL
    SELECT NULL, coalesce(max(version), 0), NULL, NULL, NULL, NULL, NULL, NULL FROM versions
"""
"""Three reads in one round trip: only activities have a kind, and only the number of the game has no name."""

TRANSFER_FIRST = f"""
    SELECT {COLUMNS}, recorded_at
    FROM transactions WHERE member_id = $1 AND seq >= $2 AND transfer_id = $3 ORDER BY seq
"""
TRANSFER_OTHERS = f"""
    SELECT {COLUMNS}
    FROM transactions WHERE member_id = $1 AND recorded_at = $2 AND transfer_id = $3 ORDER BY seq
"""
SPENT_SINCE = """
    SELECT coalesce(-sum(amount), 0)::bigint FROM transactions
    WHERE member_id = $1 AND seq > $2 AND account = $3 AND amount < 0
"""
REVERSED_BY = "SELECT by FROM reversals WHERE transfer_id = $1"


@dataclass(frozen=True, slots=True)
class Bulk:
    """One statement for many rows, which `{rows}` stands for.

    They go in as an array of `row`, a type of the schema, or where that is not worth a type as an array for each
    column. Per row of ten columns, one array costs the driver and the planner a tenth of ten.
    """

    sql: str
    types: tuple[str, ...] = ()
    row: str = ""


LANES = 4
"""In how many rows each range of scores is kept. More of them, and a rank is a longer sum."""

SCORE = ("text", "text", "bigint", "bigint", "bigint", "integer")

WRITES = {
    "activities": Bulk(
        """INSERT INTO activities
               (key, member_id, kind, content, is_dated, outcome, trace, occurred_at, recorded_at, game_version)
           SELECT new.*, $1, $2 FROM {rows} AS new""",
        row="new_activity",
    ),
    "transactions": Bulk(
        """INSERT INTO transactions
               (member_id, seq, transfer_id, account, amount, balance_after, type, counter, lots, activity,
                definition, details, occurred_at, recorded_at, game_version, position)
           SELECT new.*, $1, $2, (SELECT nextval('transaction_positions')) FROM {rows} AS new""",
        row="new_transaction",
    ),
    "reversals": Bulk(
        "INSERT INTO reversals (transfer_id, by, recorded_at) SELECT new.*, $1 FROM {rows} AS new",
        ("text", "text"),
    ),
    "texts": Bulk("INSERT INTO texts (transfer_id, member_id, body) SELECT * FROM {rows}", ("text", "bigint", "text")),
    "members": Bulk(
        """UPDATE members SET state = new.state, wallets = new.wallets, seq = new.seq,
               event_seq = new.event_seq, last_active = greatest(members.last_active, new.last_active)
           FROM {rows} AS new
           WHERE members.member_id = new.member_id AND members.seq = new.seq_before
           RETURNING 1""",
        row="member_change",
    ),
    "rows": Bulk(
        """INSERT INTO rows (member_id, scope, body) SELECT * FROM {rows}
           ON CONFLICT (member_id, scope) DO UPDATE SET body = excluded.body""",
        ("bigint", "text", "json"),
    ),
    "shared": Bulk(
        """UPDATE shared SET body = new.body FROM {rows} AS new (scope, body)
           WHERE shared.scope = new.scope""",
        ("text", "json"),
    ),
    "score_buckets": Bulk(
        f"""INSERT INTO score_buckets (board, period, bucket, lane, members)
           SELECT board, period, bucket, pg_backend_pid() % {LANES}, sum(by) FROM (
               SELECT board, period, bucket, 1 AS by
               FROM {{rows}} AS new (board, period, member_id, whole, fraction, bucket) WHERE bucket >= 0
               UNION ALL
               SELECT old.board, old.period, old.bucket, -1
               FROM {{rows}} AS new (board, period, member_id, whole, fraction, bucket)
               JOIN scores AS old USING (board, period, member_id)
           ) AS moved
           GROUP BY board, period, bucket HAVING sum(by) <> 0 ORDER BY board, period, bucket
           ON CONFLICT (board, period, bucket, lane)
               DO UPDATE SET members = score_buckets.members + excluded.members""",
        SCORE,
    ),
    "scores": Bulk(
        """INSERT INTO scores (board, period, member_id, whole, fraction, bucket)
           SELECT * FROM {rows} AS new (board, period, member_id, whole, fraction, bucket) WHERE bucket >= 0
           ON CONFLICT (board, period, member_id) DO UPDATE SET
               whole = excluded.whole, fraction = excluded.fraction, bucket = excluded.bucket""",
        SCORE,
    ),
    "scores_lost": Bulk(
        """DELETE FROM scores USING {rows} AS gone (board, period, member_id)
           WHERE (scores.board, scores.period, scores.member_id) = (gone.board, gone.period, gone.member_id)""",
        ("text", "text", "bigint"),
    ),
    "events": Bulk(
        """INSERT INTO events (member_id, member_seq, type, body, activity, occurred_at, recorded_at,
               game_version, position)
           SELECT new.*, $1, $2, (SELECT nextval('event_positions')) FROM {rows} AS new""",
        ("bigint", "bigint", "text", "json", "text", "timestamptz"),
    ),
    "timers": Bulk(
        """INSERT INTO timers (key, due_at, kind, activity) SELECT * FROM {rows}
           ON CONFLICT (key) DO UPDATE SET
               due_at = excluded.due_at, kind = excluded.kind, activity = excluded.activity""",
        ("text", "timestamptz", "text", "json"),
    ),
    "letters": Bulk(
        """INSERT INTO dead_letters
               (key, month, member_id, kind, content, is_dated, error, occurred_at, failed_at, attempts)
           SELECT new.*, $1, 1 FROM {rows} AS new
           ON CONFLICT (key, month) DO UPDATE SET content = excluded.content, error = excluded.error,
               attempts = dead_letters.attempts + 1, occurred_at = excluded.occurred_at,
               failed_at = excluded.failed_at""",
        ("text", "integer", "bigint", "text", "json", "boolean", "text", "timestamptz"),
    ),
    "cancelled": Bulk("DELETE FROM timers USING {rows} AS gone (key) WHERE timers.key = gone.key", ("text",)),
}


def arrays_of(name: str, rows: Collection[Sequence[Any]]) -> Iterable[Collection[Any]]:
    """Rows as the statement called `name` takes them."""
    return (rows,) if WRITES[name].row else zip(*rows, strict=True)


FIXED = 2
"""Parameters before the arrays: when it is recorded, and under which version of the game."""


@cache
def fuse(names: Collection[str]) -> str:
    """The writes called `names` as one statement: one round trip, and one plan that is kept prepared.

    Each touches another table, so it does not matter that none sees what the others write. Answers how many
    members were written.
    """
    parts: list[str] = []
    used = FIXED
    for name in names:
        bulk = WRITES[name]
        types = bulk.types or (bulk.row,)
        arrays = ", ".join(f"${used + nth}::{of}[]" for nth, of in enumerate(types, 1))
        parts.append(f"{name} AS ({bulk.sql.format(rows=f'unnest({arrays})')})")
        used += len(types)
    count = "(SELECT count(*) FROM members)" if "members" in names else "0"
    # Both fixed parameters need a type even where no part mentions them.
    return f"WITH fixed AS (SELECT $1::timestamptz, $2::integer), {', '.join(parts)} SELECT {count}"
