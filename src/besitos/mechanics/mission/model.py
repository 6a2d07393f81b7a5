"""Missions: what members ask, what we remember, what the operator may write."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field

from besitos.core.activity import Activity
from besitos.core.calendar import PeriodName
from besitos.core.metric import micros
from besitos.core.number import Number
from besitos.core.state import Hot, Hots, State
from besitos.game.condition import NUMBERS, Fact, Goals, If, facts_of
from besitos.game.definition import Named
from besitos.game.goals import Done
from besitos.game.known import Checked
from besitos.game.payout import Payout
from besitos.game.problem import Finding
from besitos.game.section import Section
from besitos.game.units import Duration, Within


class TakeMission(Activity, frozen=True, kw_only=True, tag="mission.take"):
    """A member takes up a mission that is there to be taken."""

    mission: str = ""


class SettleMissions(Activity, frozen=True, kw_only=True, tag="mission.settle"):
    """The time of some missions is up. Comes from a timer, dated when they ended."""


class MissionState(StrEnum):
    """How far a member is with a mission."""

    NONE = ""
    ACTIVE = "active"
    COMPLETED = "completed"
    EXPIRED = "expired"


class MissionRun(State, frozen=True):
    """One time that a member does a mission: the last one, until there is another.

    Its goals, and what it pays, are those of its mission under the `version` of the game in which it began. `period_at`
    is where its day or week begins, in which it is measured: a `period`, of that `number` in the calendar of then. One
    that does not repeat is measured from a beginning of its own, the moment `counts_from` in microseconds since 1970:
    `done` are its declared metrics, and `bases` what the built-in ones had come to before. `is_fresh`: the activity
    that brought it is under way, and does not count for it.
    """

    state: MissionState = MissionState.NONE
    began_at: datetime | None = None
    period_at: datetime | None = None
    period: PeriodName | None = None
    number: int = 0
    ends_at: datetime | None = None
    ended_at: datetime | None = None
    version: int = 0
    counts_from: int = 0
    done: Mapping[str, Done] = {}
    bases: Mapping[str, Number] = {}
    is_fresh: bool = False

    @property
    def since(self) -> int:
        """From when on values that differ count, and the last one: microseconds since 1970."""
        return micros(self.period_at) if self.period_at is not None else self.counts_from

    @property
    def is_active(self) -> bool:
        """Whether it is under way."""
        return self.state is MissionState.ACTIVE


class Agenda(State, frozen=True):
    """Which missions of a member run, so that an activity that concerns none of them looks no further.

    `odd` are those that run as their mission was, and is no longer. `looked_under` is the version of the game, and
    `look_at` the moment, from which on others may begin by themselves.
    """

    active: tuple[str, ...] = ()
    fresh: tuple[str, ...] = ()
    odd: tuple[str, ...] = ()
    due_at: datetime | None = None
    look_at: datetime | None = None
    looked_under: int = -1


AGENDA = Hot("missions", Agenda, wakes=True)
RUN = Hots("mission", MissionRun)


class MissionReason(StrEnum):
    """Why a mission cannot be taken."""

    UNKNOWN = "mission.unknown"
    NOT_TO_BE_TAKEN = "mission.not_to_be_taken"
    RUNNING = "mission.running"
    COMPLETED = "mission.completed"
    NOT_NOW = "mission.not_now"


class Mission(Named):
    """Something to do. What its goals ask for is measured from its beginning."""

    type: Literal["daily", "weekly", "narrative", "special"] = Field(description="What it is called; a label.")
    repeats: Literal["once", "daily", "weekly"] = Field("once", description="How often it comes.")
    assign: Literal["automatic", "taken"] = Field("automatic", description="Given, or taken by the member.")
    requires: If = Field((), alias="if", description="Who gets it; all lines must hold.")
    goals: Goals = Field(description="What is to be done, within the mission.")
    lasts: Duration | None = Field(None, description="How long after its beginning it ends.")
    pays: Payout = Field(description="What completing it gives.")

    @property
    def period(self) -> PeriodName | None:
        """The period that it is measured in, where it repeats."""
        return PERIODS.get(self.repeats)

    @property
    def facts_in_time(self) -> Iterator[Fact]:
        """What its goals ask of metrics, in its period: metrics are kept in the periods that somebody asks about."""
        if self.period is None:
            return
        within = Within.read(self.period)
        for _, fact in facts_of(self.goals, "goals"):
            if fact.metric is not None:
                yield fact.model_copy(update={"within": within})


PERIODS: Mapping[str, PeriodName] = {"daily": "day", "weekly": "week"}


def check_mission(one: Checked[Mission]) -> Iterator[Finding]:
    """Goals are counted from the beginning of the mission: what is only of now cannot be."""
    for path, fact in facts_of(one.definition.goals, "goals"):
        if fact.within is not None:
            yield Finding((*path, "in"), "mission.goal_in", at_key=True)
        if fact.member is not None:
            yield Finding((*path, "member"), "mission.goal_of_now", {"word": "member"}, at_key=True)
        if fact.metric is not None and fact.metric[0] in NUMBERS and NUMBERS[fact.metric[0]].is_of_now:
            word = fact.metric[0]
            yield Finding((*path, word), "mission.goal_of_now", {"word": word}, at_key=True)


MISSIONS_SECTION = Section(
    "missions", "mission", Mission, check=check_mission, sources=lambda _: ("mission",), outlives=True
)
