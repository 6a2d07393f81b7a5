"""Rules of what moves money: activities and their keys, transfers, reversals."""

from besitos.core.activity import REMEMBERED
from besitos.core.transaction import TransactionType as T
from besitos.store.audit_rules.rule import Rule
from besitos.store.sums import listed

EVERY_TYPE = listed(T)
COMES = listed({*(kind for kind in T if kind.is_earn), T.GIFT_RECEIVED, T.AUCTION_SALE, T.REFUND, T.RELEASE})
GOES = listed(
    {
        *(kind for kind in T if kind.is_spend),
        *(T.GIFT_SENT, T.AUCTION_BID, T.FEE, T.PENALTY, T.EXPIRE, T.REPAY),
    }
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

ACTS = (ACTIVITY, KEY, TRANSFER, PAIR, SIDE, REVERSAL, MIRROR)
