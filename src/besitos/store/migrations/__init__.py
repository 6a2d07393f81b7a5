"""How the schema came to be, step by step, on both databases. `besitos.store.migrate` walks the steps."""

from typing import Literal, TypeAlias

Way: TypeAlias = Literal["upgrade", "downgrade"]
"""Which way the steps are walked, in Alembic's words."""
