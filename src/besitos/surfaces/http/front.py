"""The front door: every request gets an id, is counted, and is answered, whatever happens behind it."""

import asyncio
import logging
import re
from secrets import token_hex

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from besitos.surfaces.http.problem import Refused, respond
from besitos.surfaces.http.service import language_for, service_of

REQUEST_ID = re.compile(rb"[A-Za-z0-9._:-]{1,64}")
GONE = 499
"""The status under which a caller who did not wait is counted."""

log = logging.getLogger(__name__)


class Front:
    """An ASGI application around ours.

    Parts of the path stay as they were sent: an application's id may hold a slash, which is encoded, and would
    otherwise be taken for a part of the path.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        metrics = service_of(request).metrics
        loop = asyncio.get_running_loop()
        started, answered = loop.time(), 0
        request_id = request_id_of(scope)
        scope["path"] = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")

        async def sending(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                answered = message["status"]
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = request_id
                headers["x-content-type-options"] = "nosniff"
                headers.setdefault("cache-control", "no-store")
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except ClientDisconnect:
            answered = answered or GONE
        except Exception:
            log.exception("request %s failed", request_id)
            if answered:
                raise  # an answer half sent cannot be taken back: the server breaks the connection
            await respond(Refused(500, "server.failed"), language_for(request))(scope, receive, sending)
        finally:
            route = getattr(scope.get("route"), "path", "other")
            metrics.answered(scope["method"], route, answered or 500, loop.time() - started)


def request_id_of(scope: Scope) -> str:
    """The caller's `X-Request-ID`, if it is a plain one, or a new one."""
    given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
    return given.decode("ascii") if REQUEST_ID.fullmatch(given) else token_hex(8)
