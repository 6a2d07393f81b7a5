"""Rules of what members have: balances, lots, holds."""

from besitos.core.lot import LINEAGE_MAX
from besitos.store.audit_rules.rule import Rule

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

# fmt: off
MONEY = (
    BALANCE, SEQ, HISTORY, NEGATIVE, SUPPLY,
    LOTS_ABOVE_BALANCE, LOTS, LOTS_OF_ROW, LINEAGE, OUTLIVED,
    HOLD, QUARANTINE,
)
# fmt: on
