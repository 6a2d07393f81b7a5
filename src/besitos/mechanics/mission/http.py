"""Missions: the routes by which they are read and taken."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from besitos.core.member import PROFILE
from besitos.core.view import View
from besitos.game.goals import Step
from besitos.game.writing import body_of
from besitos.mechanics.mission.decide import Seen, look_at, missions_in
from besitos.mechanics.mission.model import Mission, MissionState, TakeMission
from besitos.surfaces.http.call import Call, answer
from besitos.surfaces.http.documented import Documented, KeyUse, key_in_path
from besitos.surfaces.http.keys import Scope
from besitos.surfaces.http.models import MemberId, Read
from besitos.surfaces.http.wording import PromisedRead, UnmetRead, name_in, promised_read, unmet_read
from besitos.surfaces.texts.missing import Missing, is_open

router = APIRouter(tags=["missions"])

MISSION = key_in_path("mission", "primeros_pasos")

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


class MissionRead(PromisedRead):
    """How a member is with a mission."""

    mission: str = Field(examples=["primeros_pasos"])
    type: str | None = Field(description="A label: daily, weekly, narrative, special.", examples=["daily"])
    state: State = Field(description="`available`: it may be taken, or begins with the member's next activity.")
    assign: str | None = Field(examples=["automatic"])
    began_at: datetime | None
    ends_at: datetime | None
    goals: list[GoalRead]


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
        for key, each in document.in_order("mission", Mission, call.language).items()
    ]
    return answer(MissionCatalogueRead(missions=found))


@router.get(
    "/members/{member}/missions",
    operation_id="get_member_missions",
    summary="Read a member's missions",
    **Documented.of_member(MissionsRead).arguments(),
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
    **Documented.order(Scope.ACTIVITIES, MISSION, key=KeyUse.OPTIONAL).arguments(),
)
async def take_mission(request: Request) -> Response:
    """Begin a mission that is there to be taken. 409 `condition.unmet`, with what is missing."""
    call = await Call.open(request, Scope.ACTIVITIES)
    common = call.common(call.some_key(), await call.member())
    return await call.decide(TakeMission(**common, mission=call.key_of("mission")))


def _mission_read(call: Call, seen: Seen, *, is_vip: bool) -> MissionRead:
    document = call.service.engine.game.document
    mission = document.find("mission", seen.key, Mission)
    words = Missing(call.texts, document, is_open)
    is_begun = seen.run.is_active or not seen.may_begin
    return MissionRead(
        mission=seen.key,
        type=mission.type if mission else None,
        state=STATES[seen.run.state],
        assign=mission.assign if mission else None,
        began_at=seen.run.began_at if is_begun else None,
        ends_at=seen.run.ends_at,
        goals=[_goal_read(each, words) for each in seen.steps],
        **promised_read(call, seen.key, mission, seen.unmet, seen.pays(is_vip=is_vip)),
    )


def _goal_read(step: Step, words: Missing) -> GoalRead:
    return GoalRead(goal=unmet_read(step.unmet), text=words.subject(step.unmet), is_reached=step.is_reached)
