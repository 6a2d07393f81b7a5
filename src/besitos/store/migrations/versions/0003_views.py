"""Views of what members have come to, by the names that everybody knows."""

from alembic import op

from besitos.store.migrations.script import run_script

revision = "0003"
down_revision = "0002"

VIEWS = (
    *("user_streaks", "user_missions", "user_rewards", "user_achievements", "user_module_progress"),
    "reward_conditions",
)


def upgrade() -> None:
    """Create them."""
    run_script(__file__)


def downgrade() -> None:
    """Remove them. Nothing stands in them."""
    for view in VIEWS:
        op.execute(f"DROP VIEW {view}")
