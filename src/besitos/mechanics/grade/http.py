"""Grades: the routes by which they are read."""

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from besitos.core.account import XP, purse
from besitos.core.holding import HOLDINGS
from besitos.core.member import PROFILE
from besitos.core.view import View
from besitos.mechanics.grade.model import ACCESS, Access, Grade
from besitos.store.reads import Card
from besitos.surfaces.http.call import Call, answer
from besitos.surfaces.http.documented import Documented
from besitos.surfaces.http.keys import Scope
from besitos.surfaces.http.models import MemberId, Read
from besitos.surfaces.http.profile import ProfilePart

router = APIRouter(tags=["grades"])


class GradeRead(Read):
    """One grade of the game."""

    key: str
    name: str
    min_xp: int
    access: Access = Field(description="For whom it is: everybody, free members, or paid (VIP) ones.")
    animation: str | None = Field(description="The address of what is shown when it is reached.")


class GradesRead(Read):
    """Every grade, the lowest first."""

    grades: list[GradeRead]


class GradePart(Read):
    """What a profile says of XP and grades."""

    experience_points: int
    current_grade: GradeRead | None = Field(description="Null in a game without a grade for them.")


class CurrentGradeRead(GradePart):
    """The grade that a member has, and the next one for somebody of their type; `next` is null at the top."""

    member_id: MemberId
    next: GradeRead | None
    missing: int | None = Field(description="The XP still to be earned for the next grade.")


@router.get(
    "/grades",
    operation_id="get_grades",
    summary="The grades of the game",
    **Documented(scope=Scope.READ, answers={200: GradesRead}).arguments(),
)
async def get_grades(request: Request) -> Response:
    """What there is to reach by XP."""
    call = await Call.open(request, Scope.READ)
    return answer(GradesRead(grades=[grade_read(call, key, grade) for key, grade in _ordered(call)]))


@router.get(
    "/members/{member}/grade",
    operation_id="get_grade",
    summary="A member's grade",
    **Documented.of_member(CurrentGradeRead).arguments(),
)
async def get_grade(request: Request) -> Response:
    """The grade that a member has by their XP and type, with its animation, and how far the next one is."""
    call = await Call.open(request, Scope.READ)
    member_id = await call.member()

    def standing(view: View) -> tuple[int, str, str]:
        xp, profile = view.totals(purse(member_id, XP))[0], view.get(PROFILE.of(member_id))
        return xp, view.get(HOLDINGS.of(member_id)).grade, profile.type.value

    xp, held, type_of_member = await call.service.engine.look(member_id, standing)
    grades = _ordered(call)
    above = [each for each in grades if each[1].min_xp > xp and each[1].audience in {"all", type_of_member}]
    read = CurrentGradeRead(
        member_id=str(member_id),
        experience_points=xp,
        current_grade=next((grade_read(call, key, grade) for key, grade in grades if key == held), None),
        next=grade_read(call, *above[0]) if above else None,
        missing=above[0][1].min_xp - xp if above else None,
    )
    return answer(read)


def grade_read(call: Call, key: str, grade: Grade) -> GradeRead:
    """A grade as it is told, in the caller's language."""
    about = call.service.engine.game.document.about
    return GradeRead(
        key=key,
        name=grade.name.in_language(call.language, about.language),
        min_xp=grade.min_xp,
        access=ACCESS[grade.audience],
        animation=None if grade.animation is None else str(grade.animation),
    )


def _ordered(call: Call) -> list[tuple[str, Grade]]:
    found = call.service.engine.game.document.all("grade").items()
    grades = [(key, grade) for key, grade in found if isinstance(grade, Grade)]
    return sorted(grades, key=lambda each: (each[1].min_xp, each[0]))


def grade_part(call: Call, view: View, card: Card) -> GradePart:
    """XP and the grade in a profile."""
    held = view.get(HOLDINGS.of(card.member_id)).grade
    return GradePart(
        experience_points=view.totals(purse(card.member_id, XP))[0],
        current_grade=next((grade_read(call, key, grade) for key, grade in _ordered(call) if key == held), None),
    )


PART = ProfilePart(GradePart, grade_part)
