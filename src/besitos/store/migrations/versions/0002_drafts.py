"""Drafts: games that are not in force, some of them with a moment at which they are to be."""

from alembic import op

from besitos.store.migrations.script import run_script

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the table."""
    run_script(__file__)


def downgrade() -> None:
    """Remove it, and every draft."""
    op.drop_table("drafts")
