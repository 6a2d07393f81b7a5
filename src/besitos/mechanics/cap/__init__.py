"""Caps: limits that hold over several sources together."""

from collections.abc import Iterable

from besitos.game.document import Document
from besitos.game.mechanic import Mechanic, Restraint
from besitos.mechanics.cap.decide import restrain
from besitos.mechanics.cap.model import CAPS_SECTION, Cap


def compile_caps(document: Document) -> Iterable[tuple[str, Restraint]]:
    """Every cap of the game."""
    for key, cap in document.all("cap").items():
        assert isinstance(cap, Cap)
        yield f"cap/{key}", restrain(f"cap/{key}", cap, document.calendar)


CAP = Mechanic(name="cap", sections=(CAPS_SECTION,), compile=compile_caps, restrains=lambda restraint: restraint)
