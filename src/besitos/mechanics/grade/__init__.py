"""Grades: a standing that follows from XP."""

from collections.abc import Iterable

from besitos.core.account import XP
from besitos.game.document import Document
from besitos.game.mechanic import Ask, Mechanic, Phase, Reads
from besitos.game.window import Window
from besitos.mechanics.grade.decide import GradeAtWork, GradesAtWork, follow
from besitos.mechanics.grade.model import GRADES_SECTION, Grade


def compile_grades(document: Document) -> Iterable[tuple[str, GradesAtWork]]:
    """All grades as one: a member has the highest of them."""
    made = []
    for key, grade in document.all("grade").items():
        assert isinstance(grade, Grade)
        made.append(GradeAtWork(key, grade.min_xp, grade.audience, Window.of(grade, document.calendar)))
    if made:
        yield "grades", GradesAtWork(tuple(sorted(made, key=lambda each: (each.min_xp, each.key), reverse=True)))


GRADE = Mechanic(
    name="grade",
    sections=(GRADES_SECTION,),
    compile=compile_grades,
    reads=(Reads(lambda _: (Ask(f"earned:{XP}"), Ask("member")), follow, Phase.FOLLOW, catch_up=True),),
)
