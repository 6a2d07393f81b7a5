"""Levels: what we remember, what an operator may ask, what may be written."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from besitos.core.account import BESITOS
from besitos.core.activity import Activity
from besitos.core.state import Hot, State
from besitos.game.definition import Part, Setting
from besitos.game.known import Checked
from besitos.game.payout import Payout
from besitos.game.problem import Finding
from besitos.game.reference import Names, Reference
from besitos.game.section import Section
from besitos.game.text import Line, Name
from besitos.game.units import Count, Whole, YesNo, decimal, numbered


class RecalculateLevel(Activity, frozen=True, kw_only=True, tag="level.recalculate"):
    """Bring a member to the level that the present curve gives them.

    Unless it `pays`, levels that are reached by that alone are not announced and count as paid.
    """

    pays: bool = False


class Peak(State, frozen=True):
    """The highest level that a member was ever paid for: none is paid twice."""

    level: int = 1


PEAK = Hot("level", Peak)

LevelNumber = Annotated[int, numbered(r"[1-9][0-9]{0,3}", "level.number")]


class Exponential(Part):
    """Level 1 takes nothing, level n takes base · growth^(n-2), rounded down."""

    base: Whole = Field(description="What level 2 takes.")
    growth: Annotated[Decimal, decimal("1.000001", "10", 6, "growth.wrong")] = Field(
        description="How many times as much each level takes as the one before."
    )


class Curve(Part):
    """How much each level takes: one of three ways to say it."""

    linear: Whole | None = Field(None, description="So much for each level.")
    exponential: Exponential | None = Field(None, description="More and more for each level.")
    table: YesNo = Field(False, description="Each step says it: `at`.")


class Step(Part):
    """What is special about one level."""

    at: Count | None = Field(None, description="What it takes, where the curve is a table.")
    name: Name | None = None
    benefits: Line | None = Field(None, description="What it brings, for members to read.")
    pays: Payout | None = Field(None, description="What reaching it gives, besides what every level does.")


class Levels(Setting):
    """How far a member has come, by what they have ever earned of one currency."""

    curve: Curve = Field(description="How much each level takes.")
    currency: Annotated[Reference, Names("currency")] = Field(
        BESITOS, validate_default=True, description="Of which currency."
    )
    top: Annotated[int, Field(strict=True, ge=2, le=1_000)] = Field(20, description="The last level.")
    pays: Payout | None = Field(None, description="What every level gives when it is reached.")
    steps: dict[LevelNumber, Step] = Field({}, description="Level → what is special about it.")


def check_levels(one: Checked[Levels]) -> Iterator[Finding]:
    """One curve, steps below the top, and a table that says of each step what it takes."""
    levels = one.definition
    curve = levels.curve
    ways = {"linear": curve.linear is not None, "exponential": curve.exponential is not None, "table": curve.table}
    chosen = tuple(word for word, is_so in ways.items() if is_so)
    if len(chosen) != 1:
        yield Finding(("curve",), "level.curve", {"found": chosen})
    for number in levels.steps:
        if number > levels.top:
            path = ("steps", str(number))
            yield Finding(path, "level.above_top", {"number": number, "top": levels.top}, at_key=True)
    if chosen == ("table",):
        yield from _table(levels)
    elif chosen:
        for number, step in levels.steps.items():
            if step.at is not None:
                yield Finding(("steps", str(number), "at"), "level.at_without_table", at_key=True)


def _table(levels: Levels) -> Iterator[Finding]:
    """Every step says what it takes, and each takes more than the one before. Level 1 takes nothing."""
    if not levels.steps:
        yield Finding(("curve",), "level.empty_table")
    before = 0
    for number, step in sorted(levels.steps.items()):
        if step.at is None:
            yield Finding(("steps", str(number)), "level.step_without_at", {"number": number}, at_key=True)
            continue
        is_first = number == 1
        if (is_first and step.at != 0) or (not is_first and step.at <= before):
            code = "level.first_is_free" if is_first else "level.not_rising"
            yield Finding(("steps", str(number), "at"), code, {"found": step.at, "before": before})
        before = max(before, step.at)


LEVELS_SECTION = Section("levels", "levels", Levels, single=True, check=check_levels, sources=lambda _: ("level",))
