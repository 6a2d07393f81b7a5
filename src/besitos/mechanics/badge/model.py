"""Badges: what the operator may write, what is remembered of each, what may be ordered, and why it may not stand."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Literal, TypeAlias

from pydantic import Field

from besitos.core.activity import Activity
from besitos.core.state import Hot, Row, State
from besitos.game.condition import If, Line, facts_of
from besitos.game.definition import Named
from besitos.game.known import Checked
from besitos.game.lists import Limits
from besitos.game.payout import Payout
from besitos.game.problem import Finding, Value
from besitos.game.section import Section
from besitos.game.units import Count, Key, YesNo
from besitos.game.words import Icon, Rarity


class Badge(Named):
    """What a member has achieved. It is given at the moment when its last condition comes true, and stays."""

    kind: Literal["achievement", "module_expert", "special", "milestone"] = Field(
        "achievement", description="A special one is given by hand or in a payout; a milestone is never shown."
    )
    icon: Icon = "🏅"
    rarity: Rarity = "common"
    points: Count = 0
    secret: YesNo = Field(False, description="Whether nobody hears of it before they have it.")
    requires: If = Field((), alias="if", description="What it takes; all lines must hold.")
    per: Key | None = Field(None, description="Conditions are read at one value of this attribute; given for each.")
    once: YesNo = Field(False, description="Only for the first value of `per`.")
    limit: Limits = Field((), description="How many the community may get in all: `100/ever for all`.")
    pays: Payout | None = Field(None, description="What it gives besides itself.")

    @property
    def is_shown(self) -> bool:
        """Whether members ever see it: a milestone is a fact for others to count."""
        return self.kind != "milestone"

    @property
    def is_open(self) -> bool:
        """Whether members hear of it before they have it."""
        return self.is_shown and not self.secret


def check_badge(one: Checked[Badge]) -> Iterator[Finding]:
    """What is earned says what it takes; what is given by hand does not; a limit is the community's."""
    badge = one.definition
    if badge.kind == "special" and badge.requires:
        yield Finding(("if",), "badge.special_if", at_key=True)
    if badge.kind != "special" and not badge.requires:
        yield Finding((), "badge.no_if", at_key=True)
    if badge.kind == "module_expert" and badge.per != "module":
        yield Finding(("kind",), "badge.expert_per_module")
    if badge.once and badge.per is None:
        yield Finding(("once",), "badge.once_of_all", at_key=True)
    if badge.per is not None and badge.requires and not _is_read(badge.requires, badge.per, one):
        yield Finding(("per",), "badge.per_unread", {"per": badge.per})
    for number, limit in enumerate(badge.limit):
        if not limit.shared or limit.currency is not None or limit.per is not None:
            values: dict[str, Value] = {"found": limit.text, "number": limit.number, "period": limit.period}
            yield Finding(("limit", str(number)), "badge.limit", values)


def _is_read(lines: tuple[Line, ...], per: str, one: Checked[Badge]) -> bool:
    """Whether a line asks for a metric that is kept per this attribute, at whatever value is looked at."""
    for _, fact in facts_of(lines, "if"):
        if fact.metric is None or fact.at is not None:
            continue
        name = fact.metric[0]
        if ("metric", name) in one.known.failed:
            return True
        if getattr(one.known.all("metric").get(name), "per", None) == per:
            return True
    return False


BADGES_SECTION = Section("badges", "badge", Badge, check=check_badge, sources=lambda _: ("badge",))


How: TypeAlias = Literal["earned", "given", "paid", "back_filled"]
"""Earned by conditions, given by an operator, part of a payout, or found by reading the past."""


class Award(State, frozen=True):
    """One badge that a member got: when, and how. Never written means never got; revoked means taken away again."""

    at: datetime | None = None
    how: How = "earned"
    is_revoked: bool = False

    def __bool__(self) -> bool:
        return self.at is not None and not self.is_revoked


class Taken(State, frozen=True):
    """Whether an award was taken away: beside the awards, so that those who hold a badge can be counted by names."""

    is_taken: bool = False


class Near(State, frozen=True):
    """Values at which all holds but what is asked of the member: they are read again when the member changes."""

    values: tuple[str, ...] = ()


class Shown(State, frozen=True):
    """The badges that a member chose to show, in their order; none chosen is the newest."""

    badges: tuple[str, ...] = ()


AWARD = Row("badge", Award)
"""By badge, and value of its `per`: `experta/fundamentos`."""

TAKEN = Row("badge_taken", Taken)
NEAR = Row("badge_near", Near)
SHOWN = Hot("badges_shown", Shown)

MOST_SHOWN = 5


class GiveBadge(Activity, frozen=True, kw_only=True, tag="badge.give"):
    """An operator gives a badge. It pays as if it were earned."""

    badge: str
    value: str = ""
    reason: str = ""


class RevokeBadge(Activity, frozen=True, kw_only=True, tag="badge.revoke"):
    """An operator takes a badge away. What it paid stays paid; whether it is earned again is for its conditions."""

    badge: str
    reason: str
    value: str = ""


class ShowBadges(Activity, frozen=True, kw_only=True, tag="badge.show"):
    """A member chooses which badges to show."""

    badges: tuple[str, ...]


class BadgeReason(StrEnum):
    """Why a decision about a badge does not stand."""

    UNKNOWN = "badge.unknown"
    ALREADY_HELD = "badge.already_held"
    NOT_HELD = "badge.not_held"
    TOO_MANY_SHOWN = "badge.too_many_shown"
    NO_VALUES = "badge.no_values"
    NEEDS_VALUE = "badge.needs_value"


def name_of(badge: str, value: str) -> str:
    """Under which name an award stands."""
    return f"{badge}/{value}" if value else badge
