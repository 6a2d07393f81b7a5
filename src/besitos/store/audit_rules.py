"""What must be true of the books: each rule is one query that finds the rows for which it is not.

The same text runs on both databases, over tables and views. Grouped throughout: each table is read once per rule,
and a query asked again for every row would take minutes where these take a second. `GROUP BY +member_id` keeps SQLite
from walking the index of members, which jumps about in the table for every row: sorting costs a quarter of that.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import NamedTuple

from besitos.core.transaction import TransactionType
from besitos.game.section import SOURCES
from besitos.ledger.wallet import LINEAGE_MAX


class Rule(NamedTuple):
    """One rule. `code` names its texts; `columns` are what an offending row says, in the order of the query."""

    code: str
    columns: tuple[str, ...]
    sql: str
    parameters: Mapping[str, object] = {}


REMEMBERED = timedelta(days=31)
"""How long a key is recognised of a request that gave no time of its own."""

OTHER_SOURCES = frozenset({"admin", "debt"})
"""The sources that belong to no mechanic: what is ordered, and what the house advances to whoever is owed."""


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in sorted(names))


T = TransactionType
EARNS = _listed(kind for kind in T if kind.is_earn)
SPENDS = _listed(kind for kind in T if kind.is_spend)
SPENDS_OR_REFUND = _listed({*(kind for kind in T if kind.is_spend), T.REFUND})
COMES = _listed(
    {*(kind for kind in T if kind.is_earn), T.GIFT_RECEIVED, T.AUCTION_SALE, T.REFUND, T.RELEASE},
)
GOES = _listed(
    {
        *(kind for kind in T if kind.is_spend),
        *(T.GIFT_SENT, T.AUCTION_BID, T.FEE, T.PENALTY, T.EXPIRE, T.REPAY),
    }
)
EVERY_TYPE = _listed(T)

# ---------------------------------------------------------------------------------------------------- balances

BALANCE = Rule(
    "audit.balance",
    ("member_id", "account", "balance", "booked"),
    """
    SELECT member_id, account, sum(balance) AS balance, sum(booked) AS booked FROM (
        SELECT member_id, account, balance, 0 AS booked FROM accounts
        UNION ALL
        SELECT member_id, account, 0, sum(amount) FROM transactions GROUP BY +member_id, member_id, account
    ) AS sides
    GROUP BY member_id, account HAVING sum(balance) <> sum(booked)
    """,
)
SEQ = Rule(
    "audit.seq",
    ("member_id", "seq", "seq_before"),
    """
    SELECT member_id, seq, before FROM (
        SELECT member_id, seq, coalesce(lag(seq) OVER (PARTITION BY member_id ORDER BY seq), 0) AS before
        FROM transactions
    ) AS numbered
    WHERE seq <> before + 1
    UNION ALL
    SELECT m.member_id, m.seq, coalesce(t.last, 0)
    FROM members AS m
    LEFT JOIN (SELECT member_id, max(seq) AS last FROM transactions GROUP BY member_id) AS t
        ON t.member_id = m.member_id
    WHERE m.seq <> coalesce(t.last, 0)
    """,
)
HISTORY = Rule(
    "audit.history",
    ("member_id", "seq", "account", "amount", "balance_before", "balance_after"),
    """
    SELECT member_id, seq, account, amount, before, balance_after FROM (
        SELECT member_id, seq, account, amount, balance_after,
            coalesce(lag(balance_after) OVER (PARTITION BY member_id, account ORDER BY seq), 0) AS before
        FROM transactions
    ) AS lines
    WHERE balance_after <> before + amount
    """,
)
NEGATIVE = Rule(
    "audit.negative",
    ("member_id", "account", "seq", "balance", "debt"),
    """
    SELECT member_id, account, NULL AS seq, balance, debt FROM accounts WHERE balance < 0 OR debt < 0
    UNION ALL
    SELECT member_id, account, seq, balance_after, 0 FROM transactions WHERE balance_after < 0
    """,
)
SUPPLY = Rule(
    "audit.supply",
    ("currency", "held_beyond_minted_less_burned"),
    """
    SELECT currency, sum(beyond) FROM (
        SELECT member_id, currency, sum(held) - sum(minted) AS beyond FROM (
            SELECT member_id, currency, balance AS held, 0 AS minted FROM accounts
            UNION ALL
            SELECT member_id, currency, 0, sum(amount) FROM movements WHERE counter NOT LIKE 'member:%'
            GROUP BY +member_id, member_id, currency
        ) AS sides
        GROUP BY member_id, currency
    ) AS members
    GROUP BY currency HAVING sum(beyond) <> 0
    """,
)
"""Summed per member first: the supply of a currency may exceed 64 bits before what was burned is subtracted."""

# ---------------------------------------------------------------------------------------------------- lots

LOTS_ABOVE_BALANCE = Rule(
    "audit.lots_above_balance",
    ("member_id", "account", "balance", "in_lots"),
    """
    SELECT member_id, account, sum(balance), sum(in_lots) FROM (
        SELECT member_id, account, balance, 0 AS in_lots, 1 AS least FROM accounts
        UNION ALL
        SELECT member_id, account, 0, amount, amount FROM lots
    ) AS sides
    GROUP BY member_id, account HAVING sum(in_lots) > sum(balance) OR min(least) < 1
    """,
)
LOTS = Rule(
    "audit.lots",
    ("member_id", "account", "expires_at", "first_expiry_at", "in_wallet", "booked"),
    """
    SELECT member_id, account, expires_at, first_expiry, sum(in_wallet), sum(booked) FROM (
        SELECT member_id, account, expires_at, first_expiry, amount AS in_wallet, 0 AS booked FROM lots
        UNION ALL
        SELECT member_id, account, expires_at, first_expiry, 0, CASE WHEN moved < 0 THEN -amount ELSE amount END
        FROM lot_movements
    ) AS sides
    GROUP BY member_id, account, expires_at, first_expiry HAVING sum(in_wallet) <> sum(booked)
    """,
)
LOTS_OF_ROW = Rule(
    "audit.lots_of_row",
    ("member_id", "seq", "type", "amount", "in_lots"),
    """
    SELECT member_id, seq, type, moved, sum(amount) FROM lot_movements
    GROUP BY +member_id, member_id, seq, type, moved
    HAVING sum(amount) > abs(moved) OR min(amount) < 1 OR (type = 'EXPIRE' AND sum(amount) <> -moved)
    """,
)
LINEAGE = Rule(
    "audit.lineage",
    ("member_id", "account", "seq", "expires_at", "first_expiry_at", "amount"),
    """
    SELECT member_id, account, seq, expires_at, first_expiry, amount FROM (
        SELECT member_id, account, NULL AS seq, expires_at, first_expiry, amount FROM lots
        UNION ALL
        SELECT member_id, account, seq, expires_at, first_expiry, amount FROM lot_movements
    ) AS sides
    WHERE expires_at < first_expiry OR expires_at - first_expiry > :longest
    """,
    {"longest": LINEAGE_MAX},
)
OUTLIVED = Rule(
    "audit.outlived",
    ("member_id", "seq", "type", "amount", "expires_at", "occurred_at"),
    """
    SELECT member_id, seq, type, amount, expires_at, occurred_at FROM lot_movements
    WHERE moved < 0 AND account NOT LIKE '%@%' AND type <> 'REPAY'
        AND ((type = 'EXPIRE') <> (expires_at <= occurred_at))
    """,
)
"""What has expired is burned and nothing else; what has not is not burned. A repayment takes what was just earned."""

# ---------------------------------------------------------------------------------------------------- holds

HOLD = Rule(
    "audit.hold",
    ("member_id", "account", "balance"),
    """
    SELECT a.member_id, a.account, a.balance
    FROM accounts AS a
    LEFT JOIN shared AS s ON s.scope = substr(a.account, length(a.currency) + 2) AND s.body IS NOT NULL
    LEFT JOIN rows AS r ON r.member_id = a.member_id AND r.scope = substr(a.account, length(a.currency) + 2)
    WHERE a.is_hold AND s.scope IS NULL AND r.scope IS NULL
    """,
)
QUARANTINE = Rule(
    "audit.quarantine",
    ("member_id", "account", "held", "waiting"),
    """
    SELECT member_id, account, sum(held), sum(waiting) FROM (
        SELECT member_id, account, balance AS held, 0 AS waiting FROM accounts
        WHERE is_hold AND account LIKE '%@quarantine/%'
        UNION ALL
        SELECT member_id, currency || '@' || scope, 0, amount FROM quarantined
    ) AS sides
    GROUP BY member_id, account HAVING sum(held) <> sum(waiting)
    """,
)

# ---------------------------------------------------------------------------------------------------- lifetime totals

EARNED = Rule(
    "audit.earned",
    ("member_id", "currency", "earned", "booked"),
    f"""
    SELECT member_id, currency, sum(earned), sum(booked) FROM (
        SELECT member_id, currency, earned, 0 AS booked FROM accounts
        UNION ALL
        SELECT member_id, currency, 0, CASE WHEN type = 'REVERSAL' THEN amount - debt ELSE amount END
        FROM movements
        WHERE NOT is_hold AND (
            (type IN ({EARNS}) AND amount > 0)
            OR (type = 'RELEASE' AND counter LIKE 'member:%@quarantine%' AND amount > 0)
            OR (type = 'REVERSAL' AND reversed_type IN ({EARNS})))
    ) AS sides
    GROUP BY member_id, currency HAVING sum(earned) <> sum(booked)
    """,
)
SPENT = Rule(
    "audit.spent",
    ("member_id", "currency", "spent", "booked"),
    f"""
    SELECT member_id, currency, sum(spent), sum(booked) FROM (
        SELECT member_id, currency, spent, 0 AS booked FROM accounts
        UNION ALL
        SELECT member_id, currency, 0, CASE WHEN type = 'REVERSAL' THEN debt - amount ELSE -amount END
        FROM movements
        WHERE (type IN ({SPENDS}) AND amount < 0)
            OR (type = 'AUCTION_BID' AND is_hold AND amount < 0)
            OR (type = 'REFUND' AND amount > 0)
            OR (type = 'REVERSAL' AND reversed_type IN ({SPENDS_OR_REFUND}))
    ) AS sides
    GROUP BY member_id, currency HAVING sum(spent) <> sum(booked)
    """,
)
DEBT = Rule(
    "audit.debt",
    ("member_id", "account", "debt", "booked"),
    """
    SELECT member_id, account, sum(debt), sum(booked) FROM (
        SELECT member_id, account, debt, 0 AS booked FROM accounts
        UNION ALL
        SELECT member_id, account, 0, debt FROM movements WHERE debt <> 0
    ) AS sides
    GROUP BY member_id, account HAVING sum(debt) <> sum(booked)
    """,
)
TOTALS = Rule(
    "audit.totals",
    ("day", "currency", "house", "amount", "booked", "movements", "booked_movements"),
    """
    SELECT day, currency, house, sum(amount), sum(booked), sum(movements), sum(counted) FROM (
        SELECT day, currency, house, amount, 0 AS booked, movements, 0 AS counted FROM daily_totals
        UNION ALL
        SELECT day, currency, counter, 0, sum(CASE WHEN counter LIKE 'sink:%' THEN -amount ELSE amount END), 0, count(*)
        FROM movements
        WHERE counter NOT LIKE 'member:%' AND position <= (SELECT coalesce(max(last_position), 0) FROM seals)
        GROUP BY day, currency, counter
    ) AS sides
    GROUP BY day, currency, house HAVING sum(amount) <> sum(booked) OR sum(movements) <> sum(counted)
    """,
)

# ---------------------------------------------------------------------------------------------------- activities

ACTIVITY = Rule(
    "audit.activity",
    ("activity", "recorded_at", "rows_said", "rows_booked"),
    """
    SELECT activity, recorded_at, sum(said), sum(booked) FROM (
        SELECT key AS activity, recorded_at, json_array_length(outcome -> 'paid') AS said, 0 AS booked
        FROM activities WHERE outcome -> 'paid' IS NOT NULL AND coalesce(outcome ->> 'status', 'accepted') = 'accepted'
        UNION ALL
        SELECT activity, recorded_at, 0, count(*) FROM transactions GROUP BY activity, recorded_at
    ) AS sides
    GROUP BY activity, recorded_at HAVING sum(said) <> sum(booked)
    """,
)
"""An activity is decided once, at one moment; its outcome says how many rows it wrote. Refused, it wrote none."""

KEY = Rule(
    "audit.key",
    ("key", "member_id", "occurred_at", "again_at"),
    """
    SELECT first.key, first.member_id, first.occurred_at, again.occurred_at
    FROM activities AS first
    JOIN activities AS again ON again.key = first.key AND again.occurred_at <> first.occurred_at
    WHERE first.key IN (SELECT key FROM activities GROUP BY key HAVING count(*) > 1)
        AND NOT again.is_dated AND again.recorded_at >= first.recorded_at
        AND again.recorded_at - first.occurred_at < :remembered
    """,
    {"remembered": REMEMBERED},
)
TRANSFER = Rule(
    "audit.transfer",
    ("transfer_id", "rows", "activity", "other_activity"),
    """
    SELECT transfer_id, count(*), min(activity), max(activity) FROM transactions
    WHERE transfer_id IN (
        SELECT transfer_id FROM transactions WHERE transfer_id <> member_id || '-' || seq
    )
    GROUP BY transfer_id
    HAVING min(activity) <> max(activity) OR min(recorded_at) <> max(recorded_at)
        OR min(definition) <> max(definition)
        OR sum(CASE WHEN transfer_id = member_id || '-' || seq THEN 1 ELSE 0 END) <> 1
    """,
)
"""A transfer is named by its first row, so a transfer of one row needs no look at others."""

PAIR = Rule(
    "audit.pair",
    ("transfer_id", "from", "to", "difference"),
    """
    SELECT transfer_id, payer, payee, sum(amount) FROM (
        SELECT transfer_id, amount,
            CASE WHEN amount < 0 THEN 'member:' || member_id || '/' || account ELSE counter END AS payer,
            CASE WHEN amount < 0 THEN counter ELSE 'member:' || member_id || '/' || account END AS payee
        FROM movements WHERE counter LIKE 'member:%' AND amount <> 0
    ) AS sides
    GROUP BY transfer_id, payer, payee HAVING sum(amount) <> 0
    """,
)
SIDE = Rule(
    "audit.side",
    ("member_id", "seq", "type", "account", "counter", "amount"),
    f"""
    SELECT member_id, seq, type, account, counter, amount FROM movements
    WHERE type NOT IN ({EVERY_TYPE})
        OR (counter NOT LIKE 'member:%' AND counter NOT LIKE 'source:%' AND counter NOT LIKE 'sink:%')
        OR (type <> 'REVERSAL' AND (
            (counter LIKE 'source:%' AND amount < 0) OR (counter LIKE 'sink:%' AND amount > 0)
            OR (NOT is_hold AND amount < 0 AND type IN ({COMES}))
            OR (NOT is_hold AND amount > 0 AND type IN ({GOES}))))
    """,
)

# ---------------------------------------------------------------------------------------------------- reversals

REVERSAL = Rule(
    "audit.reversal",
    ("transfer_id", "by", "listed", "booked"),
    """
    SELECT transfer_id, undone_by, sum(listed), sum(booked) FROM (
        SELECT transfer_id, "by" AS undone_by, 1 AS listed, 0 AS booked FROM reversals
        UNION ALL
        SELECT DISTINCT coalesce(reverses, ''), transfer_id, 0, 1 FROM movements
        WHERE type = 'REVERSAL' OR reverses IS NOT NULL
    ) AS sides
    GROUP BY transfer_id, undone_by HAVING sum(listed) <> 1 OR sum(booked) <> 1
    """,
)
"""A transfer is listed once, by the key of the table: rows that undo it a second time are not listed."""

MIRROR = Rule(
    "audit.mirror",
    ("transfer_id", "member_id", "account", "type", "amount", "undone"),
    """
    SELECT transfer_id, member_id, account, root, sum(moved), sum(undone) FROM (
        SELECT transfer_id, member_id, account, coalesce(reversed_type, type) AS root,
            CASE WHEN coalesce(reversed_type, type) = 'REPAY' THEN amount ELSE amount - debt END AS moved, 0 AS undone,
            seq AS seq, NULL AS undone_seq
        FROM movements WHERE transfer_id IN (SELECT transfer_id FROM reversals)
        UNION ALL
        SELECT reverses, member_id, account, reversed_type,
            0, CASE WHEN reversed_type = 'REPAY' THEN amount ELSE amount - debt END,
            NULL, seq
        FROM movements WHERE reverses IS NOT NULL
    ) AS sides
    GROUP BY transfer_id, member_id, account, root
    HAVING min(seq) IS NULL OR min(undone_seq) IS NULL OR min(undone_seq) <= max(seq)
        OR NOT (
            (sum(undone) <= 0 AND sum(undone) >= -sum(moved)) OR (sum(undone) >= 0 AND sum(undone) <= -sum(moved)))
    """,
)

# ---------------------------------------------------------------------------------------------------- the game, members

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
    WHERE source NOT IN ({_listed(SOURCES | OTHER_SOURCES)})
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
    WHERE NOT EXISTS (SELECT 1 FROM members AS m WHERE m.member_id = r.member_id)
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
"""What foreign keys would prove. Nobody, member 0, has activities and events: those of the house."""

EVENTS = Rule(
    "audit.events",
    ("member_id", "member_seq", "seq_before"),
    """
    SELECT member_id, member_seq, before FROM (
        SELECT member_id, member_seq, lag(member_seq) OVER (PARTITION BY member_id ORDER BY member_seq) AS before
        FROM events
    ) AS numbered
    WHERE member_seq <> before + 1
    UNION ALL
    SELECT m.member_id, m.event_seq, e.last
    FROM members AS m JOIN (SELECT member_id, max(member_seq) AS last FROM events GROUP BY member_id) AS e
        ON e.member_id = m.member_id
    WHERE m.event_seq <> e.last
    """,
)
"""The oldest events may be gone after their time; between those that are left nothing is missing."""

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

# fmt: off
RULES = (
    BALANCE, SEQ, HISTORY, NEGATIVE, SUPPLY,
    LOTS_ABOVE_BALANCE, LOTS, LOTS_OF_ROW, LINEAGE, OUTLIVED,
    HOLD, QUARANTINE,
    EARNED, SPENT, DEBT, TOTALS,
    ACTIVITY, KEY, TRANSFER, PAIR, SIDE,
    REVERSAL, MIRROR,
    DEFINITION, CURRENCY, SOURCE, OWNER, EVENTS, TIMER, SEALS,
)
# fmt: on
