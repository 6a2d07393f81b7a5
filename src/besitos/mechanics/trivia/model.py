"""Trivia: what the operator may write."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from besitos.game.checking.amounts import of_a_member
from besitos.game.definition import Definition, Part, Setting
from besitos.game.known import Checked
from besitos.game.lists import Limits, Many
from besitos.game.media import Media
from besitos.game.payout import Payout
from besitos.game.problem import Finding
from besitos.game.reference import Names, Reference
from besitos.game.section import Section
from besitos.game.text import AtMost, Line, Text
from besitos.game.units import Duration, Key, matching

Letter = Annotated[str, BeforeValidator(matching("[a-j]", "question.letter"))]


class Right(Part):
    """What a right answer gives, by difficulty."""

    easy: Payout
    medium: Payout
    hard: Payout


class Trivia(Setting):
    """What holds for all questions."""

    right: Right = Field(description="What a right answer gives.")
    time_limit: Duration = Field(Duration.read("30s"), description="How long one may think.")
    limit: Limits = Field((), description="How often a member may answer.")
    fast_bonus: Payout | None = Field(None, description="Besides, for an answer in the first third of the time.")
    wrong: Payout | None = Field(None, description="What a wrong answer gives.")


class Question(Definition):
    """One question, with its options."""

    category: Key = Field(description="What it is about: one word.")
    difficulty: Literal["easy", "medium", "hard"]
    text: Line
    options: Annotated[dict[Letter, Annotated[Text, AtMost(100)]], Field(min_length=2, max_length=10)] = Field(
        description="Letter from a to j → what stands there."
    )
    right: Annotated[tuple[Letter, ...], Field(min_length=1, max_length=10), Many()] = Field(
        description="The letter that is right, or all of them."
    )
    explanation: Line | None = None
    media: Media | None = None
    time_limit: Duration | None = Field(None, description="How long one may think; else as for all.")
    after: Annotated[Reference, Names("fragment")] | None = Field(None, description="Only for who completed this.")
    pays: Payout | None = Field(None, description="Besides what its difficulty gives.")


def check_trivia(one: Checked[Trivia]) -> Iterator[Finding]:
    """Answers are counted."""
    yield from of_a_member(one.definition.limit, "limit")


def check_question(one: Checked[Question]) -> Iterator[Finding]:
    """What is right is one of the options."""
    options = tuple(one.definition.options)
    for number, letter in enumerate(one.definition.right):
        if letter not in options:
            yield Finding(("right", str(number)), "question.no_option", {"found": letter, "choices": options})


TRIVIA_SECTION = Section(
    "trivia", "trivia", Trivia, single=True, check=check_trivia, sources=lambda _: ("trivia",), is_pending=True
)
QUESTIONS_SECTION = Section("questions", "question", Question, check=check_question, is_pending=True)
