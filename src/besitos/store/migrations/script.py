"""Migrations written as SQL: the files beside a step, one for each database."""

from pathlib import Path

from alembic import op


def run_script(migration: str) -> None:
    """Run `0001_ground.sqlite.sql` or `0001_ground.postgresql.sql`, the file beside `migration` that fits.

    Blank lines part the statements: the drivers take one at a time, and a semicolon ends nothing inside a trigger.
    """
    script = Path(migration).with_suffix(f".{op.get_bind().dialect.name}.sql").read_text(encoding="utf-8")
    for statement in script.split("\n\n"):
        if _is_code(statement):
            op.get_bind().exec_driver_sql(statement)


def on_postgresql() -> bool:
    """Whether this database is PostgreSQL."""
    return op.get_bind().dialect.name == "postgresql"


def _is_code(statement: str) -> bool:
    return any(line and not line.startswith("--") for line in statement.splitlines())
