"""Keys of the API, as they stand in the database: never the secret, only its hash."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from besitos.store.moments import moment_of
from besitos.store.protocol import Query, Sql, StoreError, UnavailableError


class ApiKey(NamedTuple):
    """One key: whose it is, what it may do, and how its secret is recognised."""

    key_id: str
    client: str
    secret_hash: str
    scopes: tuple[str, ...]
    created_at: datetime
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None


class ClientTakenError(StoreError):
    """The client has a key that is in force. Revoke that one first."""


async def add(store: Sql, key: ApiKey, actor: str) -> None:
    """Keep a new key, and that `actor` made it. A client whose key was revoked gets the new one in its place."""
    row = {**key._asdict(), "scopes": msgspec.json.encode(key.scopes).decode()}
    log = _log(actor, "api_key.created", key, key.created_at)
    try:
        await store.amend(Query(_FORGET_REVOKED, {"client": key.client}), Query(_ADD, row), log)
    except UnavailableError:
        raise
    except StoreError as error:
        if await by_client(store, key.client) is not None:
            raise ClientTakenError(key.client) from error
        raise


async def revoke(store: Sql, key: ApiKey, at: datetime, actor: str) -> None:
    """Put a key out of force, and remember who did."""
    await store.amend(
        Query(_REVOKE, {"key_id": key.key_id, "at": at}),
        _log(actor, "api_key.revoked", key, at),
    )


async def find(store: Sql, key_id: str) -> ApiKey | None:
    """The key of this id, revoked or not."""
    [rows] = await store.read(Query(_FIND, {"key_id": key_id}))
    return _key(rows[0]) if rows else None


async def by_client(store: Sql, client: str) -> ApiKey | None:
    """The key of this client, revoked or not."""
    [rows] = await store.read(Query(_BY_CLIENT, {"client": client}))
    return _key(rows[0]) if rows else None


async def all_keys(store: Sql) -> list[ApiKey]:
    """Every key there is, by client."""
    [rows] = await store.read(Query(_ALL))
    return [_key(row) for row in rows]


async def touch(store: Sql, key_id: str, at: datetime) -> None:
    """Note that the key was used."""
    await store.amend(Query(_TOUCH, {"key_id": key_id, "at": at}))


def _key(row: Sequence[Any]) -> ApiKey:
    key_id, client, secret_hash, scopes, *moments = row
    created_at, revoked_at, last_used_at = (None if each is None else moment_of(each) for each in moments)
    assert created_at is not None, "the column is NOT NULL"
    return ApiKey(key_id, client, secret_hash, tuple(msgspec.json.decode(scopes)), created_at, revoked_at, last_used_at)


def _log(actor: str, act: str, key: ApiKey, at: datetime) -> Query:
    details = msgspec.json.encode({"key_id": key.key_id, "client": key.client, "scopes": key.scopes}).decode()
    return Query(_ADD_LOG, {"actor": actor, "act": act, "details": details, "at": at})


_COLUMNS = "key_id, client, secret_hash, scopes, created_at, revoked_at, last_used_at"
_FORGET_REVOKED = "DELETE FROM api_keys WHERE client = :client AND revoked_at IS NOT NULL"
_ADD = f"""
    INSERT INTO api_keys ({_COLUMNS})
    VALUES (:key_id, :client, :secret_hash, :scopes, :created_at, :revoked_at, :last_used_at)
"""
_REVOKE = "UPDATE api_keys SET revoked_at = :at WHERE key_id = :key_id AND revoked_at IS NULL"
_FIND = f"SELECT {_COLUMNS} FROM api_keys WHERE key_id = :key_id"
_BY_CLIENT = f"SELECT {_COLUMNS} FROM api_keys WHERE client = :client"
_ALL = f"SELECT {_COLUMNS} FROM api_keys ORDER BY client"
_TOUCH = "UPDATE api_keys SET last_used_at = :at WHERE key_id = :key_id"
_ADD_LOG = "INSERT INTO staff_log (actor, act, details, recorded_at) VALUES (:actor, :act, :details, :at)"
