"""Rules of what the books speak of: the game, the members, their events and timers, the seals."""

from besitos.game.section import SOURCES
from besitos.store.audit_rules.rule import Rule
from besitos.store.retention import SWEPT
from besitos.store.sums import listed

OTHER_SOURCES = frozenset({"admin", "debt"})
"""The sources that belong to no mechanic: what is ordered, and what the house advances to whoever is owed."""

DEFINITION = Rule(
    "audit.definition",
    ("definition", "game_version", "rows"),
    """
    SELECT definition, game_version, rows_of_it FROM (
        SELECT definition, game_version, count(*) AS rows_of_it FROM transactions
        WHERE game_version > 0 GROUP BY definition, game_version
    ) AS named
    WHERE game_version NOT IN (SELECT version FROM versions)
        OR (definition LIKE '%/%' AND NOT EXISTS (
            SELECT 1 FROM definitions AS d
            WHERE d.kind || '/' || d.key = named.definition AND d.since <= named.game_version))
    """,
)
"""Version 0 is no game that was stored. What was archived since is still known: nothing is ever removed."""

CURRENCY = Rule(
    "audit.currency",
    ("currency", "accounts"),
    """
    SELECT currency, count(*) FROM accounts
    WHERE currency NOT IN ('besitos', 'xp') AND currency NOT IN (SELECT key FROM definitions WHERE kind = 'currency')
    GROUP BY currency
    """,
)
SOURCE = Rule(
    "audit.source",
    ("source", "rows"),
    f"""
    SELECT source, rows_of_it FROM (
        SELECT substr(counter, 8) AS source, count(*) AS rows_of_it FROM transactions
        WHERE counter LIKE 'source:%' AND game_version > 0 GROUP BY counter
    ) AS named
    WHERE source NOT IN ({listed(SOURCES | OTHER_SOURCES)})
        AND source NOT IN (SELECT coalesce(body ->> 'source', key) FROM definitions WHERE kind = 'rule')
    """,
)
OWNER = Rule(
    "audit.owner",
    ("table", "member_id", "name"),
    """
    SELECT 'transactions', member_id, transfer_id FROM transactions AS t
    WHERE NOT EXISTS (SELECT 1 FROM members AS m WHERE m.member_id = t.member_id)
    UNION ALL
    SELECT 'rows', member_id, scope FROM rows AS r
    WHERE member_id <> 0 AND NOT EXISTS (SELECT 1 FROM members AS m WHERE m.member_id = r.member_id)
    UNION ALL
    SELECT 'activities', member_id, key FROM activities AS a
    WHERE member_id <> 0 AND NOT EXISTS (SELECT 1 FROM members AS m WHERE m.member_id = a.member_id)
    UNION ALL
    SELECT 'events', member_id, type FROM events AS e
    WHERE member_id <> 0 AND NOT EXISTS (SELECT 1 FROM members AS m WHERE m.member_id = e.member_id)
    UNION ALL
    SELECT 'texts', member_id, transfer_id FROM texts AS n
    WHERE NOT EXISTS (
        SELECT 1 FROM transactions AS t WHERE t.member_id = n.member_id AND t.transfer_id = n.transfer_id)
    """,
)
"""What foreign keys would prove.

Nobody, member 0, has activities and events, those of the house, and rows of no member: what is remembered of things,
who has reacted to a post.
"""

STILL_WHOLE = f"position > coalesce((SELECT position FROM cursors WHERE name = '{SWEPT}'), 0)"
EVENTS = Rule(
    "audit.events",
    ("member_id", "member_seq", "seq_before"),
    f"""
    SELECT member_id, member_seq, before FROM (
        SELECT member_id, member_seq, lag(member_seq) OVER (PARTITION BY member_id ORDER BY member_seq) AS before
        FROM events WHERE {STILL_WHOLE}
    ) AS numbered
    WHERE member_seq <> before + 1
    UNION ALL
    SELECT m.member_id, m.event_seq, e.last
    FROM members AS m JOIN (
        SELECT member_id, max(member_seq) AS last FROM events WHERE {STILL_WHOLE} GROUP BY member_id
    ) AS e ON e.member_id = m.member_id
    WHERE m.event_seq <> e.last
    """,
)
"""Of the oldest events some are gone after their time, and others stay; among those that follow nothing is missing."""

TIMER = Rule(
    "audit.timer",
    ("member_id", "what", "due_at"),
    """
    SELECT l.member_id, l.account, l.expires_at
    FROM lots AS l
    LEFT JOIN (
        SELECT DISTINCT CAST(activity ->> 'member_id' AS bigint) AS member_id, activity ->> 'account' AS account, due_at
        FROM timers WHERE kind = 'ledger.expire'
    ) AS t ON t.member_id = l.member_id AND t.account = l.account AND t.due_at = l.expires_at
    WHERE l.account NOT LIKE '%@%' AND t.member_id IS NULL
    UNION ALL
    SELECT DISTINCT q.member_id, q.scope, q.releases_at
    FROM quarantined AS q
    LEFT JOIN timers AS t ON t.key = 'job:quarantine.release/' || q.member_id || substr(q.scope, 11)
    WHERE q.releases_at IS NOT NULL AND t.key IS NULL
    """,
)
"""A timer goes in the transaction that decides it, and with it the lot: past or to come, a lot has its timer."""

SEALS = Rule(
    "audit.seals",
    ("number", "first_position", "last_position", "number_before", "position_before"),
    """
    SELECT number, first_position, last_position, number_before, position_before FROM (
        SELECT number, first_position, last_position, previous,
            coalesce(lag(number) OVER (ORDER BY number), 0) AS number_before,
            coalesce(lag(last_position) OVER (ORDER BY number), 0) AS position_before,
            coalesce(lag(hash) OVER (ORDER BY number), '') AS hash_before
        FROM seals
    ) AS chain
    WHERE number <> number_before + 1 OR first_position <> position_before + 1 OR last_position < first_position
        OR previous <> hash_before
    """,
)

WORLD = (DEFINITION, CURRENCY, SOURCE, OWNER, EVENTS, TIMER, SEALS)
