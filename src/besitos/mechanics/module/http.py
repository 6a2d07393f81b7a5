"""Modules and watching: the routes by which they are read, and by which players tell that they run."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from besitos.core.view import View
from besitos.engine.book import SECTIONS
from besitos.game.words import Audience
from besitos.mechanics.module import MODULE
from besitos.mechanics.module.decide import enrolled_in, place_of
from besitos.mechanics.module.model import (
    MODULES,
    Attendance,
    Heartbeat,
    Module,
    ModuleAtWork,
    ModuleReason,
    ModuleState,
    WayOfWatching,
)
from besitos.store.once import names_below
from besitos.store.reads import Card, cards
from besitos.surfaces.http.call import Call, answer
from besitos.surfaces.http.documented import Documented, KeyUse, key_in_path
from besitos.surfaces.http.keys import Scope
from besitos.surfaces.http.models import Body, MemberId, Read
from besitos.surfaces.http.pages import CURSOR, LIMIT, page_of
from besitos.surfaces.http.problem import Refused
from besitos.surfaces.http.wording import UnmetRead, name_in, text_in_language, unmet_read
from besitos.surfaces.texts.missing import Missing, is_open

router = APIRouter(tags=["modules"])

PAGE_USUAL, PAGE_MAX = 20, 200
POSITION_MAX = 10**9
MODULE_KEY = key_in_path("module", "fundamentos")
AFTER = {**CURSOR, "description": "`next` of the page before. Without it, from the first."}

Word = Annotated[str, Field(min_length=1, max_length=200)]


class HeartbeatBody(
    Body,
    json_schema_extra={
        "examples": [{"session": "a81f", "live": "directo-7", "module": "fundamentos", "position": 120, "kind": "live"}]
    },
):
    """A player that runs. Sent once a minute, with the same session as long as the same is played."""

    session: Word = Field(description="Names one run of a player.")
    kind: WayOfWatching
    live: Word = Field(description="What is watched.")
    module: Annotated[str, Field(min_length=1, max_length=60)] | None = Field(
        None, description="The module that it belongs to."
    )
    position: Annotated[int, Field(ge=0, le=POSITION_MAX)] | None = Field(
        None, description="The second that is playing. On stage there is none."
    )


class ModuleRead(Read):
    """A module of the game."""

    module: str = Field(examples=["fundamentos"])
    name: str
    description: str | None
    audience: Audience = Field(description="For whom it is.")
    chat: int | None = Field(description="The chat in Telegram where it is held.")
    in_play: bool


class ModulesRead(Read):
    """The modules of the game, in the order of menus."""

    modules: list[ModuleRead]


class AttendanceRead(Read):
    """How far a member has come in a module, and what they did there."""

    state: ModuleState
    started_at: datetime | None
    completed_at: datetime | None
    messages: int
    minutes: int = Field(description="Minutes watched, live or replayed, or spent on stage.")


class MemberModuleRead(AttendanceRead):
    """A module, and where a member stands in it."""

    module: str = Field(examples=["fundamentos"])
    name: str
    may_enter: bool
    missing: list[str] = Field(description="What is missing to enter it, in the caller's language.")
    to_enter: list[UnmetRead] = Field(description="What is missing to enter it.")
    to_complete: list[UnmetRead] = Field(description="What is missing to complete it.")


class MemberModulesRead(Read):
    """Where a member stands in each module."""

    member_id: MemberId
    modules: list[MemberModuleRead]


class ModuleUserRead(AttendanceRead):
    """A member who is in a module."""

    member_id: MemberId
    external_id: str | None
    username: str | None
    display_name: str | None


class ModuleUsersRead(Read):
    """Who is in a module, by number."""

    module: str
    users: list[ModuleUserRead]
    next: str | None = Field(description="The `cursor` of the next page; none after the last.")


@router.get(
    "/modules",
    operation_id="list_modules",
    summary="List the modules",
    **Documented(scope=Scope.READ, answers={200: ModulesRead}).arguments(),
)
async def list_modules(request: Request) -> Response:
    """The modules of the game in force."""
    call = await Call.open(request, Scope.READ)
    now, at_work = call.service.clock.now(), _at_work(call)
    modules = [
        ModuleRead(
            module=key,
            name=name_in(call, key, module),
            description=None if module.description is None else text_in_language(call, module.description),
            audience=module.audience,
            chat=module.chat,
            in_play=at_work[key].window.is_open(now),
        )
        for key, module in _in_order(call).items()
    ]
    return answer(ModulesRead(modules=modules))


@router.get(
    "/members/{member}/modules",
    operation_id="get_modules",
    summary="Read a member's modules",
    **Documented.of_member(MemberModulesRead).arguments(),
)
async def get_modules(request: Request) -> Response:
    """Where a member stands in each module, whether they may enter it, and what is missing."""
    call = await Call.open(request, Scope.READ)
    member_id = await call.member()
    at_work, in_order = _at_work(call), _in_order(call)

    def question(view: View) -> list[MemberModuleRead]:
        return [_member_module(call, view, member_id, at_work[key], module) for key, module in in_order.items()]

    modules = await call.service.engine.look(member_id, question)
    return answer(MemberModulesRead(member_id=str(member_id), modules=modules))


@router.get(
    "/admin/modules/{module}/users",
    operation_id="list_module_users",
    summary="List who is in a module",
    **Documented(
        scope=Scope.READ, answers={200: ModuleUsersRead}, refuses=(404, 422), parameters=[MODULE_KEY, AFTER, LIMIT]
    ).arguments(),
)
async def list_module_users(request: Request) -> Response:
    """The members who have begun or completed a module, by number, a page at a time."""
    call = await Call.open(request, Scope.READ)
    key, page = call.key_of("module"), page_of(request, PAGE_USUAL, PAGE_MAX)
    if key not in _at_work(call):
        raise Refused(404, ModuleReason.UNKNOWN.value, {"module": key})
    after = "" if page.before is None else f"{page.before:019d}"
    names = await names_below(call.service.store, enrolled_in(key), after=after, limit=page.limit + 1)
    ids = [int(name) for name in names[: page.limit]]
    found = await cards(call.service.store, ids)
    following = str(ids[-1]) if len(names) > page.limit else None
    users = [_user(found[member_id], key) for member_id in ids if member_id in found]
    told = answer(ModuleUsersRead(module=key, users=users, next=following))
    if following is not None:
        told.headers["link"] = page.link(request, following)
    return told


@router.post(
    "/members/{member}/watching",
    operation_id="send_heartbeat",
    summary="Tell that a player runs",
    **Documented.order(Scope.ACTIVITIES, body=HeartbeatBody, key=KeyUse.OPTIONAL).arguments(),
)
async def send_heartbeat(request: Request) -> Response:
    """Tell that a player runs, and at which second. What was watched since the last time is credited.

    That is the lesser of the time on our clock and the advance of the position; after a silence longer than the game
    allows it is nothing. A member has one player at a time: a new session takes the place of the one before.
    """
    call = await Call.open(request, Scope.ACTIVITIES)
    body = await call.body(HeartbeatBody)
    beat = Heartbeat(
        **call.common(call.some_key(), await call.member()),
        session=body.session,
        way=body.kind,
        live=body.live,
        module=body.module,
        position=body.position,
    )
    return await call.decide(beat)


def _at_work(call: Call) -> dict[str, ModuleAtWork]:
    return {module.key: module for _, module in MODULE.compile(call.service.engine.game.document)}


def _in_order(call: Call) -> dict[str, Module]:
    return call.service.engine.game.document.in_order("module", Module, call.language)


def _member_module(call: Call, view: View, member_id: int, at_work: ModuleAtWork, module: Module) -> MemberModuleRead:
    place = place_of(view, member_id, at_work)
    words = Missing(call.texts, call.service.engine.game.document, is_open)
    return MemberModuleRead(
        **_attendance(place.attendance),
        module=at_work.key,
        name=name_in(call, at_work.key, module),
        may_enter=place.may_enter,
        missing=words.lines(place.to_enter),
        to_enter=[unmet_read(each) for each in place.to_enter],
        to_complete=[unmet_read(each) for each in place.to_complete],
    )


def _user(card: Card, module: str) -> ModuleUserRead:
    written = SECTIONS.decode(card.state).get(MODULES.name, msgspec.Raw(b"{}"))
    attendance = MODULES.decode(written).of.get(module, Attendance())
    return ModuleUserRead(
        **_attendance(attendance),
        member_id=str(card.member_id),
        external_id=card.external_id,
        username=card.username,
        display_name=card.display_name,
    )


def _attendance(attendance: Attendance) -> dict[str, Any]:
    return {name: getattr(attendance, name) for name in AttendanceRead.model_fields}
