"""Streaks: coming back, day after day."""

from collections.abc import Iterable, Mapping

from besitos.core.activity import topic_of
from besitos.game.document import Document
from besitos.game.filter import Filter
from besitos.game.measuring import types_of
from besitos.game.mechanic import EVERY_ACTIVITY, Gives, Handles, Listens, Mechanic, Phase
from besitos.game.paying import Payable, known_among
from besitos.game.window import Window
from besitos.mechanics.streak.decide import (
    after_journey,
    before_journey,
    close,
    count,
    follow,
    give_freezes,
    give_repair,
    needs,
    obey,
    rests_until,
)
from besitos.mechanics.streak.model import (
    STREAKS_SECTION,
    CancelPause,
    CloseStreak,
    GrantFreeze,
    PauseStreak,
    RepairStreak,
    RestoreStreak,
    Streak,
    StreakAtWork,
)

ORDERS = (GrantFreeze, PauseStreak, CancelPause, RepairStreak, RestoreStreak)

CLOSING = topic_of(CloseStreak)
SETTINGS = "member.settings"
"""The kind by which a member says where they live now: another mechanic's, known by its name."""


def compile_streaks(document: Document) -> Iterable[tuple[str, StreakAtWork]]:
    """Each streak, with the types that the attributes of its activities have."""
    for key, streak in document.all("streak").items():
        assert isinstance(streak, Streak)
        yield (
            f"streak/{key}",
            StreakAtWork(
                key=key,
                topics=tuple(streak.when),
                filter=Filter(streak.where, types_of(document, streak.when)),
                known=known_among(frozenset(streak.where)),
                every=streak.every,
                day=streak.day,
                bonuses={length: Payable(pays) for length, pays in streak.bonuses.items()},
                freezes=streak.freezes,
                repair_within=streak.repair_within.value,
                window=Window.of(streak, document.calendar),
            ),
        )


def compile_desk(document: Document) -> Iterable[tuple[str, Mapping[str, StreakAtWork]]]:
    """All streaks by key: whoever hears a timer must know which there are."""
    yield "streak", {streak.key: streak for _, streak in compile_streaks(document)}


STREAK = Mechanic(
    name="streak",
    sections=(STREAKS_SECTION,),
    compile=compile_streaks,
    handles=tuple(Handles(order, obey, names=lambda order: f"streak/{order.streak}") for order in ORDERS),
    listens=(
        Listens(lambda _: (EVERY_ACTIVITY, CLOSING), follow, Phase.DUE, rests_until=rests_until),
        Listens(lambda _: (SETTINGS,), before_journey, Phase.DUE),
        Listens(lambda _: (SETTINGS,), after_journey, Phase.FOLLOW),
        Listens(lambda streak: streak.topics, count, Phase.FOLLOW, needs, lambda streak: bool(streak.known)),
    ),
    gives=(
        Gives("freezes", give_freezes, lambda streak: (streak.key,)),
        Gives("repairs", give_repair, lambda streak: (streak.key,)),
    ),
)

STREAK_DESK = Mechanic(
    name="streak_desk",
    compile=compile_desk,
    handles=(Handles(CloseStreak, close),),
)
"""Where timers come in, those of streaks that were archived too."""
