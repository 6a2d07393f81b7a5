"""The ground: members, the ledger, activities, events, the game, and the views.

As SQL, one text for each database: they differ in almost every line, and here an operator can read what there is.
"""

from alembic import op

from besitos.store.migrations.script import on_postgresql, run_script

revision = "0001"
down_revision = None

VIEWS = ("user_balances", "lots", "accounts", "lot_movements", "movements", "quarantined", "writers", "next_event")
TABLES = (
    *("members", "rows", "shared"),
    *("transactions", "reversals", "texts", "seals", "daily_totals"),
    *("activities", "requests", "timers", "dead_letters", "events", "cursors"),
    *("versions", "definitions", "scores", "score_buckets", "closed_boards", "final_ranks"),
    *("api_keys", "staff_log", "deployment"),
)
SEQUENCES = ("transaction_positions", "event_positions")
TYPES = ("new_activity", "new_transaction", "member_change")


def upgrade() -> None:
    """Create everything. Months of the three logs are made when they are needed."""
    run_script(__file__)


def downgrade() -> None:
    """Remove everything, the months with their tables."""
    for view in VIEWS:
        op.execute(f"DROP VIEW {view}")
    for table in TABLES:
        op.drop_table(table)
    if on_postgresql():
        for sequence in SEQUENCES:
            op.execute(f"DROP SEQUENCE {sequence}")
        for each in TYPES:
            op.execute(f"DROP TYPE {each}")
        op.execute("DROP FUNCTION refuse_change()")
