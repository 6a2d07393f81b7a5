"""Modules and watching: what is told, what we remember, what the operator may write."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal, TypeAlias

import msgspec
from pydantic import Field

from besitos.core.activity import Activity
from besitos.core.event import Event
from besitos.core.state import Hot, Hots, Once, State
from besitos.game.asking import Asking, Unmet
from besitos.game.condition import If
from besitos.game.definition import Named, Setting
from besitos.game.paying import Payable
from besitos.game.payout import Payout
from besitos.game.section import Section
from besitos.game.units import Duration
from besitos.game.window import Window
from besitos.game.words import Audience, Chat

WayOfWatching: TypeAlias = Literal["live", "replay", "stage"]
"""A live as it is held, its recording, or standing on its stage."""


class Heartbeat(Activity, frozen=True, kw_only=True, tag="watching.heartbeat"):
    """A player says that it is running, and at which second. When it says so is our clock's to know.

    On stage there is no position: being there is what counts.
    """

    session: str
    way: WayOfWatching
    live: str
    module: str | None = None
    position: int | None = None


class Watched(Event, frozen=True, kw_only=True):
    """Whole minutes of watching that a game may pay for. A word between mechanics, as the activity of that name is."""

    logged = False

    live: str
    minutes: int
    module: str | None = None


class LiveWatched(Watched, frozen=True, kw_only=True, tag="live.watched"):
    """A member watched a live."""


class ReplayWatched(Watched, frozen=True, kw_only=True, tag="replay.watched"):
    """A member watched the recording of one."""


class StageJoined(Watched, frozen=True, kw_only=True, tag="stage.joined"):
    """A member was on the stage of one."""


class ModuleReason(StrEnum):
    """Why a heartbeat is not taken."""

    UNKNOWN = "module.unknown"


class ModuleState(StrEnum):
    """How far a member has come in a module."""

    NOT_STARTED = "NotStarted"
    IN_PROGRESS = "InProgress"
    COMPLETED = "Completed"


class Attendance(msgspec.Struct, frozen=True, omit_defaults=True):
    """One member in one module: since when, what they did there, and when they completed it."""

    started_at: datetime | None = None
    completed_at: datetime | None = None
    messages: int = 0
    minutes: int = 0

    @property
    def state(self) -> ModuleState:
        """It can be completed without ever having been begun."""
        if self.completed_at is not None:
            return ModuleState.COMPLETED
        return ModuleState.NOT_STARTED if self.started_at is None else ModuleState.IN_PROGRESS


class Modules(State, frozen=True):
    """A member's modules, by key: those that they have begun or completed."""

    of: Mapping[str, Attendance] = {}


class Enrolled(State, frozen=True):
    """That a member is in a module. There is nothing in it: its name says who and where."""


MODULES = Hot("modules", Modules)
ENROLLED = Once("enrolled", Enrolled)
"""By module and member, so that those of a module can be listed. A member's own lock is held by whoever writes it."""


class Session(State, frozen=True):
    """The player of a member that runs: which, what it plays, and where it was at its last heartbeat.

    `rest` are the milliseconds that have not come to a minute yet; they end with the session.
    """

    session: str = ""
    way: str = ""
    live: str = ""
    module: str | None = None
    position: int = 0
    at: datetime | None = None
    minutes: int = 0
    rest: int = 0


SESSION = Hots("session", Session)
"""`player` and `stage`: of each a member has one at a time."""


class Module(Named):
    """A part of a course. It is in progress from the first activity that names it."""

    chat: Chat | None = Field(None, description="The chat in Telegram where it is held.")
    audience: Audience = Field("all", alias="for", description="For whom it is.")
    requires: If = Field((), alias="if", description="Who may enter; all lines must hold.")
    completed_if: If = Field((), description="When it is completed; all lines must hold.")
    pays: Payout | None = Field(None, description="What completing it gives.")


class Watching(Setting):
    """How the watching of lives and replays is counted."""

    heartbeat: Duration = Field(Duration.read("60s"), description="How often a player tells that it is running.")
    longest_gap: Duration = Field(Duration.read("90s"), description="After a longer silence nothing is credited.")


MODULES_SECTION = Section("modules", "module", Module, sources=lambda _: ("module",))
WATCHING_SECTION = Section("watching", "watching", Watching, single=True)


@dataclass(frozen=True, slots=True)
class ModuleAtWork:
    """A module, compiled."""

    key: str
    audience: Audience
    entry: Asking
    completion: Asking
    pays: Payable | None
    window: Window


@dataclass(frozen=True, slots=True)
class Course:
    """All modules of the game."""

    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class WatchingAtWork:
    """How watching is counted: what a silence may last, and in which modules."""

    longest_gap: timedelta
    course: Course


@dataclass(frozen=True, slots=True)
class Place:
    """Where a member stands in a module: what is missing to enter it and to complete it."""

    attendance: Attendance
    may_enter: bool
    to_enter: tuple[Unmet, ...]
    to_complete: tuple[Unmet, ...]
