"""Caps: what they let through."""

from besitos.core.calendar import Calendar
from besitos.core.limit import LimitReason
from besitos.game.mechanic import Restraint
from besitos.game.paying import allowance_of
from besitos.game.window import Window
from besitos.mechanics.cap.model import Cap


def restrain(name: str, cap: Cap, calendar: Calendar) -> Restraint:
    """So much from these sources together, while the cap is in play.

    A cap decides nothing by itself: whoever pays from one of its sources is held to it, in one place for
    the whole game.
    """
    allowances = (
        allowance_of(name, limit, LimitReason.CAP_REACHED, then=cap.then, is_net=cap.net) for limit in cap.limit
    )
    return Restraint(tuple(cap.sources), tuple(allowances), Window.of(cap, calendar))
