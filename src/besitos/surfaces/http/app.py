"""The application: routes behind one front door, every refusal a problem+json."""

from collections.abc import Iterable
from functools import cache, partial

import msgspec
from fastapi import APIRouter, FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from besitos import __version__
from besitos.store.protocol import TransientError
from besitos.surfaces.http import docs, health
from besitos.surfaces.http.front import Front
from besitos.surfaces.http.openapi import document_of
from besitos.surfaces.http.problem import Refused, respond, unavailable
from besitos.surfaces.http.service import Service, language_for

PREFIX = "/api/v1"

CODES = {404: "route.unknown", 405: "route.method"}
"""What the router itself refuses."""


def make_app(service: Service, routers: Iterable[APIRouter]) -> FastAPI:
    """An application with these routes under /api/v1, beside health, metrics and documentation."""
    app = FastAPI(title="besitos", version=__version__, openapi_url=None, docs_url=None, redoc_url=None)
    app.router.redirect_slashes = False
    app.state.service = service
    for router in routers:
        app.include_router(router, prefix=PREFIX)
    app.include_router(health.router)
    app.include_router(docs.router)

    app.openapi = cache(partial(document_of, app))  # type: ignore[method-assign]  # FastAPI's own way to change it

    @app.get("/openapi.json", include_in_schema=False)
    async def openapi() -> Response:
        """The document, made when it is first asked for."""
        return Response(msgspec.json.encode(app.openapi()), media_type="application/json")

    app.add_exception_handler(Refused, on_refusal)
    app.add_exception_handler(TransientError, on_transient)
    app.add_exception_handler(HTTPException, on_http_exception)
    app.add_middleware(Front)
    service.engine.observers.append(service.metrics.committed)
    return app


async def on_refusal(request: Request, refused: Exception) -> Response:
    """What we refuse ourselves."""
    assert isinstance(refused, Refused), "registered for refusals"
    return respond(refused, language_for(request))


async def on_transient(request: Request, error: Exception) -> Response:
    """The database is away, full or busy. Nothing was written."""
    assert isinstance(error, TransientError), "registered for these"
    return respond(unavailable(error), language_for(request))


async def on_http_exception(request: Request, error: Exception) -> Response:
    """What the router refuses."""
    assert isinstance(error, HTTPException), "registered for these"
    refused = Refused(error.status_code, CODES.get(error.status_code, "server.failed"))
    refused.headers |= dict(error.headers or {})
    return respond(refused, language_for(request))
