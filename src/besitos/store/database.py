"""Which database a URL names."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from besitos.store.protocol import Store

POSTGRESQL = ("postgresql", "postgres")


def is_postgresql(url: str) -> bool:
    """Whether `url` names a PostgreSQL database; otherwise it is a file of SQLite."""
    return urlsplit(url).scheme.partition("+")[0] in POSTGRESQL


def sqlite_path(url: str) -> Path:
    """The file that `sqlite:///relative` or `sqlite:////absolute` names."""
    return Path(unquote(urlsplit(url).path.removeprefix("/")))


async def open_store(url: str, *, connections: int = 4) -> Store:
    """The store behind `url`. The driver of the other database is never imported."""
    if is_postgresql(url):
        from besitos.store.postgres import PostgresStore

        scheme, rest = url.split("://", 1)
        return await PostgresStore.connect(f"{scheme.partition('+')[0]}://{rest}", connections=connections)

    from besitos.store.sqlite import SqliteStore

    return SqliteStore(sqlite_path(url))
