"""The game: what is in force, what a document would change in it, and its versions."""

import asyncio
from collections.abc import Mapping, Sequence

import msgspec
from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from besitos.engine.editing.difference import as_data
from besitos.game.exporting import json_of
from besitos.game.schema import schema_of
from besitos.store.versions import Recorded, history, version_of
from besitos.surfaces.http.call import Call
from besitos.surfaces.http.documented import Documented, in_path, in_query
from besitos.surfaces.http.gamebody import (
    AT,
    AUTHOR,
    DOCUMENT,
    IF_MATCH,
    REASON,
    base_in,
    files_in,
    moment_in,
    refusing,
    signature_in,
    version_in,
    wrongs_as_data,
)
from besitos.surfaces.http.gamemodels import (
    AppliedRead,
    DifferenceRead,
    DraftRead,
    GameRead,
    GameSchemaRead,
    GameVersionRead,
    PlanRead,
    VersionsRead,
    changes,
    reply,
)
from besitos.surfaces.http.keys import Scope
from besitos.surfaces.http.models import Body
from besitos.surfaces.http.pages import CURSOR, LIMIT, page_of
from besitos.surfaces.http.problem import Refused

router = APIRouter(tags=["game"])

NUMBER = {"type": "integer", "minimum": 0, "maximum": 999_999_999}
VERSION = in_path("version", "The number of a version.", {"type": "integer", "minimum": 1}, example=1)
FROM = in_query(
    "from", "A version, 0 for the game before the first; without it, the one before `to`.", NUMBER, example=0
)
TO = in_query("to", "Another one; without it, the version in force.", NUMBER)


class RollbackBody(Body):
    """The version to go back to."""

    version: int = Field(ge=1, le=999_999_999, examples=[1])


@router.get(
    "/game",
    operation_id="get_game",
    summary="The game in force",
    **Documented(scope=Scope.GAME_READ, answers={200: GameRead}, refuses=(404,)).arguments(),
)
async def get_game(request: Request) -> Response:
    """The document of the game in force. Its `ETag` is its version: send it back in `If-Match` to change it."""
    call = await Call.open(request, Scope.GAME_READ)
    latest = await call.service.manager.latest()
    found = await version_of(call.service.store, latest)
    if found is None:
        raise Refused(404, "game.none")
    return reply({**found._asdict(), "document": await _document(call, latest)}, version=latest)


@router.get(
    "/game/schema",
    operation_id="get_game_schema",
    summary="The language as JSON Schema",
    **Documented(scope=Scope.GAME_READ, answers={200: GameSchemaRead}).arguments(),
)
async def get_schema(request: Request) -> Response:
    """What a file of a game may hold, for editors and forms."""
    call = await Call.open(request, Scope.GAME_READ)
    return reply(schema_of(call.service.manager.sections))


@router.post(
    "/game/plan",
    operation_id="plan_game",
    summary="What a document would change",
    **Documented(scope=Scope.GAME_READ, text=DOCUMENT, answers={200: PlanRead}).arguments(),
)
async def plan(request: Request) -> Response:
    """What applying a document would do, word by word. Nothing is written.

    422 `game.broken` names everything that is wrong with it, in `errors`: file, line and column, path, code and what
    to do.
    """
    call = await Call.open(request, Scope.GAME_READ)
    with refusing():
        document, findings = await call.service.manager.examine(_bytes(await files_in(call)))
        version, found = await call.service.manager.compare(document)
    told = {**changes(version, found), "findings": wrongs_as_data(findings, call.language)}
    return reply(told, version=version)


@router.post(
    "/game/apply",
    operation_id="apply_game",
    summary="Bring a document into force",
    **Documented(
        scope=Scope.GAME_WRITE,
        text=DOCUMENT,
        answers={200: AppliedRead, 202: DraftRead},
        refuses=(404, 412, 428),
        parameters=[IF_MATCH, AUTHOR, REASON, AT],
    ).arguments(),
)
async def apply(request: Request) -> Response:
    """Bring a document into force as one new version, in one transaction; what disappears from it is archived.

    412 `game.moved` with the difference where another version than the one in `If-Match` is in force. A document that
    says what is in force changes nothing, so the same request may be sent again. With `at` it is kept as a draft and
    applied then: 202.
    """
    call = await Call.open(request, Scope.GAME_WRITE)
    base, by, at = base_in(call), signature_in(call), moment_in(call)
    files = await files_in(call)
    with refusing():
        if at is not None:
            made = await call.service.drafts.add_scheduled(files, at, by, base=base)
            return reply({name: value for name, value in made._asdict().items() if name != "files"}, 202)
        document = await call.service.manager.read(_bytes(files))
        applied = await call.service.manager.apply(document, by, base=base)
    await call.service.games.catch_up(applied.version)
    return reply(changes(*applied), version=applied.version)


@router.post(
    "/game/rollback",
    operation_id="roll_game_back",
    summary="Go back to an older version",
    **Documented(
        scope=Scope.GAME_WRITE,
        body=RollbackBody,
        answers={200: AppliedRead},
        refuses=(404, 412, 428),
        parameters=[IF_MATCH, AUTHOR, REASON],
    ).arguments(),
)
async def rollback(request: Request) -> Response:
    """Bring an older version into force again, as a new one, checked as if it had been written today."""
    call = await Call.open(request, Scope.GAME_WRITE)
    base, by = base_in(call), signature_in(call)
    body = await call.body(RollbackBody)
    with refusing():
        applied = await call.service.manager.rollback(body.version, by, base=base)
    await call.service.games.catch_up(applied.version)
    return reply(changes(*applied), version=applied.version)


@router.get(
    "/game/versions",
    operation_id="list_game_versions",
    summary="The versions",
    **Documented(
        scope=Scope.GAME_READ, answers={200: VersionsRead}, refuses=(422,), parameters=[CURSOR, LIMIT]
    ).arguments(),
)
async def list_versions(request: Request) -> Response:
    """The versions, the newest first: who applied each, why, when, and how much it changed."""
    call = await Call.open(request, Scope.GAME_READ)
    page = page_of(request, 20, 200)
    before = None if page.before is None else min(page.before, 999_999_999)
    found = await history(call.service.store, page.limit + 1, before)
    items = found[: page.limit]
    last = str(items[-1].version) if len(found) > page.limit else None
    return reply({"items": [each._asdict() for each in items], "next": last})


@router.get(
    "/game/versions/{version}",
    operation_id="get_game_version",
    summary="A version",
    **Documented(
        scope=Scope.GAME_READ, answers={200: GameVersionRead}, refuses=(404,), parameters=[VERSION]
    ).arguments(),
)
async def get_version(request: Request) -> Response:
    """A version with its document."""
    call = await Call.open(request, Scope.GAME_READ)
    version = version_in(request.path_params["version"])
    found: Sequence[Recorded] = await history(call.service.store, 1, version + 1)
    if not found or found[0].version != version:
        raise Refused(404, "game.no_version", {"version": version})
    return reply({**found[0]._asdict(), "document": await _document(call, version)}, version=version)


@router.get(
    "/game/diff",
    operation_id="diff_game_versions",
    summary="What parts two versions",
    **Documented(
        scope=Scope.GAME_READ, answers={200: DifferenceRead}, refuses=(404,), parameters=[FROM, TO]
    ).arguments(),
)
async def diff(request: Request) -> Response:
    """What parts two versions, word by word."""
    call = await Call.open(request, Scope.GAME_READ)
    manager, asked = call.service.manager, request.query_params
    other = version_in(asked["to"]) if "to" in asked else await manager.latest()
    one = version_in(asked["from"]) if "from" in asked else max(other - 1, 0)
    with refusing():
        found = await manager.between(one, other)
    return reply(as_data(found))


async def _document(call: Call, version: int) -> msgspec.Raw:
    """The document as JSON with every digit as it was written; made in a thread, for it may be large."""
    manager = call.service.manager
    rows = await manager.rows(version)
    return msgspec.Raw((await asyncio.to_thread(json_of, rows, manager.sections)).encode())


def _bytes(files: Mapping[str, str]) -> dict[str, bytes]:
    return {name: text.encode() for name, text in files.items()}
