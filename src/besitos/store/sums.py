"""What one movement adds to the lifetime totals of its purse, in SQL over the view `movements`."""

from collections.abc import Iterable

from besitos.core.transaction import TransactionType as T


def listed(names: Iterable[str]) -> str:
    """Names of ours as SQL lists them."""
    return ", ".join(f"'{name}'" for name in sorted(names))


EARNS = listed(kind for kind in T if kind.is_earn)
SPENDS = listed(kind for kind in T if kind.is_spend)
SPENDS_OR_REFUND = listed({*(kind for kind in T if kind.is_spend), T.REFUND})

EARNED_BY = f"""
    CASE WHEN NOT is_hold AND (
            (type IN ({EARNS}) AND amount > 0)
            OR (type = 'RELEASE' AND counter LIKE 'member:%@quarantine%' AND amount > 0)
            OR (type = 'REVERSAL' AND reversed_type IN ({EARNS})))
        THEN CASE WHEN type = 'REVERSAL' THEN amount - debt ELSE amount END
        ELSE 0 END
"""
SPENT_BY = f"""
    CASE WHEN (type IN ({SPENDS}) AND amount < 0)
            OR (type = 'AUCTION_BID' AND is_hold AND amount < 0)
            OR (type = 'REFUND' AND amount > 0)
            OR (type = 'REVERSAL' AND reversed_type IN ({SPENDS_OR_REFUND}))
        THEN CASE WHEN type = 'REVERSAL' THEN debt - amount ELSE -amount END
        ELSE 0 END
"""
