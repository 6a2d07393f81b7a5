"""Reactions: what members do, what we remember of it, what the operator may write."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import Field

from besitos.core.activity import Activity
from besitos.core.state import Once, State, named
from besitos.game.asking import Asking
from besitos.game.condition import If
from besitos.game.definition import Definition
from besitos.game.paying import Payable
from besitos.game.payout import Payout
from besitos.game.section import Section
from besitos.game.window import Window
from besitos.game.words import Icon


class AddReaction(Activity, frozen=True, kw_only=True, tag="reaction.added"):
    """A member reacts to a post. An emoji alone names the reaction, where the game has one of that emoji."""

    post: str | None = None
    reaction: str | None = None
    emoji: str | None = None
    channel: str | None = None

    @property
    def content(self) -> Mapping[str, Any]:
        """What was said: what was not is not in it."""
        return {name: value for name, value in super().content.items() if value is not None}


class ReactionReason(StrEnum):
    """Why a reaction does not stand."""

    ALREADY_ADDED = "reaction.already_added"
    UNKNOWN = "reaction.unknown"
    NOT_IN_PLAY = "reaction.not_in_play"


class Reacted(State, frozen=True):
    """How a member reacted to a post. Nothing else of them is in it, so that equal ones can be counted together."""

    reaction: str = ""
    emoji: str = ""
    is_there: bool = False


REACTED = Once("reaction", Reacted)
"""By post and member: written once, under the member's own lock. So a storm of presses on one post meets at no lock,
and the reactions to it are a range of names that can be counted."""


class Reaction(Definition):
    """An emoji that members can put under a post, once each."""

    emoji: Icon = Field(description="The emoji.")
    pays: Payout | None = Field(None, description="What it gives; without it, nothing.")
    requires: If = Field((), alias="if", description="Who may use it; all lines must hold.")


REACTIONS_SECTION = Section("reactions", "reaction", Reaction, sources=lambda _: ("reaction",))


@dataclass(frozen=True, slots=True)
class ReactionAtWork:
    """A reaction, compiled."""

    key: str
    emoji: str
    asking: Asking
    pays: Payable | None
    window: Window


@dataclass(frozen=True, slots=True)
class Palette:
    """All reactions of the game, by key, and by emoji those of which it is the only name that is needed."""

    by_key: Mapping[str, ReactionAtWork]
    by_emoji: Mapping[str, ReactionAtWork]

    def __bool__(self) -> bool:
        return bool(self.by_key)

    def meant_by(self, adding: AddReaction) -> ReactionAtWork | None:
        """The reaction that an activity names."""
        if adding.reaction is not None:
            return self.by_key.get(adding.reaction)
        return self.by_emoji.get(adding.emoji or "")


def to(post: str) -> str:
    """What the names of all reactions to a post begin with. A slash in it is none of ours."""
    return f"{REACTED.name}/{_spelled(post)}/"


def name_of(post: str, member_id: int) -> str:
    """The name of a member's reaction to a post."""
    return f"{_spelled(post)}/{member_id}"


def _spelled(post: str) -> str:
    return named(post.replace("%", "%25").replace("/", "%2F"))
