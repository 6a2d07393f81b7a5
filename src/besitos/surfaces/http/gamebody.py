"""What is sent about the game: documents in three forms, versions that were seen, and what keeps one from standing."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from besitos.engine.editing.difference import as_data, name_of
from besitos.engine.editing.drafts import (
    ConflictsError,
    DraftNameError,
    PastMomentError,
    ScheduledError,
    UnknownDraftError,
)
from besitos.engine.editing.manager import (
    BrokenGameError,
    EditedElsewhereError,
    NotOursError,
    Signature,
    UnknownVersionError,
)
from besitos.game.problem import Problem
from besitos.game.source import MOST_GAME
from besitos.surfaces.http.body import Json, parse, read_body, validate
from besitos.surfaces.http.call import Call
from besitos.surfaces.http.documented import in_query
from besitos.surfaces.http.faults import request_fault
from besitos.surfaces.http.models import Body
from besitos.surfaces.http.pages import text_in
from besitos.surfaces.http.problem import Refused, Wrong
from besitos.surfaces.texts import Texts

BODY_MAX = MOST_GAME + MOST_GAME // 4
"""A game as JSON is larger than its files: line breaks and quotes are escaped."""

YAML = ("application/yaml", "application/x-yaml", "text/yaml")
JSON = "application/json"

IS_FILES = re.compile(r'\s*\{\s*"files"\s*:')
ESCAPED_PAIR = re.compile(r"\\(\\|u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})")
"""A backslash that stands for itself, or the two halves in which JSON may write a character."""

VERSION = re.compile(r'(?:W/)?"([0-9]{1,9})"|([0-9]{1,9})')
EXAMPLE = "game: {name: Campus}\nrules:\n  charla: {when: message.posted, pays: {besitos: 1}}\n"
DOCUMENT: Mapping[str, Mapping[str, Any]] = {
    **{kind: {"schema": {"type": "string"}, "example": EXAMPLE} for kind in YAML[:1]},
    JSON: {
        "schema": {
            "description": 'The document, or its files: `{"files": {"game.yaml": "…"}}`.',
            "type": "object",
        },
        "example": {
            "game": {"name": "Campus"},
            "rules": {"charla": {"when": "message.posted", "pays": {"besitos": 1}}},
        },
    },
}
"""The forms in which a document may be sent, for the OpenAPI document."""

IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": 'The version that you have seen, `"3"`, or `*` for whichever is in force.',
    "schema": {"type": "string", "pattern": r'^(\*|(W/)?"[0-9]{1,9}"|[0-9]{1,9})$'},
    "example": "*",
}
AUTHOR = in_query(
    "author",
    "On whose behalf; the application is named before it.",
    {"type": "string", "minLength": 1, "maxLength": 100},
)
REASON = in_query("reason", "Why; it stands in the history.", {"type": "string", "minLength": 1, "maxLength": 2_000})
AT = in_query(
    "at",
    "RFC 3339: keep it as a draft and apply it then, unless the game has changed by that time.",
    {"type": "string", "format": "date-time"},
)


class FilesBody(Body):
    """A game in files."""

    files: dict[Annotated[str, Field(min_length=1, max_length=200)], str] = Field(min_length=1, max_length=1_000)


async def files_in(call: Call) -> dict[str, str]:
    """The files that were sent, by name. A document alone is a file too."""
    kind = call.request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in (*YAML, JSON):
        raise Refused(415, "request.media_type", {"found": kind})
    body = await read_body(call.request, BODY_MAX)
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(400, "request.not_utf8", {"at": error.start}) from error
    if kind != JSON:
        return {"game.yaml": text}
    if IS_FILES.match(text):
        return validate(FilesBody, Json(parse(body))).files
    if not text.lstrip().startswith("{"):
        raise request_fault([Wrong("", "request.not_object")])
    return {"game.json": ESCAPED_PAIR.sub(_whole, text)}


def base_in(call: Call) -> int | None:
    """The version that the caller has seen; None for whichever is in force. Nobody writes over what they never saw."""
    said = call.request.headers.get("if-match")
    if said is None:
        raise Refused(428, "request.if_match")
    if said.strip() == "*":
        return None
    match = VERSION.fullmatch(said.strip())
    if match is None:
        raise request_fault([Wrong("If-Match", "request.wrong_form")])
    return int(match[1] or match[2])


def signature_in(call: Call) -> Signature:
    """Who writes, the application first, and why."""
    author = text_in(call.request, "author", 100)
    name = call.client.scope if author is None else f"{call.client.scope}/{author}"
    return Signature(name, text_in(call.request, "reason", 2_000) or "")


def moment_in(call: Call) -> datetime | None:
    """The moment that a query asks for."""
    said = text_in(call.request, "at", 64)
    if said is None:
        return None
    try:
        moment = datetime.fromisoformat(said.replace(" ", "+"))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise request_fault([Wrong("at", "request.not_a_moment")])
    return moment


def version_in(text: str) -> int:
    """The number in a path or a query. 404 where it is no number."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise Refused(404, "game.no_version", {"version": text[:20]})
    return int(text)


@contextmanager
def refusing() -> Iterator[None]:
    """Whatever keeps a game from being brought into force, as the answer of a request."""
    try:
        yield
    except BrokenGameError as broken:
        raise Refused(422, "game.broken", {"count": len(broken.problems)}).because(wrongs(broken.problems)) from broken
    except EditedElsewhereError as moved:
        told = {"version": moved.version, "base": moved.base, "difference": as_data(moved.difference)}
        raise Refused(412, "game.moved", told).told(etag=f'"{moved.version}"') from moved
    except ConflictsError as found:
        names = [name_of(key) for key in found.conflicts]
        raise Refused(412, "game.conflicts", {"version": found.version, "conflicts": names}) from found
    except UnknownVersionError as unknown:
        raise Refused(404, "game.no_version", {"version": unknown.version}) from unknown
    except NotOursError as strange:
        raise Refused(422, "game.not_ours", {"version": strange.version, "kinds": strange.kinds}) from strange
    except UnknownDraftError as error:
        raise Refused(404, "draft.unknown", {"name": str(error)}) from error
    except ScheduledError as error:
        raise Refused(412, "draft.scheduled", {"name": str(error)}) from error
    except DraftNameError as error:
        raise Refused(422, "draft.wrong_name", {"name": str(error)}) from error
    except PastMomentError as error:
        raise Refused(422, "draft.past_moment") from error


def wrongs(problems: Iterable[Problem]) -> list[Wrong]:
    """Problems of a document, each with its place and its path."""
    return [Wrong(str(problem.place), problem.code, problem.values, problem.path) for problem in problems]


def wrongs_as_data(problems: Iterable[Problem], language: str) -> list[dict[str, str]]:
    """The same as a part of an answer that is no refusal."""
    texts = Texts(language)
    return [
        {
            "place": str(problem.place),
            "path": problem.path,
            "code": problem.code,
            "detail": texts.sentence(problem),
        }
        for problem in problems
    ]


def _whole(escaped: re.Match[str]) -> str:
    """A character that JSON wrote in two halves: YAML knows no halves."""
    if escaped[1] == "\\":
        return escaped[0]
    character: str = json.loads(f'"{escaped[0]}"')
    return character
