"""Boosts: what is asked, what we remember of those that run, what the operator may write."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

import msgspec
from pydantic import Field

from besitos.core.account import BESITOS
from besitos.core.activity import Activity
from besitos.core.state import Hot, State
from besitos.game.asking import Asking
from besitos.game.condition import If
from besitos.game.definition import Named
from besitos.game.lists import Sources
from besitos.game.reference import Names, Reference
from besitos.game.section import ALL, Section
from besitos.game.units import Duration, decimal
from besitos.game.window import Window


class StartBoost(Activity, frozen=True, kw_only=True, tag="boost.start"):
    """A boost is started for a member by an operator, who may say why; while it runs, its time is added."""

    boost: str
    reason: str = ""


class FinishBoost(Activity, frozen=True, kw_only=True, tag="boost.finish"):
    """The time of a boost is up. Comes from a timer."""

    boost: str


class BoostReason(StrEnum):
    """Why a boost is not started."""

    ALWAYS_ON = "boost.always_on"
    NOT_IN_PLAY = "boost.not_in_play"
    TOO_LONG = "boost.too_long"


class Running(msgspec.Struct, frozen=True):
    """A boost as it was begun under `version`: what it multiplies and by how much stays so to its end."""

    version: int
    factor: Decimal
    currency: str
    sources: tuple[str, ...]
    began_at: datetime
    ends_at: datetime


class Boosts(State, frozen=True):
    """The boosts that a member has started and that have not run out, by key."""

    running: Mapping[str, Running] = {}


BOOSTS = Hot("boosts", Boosts, wakes=True)


class Boost(Named):
    """Multiplies what is paid. One that an item starts says how long it runs; any other is on inside its window."""

    multiply: Annotated[Decimal, decimal("0.01", "100", 2, "factor.wrong")] = Field(description="By how much.")
    sources: Sources = Field(
        (ALL,), validate_default=True, description="Whose payments: sources of rules, names of mechanics, or all."
    )
    currency: Annotated[Reference, Names("currency")] = Field(
        BESITOS, validate_default=True, description="Of which currency."
    )
    requires: If = Field((), alias="if", description="For whom; all lines must hold.")
    lasts: Duration | None = Field(None, description="How long it runs once an item has started it.")


BOOSTS_SECTION = Section("boosts", "boost", Boost, outlives=True)


@dataclass(frozen=True, slots=True)
class BoostAtWork:
    """A boost, compiled. One that `lasts` runs for whom it was started, any other for everybody in its window."""

    key: str
    factor: Decimal
    currency: str
    sources: tuple[str, ...]
    asking: Asking
    window: Window
    lasts: timedelta | None


@dataclass(frozen=True, slots=True)
class Boosters:
    """All boosts of the game, by key: what is asked of those that run, whichever they are."""

    askings: Mapping[str, Asking]
