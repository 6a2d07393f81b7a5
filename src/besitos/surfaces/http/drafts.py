"""Drafts: documents that are not in force."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from besitos.engine.editing.difference import as_data, name_of
from besitos.engine.editing.drafts import files_of
from besitos.engine.editing.manager import BrokenGameError
from besitos.store.drafts import Draft
from besitos.surfaces.http.call import Call
from besitos.surfaces.http.documented import Documented, in_path, in_query
from besitos.surfaces.http.faults import request_fault
from besitos.surfaces.http.gamebody import (
    AT,
    AUTHOR,
    DOCUMENT,
    REASON,
    files_in,
    moment_in,
    refusing,
    signature_in,
    version_in,
    wrongs_as_data,
)
from besitos.surfaces.http.gamemodels import (
    AppliedRead,
    DraftPlanRead,
    DraftRead,
    DraftsRead,
    DraftWholeRead,
    SavedDraftRead,
    changes,
    reply,
)
from besitos.surfaces.http.keys import Scope
from besitos.surfaces.http.problem import Wrong

router = APIRouter(tags=["drafts"])

NAME = in_path(
    "name", "The name of the draft.", {"type": "string", "pattern": r"^[a-z0-9][a-z0-9._-]{0,62}$"}, example="spring"
)
BASE = in_query(
    "base",
    "The version it was written on: by default that of the draft it replaces, or the one in force.",
    {"type": "integer", "minimum": 0, "maximum": 999_999_999},
)
REBASE = in_query(
    "rebase",
    "Put it on top of what others have changed since its base.",
    {"type": "string", "enum": ["true", "false"], "default": "false"},
)


@router.get(
    "/game/drafts",
    operation_id="list_drafts",
    summary="The drafts",
    **Documented(scope=Scope.GAME_READ, answers={200: DraftsRead}).arguments(),
)
async def list_drafts(request: Request) -> Response:
    """Every draft, with what is to become of it."""
    call = await Call.open(request, Scope.GAME_READ)
    return reply({"items": [_told(each) for each in await call.service.drafts.all()]})


@router.get(
    "/game/drafts/{name}",
    operation_id="get_draft",
    summary="A draft",
    **Documented(scope=Scope.GAME_READ, answers={200: DraftWholeRead}, refuses=(404,), parameters=[NAME]).arguments(),
)
async def get_draft(request: Request) -> Response:
    """A draft with its files as they were sent."""
    call = await Call.open(request, Scope.GAME_READ)
    with refusing():
        found = await call.service.drafts.find(_name(request))
    return reply({**_told(found), "files": files_of(found)})


@router.put(
    "/game/drafts/{name}",
    operation_id="save_draft",
    summary="Keep a draft",
    **Documented(
        scope=Scope.GAME_WRITE,
        text=DOCUMENT,
        answers={200: SavedDraftRead},
        refuses=(404, 412),
        parameters=[NAME, BASE, AUTHOR, REASON],
    ).arguments(),
)
async def save_draft(request: Request) -> Response:
    """Keep a document under a name, be it in order or not; `problems` are what is wrong with it so far."""
    call = await Call.open(request, Scope.GAME_WRITE)
    by, asked = signature_in(call), request.query_params
    base = version_in(asked["base"]) if "base" in asked else None
    files = await files_in(call)
    with refusing():
        kept = await call.service.drafts.save(_name(request), files, by, base=base)
    problems: list[Any] = []
    try:
        await call.service.drafts.document(kept)
    except BrokenGameError as broken:
        problems = wrongs_as_data(broken.problems, call.language)
    return reply({**_told(kept), "problems": problems})


@router.delete(
    "/game/drafts/{name}",
    operation_id="delete_draft",
    summary="Forget a draft",
    **Documented(scope=Scope.GAME_WRITE, answers={200: DraftRead}, refuses=(404,), parameters=[NAME]).arguments(),
)
async def delete_draft(request: Request) -> Response:
    """Forget a draft, a scheduled one too."""
    call = await Call.open(request, Scope.GAME_WRITE)
    with refusing():
        return reply(_told(await call.service.drafts.delete(_name(request))))


@router.post(
    "/game/drafts/{name}/plan",
    operation_id="plan_draft",
    summary="What a draft would change",
    **Documented(
        scope=Scope.GAME_READ, answers={200: DraftPlanRead}, refuses=(404, 422), parameters=[NAME]
    ).arguments(),
)
async def plan_draft(request: Request) -> Response:
    """What applying a draft would do now, what others have changed since its base, and what both have."""
    call = await Call.open(request, Scope.GAME_READ)
    with refusing():
        found = await call.service.drafts.plan(_name(request))
    told = {
        **changes(found.version, found.difference),
        "base": found.base,
        "theirs": as_data(found.theirs),
        "conflicts": [name_of(key) for key in found.conflicts],
        "findings": wrongs_as_data(found.findings, call.language),
    }
    return reply(told, version=found.version)


@router.post(
    "/game/drafts/{name}/apply",
    operation_id="apply_draft",
    summary="Bring a draft into force",
    **Documented(
        scope=Scope.GAME_WRITE,
        answers={200: AppliedRead, 202: DraftRead},
        refuses=(404, 412, 422),
        parameters=[NAME, REBASE, AT, AUTHOR, REASON],
    ).arguments(),
)
async def apply_draft(request: Request) -> Response:
    """Bring a draft into force as a new version, now or, with `at`, at a moment to come.

    412 `game.moved` with the difference where its base is no longer in force; with `rebase` what others have changed
    stays, and 412 `game.conflicts` names what both have changed.
    """
    call = await Call.open(request, Scope.GAME_WRITE)
    name, by, at, rebase = _name(request), signature_in(call), moment_in(call), _is_rebase(request)
    with refusing():
        if at is not None:
            return reply(_told(await call.service.drafts.schedule(name, at, by)), 202)
        applied = await call.service.drafts.apply(name, by, rebase=rebase)
    await call.service.games.catch_up(applied.version)
    return reply(changes(*applied), version=applied.version)


@router.post(
    "/game/drafts/{name}/cancel",
    operation_id="cancel_draft",
    summary="Take a draft's moment from it",
    **Documented(scope=Scope.GAME_WRITE, answers={200: DraftRead}, refuses=(404,), parameters=[NAME]).arguments(),
)
async def cancel_draft(request: Request) -> Response:
    """Let a draft that waits for its moment be an ordinary one again."""
    call = await Call.open(request, Scope.GAME_WRITE)
    with refusing():
        return reply(_told(await call.service.drafts.cancel(_name(request))))


def _name(request: Request) -> str:
    name: str = request.path_params["name"]
    return name


def _is_rebase(request: Request) -> bool:
    said = request.query_params.get("rebase", "false")
    if said not in ("true", "false"):
        raise request_fault([Wrong("rebase", "request.not_boolean")])
    return said == "true"


def _told(draft: Draft) -> dict[str, Any]:
    return {name: value for name, value in draft._asdict().items() if name != "files"}
