"""Missions: the routes by which they are read and taken."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from besitos.core.member import PROFILE
from besitos.core.payout import Payout
from besitos.core.view import View
from besitos.game.goals import Step
from besitos.game.units import KEY
from besitos.game.writing import body_of
from besitos.mechanics.mission.decide import Seen, look_at, missions_in
from besitos.mechanics.mission.model import Mission, MissionReason, MissionState, TakeMission
from besitos.surfaces.http.call import Call, answer
from besitos.surfaces.http.documented import MEMBER, Documented, KeyUse
from besitos.surfaces.http.keys import Scope
from besitos.surfaces.http.models import MemberId, OutcomeRead, Read
from besitos.surfaces.http.problem import Refused
from besitos.surfaces.http.wording import UnmetRead, name_in, text_in_language, unmet_read
from besitos.surfaces.texts import Texts
from besitos.surfaces.texts.missing import Missing, is_open

router = APIRouter(tags=["missions"])

MISSION = {
    "name": "mission",
    "in": "path",
    "required": True,
    "description": "The key of a mission.",
    "schema": {"type": "string", "maxLength": 60},
    "example": "primeros_pasos",
}


State = Literal["available", "active", "completed", "expired"]

STATES: Mapping[MissionState, State] = {
    MissionState.NONE: "available",
    MissionState.ACTIVE: "active",
    MissionState.COMPLETED: "completed",
    MissionState.EXPIRED: "expired",
}


class GoalRead(Read):
    """One goal of a mission. Those of a group other than 0 are alternatives."""

    goal: UnmetRead = Field(description="What is asked for, what there is and what it takes.")
    text: str = Field(description="What it is about, in the caller's language.", examples=["mensajes"])
    is_reached: bool


class MissionRead(Read):
    """How a member is with a mission."""

    mission: str = Field(examples=["primeros_pasos"])
    name: str
    description: str | None
    type: str | None = Field(description="A label: daily, weekly, narrative, special.", examples=["daily"])
    state: State = Field(description="`available`: it may be taken, or begins with the member's next activity.")
    assign: str | None = Field(examples=["automatic"])
    began_at: datetime | None
    ends_at: datetime | None
    goals: list[GoalRead]
    missing: list[str] = Field(description="What is missing to take it, in the caller's language.")
    unmet: list[UnmetRead]
    pays: dict[str, int] = Field(description="Amounts by currency or `bonus`.", examples=[{"besitos": 20}])
    gives: list[dict[str, Any]] = Field(description="What else: word, key and count.")


class MissionsRead(Read):
    """The missions of a member."""

    member_id: MemberId
    missions: list[MissionRead]


class MissionDefinitionRead(Read):
    """A mission of the game, as it was written."""

    mission: str
    name: str
    definition: dict[str, Any]


class MissionCatalogueRead(Read):
    """All missions of the game."""

    missions: list[MissionDefinitionRead]


@router.get(
    "/missions",
    operation_id="get_missions",
    summary="Read the missions of the game",
    **Documented(scope=Scope.READ, answers={200: MissionCatalogueRead}).arguments(),
)
async def get_missions(request: Request) -> Response:
    """Every mission of the game, in the order of menus."""
    call = await Call.open(request, Scope.READ)
    document = call.service.engine.game.document
    found = [
        MissionDefinitionRead(
            mission=key, name=name_in(call, key, each), definition=body_of(document.rows["mission", key])
        )
        for key, each in sorted(document.all("mission").items(), key=lambda pair: (pair[1].order, pair[0]))
    ]
    return answer(MissionCatalogueRead(missions=found))


@router.get(
    "/members/{member}/missions",
    operation_id="get_member_missions",
    summary="Read a member's missions",
    **Documented(scope=Scope.READ, answers={200: MissionsRead}, refuses=(404, 422), parameters=[MEMBER]).arguments(),
)
async def get_member_missions(request: Request) -> Response:
    """What runs for a member with the progress of every goal, what they may take, and what is over."""
    call = await Call.open(request, Scope.READ)
    member_id = await call.member()

    def question(view: View) -> tuple[list[Seen], bool]:
        return look_at(view, member_id, missions_in(call.service.engine.game)), view.get(PROFILE.of(member_id)).is_vip

    seen, is_vip = await call.service.engine.look(member_id, question)
    return answer(
        MissionsRead(member_id=str(member_id), missions=[_mission_read(call, each, is_vip=is_vip) for each in seen])
    )


@router.post(
    "/members/{member}/missions/{mission}/take",
    operation_id="take_mission",
    summary="Take a mission",
    **Documented(
        scope=Scope.ACTIVITIES,
        answers={201: OutcomeRead},
        refuses=(404, 409, 422),
        key=KeyUse.OPTIONAL,
        parameters=[MEMBER, MISSION],
    ).arguments(),
)
async def take_mission(request: Request) -> Response:
    """Begin a mission that is there to be taken. 409 `condition.unmet`, with what is missing."""
    call = await Call.open(request, Scope.ACTIVITIES)
    return await call.decide(TakeMission(**await _common(call), mission=_key(call)))


def _key(call: Call) -> str:
    """The key that the path names; what is none names nothing."""
    key: str = call.request.path_params["mission"]
    if not re.fullmatch(KEY, key):
        raise Refused(404, MissionReason.UNKNOWN.value, {"mission": key[:60]})
    return key


async def _common(call: Call) -> Mapping[str, Any]:
    return {
        "key": f"{call.client.scope}:{call.some_key()}",
        "member_id": await call.member(),
        "occurred_at": call.service.clock.now(),
        "is_dated": False,
    }


def _mission_read(call: Call, seen: Seen, *, is_vip: bool) -> MissionRead:
    document = call.service.engine.game.document
    known = document.all("mission").get(seen.key)
    mission = known if isinstance(known, Mission) else None
    words, pays = Missing(Texts(call.language), document, is_open), _pays(seen, is_vip=is_vip)
    is_begun = seen.run.is_active or not seen.may_begin
    return MissionRead(
        mission=seen.key,
        name=name_in(call, seen.key, mission),
        description=text_in_language(call, mission.description) if mission and mission.description else None,
        type=mission.type if mission else None,
        state=STATES[seen.run.state],
        assign=mission.assign if mission else None,
        began_at=seen.run.began_at if is_begun else None,
        ends_at=seen.run.ends_at,
        goals=[_goal_read(each, words) for each in seen.steps],
        missing=words.lines(seen.unmet),
        unmet=[unmet_read(each) for each in seen.unmet],
        pays=dict(pays.amounts),
        gives=[{"word": given.word, "key": given.key, "count": given.count} for given in pays.givings],
    )


def _pays(seen: Seen, *, is_vip: bool) -> Payout:
    """What completing it pays: as it was when it began, else as it is."""
    source = seen.run if seen.run.goals else seen.mission
    if source is None:
        return Payout()
    return source.pays_vip if is_vip and source.pays_vip is not None else source.pays


def _goal_read(step: Step, words: Missing) -> GoalRead:
    return GoalRead(goal=unmet_read(step.unmet), text=words.subject(step.unmet), is_reached=step.is_reached)
