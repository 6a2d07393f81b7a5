"""Which database a URL names."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from besitos.store.protocol import Database

POSTGRESQL = ("postgresql", "postgres")


def is_postgresql(url: str) -> bool:
    """Whether `url` names a PostgreSQL database; otherwise it is a file of SQLite."""
    return urlsplit(url).scheme.partition("+")[0] in POSTGRESQL


def sqlite_path(url: str) -> Path:
    """The file that `sqlite:///relative` or `sqlite:////absolute` names."""
    return Path(unquote(urlsplit(url).path.removeprefix("/")))


def dsn_of(url: str) -> str:
    """What asyncpg takes: the scheme without the name of a driver."""
    scheme, _, rest = url.partition("://")
    return f"{scheme.partition('+')[0]}://{rest}"


async def open_store(url: str, *, connections: int = 4) -> Database:
    """The store behind `url`. The driver of the other database is never imported."""
    if is_postgresql(url):
        from besitos.store.postgres import PostgresStore

        return await PostgresStore.connect(dsn_of(url), connections=connections)

    from besitos.store.sqlite import SqliteStore

    return SqliteStore(sqlite_path(url))
