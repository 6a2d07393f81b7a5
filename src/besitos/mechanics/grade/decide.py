"""Grades: the decision."""

from dataclasses import dataclass

from msgspec.structs import replace

from besitos.core.account import XP, purse
from besitos.core.decision import NOTHING, Accepted, Change, Decision, Effect, Publish, Put
from besitos.core.event import GradeChanged
from besitos.core.holding import HOLDINGS
from besitos.core.member import PROFILE
from besitos.core.view import View
from besitos.game.mechanic import Reading
from besitos.game.window import Window
from besitos.game.words import Audience


@dataclass(frozen=True, slots=True)
class GradeAtWork:
    """One grade, compiled."""

    key: str
    min_xp: int
    audience: Audience
    window: Window

    def fits(self, xp: int, type_of_member: str) -> bool:
        """Whether somebody of this type has come so far."""
        return self.min_xp <= xp and self.audience in {"all", type_of_member}


@dataclass(frozen=True, slots=True)
class GradesAtWork:
    """Every grade of the game, the highest first."""

    grades: tuple[GradeAtWork, ...]


def follow(view: View, reading: Reading, grades: GradesAtWork) -> Decision:
    """Come to the grade that XP earned and the type of the member make. The first one is no event."""
    member_id = reading.member_id
    holdings = view.get(HOLDINGS.of(member_id))
    grade = grade_of(view, member_id, grades)
    if grade == holdings.grade:
        return NOTHING
    effects: list[Effect] = [
        Put(HOLDINGS.of(member_id), replace(holdings, grade=grade)),
        Change(member_id, "grade"),
    ]
    if holdings.grade:
        effects.append(Publish(GradeChanged(member_id=member_id, grade=grade, before=holdings.grade)))
    return Accepted(*effects)


def grade_of(view: View, member_id: int, grades: GradesAtWork) -> str:
    """The highest grade that fits. One that is out of play is kept by who has it, and reached by nobody."""
    xp, held = view.totals(purse(member_id, XP))[0], view.get(HOLDINGS.of(member_id)).grade
    type_of_member = view.get(PROFILE.of(member_id)).type.value
    for grade in grades.grades:
        if grade.fits(xp, type_of_member) and (grade.key == held or grade.window.is_open(view.now)):
            return grade.key
    return ""
