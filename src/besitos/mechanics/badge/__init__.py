"""Badges: what a member has achieved."""

from collections.abc import Iterable
from typing import Any

from besitos.core.metric import SEEN, TALLY_AT
from besitos.core.past import BackFillBadge
from besitos.core.state import Row
from besitos.game.asking import Asking, Vocabulary
from besitos.game.document import Document
from besitos.game.mechanic import Gives, Handles, Mechanic, Reads
from besitos.game.paying import Payable, allowance_of
from besitos.game.window import Window
from besitos.mechanics.badge.decide import (
    BadgeAtWork,
    CaseAtWork,
    back_fill,
    give,
    give_by_hand,
    needs,
    needs_at_value,
    read,
    revoke,
    show,
)
from besitos.mechanics.badge.model import BADGES_SECTION, Badge, GiveBadge, RevokeBadge, ShowBadges


def compile_badges(document: Document) -> Iterable[tuple[str, BadgeAtWork]]:
    """Every badge of the game."""
    words = Vocabulary(document)
    for key, badge in document.all("badge").items():
        assert isinstance(badge, Badge)
        asking, per = Asking.of(badge.requires, words), badge.per or ""
        yield (
            f"badge/{key}",
            BadgeAtWork(
                key=key,
                asking=asking,
                asking_at=asking.at(per),
                per=per,
                is_once=badge.once,
                window=Window.of(badge, document.calendar),
                within=tuple(allowance_of(f"badge/{key}", limit) for limit in badge.limit),
                pays=Payable(badge.pays) if badge.pays is not None else None,
                values=tuple(document.all(per)) if per else (),
                rows=_rows_at(asking, per, words),
            ),
        )


def _rows_at(asking: Asking, per: str, words: Vocabulary) -> tuple[tuple[Row[Any], str], ...]:
    """Where the metrics stand that are read at one value."""
    names = sorted({ask.name for ask in asking.asks(per) if ask.is_per})
    return tuple((SEEN if words.takes[name] == "distinct" else TALLY_AT, words.stored[name]) for name in names)


def compile_case(document: Document) -> Iterable[tuple[str, CaseAtWork]]:
    """Which badges nobody shows."""
    badges = document.all("badge").items()
    yield (
        "badge_case",
        CaseAtWork(frozenset(key for key, each in badges if isinstance(each, Badge) and not each.is_shown)),
    )


def _about(order: GiveBadge | RevokeBadge | BackFillBadge) -> str:
    return f"badge/{order.badge}"


BADGE = Mechanic(
    name="badge",
    sections=(BADGES_SECTION,),
    compile=compile_badges,
    handles=(
        Handles(GiveBadge, give_by_hand, needs, names=_about),
        Handles(RevokeBadge, revoke, needs, names=_about),
        Handles(BackFillBadge, back_fill, needs, names=_about),
    ),
    reads=(Reads(lambda badge: badge.asking.asks(badge.per), read, needs=needs_at_value),),
    gives=(Gives("badges", give, lambda badge: (badge.key,)),),
)

BADGE_CASE = Mechanic(name="badge_case", compile=compile_case, handles=(Handles(ShowBadges, show),))
"""What a member shows of all of them."""
