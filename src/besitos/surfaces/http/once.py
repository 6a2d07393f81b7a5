"""Acts without a member, done once: an `Idempotency-Key` remembers the answer together with the effect."""

from collections.abc import Awaitable, Callable, Sequence
from hashlib import sha256
from typing import NamedTuple, TypeAlias

import msgspec
from pydantic import BaseModel
from starlette.responses import Response

from besitos.engine.codec import canonical
from besitos.engine.outcome import EngineReason
from besitos.store import requests
from besitos.store.protocol import Query, StoreError, UnavailableError
from besitos.store.requests import Answered
from besitos.surfaces.http.call import Call
from besitos.surfaces.http.outcomes import REPLAYED
from besitos.surfaces.http.problem import Refused


class Act(NamedTuple):
    """What is to be done, and what will then be answered."""

    status: int
    body: BaseModel
    effects: Sequence[Query] = ()


Prepare: TypeAlias = Callable[[], Awaitable[Act]]

LOOKS = 3
"""How often an act is prepared before its refusal is believed."""


async def once(call: Call, asked: object, prepare: Prepare) -> Response:
    """Do what `prepare` says, or answer as the first time. `asked` is what a repetition is compared by.

    Where a rival has changed meanwhile what `prepare` looked at, the effects are refused and it looks again. What it
    writes itself must be harmless when it is done again, for it stands outside the transaction.
    """
    for _ in range(LOOKS - 1):
        try:
            return await _try(call, asked, prepare)
        except UnavailableError:
            raise
        except StoreError:
            continue
    return await _try(call, asked, prepare)


async def _try(call: Call, asked: object, prepare: Prepare) -> Response:
    key = call.key()
    if key is None:
        act = await prepare()
        if act.effects:
            await call.service.store.amend(*act.effects)
        return _json(act.status, act.body.model_dump_json())
    named, content = f"{call.client.scope}:{key}", _content(call, asked)
    known = await requests.find(call.service.store, named)
    if known is not None:
        return _again(known, content, key)
    act = await prepare()
    first = Answered(named, content, act.status, act.body.model_dump_json(), call.client.scope)
    held = await requests.remember(call.service.store, first, call.service.clock.now(), *act.effects)
    return _json(held.status, held.body) if held is first else _again(held, content, key)


def _content(call: Call, asked: object) -> str:
    """A hash, so that erasing a member leaves nothing of them here."""
    said = f"{call.request.method} {call.request.url.path} {canonical(asked)}"
    return msgspec.json.encode({"sha256": sha256(said.encode()).hexdigest()}).decode()


def _again(known: Answered, content: str, key: str) -> Response:
    if msgspec.json.decode(known.content) != msgspec.json.decode(content):
        raise Refused(422, EngineReason.KEY_CONFLICT.value, {"key": key})
    return _json(known.status, known.body, REPLAYED)


def _json(status: int, body: str, headers: dict[str, str] | None = None) -> Response:
    return Response(body.encode(), status, headers, "application/json")
