"""Rules of what is summed beside the balance: earned, spent, debts, and the totals of each day."""

from besitos.store.audit_rules.rule import Rule
from besitos.store.seals import BILLION, BILLIONS, UNITS
from besitos.store.sums import EARNED_BY, SPENT_BY

EARNED = Rule(
    "audit.earned",
    ("member_id", "currency", "earned", "booked"),
    f"""
    SELECT member_id, currency, sum(earned), sum(booked) FROM (
        SELECT member_id, currency, earned, 0 AS booked FROM accounts
        UNION ALL
        SELECT member_id, currency, 0, {EARNED_BY} FROM movements
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
        SELECT member_id, currency, 0, {SPENT_BY} FROM movements
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
    f"""
    SELECT day, currency, house, sum(billions) * {BILLION} + sum(units), sum(ours) * {BILLION} + sum(rest),
        sum(movements), sum(counted)
    FROM (
        SELECT day, currency, house, billions, units, movements, 0 AS ours, 0 AS rest, 0 AS counted FROM daily_totals
        UNION ALL
        SELECT day, currency, counter, 0, 0, 0, sum({BILLIONS}), sum({UNITS}), count(*)
        FROM movements
        WHERE counter NOT LIKE 'member:%' AND position <= (SELECT coalesce(max(last_position), 0) FROM seals)
        GROUP BY day, currency, counter
    ) AS sides
    GROUP BY day, currency, house
    HAVING sum(billions) <> sum(ours) OR sum(units) <> sum(rest) OR sum(movements) <> sum(counted)
    """,
)

LIFETIME = (EARNED, SPENT, DEBT, TOTALS)
