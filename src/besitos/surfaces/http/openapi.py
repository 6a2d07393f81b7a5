"""The OpenAPI document: what FastAPI gathers from the routes, and what they say of themselves."""

from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from besitos import __version__
from besitos.surfaces.http.documented import BODIES
from besitos.surfaces.http.keys import Scope
from besitos.surfaces.http.models import ProblemRead

DESCRIPTION = """
Points that can be trusted: activities in, balances and histories out.

* **Who calls**: `Authorization: Bearer bes_…`, a key made with `besitos keys create`. Its scopes say what it may do.
* **Once**: a write carries a key that names one attempt, in `Idempotency-Key` or in the activity itself. Make it
  before you send, and send it again when no answer came. The same key with the same content gets the first answer,
  marked `Idempotent-Replayed: true`; a refusal is remembered too, so the next attempt takes a new key.
* **Refused**: every error is `application/problem+json`; its `code` is stable, its texts are Spanish or English by
  `Accept-Language`.
* **Numbers**: amounts are whole, from 1 to 2^53 - 1. Our ids come as text, and are taken as text or number.
* **Limits**: bodies of 256 KiB (batches 8 MiB, games 25 MiB), 20 levels, numbers of 18 digits.
"""

TAGS = [
    {"name": "members", "description": "Who takes part."},
    {"name": "activities", "description": "What members do, one by one or in bulk."},
    {"name": "ledger", "description": "Money: given, taken, handed on, undone; balances and histories."},
    {"name": "daily gift", "description": "A few besitos a day for whoever comes back."},
    {"name": "reactions", "description": "Emoji under posts, counted."},
    {"name": "badges", "description": "What members have achieved: held, near, shown, given and revoked."},
    {"name": "boosts", "description": "What multiplies what is paid, for a while."},
    {"name": "modules", "description": "Parts of a course: who is in them, and what is watched."},
    {"name": "items", "description": "Backpacks, and content that is open."},
    {"name": "vip", "description": "VIP time, given and ended."},
    {"name": "game", "description": "The document of the game: planned, applied, compared, restored."},
    {"name": "drafts", "description": "Documents that are not in force: kept, planned, applied, scheduled."},
]

SCOPES = {
    Scope.READ: "see members, balances and histories",
    Scope.ACTIVITIES: "send activities and claim daily gifts",
    Scope.LEDGER: "grant, spend, gift and reverse",
    Scope.MEMBERS: "create, name and link members",
    Scope.LATE: "tell of the past",
    Scope.UNKNOWN: "record kinds that the game does not know",
    Scope.GAME_READ: "see the document of the game, its versions and drafts, and plan changes",
    Scope.GAME_WRITE: "bring documents into force and keep drafts",
}


def document_of(routers: Iterable[APIRouter], prefix: str) -> dict[str, Any]:
    """The document of all routes of these routers."""
    every = APIRouter()
    for router in routers:
        every.include_router(router, prefix=prefix)
    document: dict[str, Any] = get_openapi(
        title="besitos",
        version=__version__,
        summary="A self-hosted engagement economy for communities.",
        description=DESCRIPTION.strip(),
        routes=every.routes,
        tags=TAGS,
        servers=[{"url": "/", "description": "Where this document was found."}],
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )
    components = document.setdefault("components", {})
    components.setdefault("schemas", {}).update(_schemas())
    said = "; ".join(f"`{scope.value}`: {meaning}" for scope, meaning in SCOPES.items())
    components["securitySchemes"] = {
        "ApiKey": {"type": "http", "scheme": "bearer", "description": f"`bes_<id>_<secret>`. Scopes: {said}."}
    }
    return document


def _schemas() -> dict[str, Any]:
    """The models of bodies and of problems, which FastAPI has not seen."""
    modes: list[tuple[type[BaseModel], JsonSchemaMode]] = [(model, "validation") for model in BODIES.values()]
    modes.append((ProblemRead, "serialization"))
    _, definitions = models_json_schema(modes, ref_template="#/components/schemas/{model}")
    schemas: dict[str, Any] = definitions["$defs"]
    return schemas
