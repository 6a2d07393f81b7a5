"""Sections of the document, as data: which words stand at the top, and what stands below them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeAlias

from besitos.game.basics import About, ActivityKind, Currency, check_activity, check_currency
from besitos.game.definition import Definition
from besitos.game.experience.template import Experience, Template
from besitos.game.known import Checked
from besitos.game.problem import Finding
from besitos.game.reference import DOTTED
from besitos.game.units import KEY

Check: TypeAlias = Callable[[Checked[Any]], Iterator[Finding]]
"""What a section checks of one definition beyond its shape."""


@dataclass(frozen=True, slots=True)
class Section:
    """One section. A mechanic brings its own; reading, checking, storing and writing follow from this record.

    `kind` is that of its rows. `single` is a setting that exists once. `defaults` are bodies that every
    game has; what the operator writes under their keys is laid over them. `sources` says, of all its
    definitions, under which names they pay. `may_take` allows negative amounts. `is_pending` says that it is
    read, checked, kept and shown, and that nothing plays it yet. Of a kind that `outlives` its definitions, what began
    under one goes on as it was, whatever becomes of it.
    """

    name: str
    kind: str
    model: type[Definition]
    single: bool = False
    key: str = KEY
    check: Check | None = None
    sources: Callable[[Mapping[str, Any]], Iterable[str]] | None = None
    may_take: bool = False
    is_pending: bool = False
    outlives: bool = False
    defaults: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: MappingProxyType({}))


ABOUT = Section("game", "game", About, single=True)
CURRENCIES = Section(
    "currencies",
    "currency",
    Currency,
    check=check_currency,
    defaults=MappingProxyType(
        {
            "besitos": MappingProxyType({"name": "besitos", "symbol": "💋", "giftable": True}),
            "xp": MappingProxyType({"name": "XP", "spendable": False}),
        }
    ),
)
ACTIVITIES = Section("activities", "activity", ActivityKind, key=DOTTED, check=check_activity)

TEMPLATES = Section("templates", "template", Template)
EXPERIENCES = Section("experiences", "experience", Experience)

OWN = (ABOUT, CURRENCIES, ACTIVITIES, TEMPLATES, EXPERIENCES)
"""The sections of the game itself; all others come with their mechanics."""

# fmt: off
LANGUAGE = (
    "game", "currencies", "activities", "things", "metrics", "rules", "caps", "boosts", "daily_gift", "streaks",
    "reactions", "levels", "grades", "badges", "missions", "rewards", "items", "content", "gifts", "auction_house",
    "auctions", "trivia", "questions", "stories", "fragments", "modules", "watching", "vip", "plans", "channels",
    "posts", "leaderboards", "templates", "experiences",
)
"""Every section that the language has, in the order in which they are written."""

SOURCES = frozenset((
    "daily_gift", "streak", "reaction", "badge", "mission", "reward", "trivia", "story", "level", "module", "item",
    "leaderboard", "plan",
))
"""The sources that mechanics pay from, those to come included."""
# fmt: on

ALL = "all"
"""The source that stands for every other."""


def sources_of(sections: Iterable[Section], definitions: Mapping[str, Mapping[str, Any]]) -> frozenset[str]:
    """Every name under which these definitions, by kind and key, pay."""
    named = (each.sources(definitions.get(each.kind, {})) for each in sections if each.sources is not None)
    return frozenset(name for names in named for name in names)
