"""A client of the API in the same process, which holds every answer against the OpenAPI document."""

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import httpx2
import jsonschema_rs

from besitos.apps.compose import Besitos
from besitos.surfaces.http.app import PREFIX
from besitos.surfaces.http.app import Api as App
from besitos.surfaces.http.keys import Scope, create_key
from tests.world import SetClock

ALL_SCOPES = tuple(Scope)
USUAL = (Scope.READ, Scope.ACTIVITIES, Scope.LEDGER, Scope.MEMBERS)

_numbers = itertools.count(1)
_contracts: dict[tuple[int, ...], "Contract"] = {}


@dataclass
class Api:
    """A running application, and the besitos behind it."""

    app: App
    besitos: Besitos
    clock: SetClock
    http: httpx2.AsyncClient = field(init=False)

    def __post_init__(self) -> None:
        transport = httpx2.ASGITransport(self.app, raise_app_exceptions=False)
        self.http = httpx2.AsyncClient(transport=transport, base_url="http://besitos.test")

    async def client(self, *scopes: Scope, name: str = "") -> "Caller":
        """A caller with a key of its own."""
        key = await create_key(
            self.besitos.store, self.besitos.clock, name or f"app-{next(_numbers)}", scopes or USUAL, "test"
        )
        return Caller(self, key)


class Said(NamedTuple):
    """What a request says."""

    json: object = None
    key: str | None = None
    content: bytes | str | None = None
    headers: httpx2.Headers = httpx2.Headers()


@dataclass
class Caller:
    """One application with its key."""

    api: Api
    key: str

    async def send(self, method: str, path: str, said: Said) -> httpx2.Response:
        """Send a request under /api/v1 and check that the answer is a documented one."""
        headers = httpx2.Headers({"authorization": f"Bearer {self.key}"})
        headers.update(said.headers)
        if said.key is not None:
            headers["idempotency-key"] = said.key
        url, http = PREFIX + path, self.api.http
        if said.json is not None:
            answer = await http.request(method, url, headers=headers, json=said.json)
        else:
            answer = await http.request(method, url, headers=headers, content=said.content)
        Contract.of(self.api).check(method, answer)
        return answer

    async def get(self, path: str, headers: httpx2.Headers | Mapping[str, str] | None = None) -> httpx2.Response:
        return await self.send("GET", path, Said(headers=httpx2.Headers(headers)))

    async def post(
        self,
        path: str,
        json: object = None,
        *,
        key: str | None = None,
        content: bytes | str | None = None,
        headers: Mapping[str, str] | Mapping[bytes, bytes] | None = None,
    ) -> httpx2.Response:
        return await self.send("POST", path, Said(json, key, content, httpx2.Headers(headers)))

    async def member(self, name: str) -> str:
        """The id of a member of this external id, created if need be."""
        answer = await self.post("/members", {"external_id": name})
        assert answer.status_code in {200, 201}, answer.text
        found: str = answer.json()["member_id"]
        return found

    async def grant(self, member: str, amount: int, **more: object) -> httpx2.Response:
        return await self.post(f"/members/{member}/grants", {"amount": amount, **more}, key=new_key())

    async def balance(self, member: str, currency: str = "besitos") -> int:
        answer = await self.get(f"/members/{member}/balance")
        found: int = answer.json()["currencies"][currency]["balance"]
        return found


class Contract:
    """The OpenAPI document as a judge of answers."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._validators: dict[tuple[str, str, str], Any] = {}

    @classmethod
    def of(cls, api: Api) -> "Contract":
        """The contract of this application, made once for all that have the same routes: it takes most of a test."""
        routers = tuple(map(id, api.app._documented))
        if routers not in _contracts:
            _contracts[routers] = cls(api.app.document)
        return _contracts[routers]

    @cached_property
    def _paths(self) -> list[tuple[re.Pattern[str], str]]:
        return [
            (re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))), path) for path in self._document["paths"]
        ]

    def check(self, method: str, answer: httpx2.Response) -> None:
        """The status is documented, and the body is as the document says."""
        raw = answer.request.url.raw_path.decode().partition("?")[0]
        path = next((path for pattern, path in self._paths if pattern.fullmatch(raw)), None)
        operation = self._document["paths"].get(path, {}).get(method.lower()) if path else None
        if operation is None:
            assert answer.status_code in {404, 405}
            return
        status = str(answer.status_code)
        assert status in operation["responses"], f"{method} {path} answers {status}: {answer.text}"
        [(media_type, said)] = operation["responses"][status]["content"].items()
        assert answer.headers["content-type"] == media_type
        name = (method, path or "", status)
        if name not in self._validators:
            schema = {**said["schema"], "components": self._document["components"]}
            self._validators[name] = jsonschema_rs.Draft202012Validator(schema)
        self._validators[name].validate(answer.json())


def new_key() -> str:
    """A key that no test has used."""
    return f"k-{next(_numbers)}"
