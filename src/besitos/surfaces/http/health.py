"""Whether it runs: for whoever restarts it, balances load onto it, or draws curves of it."""

from datetime import timedelta

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from besitos.core.clock import Clock
from besitos.store.health import Pulse, pulse_of
from besitos.store.migrate import HEAD
from besitos.store.protocol import StoreError, UnavailableError
from besitos.surfaces.http.problem import Refused, unavailable
from besitos.surfaces.http.service import service_of

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
async def healthz(_: Request) -> Response:
    """The process answers. Asks nobody else: a database that is away is no reason to restart us."""
    return JSONResponse({"status": "ok"})


@router.get("/readyz")
async def readyz(request: Request) -> Response:
    """The database answers, has our schema, and a game is in force."""
    try:
        pulse = await pulse_of(service_of(request).store)
    except UnavailableError as error:
        raise unavailable(error) from error
    except StoreError as error:
        raise Refused(503, "server.not_ready", {"found": "", "wanted": HEAD}) from error
    if pulse.revision != HEAD:
        raise Refused(503, "server.not_ready", {"found": pulse.revision, "wanted": HEAD})
    return JSONResponse(
        {"status": "ok", "database": "ok", "schema": pulse.revision, "game_version": pulse.game_version}
    )


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Everything counted. What only the database knows is missing while it is away."""
    service = service_of(request)
    try:
        pulse = await pulse_of(service.store)
    except StoreError:
        return Response(service.metrics.text(), media_type=PROMETHEUS)
    lag = lag_of(pulse, service.clock)
    service.metrics.condition(pulse.dead_letters, lag.total_seconds(), pulse.game_version)
    service.metrics.cleared(pulse.cleared)
    if pulse.audited is not None:
        service.metrics.audited(pulse.audited.violations)
    return Response(service.metrics.text(), media_type=PROMETHEUS)


def lag_of(pulse: Pulse, clock: Clock) -> timedelta:
    """How late the oldest due timer is."""
    if pulse.next_timer is None:
        return timedelta()
    return max(timedelta(), clock.now() - pulse.next_timer)
