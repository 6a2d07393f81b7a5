"""The front door: every request gets an id, is counted, and is answered, whatever happens behind it."""

import asyncio
import logging
import re
from secrets import token_hex

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from besitos.store.protocol import TransientError
from besitos.surfaces.http.problem import Refused, respond, unavailable
from besitos.surfaces.http.service import Service, texts_in

REQUEST_ID = re.compile(rb"[A-Za-z0-9._:-]{1,64}")
GONE = 499
"""The status under which a caller who did not wait is counted."""

CODES = {404: "route.unknown", 405: "route.method"}
"""What the router itself refuses."""

log = logging.getLogger(__name__)


class Front:
    """An ASGI application around ours.

    Parts of the path stay as they were sent: an application's id may hold a slash, which is encoded, and would
    otherwise be taken for a part of the path.
    """

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        assert scope["type"] == "http", "the server is told that there is nothing else"
        time = asyncio.get_running_loop().time
        started, answered = time(), 0
        request_id = request_id_of(scope)
        scope["service"] = self._service
        scope["app"] = self  # for the router: with an application around it, it raises what it refuses
        scope["path"] = (scope.get("raw_path") or scope["path"].encode()).decode(errors="surrogateescape")

        async def sending(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                answered = message["status"]
                headers = message["headers"]
                headers += ((b"x-request-id", request_id), (b"x-content-type-options", b"nosniff"))
                if not any(name == b"cache-control" for name, _ in headers):
                    headers.append((b"cache-control", b"no-store"))
            await send(message)

        try:
            await self._answer(scope, receive, sending)
        except ClientDisconnect:
            answered = answered or GONE
        except Exception:
            log.exception("request %s failed", request_id.decode())
            if answered:
                raise  # an answer half sent cannot be taken back: the server breaks the connection
            await self._refuse(Refused(500, "server.failed"), scope, receive, sending)
        finally:
            route = scope.get("route")
            self._service.metrics.answered(
                scope["method"], route.path if route is not None else "other", answered or 500, time() - started
            )

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except Refused as refused:
            await self._refuse(refused, scope, receive, send)
        except TransientError as error:
            await self._refuse(unavailable(error), scope, receive, send)
        except HTTPException as error:
            unserved = Refused(error.status_code, CODES.get(error.status_code, "server.failed"))
            unserved.headers |= dict(error.headers or {})
            await self._refuse(unserved, scope, receive, send)

    async def _refuse(self, refused: Refused, scope: Scope, receive: Receive, send: Send) -> None:
        await respond(refused, texts_in(scope))(scope, receive, send)


def request_id_of(scope: Scope) -> bytes:
    """The caller's `X-Request-ID`, if it is a plain one, or a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and REQUEST_ID.fullmatch(value):
            given: bytes = value
            return given
    return token_hex(8).encode()
