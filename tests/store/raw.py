"""A database as its driver sees it, without the store between: `?` on SQLite, `$1` on PostgreSQL."""

import sqlite3
from contextlib import closing
from typing import Any

import asyncpg

from besitos.store.database import is_postgresql, sqlite_path


async def run(url: str, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
    """What one statement gives back."""
    if not is_postgresql(url):
        with closing(sqlite3.connect(sqlite_path(url), isolation_level=None)) as db:
            return db.execute(statement, parameters).fetchall()
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(statement, *parameters)]
    finally:
        await connection.close()
