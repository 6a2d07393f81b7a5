"""What every route works with: one of these stands in the application."""

from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.types import Scope

from besitos.core.clock import Clock
from besitos.engine.directory import Directory
from besitos.engine.editing.drafts import Drafts
from besitos.engine.editing.manager import Manager
from besitos.engine.engine import Engine
from besitos.engine.games import Games
from besitos.store.protocol import Database
from besitos.surfaces.http.keys import Keyring
from besitos.surfaces.http.metrics import Metrics
from besitos.surfaces.http.pace import Pace, Rate
from besitos.surfaces.http.problem import language_of
from besitos.surfaces.links import LinkCodes
from besitos.surfaces.texts import Texts


@dataclass(frozen=True, slots=True)
class Service:
    """The house behind the API."""

    store: Database
    engine: Engine
    games: Games
    manager: Manager
    drafts: Drafts
    directory: Directory
    clock: Clock
    links: LinkCodes
    keyring: Keyring
    pace: Pace = field(default_factory=lambda: Pace(Rate()))
    metrics: Metrics = field(default_factory=Metrics)
    language: str = "es"


def service_of(request: Request) -> Service:
    """The service of the application that a request came to."""
    service: Service = request.scope["service"]
    return service


def texts_in(scope: Scope) -> Texts:
    """The words for whoever asks: in their language, and by the clocks of the game."""
    service: Service = scope["service"]
    return Texts(language_in(scope), service.engine.game.calendar.zone)


def language_in(scope: Scope) -> str:
    """The language of whoever asks."""
    service: Service = scope["service"]
    accepted = next((value for name, value in scope["headers"] if name == b"accept-language"), b"")
    return language_of(accepted.decode("latin-1"), service.language) if accepted else service.language
