"""Badges: the decisions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

from msgspec.structs import replace

from besitos.core.decision import NOTHING, Accepted, Change, Decision, Effect, Give, Pay, Publish, Put, Rejected
from besitos.core.event import AchievementUnlocked, BadgeRevoked
from besitos.core.holding import HOLDINGS, changed
from besitos.core.limit import Allowance, reason_of, room, use
from besitos.core.member import PROFILE
from besitos.core.past import BackFillBadge
from besitos.core.state import Key, Row, named
from besitos.core.transaction import TransactionType
from besitos.core.view import View
from besitos.game.asking import Asking, Unmet
from besitos.game.game import Game
from besitos.game.mechanic import Reading, Signal
from besitos.game.paying import Payable
from besitos.game.window import Window
from besitos.mechanics.badge.model import (
    AWARD,
    MOST_SHOWN,
    NEAR,
    SHOWN,
    TAKEN,
    Award,
    BadgeReason,
    GiveBadge,
    How,
    Near,
    RevokeBadge,
    ShowBadges,
    Shown,
    Taken,
    name_of,
)

MOST_VALUES = 50
"""Values of `per` at which somebody's progress is looked for."""


@dataclass(frozen=True, slots=True)
class BadgeAtWork:
    """A badge, compiled. `asking_at` is what of its conditions is read at one value of `per`.

    `values` are those that are known beforehand, where `per` is a kind of definition: the modules of the game.
    `rows` are where the metrics stand that it reads at a value, with the names under which they are kept.
    """

    key: str
    asking: Asking
    asking_at: Asking
    per: str
    is_once: bool
    window: Window
    within: tuple[Allowance, ...]
    pays: Payable | None
    values: tuple[str, ...] = ()
    rows: tuple[tuple[Row[Any], str], ...] = ()


@dataclass(frozen=True, slots=True)
class CaseAtWork:
    """What holds for all badges together: which of them are never shown."""

    hidden: frozenset[str]


class Occasion(NamedTuple):
    """How a badge came to be given; `at` where it was earned earlier than it is given."""

    how: How = "earned"
    at: datetime | None = None


EARNED = Occasion()


class Progress(NamedTuple):
    """How near a badge is: the unmet line that is nearest, at which value, and which part of it is done."""

    unmet: Unmet
    value: str
    part: Fraction


class AwardSeen(NamedTuple):
    """One award of a member: for which value, when, and what else is remembered of it."""

    value: str
    at: datetime
    award: Award


Awards: TypeAlias = Mapping[str, Sequence[AwardSeen]]
"""By badge."""


class Seen(NamedTuple):
    """How a member is with a badge: how often they hold it, and how near it is where it can still be earned."""

    key: str
    times: int
    progress: Progress | None


def badges_in(game: Game) -> Mapping[str, BadgeAtWork]:
    """The badges of a game."""
    return {badge.key: badge for badge in game.handling(GiveBadge, BadgeAtWork)}


def look_at(view: View, member_id: int, badges: Iterable[BadgeAtWork]) -> list[Seen]:
    """How a member is with these badges."""
    held = view.get(HOLDINGS.of(member_id)).badges
    return [Seen(each.key, held.get(each.key, 0), progress(view, member_id, each)) for each in badges]


def shown_of(view: View, member_id: int, hidden: frozenset[str]) -> tuple[str, ...]:
    """What a member shows: as chosen, else the newest. Holdings keep the order in which badges came."""
    held = [key for key in view.get(HOLDINGS.of(member_id)).badges if key not in hidden]
    chosen = [key for key in view.get(SHOWN.of(member_id)).badges if key in held]
    return tuple(chosen or reversed(held))[:MOST_SHOWN]


def chosen_by(view: View, member_id: int) -> tuple[str, ...]:
    """What a member has chosen to show, as far as they hold it."""
    held = view.get(HOLDINGS.of(member_id)).badges
    return tuple(key for key in view.get(SHOWN.of(member_id)).badges if key in held)


def awards_in(rows: Iterable[tuple[str, str]], *, revoked: bool = False) -> Awards:
    """What stands in the books of a member, by badge, those given last first; what was `revoked` if that is asked."""
    found: dict[str, list[AwardSeen]] = {}
    for name, body in rows:
        award, (key, _, value) = AWARD.decode(body), name.partition("/")
        if award.at is not None and (revoked or award):
            found.setdefault(key, []).append(AwardSeen(value, award.at, award))
    for awards in found.values():
        awards.sort(key=lambda each: each.at, reverse=True)
    return dict(sorted(found.items(), key=lambda each: each[1][0].at, reverse=True))


def progress(view: View, member_id: int, badge: BadgeAtWork) -> Progress | None:
    """How near a badge is that can still be earned: its nearest unmet line, at the value where that is nearest."""
    if not badge.asking or not badge.window.is_open(view.now):
        return None
    if badge.per and badge.is_once and badge.key in view.get(HOLDINGS.of(member_id)).badges:
        return None
    found = [
        Progress(unmet, value, _part(unmet))
        for value in _values_to_look_at(view, member_id, badge)
        if not _was_given(view, member_id, badge, value)
        for unmet in badge.asking.unmet(view, member_id, {badge.per: value} if badge.per else {})
    ]
    return max(found, key=lambda each: each.part, default=None)


def _values_to_look_at(view: View, member_id: int, badge: BadgeAtWork) -> Iterable[str]:
    if not badge.per:
        return ("",)
    near = view.get(NEAR.of(member_id, badge.key)).values
    return tuple(dict.fromkeys((*near, *badge.values)))[:MOST_VALUES]


def _part(unmet: Unmet) -> Fraction:
    """Which part of a line is done; nothing of what no number brings nearer."""
    if unmet.missing is None:
        return Fraction(0)
    have, missing = Fraction(Decimal(unmet.have)), Fraction(Decimal(unmet.missing))
    return max(have, Fraction(0)) / (have + missing) if have + missing > 0 else Fraction(0)


def read(view: View, reading: Reading, badge: BadgeAtWork) -> Decision:
    """Give the badge if its conditions hold by now; one that is kept per a value, at every value concerned."""
    member_id = reading.member_id
    is_coming = badge.window.opens is not None and view.now < badge.window.opens
    if badge.per and (badge.window.is_open(view.now) or is_coming):
        return _read_at_values(view, reading, badge)
    if not badge.window.is_open(view.now):
        return NOTHING
    if badge.key in view.get(HOLDINGS.of(member_id)).badges or not badge.asking.holds(view, member_id):
        return NOTHING
    return NOTHING if _was_given(view, member_id, badge, "") else _award(view, member_id, badge, ("",))


def give(view: View, give: Give, badge: BadgeAtWork) -> Decision:
    """As part of a payout: given as if earned, if it is in play and not held."""
    if not badge.window.is_open(view.now) or badge.key in view.get(HOLDINGS.of(give.member_id)).badges:
        return NOTHING
    return _award(view, give.member_id, badge, ("",), Occasion("paid"))


def give_by_hand(view: View, order: GiveBadge, badge: BadgeAtWork) -> Decision:
    """An operator gives it, in play or not."""
    return _ordered(view, order, badge, Occasion("given"))


def back_fill(view: View, order: BackFillBadge, badge: BadgeAtWork) -> Decision:
    """The past earned it: it pays, and is dated as it would have been. What an operator took away stays away."""
    if _was_given(view, order.member_id, badge, order.value):
        return Rejected(BadgeReason.ALREADY_HELD, badge=badge.key)
    return _ordered(view, order, badge, Occasion("back_filled", order.earned_at))


def revoke(view: View, order: RevokeBadge, badge: BadgeAtWork) -> Decision:
    """Take it away. The award stands in the books as revoked, so that the same conditions do not give it again."""
    member_id, name = order.member_id, _name(badge, order.value)
    award = view.get(AWARD.of(member_id, name))
    if not award:
        return Rejected(BadgeReason.NOT_HELD, badge=badge.key)
    holdings = view.get(HOLDINGS.of(member_id))
    return Accepted(
        Put(AWARD.of(member_id, name), replace(award, is_revoked=True)),
        Put(TAKEN.of(member_id, name), Taken(is_taken=True)),
        Put(HOLDINGS.of(member_id), replace(holdings, badges=changed(holdings.badges, badge.key, -1))),
        *_told(view, member_id, badge, -1),
        Publish(BadgeRevoked(member_id=member_id, badge=badge.key, value=order.value, reason=order.reason)),
    )


def show(view: View, order: ShowBadges, case: CaseAtWork) -> Decision:
    """Show these, and in this order; none is the newest again."""
    badges = tuple(dict.fromkeys(order.badges))
    if len(badges) > MOST_SHOWN:
        return Rejected(BadgeReason.TOO_MANY_SHOWN, most=MOST_SHOWN)
    held = view.get(HOLDINGS.of(order.member_id)).badges
    missing = next((badge for badge in badges if badge not in held or badge in case.hidden), None)
    if missing is not None:
        return Rejected(BadgeReason.NOT_HELD, badge=missing)
    return Accepted(Put(SHOWN.of(order.member_id), Shown(badges)))


def needs(order: GiveBadge | RevokeBadge | BackFillBadge, badge: BadgeAtWork) -> Iterable[Key[Any]]:
    """The award in question."""
    yield AWARD.of(order.member_id, _name(badge, order.value))


def needs_at_value(signal: Signal, badge: BadgeAtWork) -> Iterable[Key[Any]]:
    """What is read at the value that this is about: the award, the values that are near, and the metrics."""
    subject = signal.attribute(badge.per)
    if subject is None:
        return
    member_id, value = signal.member_id, named(subject)
    yield AWARD.of(member_id, _name(badge, value))
    yield NEAR.of(member_id, badge.key)
    for slot, stored in badge.rows:
        yield slot.of(member_id, f"{stored}/{value}")


def _ordered(view: View, order: GiveBadge | BackFillBadge, badge: BadgeAtWork, occasion: Occasion) -> Decision:
    """Give what is not held, for a value where the badge is given for each, and only there."""
    if order.value and not badge.per:
        return Rejected(BadgeReason.NO_VALUES, badge=badge.key)
    if badge.per and not order.value and not badge.is_once:
        return Rejected(BadgeReason.NEEDS_VALUE, badge=badge.key, per=badge.per)
    if view.get(AWARD.of(order.member_id, _name(badge, order.value))):
        return Rejected(BadgeReason.ALREADY_HELD, badge=badge.key)
    return _award(view, order.member_id, badge, (order.value,), occasion)


def _read_at_values(view: View, reading: Reading, badge: BadgeAtWork) -> Decision:
    """At the value that changed, or, when the member did, at all those where only the member was not ready.

    Where only the member is not ready, or the badge is not in play yet, the value is remembered as near.
    """
    member_id, is_open = reading.member_id, badge.window.is_open(view.now)
    if badge.is_once and badge.key in view.get(HOLDINGS.of(member_id)).badges:
        return NOTHING
    near = view.get(NEAR.of(member_id, badge.key)).values
    earned: list[str] = []
    waiting: list[str] = []
    for value in sorted({*near, reading.value} - {""}) if not reading.value else (reading.value,):
        values = {badge.per: value}
        if not badge.asking_at.holds(view, member_id, values) or _was_given(view, member_id, badge, value):
            continue
        (earned if is_open and badge.asking.holds(view, member_id, values) else waiting).append(value)
    earned = earned[:1] if badge.is_once else earned
    looked_at = {reading.value} if reading.value else set(near)
    after = (*(value for value in near if value not in looked_at), *waiting)
    remembered = [Put(NEAR.of(member_id, badge.key), Near(after))] if after != near else []
    if not earned:
        return Accepted(*remembered) if remembered else NOTHING
    awarded = _award(view, member_id, badge, tuple(earned))
    return Accepted(*awarded.effects, *remembered) if isinstance(awarded, Accepted) else awarded


def _was_given(view: View, member_id: int, badge: BadgeAtWork, value: str) -> bool:
    """Whether it was given for this value, be it that an operator took it away since, who meant it."""
    return view.get(AWARD.of(member_id, _name(badge, value))).at is not None


def _award(
    view: View,
    member_id: int,
    badge: BadgeAtWork,
    values: tuple[str, ...],
    occasion: Occasion = EARNED,
) -> Decision:
    """Give the badge for these values, or for as many as the community's limit leaves."""
    for allowance in badge.within:
        left = room(view, allowance, member_id)
        if left <= 0:
            return Rejected(reason_of(allowance, left), limit=allowance.text)
        values = values[:left]
    holdings, count = view.get(HOLDINGS.of(member_id)), len(values)
    counters = use(view, [(allowance, count) for allowance in badge.within], member_id)
    effects: list[Effect] = [
        Put(HOLDINGS.of(member_id), replace(holdings, badges=changed(holdings.badges, badge.key, count))),
        *(Put(key, counter) for key, counter in counters.items()),
        *_told(view, member_id, badge, count),
    ]
    for value in values:
        name = _name(badge, value)
        if view.get(AWARD.of(member_id, name)).is_revoked:
            effects.append(Put(TAKEN.of(member_id, name), Taken()))
        effects.append(Put(AWARD.of(member_id, name), Award(occasion.at or view.now, occasion.how)))
        told = AchievementUnlocked(member_id=member_id, badge=badge.key, per=badge.per, value=value, how=occasion.how)
        effects.append(Publish(told))
        if badge.pays is not None:
            payout = badge.pays.fixed(view.get(PROFILE.of(member_id)).is_vip)
            pay = Pay(member_id=member_id, payout=payout, source="badge", type=TransactionType.EARN_ACHIEVEMENT)
            effects.append(pay)
    return Accepted(*effects)


def _told(view: View, member_id: int, badge: BadgeAtWork, by: int) -> tuple[Change, Change]:
    count = sum(view.get(HOLDINGS.of(member_id)).badges.values()) + by
    return Change(member_id, f"badge:{badge.key}"), Change(member_id, "badges", after=count)


def _name(badge: BadgeAtWork, value: str) -> str:
    """A badge that is given once, for whichever value came first, has one name."""
    return name_of(badge.key, "" if badge.is_once else value)
