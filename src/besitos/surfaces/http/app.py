"""The application: routes behind one front door.

FastAPI's routers declare the routes and its generator writes the OpenAPI document. They are run by Starlette, on which
FastAPI stands: our routes read their own requests, and what FastAPI does on the way to a route costs as much as
an activity.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, TypeAlias

import msgspec
from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send

from besitos.surfaces.http import docs, health
from besitos.surfaces.http.front import Front
from besitos.surfaces.http.openapi import document_of
from besitos.surfaces.http.service import Service

PREFIX = "/api/v1"

Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]


class Api:
    """An ASGI application with the routes of `routers` under /api/v1, beside health, metrics and documentation."""

    def __init__(self, service: Service, routers: Iterable[APIRouter]) -> None:
        self.service = service
        self._documented = list(routers)
        served = [
            *(route for router in self._documented for route in _served(router, PREFIX)),
            *_served(health.router),
            *_served(docs.router),
            Route("/openapi.json", self._openapi),
        ]
        self._front = Front(Router(served, redirect_slashes=False), service)
        service.engine.observers.append(service.metrics.committed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self._front(scope, receive, send)

    @cached_property
    def document(self) -> dict[str, Any]:
        """The OpenAPI document, made when it is first asked for."""
        return document_of(self._documented, PREFIX)

    async def _openapi(self, _: Request) -> Response:
        return Response(msgspec.json.encode(self.document), media_type="application/json")


def _served(router: APIRouter, prefix: str = "") -> Iterable[Route]:
    """One route for each path, so that a method that a path does not have is answered with all that it has."""
    by_path: dict[str, dict[str, Endpoint]] = {}
    for route in router.routes:
        assert isinstance(route, APIRoute), "routers hold routes alone"
        by_path.setdefault(route.path, {}).update(dict.fromkeys(route.methods or (), route.endpoint))
    for path, endpoints in by_path.items():
        yield Route(prefix + path, _endpoint_of(endpoints), methods=sorted(endpoints))


def _endpoint_of(endpoints: Mapping[str, Endpoint]) -> Endpoint:
    if len(set(endpoints.values())) == 1:
        return next(iter(endpoints.values()))

    async def answer(request: Request) -> Response:
        return await endpoints["GET" if request.method == "HEAD" else request.method](request)

    return answer
