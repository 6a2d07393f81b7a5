"""The statements on SQLite. Lists go in as JSON; rows are written with `executemany`."""

from besitos.store.transfers import COLUMNS

PRAGMAS = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
PRAGMA wal_autocheckpoint = 16384;
PRAGMA cache_size = -65536;
"""

GAME_VERSION = "SELECT coalesce(max(version), 0) FROM versions"
MEMBERS = """
    SELECT member_id, state, wallets, seq, event_seq FROM members
    WHERE member_id IN (SELECT value FROM json_each(?))
"""
SHARED = "SELECT scope, body FROM shared WHERE scope IN (SELECT value FROM json_each(?))"
INBOX = """
    SELECT key, member_id, kind, content, is_dated, outcome, trace, occurred_at FROM activities
    WHERE key IN (SELECT value FROM json_each(?))
"""
ROWS = """
    SELECT r.member_id, r.scope, r.body
    FROM (SELECT value ->> 0 AS member_id, value ->> 1 AS scope FROM json_each(?)) AS wanted
    CROSS JOIN rows AS r ON r.member_id = wanted.member_id AND r.scope = wanted.scope
"""
"""A list of (member, scope) pairs as a table. CROSS JOIN keeps SQLite from scanning the other side."""

FIND_MEMBERS = (
    "SELECT member_id, member_id FROM members WHERE member_id IN (SELECT value FROM json_each(?))",
    "SELECT telegram_id, member_id FROM members WHERE telegram_id IN (SELECT value FROM json_each(?))",
    "SELECT external_id, member_id FROM members WHERE external_id IN (SELECT value FROM json_each(?))",
)
"""By our id, Telegram's, an application's: in the order of `MemberRef`."""

OPEN_MEMBER = """
    INSERT OR IGNORE INTO members (member_id, telegram_id, external_id, created_at, event_seq)
    VALUES (?, ?, ?, ?, ?)
"""
ADD_ACTIVITY = """
    INSERT INTO activities
        (key, month, member_id, kind, content, is_dated, outcome, trace, occurred_at, recorded_at, game_version)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
ADD_TRANSACTION = """
    INSERT INTO transactions (member_id, seq, transfer_id, account, amount, balance_after, type, counter, lots,
        activity, definition, game_version, details, occurred_at, recorded_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
ADD_REVERSAL = "INSERT INTO reversals (transfer_id, by, recorded_at) VALUES (?, ?, ?)"
ADD_TEXT = "INSERT INTO texts (transfer_id, member_id, body) VALUES (?, ?, ?)"
ADD_EVENT = """
    INSERT INTO events (member_id, member_seq, type, body, activity, game_version, occurred_at, recorded_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
PUT_MEMBER = """
    UPDATE members SET state = ?, wallets = ?, seq = ?, event_seq = ?,
        last_active = max(coalesce(last_active, 0), ?)
    WHERE member_id = ? AND seq = ?
"""
PUT_ROW = "INSERT OR REPLACE INTO rows (member_id, scope, body) VALUES (?, ?, ?)"
PUT_SHARED = "INSERT OR REPLACE INTO shared (scope, body) VALUES (?, ?)"
LEAVE_BUCKET = """
    UPDATE score_buckets SET members = members - 1
    WHERE (board, period, bucket) = (
        SELECT board, period, bucket FROM scores
        WHERE board = ?1 AND period = ?2 AND member_id = ?3 AND bucket <> ?6)
"""
ENTER_BUCKET = """
    INSERT INTO score_buckets (board, period, bucket, lane, members)
    SELECT ?1, ?2, ?6, 0, 1 WHERE ?6 >= 0 AND NOT EXISTS (
        SELECT 1 FROM scores WHERE board = ?1 AND period = ?2 AND member_id = ?3 AND bucket = ?6)
    ON CONFLICT (board, period, bucket, lane) DO UPDATE SET members = members + 1
"""
PUT_SCORE = """
    INSERT OR REPLACE INTO scores (board, period, member_id, whole, fraction, bucket) VALUES (?, ?, ?, ?, ?, ?)
"""
DROP_SCORE = "DELETE FROM scores WHERE board = ? AND period = ? AND member_id = ?"
PUT_TIMER = "INSERT OR REPLACE INTO timers (key, due_at, kind, activity) VALUES (?, ?, ?, ?)"
DROP_TIMER = "DELETE FROM timers WHERE key = ?"
PUT_LETTER = """
    INSERT INTO dead_letters
        (key, month, member_id, kind, content, is_dated, error, attempts, occurred_at, failed_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?)
    ON CONFLICT (key, month) DO UPDATE SET content = excluded.content, error = excluded.error,
        attempts = attempts + 1, occurred_at = excluded.occurred_at, failed_at = excluded.failed_at
"""

TRANSFER_OF_MEMBER = f"""
    SELECT {COLUMNS} FROM transactions
    WHERE member_id = ? AND seq >= ? AND transfer_id = ? ORDER BY seq
"""
SPENT_SINCE = """
    SELECT coalesce(-sum(amount), 0) FROM transactions
    WHERE member_id = ? AND seq > ? AND account = ? AND amount < 0
"""
REVERSED_BY = "SELECT by FROM reversals WHERE transfer_id = ?"
