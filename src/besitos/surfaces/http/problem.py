"""Refusals of the API, as problem+json (RFC 9457) in the caller's language."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from starlette.responses import Response

from besitos.engine.outcome import plain
from besitos.store.protocol import TransientError, UnavailableError
from besitos.surfaces.texts import LANGUAGES, Texts

MEDIA_TYPE = "application/problem+json"

RETRY_SECONDS = {"store.full": 30, "store.read_only": 30, "store.damaged": 60}
"""How long to wait where a moment will not do."""


class Wrong(msgspec.Struct, frozen=True):
    """One wrong place of a body: where (`attributes.to`, `2.amount`), the code of what is wrong, and its values.

    In a document a place is file, line and column, and `path` the way to it through sections and words.
    """

    place: str
    code: str
    values: Mapping[str, Any] = {}
    path: str = ""


class Refused(Exception):  # noqa: N818 - an expected answer, not an error
    """A request that is not carried out: the answer it gets, as a code with details."""

    def __init__(self, status: int, code: str, details: Mapping[str, object] | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.details = plain(details or {})
        self.errors: Sequence[Wrong] = ()
        self.headers: dict[str, str] = {}

    def because(self, errors: Sequence[Wrong]) -> "Refused":
        """With the places that are wrong."""
        self.errors = errors
        return self

    def told(self, **headers: str) -> "Refused":
        """With headers, named as arguments are: `retry_after`."""
        self.headers |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self


def unavailable(error: TransientError) -> Refused:
    """The database cannot take work now: nothing was written, and the same request may well stand later."""
    code = error.reason if isinstance(error, UnavailableError) else "store.busy"
    return Refused(503, code).told(retry_after=str(RETRY_SECONDS.get(code, 1)))


def problem_of(refused: Refused, texts: Texts) -> dict[str, Any]:
    """The body. `title` belongs to the status, `detail` to this very case; `type` and `code` are the reason code."""
    return {
        "type": refused.code,
        "title": texts.of(f"http.{refused.status}"),
        "status": refused.status,
        "detail": texts.reason(refused.code, refused.details),
        "code": refused.code,
        "details": refused.details,
        "errors": [
            {"place": each.place, "code": each.code, "detail": texts.reason(each.code, each.values)}
            | ({"path": each.path} if each.path else {})
            for each in refused.errors
        ],
    }


def respond(refused: Refused, texts: Texts) -> Response:
    """The answer."""
    body = msgspec.json.encode(problem_of(refused, texts), enc_hook=str)
    headers = {**refused.headers, "content-language": texts.language}
    return Response(body, refused.status, headers, MEDIA_TYPE)


@lru_cache(maxsize=256)
def language_of(accepted: str, otherwise: str) -> str:
    """The first of our languages that an `Accept-Language` wants, by its weights."""
    wanted = []
    for part in accepted.split(",")[:10]:
        tag, _, weight = part.partition(";")
        short = tag.strip().lower()[:2]
        if short in LANGUAGES:
            wanted.append((_weight(weight), short))
    wanted = [each for each in wanted if each[0] > 0]
    return max(wanted, key=lambda each: each[0])[1] if wanted else otherwise


def _weight(text: str) -> float:
    """The value of `q=0.8`; 1 where there is none, 0 where it is nonsense."""
    name, _, number = text.strip().partition("=")
    if not name:
        return 1.0
    try:
        return float(number)
    except ValueError:
        return 0.0
