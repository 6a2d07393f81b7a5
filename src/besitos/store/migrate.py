"""The schema's revision: which one a database has, whether it is ours, and the way from one to another.

Looking costs a connection and one query; Alembic is loaded only when a step has to be made.
"""

import asyncio
import sqlite3
from enum import StrEnum
from pathlib import Path

from besitos.store import sqlite
from besitos.store.database import dsn_of, is_postgresql, sqlite_path
from besitos.store.migrations import Way
from besitos.store.protocol import StoreError, UnavailableError

REVISIONS = ("0001", "0002", "0003")
"""Every revision there ever was, in order: what this program understands without asking Alembic."""

HEAD = REVISIONS[-1]
BASE = "base"
"""Nothing at all."""

PATIENCE = 60.0
"""Seconds to wait for another process that migrates."""
CONNECT_TIMEOUT = 10.0
"""Seconds to wait for a server, or for a file that is being written."""

REVISION = "SELECT version_num FROM alembic_version"
HAS_REVISION_ON_SQLITE = "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
HAS_REVISION_ON_POSTGRESQL = "SELECT to_regclass('alembic_version') IS NOT NULL"


class SchemaProblem(StrEnum):
    """Why a database cannot be used as it is."""

    MISSING = "schema.missing"
    OLD = "schema.old"
    UNKNOWN = "schema.unknown"
    REFUSED = "schema.refused"


WHAT_TO_DO = {
    SchemaProblem.MISSING: "the database is empty: run `besitos migrate`",
    SchemaProblem.OLD: "the database is at revision {found} and this program needs {wanted}: run `besitos migrate`",
    SchemaProblem.UNKNOWN: "the database is at revision {found}, unknown to this program ({wanted}): use a newer one",
    SchemaProblem.REFUSED: "the database refused to go from {found} to {wanted}, and kept nothing of the step: {cause}",
}

ONE_AT_A_TIME = asyncio.Lock()
"""Within a process: Alembic keeps the step at hand in a global."""


class SchemaError(Exception):
    """The database does not have the schema of this program. `code` names the text for people, `details` fill it in."""

    def __init__(self, code: SchemaProblem, *, found: str | None = None, wanted: str = HEAD, cause: str = "") -> None:
        self.code = code
        self.details = {"found": found or BASE, "wanted": wanted, "cause": cause}
        super().__init__(WHAT_TO_DO[code].format_map(self.details))


async def check(url: str) -> None:
    """Say nothing when the database at `url` has the schema of this program; else a `SchemaError` says what to do."""
    found = await revision_of(url)
    if found is None:
        raise SchemaError(SchemaProblem.MISSING)
    if found not in REVISIONS:
        raise SchemaError(SchemaProblem.UNKNOWN, found=found)
    if found != HEAD:
        raise SchemaError(SchemaProblem.OLD, found=found)


async def upgrade(url: str, *, patience: float = PATIENCE) -> str | None:
    """Bring the database at `url` to this program's schema, creating the file on SQLite. What it was at before.

    Of several processes that try at once one migrates; the others wait, and find nothing left to do.
    """
    found = await _known_revision_of(url)
    if found != HEAD:
        await _walk(url, "upgrade", found, HEAD, patience)
    return found


async def downgrade(url: str, revision: str, *, patience: float = PATIENCE) -> str | None:
    """Take the database at `url` back to `revision`, and what later ones brought with it. What it was at before.

    Back to `base` leaves nothing.
    """
    if revision not in {BASE, *REVISIONS}:
        message = f"no such revision: {revision}"
        raise ValueError(message)
    found = await _known_revision_of(url)
    if found is not None:
        await _walk(url, "downgrade", found, revision, patience)
    return found


async def revision_of(url: str) -> str | None:
    """The revision of the database at `url`; None when it has none or, on SQLite, is not there yet.

    `UnavailableError` when it cannot be asked.
    """
    if is_postgresql(url):
        return await _revision_of_server(dsn_of(url))
    if not url.startswith("sqlite"):
        message = f"neither sqlite:///… nor postgresql://…: {url.partition(':')[0]}:…"
        raise ValueError(message)
    return await asyncio.to_thread(_revision_of_file, sqlite_path(url))


async def _known_revision_of(url: str) -> str | None:
    found = await revision_of(url)
    if found is not None and found not in REVISIONS:
        raise SchemaError(SchemaProblem.UNKNOWN, found=found)
    return found


def _revision_of_file(path: Path) -> str | None:
    if not path.exists():
        return None
    try:
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=CONNECT_TIMEOUT)
        try:
            has_one = db.execute(HAS_REVISION_ON_SQLITE).fetchone()
            row = db.execute(REVISION).fetchone() if has_one else None
        finally:
            db.close()
    except sqlite3.Error as error:
        raise sqlite.refusal_of(error) from error
    return row[0] if row else None


async def _revision_of_server(dsn: str) -> str | None:
    import asyncpg

    from besitos.store import postgres

    try:
        connection = await asyncpg.connect(dsn, timeout=CONNECT_TIMEOUT)
        try:
            has_one = await connection.fetchval(HAS_REVISION_ON_POSTGRESQL)
            found: str | None = await connection.fetchval(REVISION) if has_one else None
        finally:
            await connection.close()
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        raise postgres.refusal_of(error) from error
    return found


async def _walk(url: str, way: Way, found: str | None, wanted: str, patience: float) -> None:
    from besitos.store.migrations import runner

    try:
        async with ONE_AT_A_TIME:
            if is_postgresql(url):
                await runner.walk_postgresql(dsn_of(url), way, wanted, patience)
            else:
                await asyncio.to_thread(runner.walk_sqlite, sqlite_path(url), way, wanted, patience)
    except UnavailableError:
        raise
    except StoreError as error:
        raise SchemaError(SchemaProblem.REFUSED, found=found, wanted=wanted, cause=str(error)) from error
