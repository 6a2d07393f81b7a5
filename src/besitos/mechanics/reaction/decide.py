"""Reactions: the decisions."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from besitos.core.decision import NOTHING, Accepted, Decision, Effect, Pay, Publish, Put, Rejected
from besitos.core.event import ReactionAdded
from besitos.core.member import PROFILE
from besitos.core.state import Key
from besitos.core.transaction import TransactionType
from besitos.core.view import View
from besitos.game.asking import ConditionReason
from besitos.mechanics.reaction.model import (
    REACTED,
    AddReaction,
    Palette,
    Reacted,
    ReactionAtWork,
    ReactionReason,
    name_of,
)


@dataclass(frozen=True, slots=True)
class Paying:
    """One reaction that pays, and the others, to know which one an emoji means."""

    reaction: ReactionAtWork
    palette: Palette


def add(view: View, adding: AddReaction, palette: Palette) -> Decision:
    """Take a member's one reaction to a post, whatever the key; what it pays follows.

    A game that designs no reactions takes any. Without a post there is nothing that could be the same.
    """
    post, meant = adding.post, palette.meant_by(adding)
    if post is not None and view.get(REACTED.of(name_of(post, adding.member_id))).is_there:
        return Rejected(ReactionReason.ALREADY_ADDED, post=post)
    if palette:
        refusal = _refusal(view, adding, meant, palette)
        if refusal is not None:
            return refusal
    emoji = meant.emoji if meant is not None else adding.emoji or ""
    reaction = meant.key if meant is not None else adding.reaction or ""
    effects: list[Effect] = [
        Publish(ReactionAdded(member_id=adding.member_id, post=post or "", reaction=reaction, emoji=emoji))
    ]
    if post is not None:
        effects.append(Put(REACTED.of(name_of(post, adding.member_id)), Reacted(reaction, emoji, is_there=True)))
    return Accepted(*effects)


def pay(view: View, adding: AddReaction, paying: Paying) -> Decision:
    """Pay for this reaction, before the rules do."""
    reaction = paying.reaction
    if reaction.pays is None or paying.palette.meant_by(adding) is not reaction:
        return NOTHING
    payout = reaction.pays.fixed(view.get(PROFILE.of(adding.member_id)).is_vip)
    return Accepted(
        Pay(member_id=adding.member_id, payout=payout, source="reaction", type=TransactionType.EARN_REACTION)
    )


def needs(adding: AddReaction, _: Palette) -> Iterable[Key[Any]]:
    """The member's reaction to this post."""
    if adding.post is not None:
        yield REACTED.of(name_of(adding.post, adding.member_id))


def _refusal(view: View, adding: AddReaction, meant: ReactionAtWork | None, palette: Palette) -> Rejected | None:
    if meant is None:
        said = adding.reaction or adding.emoji or ""
        near = get_close_matches(said, sorted(palette.by_key), n=1)
        return Rejected(ReactionReason.UNKNOWN, reaction=said, **({"nearest": near[0]} if near else {}))
    if not meant.window.is_open(view.now):
        return Rejected(ReactionReason.NOT_IN_PLAY, reaction=meant.key)
    unmet = meant.asking.unmet(view, adding.member_id)
    return Rejected(ConditionReason.UNMET, unmet=unmet) if unmet else None
