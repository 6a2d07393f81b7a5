"""A call under way: who asks and for what, from its headers to its answer."""

import re
from typing import Any, TypeVar
from uuid import uuid4

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from besitos.core.activity import Activity
from besitos.engine.intake import Intake, key_fault
from besitos.engine.refs import name_of
from besitos.game.units import KEY
from besitos.store.protocol import MemberRef
from besitos.surfaces.http.body import BODY_MAX, read_json, validate
from besitos.surfaces.http.keys import Client, Scope
from besitos.surfaces.http.outcomes import reply
from besitos.surfaces.http.problem import Refused
from besitos.surfaces.http.refs import ref_in_path
from besitos.surfaces.http.service import Service, language_in, service_of, texts_in
from besitos.surfaces.texts import Texts

B = TypeVar("B", bound=BaseModel)


class Call:
    """One request of a client that may make it."""

    __slots__ = ("client", "request", "service")

    def __init__(self, request: Request, service: Service, client: Client) -> None:
        self.request = request
        self.service = service
        self.client = client

    @classmethod
    async def open(cls, request: Request, scope: Scope) -> "Call":
        """Let a client in, or refuse: 401 without a good key, 429 when it calls too fast, 403 without the scope."""
        service = service_of(request)
        client = await service.keyring.client_of(request.headers.get("authorization"))
        service.pace.take(client.name)
        if scope not in client.scopes:
            raise Refused(403, "api_key.scope", {"scope": scope.value})
        return cls(request, service, client)

    @property
    def intake(self) -> Intake:
        """What this client may tell."""
        scopes = self.client.scopes
        return Intake(self.client.scope, may_be_late=Scope.LATE in scopes, records_unknown=Scope.UNKNOWN in scopes)

    @property
    def language(self) -> str:
        """The language of whoever asks."""
        return language_in(self.request.scope)

    @property
    def texts(self) -> Texts:
        """The words for whoever asks."""
        return texts_in(self.request.scope)

    async def body(self, shape: type[B]) -> B:
        """What was sent."""
        return validate(shape, await read_json(self.request, BODY_MAX))

    def key(self) -> str | None:
        """The `Idempotency-Key`, if one was given."""
        given = [value for name, value in self.request.scope["headers"] if name == b"idempotency-key"]
        if not given:
            return None
        if len(given) > 1:
            raise Refused(400, "key.headers")
        try:
            key: str = given[0].decode()
        except UnicodeDecodeError as error:
            raise Refused(400, "key.not_utf8") from error
        fault = key_fault(key)
        if fault is not None:
            raise Refused(422, fault.reason.value, fault.details)
        return key

    def required_key(self) -> str:
        """The `Idempotency-Key` of a call that moves money."""
        key = self.key()
        if key is None:
            raise Refused(400, "key.missing")
        return key

    def some_key(self) -> str:
        """The `Idempotency-Key`, or one that nobody else has."""
        return self.key() or f"~{uuid4().hex}"

    def ref(self) -> MemberRef:
        """The member that the path names."""
        return ref_in_path(self.request.path_params["member"])

    async def member(self) -> int:
        """The id of the member that the path names. 404 if there is none."""
        return await self.member_of(self.ref())

    async def member_of(self, ref: MemberRef) -> int:
        """The id of this member. 404 if there is none."""
        found = await self.service.directory.find((ref,))
        if ref not in found:
            raise Refused(404, "member.unknown", {"member": name_of(ref)})
        return found[ref]

    def key_of(self, kind: str) -> str:
        """The key of a definition that the path names as `{kind}`. 404 `KIND.unknown` for what can be no key."""
        key: str = self.request.path_params[kind]
        if not re.fullmatch(KEY, key):
            raise Refused(404, f"{kind}.unknown", {kind: key[:60]})
        return key

    def common(self, key: str, member_id: int) -> dict[str, Any]:
        """What all activities have that are asked for here: they happen now, whoever sends them and how often."""
        return {
            "key": f"{self.client.scope}:{key}",
            "member_id": member_id,
            "occurred_at": self.service.clock.now(),
            "is_dated": False,
        }

    async def decide(self, activity: Activity) -> Response:
        """Hand an activity to the engine, and answer with what it came to."""
        outcome = await self.service.engine.submit(activity)
        return reply(activity, outcome, self.request.scope)


def answer(model: BaseModel, status: int = 200) -> Response:
    """A model as an answer."""
    return Response(model.model_dump_json().encode(), status, media_type="application/json")
