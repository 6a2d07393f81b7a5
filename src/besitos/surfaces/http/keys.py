"""API keys: `bes_<id>_<secret>`, shown once; we keep a hash, and look a key up at most once a second."""

import asyncio
import hashlib
import hmac
import re
import secrets
import string
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from besitos.core.clock import Clock
from besitos.store import keys
from besitos.store.keys import ApiKey
from besitos.store.protocol import Database, StoreError
from besitos.surfaces.http.problem import Refused

KEY = re.compile(r"bes_([a-z0-9]{8})_([A-Za-z0-9]{43})")
CLIENT = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")
"""A client's name is a part of its keys' scope, `api:<client>`, and so has no colon."""

ID_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
LETTERS = string.ascii_letters + string.digits

TRUSTED_SECONDS = 1.0
"""How long a key goes without being looked up again: a revoked one is refused within this time."""

REMEMBERED_MAX = 10_000
USED_EVERY = timedelta(hours=1)
"""How exact "last used" is."""


MISSING, WRONG = "api_key.missing", "api_key.wrong"


class Scope(StrEnum):
    """What a key may do."""

    READ = "read"
    ACTIVITIES = "activities"
    LEDGER = "ledger"
    MEMBERS = "members"
    LATE = "late"
    """Tell of activities of the past."""
    UNKNOWN = "unknown"
    """Record kinds that the game does not know."""
    GAME_READ = "game:read"
    """See the document of the game, its versions and drafts."""
    GAME_WRITE = "game:write"
    """Bring documents into force."""


@dataclass(frozen=True, slots=True)
class Client:
    """Who calls: the application that a key was made for."""

    name: str
    scopes: frozenset[Scope]

    @property
    def scope(self) -> str:
        """What its keys of activities begin with, so that two applications never meet."""
        return f"api:{self.name}"


async def create_key(store: Database, clock: Clock, client: str, scopes: Collection[Scope], actor: str) -> str:
    """Make a key for `client` and say it: the only time that anybody sees it.

    `ValueError` if that is no name for a client; `ClientTakenError` if it has a key in force.
    """
    if not CLIENT.fullmatch(client):
        message = f"a client is named in small letters, digits and `.-_`: {client!r}"
        raise ValueError(message)
    key_id = "".join(secrets.choice(ID_LETTERS) for _ in range(8))
    secret = "".join(secrets.choice(LETTERS) for _ in range(43))
    made = ApiKey(key_id, client, hash_of(secret), tuple(sorted(scopes)), clock.now())
    await keys.add(store, made, actor)
    return f"bes_{key_id}_{secret}"


async def list_keys(store: Database) -> list[ApiKey]:
    """Every key, by client."""
    return await keys.all_keys(store)


async def revoke_key(store: Database, clock: Clock, named: str, actor: str) -> ApiKey | None:
    """Put the key of a client, or of an id, out of force within a second. None if there is none in force."""
    key = await keys.by_client(store, named) or await keys.find(store, named)
    if key is None or key.revoked_at is not None:
        return None
    await keys.revoke(store, key, clock.now(), actor)
    return key


def hash_of(secret: str) -> str:
    """What we keep. The secret is long and random, so nothing slower than one hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Keyring:
    """The keys that have called lately."""

    def __init__(self, store: Database, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._known: dict[str, tuple[float, ApiKey | None]] = {}

    async def client_of(self, authorization: str | None) -> Client:
        """Whose key this header holds. Whatever is wrong with a key, the answer is the same."""
        if not authorization:
            raise unauthorized(MISSING)
        scheme, _, token = authorization.partition(" ")
        match = KEY.fullmatch(token.strip())
        if scheme.lower() != "bearer" or match is None:
            raise unauthorized(WRONG)
        key = await self._find(match[1])
        expected = key.secret_hash if key is not None else ""
        if not hmac.compare_digest(hash_of(match[2]), expected) or key is None or key.revoked_at is not None:
            raise unauthorized(WRONG)
        return Client(key.client, frozenset(Scope(each) for each in key.scopes))

    async def _find(self, key_id: str) -> ApiKey | None:
        now = asyncio.get_running_loop().time()
        looked_up_at, key = self._known.get(key_id, (0.0, None))
        if now - looked_up_at < TRUSTED_SECONDS:
            return key
        key = await keys.find(self._store, key_id)
        if len(self._known) >= REMEMBERED_MAX:
            self._known.clear()
        self._known[key_id] = (now, key)
        if key is not None:
            await self._note_use(key)
        return key

    async def _note_use(self, key: ApiKey) -> None:
        now = self._clock.now()
        if key.last_used_at is None or now - key.last_used_at > USED_EVERY:
            with suppress(StoreError):  # a database that cannot be written to may still be read
                await keys.touch(self._store, key.key_id, now)


def unauthorized(code: str) -> Refused:
    """Nobody we know."""
    return Refused(401, code).told(www_authenticate="Bearer")
