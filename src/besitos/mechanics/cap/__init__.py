"""Caps: limits that hold over several sources together."""

from collections.abc import Iterable

from besitos.core.calendar import Calendar
from besitos.core.limit import LimitReason
from besitos.game.document import Document
from besitos.game.mechanic import Mechanic, Restraint
from besitos.game.paying import allowance_of
from besitos.game.window import Window
from besitos.mechanics.cap.model import CAPS_SECTION, Cap


def compile_caps(document: Document) -> Iterable[tuple[str, Restraint]]:
    """What each cap lets through, over which sources, while it is in play."""
    calendar = Calendar(document.about.zone, document.about.day_begins)
    for key, cap in document.all("cap").items():
        assert isinstance(cap, Cap)
        name = f"cap/{key}"
        allowances = (
            allowance_of(name, limit, LimitReason.CAP_REACHED, then=cap.then, is_net=cap.net) for limit in cap.limit
        )
        yield name, Restraint(tuple(cap.sources), tuple(allowances), Window.of(cap, calendar))


CAP = Mechanic(name="cap", sections=(CAPS_SECTION,), compile=compile_caps, restrains=lambda restraint: restraint)
