"""Trivia: questions, and what a right answer pays."""

from besitos.game.mechanic import Mechanic
from besitos.mechanics.trivia.model import QUESTIONS_SECTION, TRIVIA_SECTION

TRIVIA: Mechanic[None] = Mechanic(name="trivia", sections=(QUESTIONS_SECTION, TRIVIA_SECTION), compile=lambda _: ())
