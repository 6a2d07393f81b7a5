"""What every route works with: one of these stands in the application."""

from dataclasses import dataclass, field
from typing import TypeAlias

from starlette.requests import Request

from besitos.core.clock import Clock
from besitos.engine.directory import Directory
from besitos.engine.engine import Engine
from besitos.store.protocol import Store
from besitos.surfaces.http.keys import Keyring
from besitos.surfaces.http.metrics import Metrics
from besitos.surfaces.http.pace import Pace, Rate
from besitos.surfaces.http.problem import language_of
from besitos.surfaces.links import LinkCodes

Seconds: TypeAlias = float


@dataclass(frozen=True, slots=True)
class Service:
    """The house behind the API."""

    store: Store
    engine: Engine
    directory: Directory
    clock: Clock
    links: LinkCodes
    keyring: Keyring
    pace: Pace = field(default_factory=lambda: Pace(Rate()))
    metrics: Metrics = field(default_factory=Metrics)
    language: str = "es"


def service_of(request: Request) -> Service:
    """The service of the application that a request came to."""
    service: Service = request.app.state.service
    return service


def language_for(request: Request) -> str:
    """The language of whoever asks."""
    accepted = request.headers.get("accept-language", "")
    return language_of(accepted, service_of(request).language)
