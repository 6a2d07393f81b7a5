"""The audit, proven by a ledger that is right and by every way in which it can be wrong."""
