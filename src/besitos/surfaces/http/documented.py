"""How a route is documented: routes read their requests themselves, and say here what they take and answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from pydantic import BaseModel

from besitos.engine.refs import PATTERN
from besitos.surfaces.http.keys import Scope
from besitos.surfaces.http.models import OutcomeRead
from besitos.surfaces.http.problem import MEDIA_TYPE

PROBLEM = {"$ref": "#/components/schemas/ProblemRead"}

BODIES: dict[str, type[BaseModel]] = {}
"""The models of all bodies, by name: what the document must define besides what is answered with."""


class KeyUse(Enum):
    """What a route makes of an `Idempotency-Key`."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


SAYS = {
    400: "The request cannot be read: no JSON, not UTF-8, too deep, a number too long, a word twice, a key missing.",
    401: "No API key, or one that is not in force.",
    403: "The key lacks the scope.",
    404: "There is no such member, transfer, version or draft.",
    408: "The body did not come in time.",
    409: "Refused by the game or the ledger. It is remembered: the same key gets the same answer.",
    412: "Something else is there than was expected: another version is in force, or a draft waits for its moment.",
    413: "The body is too large.",
    415: "The body is of another media type than is taken here.",
    422: "The content is wrong, or the key was used for something else.",
    428: "`If-Match` is missing: say which version you have seen.",
    429: "Too many requests.",
    500: "A fault of ours. The key stays free: send it again.",
    503: "The database cannot take work now. Nothing was written: send it again.",
}
ALWAYS = (401, 403, 429, 500, 503)
WITH_BODY = (400, 408, 413, 415, 422)
NO_LINKS: Mapping[str, Any] = {}
RETRY_AFTER = {"description": "Seconds to wait.", "schema": {"type": "integer"}}

REPLAYED = {
    "Idempotent-Replayed": {
        "description": "`true` when this is the answer that the key got the first time.",
        "schema": {"type": "string", "enum": ["true"]},
    }
}


def in_path(name: str, description: str, schema: Mapping[str, Any], *, example: object) -> Mapping[str, Any]:
    """A part of the path, and what may stand there."""
    said = {"description": description, "schema": schema, "example": example}
    return {"name": name, "in": "path", "required": True, **said}


def in_query(name: str, description: str, schema: Mapping[str, Any], *, example: object = None) -> Mapping[str, Any]:
    """What a query may say, and in which form."""
    said = {"description": description, "schema": schema} | ({} if example is None else {"example": example})
    return {"name": name, "in": "query", "required": False, **said}


def key_in_path(kind: str, example: str) -> Mapping[str, Any]:
    """The part of a path that names a definition of the game."""
    schema = {"type": "string", "minLength": 1, "maxLength": 60}
    return in_path(kind, f"The key of a {kind} of the game.", schema, example=example)


MEMBER = in_path(
    "member",
    "Bare digits are our id, `tg:42` is Telegram's, `ext:abc` an application's.",
    {"type": "string", "pattern": PATTERN},
    example="ext:student-9",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Documented:
    """What one route takes and answers. `arguments` go to FastAPI's decorator.

    A route takes a `body` of JSON, or a `text` of any of these media types.
    """

    scope: Scope
    answers: Mapping[int, type[BaseModel]]
    refuses: Sequence[int] = ()
    body: type[BaseModel] | None = None
    text: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    key: KeyUse = KeyUse.NONE
    parameters: Sequence[Mapping[str, Any]] = ()
    links: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of_member(cls, answer: type[BaseModel], *parameters: Mapping[str, Any]) -> "Documented":
        """A route by which something is read of the member in its path."""
        return cls(scope=Scope.READ, answers={200: answer}, refuses=(404, 422), parameters=[MEMBER, *parameters])

    @classmethod
    def order(
        cls,
        scope: Scope,
        *parameters: Mapping[str, Any],
        body: type[BaseModel] | None = None,
        key: KeyUse = KeyUse.REQUIRED,
        links: Mapping[str, Any] = NO_LINKS,
    ) -> "Documented":
        """A route that has something decided about the member in its path."""
        return cls(
            scope=scope,
            body=body,
            answers={201: OutcomeRead},
            refuses=(404, 409),
            key=key,
            parameters=[MEMBER, *parameters],
            links=links,
        )

    def arguments(self) -> dict[str, Any]:
        """The document of the operation, for `@router.post(path, **…)`."""
        extra: dict[str, Any] = {"security": [{"ApiKey": [self.scope.value]}], "x-scope": self.scope.value}
        parameters = [*self.parameters, *self._key_parameter()]
        if parameters:
            extra["parameters"] = parameters
        if self.body is not None:
            BODIES[self.body.__name__] = self.body
            schema = {"$ref": f"#/components/schemas/{self.body.__name__}"}
            extra["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
        if self.text:
            extra["requestBody"] = {"required": True, "content": dict(self.text)}
        first = next(iter(self.answers))
        return {"responses": self._responses(), "openapi_extra": extra, "status_code": first}

    def _responses(self) -> dict[int | str, dict[str, Any]]:
        responses: dict[int | str, dict[str, Any]] = {}
        for status, model in self.answers.items():
            said: dict[str, Any] = {"model": model, "description": (model.__doc__ or "").partition("\n")[0]}
            if self.key is not KeyUse.NONE:
                said["headers"] = REPLAYED
            if self.links:
                said["links"] = dict(self.links)
            responses[status] = said
        with_body = WITH_BODY if self.body is not None or self.text else ()
        with_key = (400, 422) if self.key is not KeyUse.NONE else ()
        for status in sorted({*ALWAYS, *with_body, *with_key, *self.refuses}):
            responses[status] = self._problem(status)
        return responses

    def _problem(self, status: int) -> dict[str, Any]:
        said: dict[str, Any] = {"description": SAYS[status], "content": {MEDIA_TYPE: {"schema": PROBLEM}}}
        if status in (429, 503):
            said["headers"] = {"Retry-After": RETRY_AFTER}
        if status == 401:
            said["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
        if status in (409, 404) and self.key is not KeyUse.NONE:
            said["headers"] = REPLAYED
        return said

    def _key_parameter(self) -> Sequence[Mapping[str, Any]]:
        if self.key is KeyUse.NONE:
            return ()
        required = self.key is KeyUse.REQUIRED
        return (
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": required,
                "description": "Names this attempt, in at most 255 bytes. The same key with the same content gets the "
                "first answer again and changes nothing; with other content 422 `activity.key_conflict`.",
                "schema": {"type": "string", "minLength": 1, "maxLength": 255},
                "example": "order-1001",
            },
        )
