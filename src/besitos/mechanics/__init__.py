"""One folder per game system. Mechanics never import each other; this list is where they meet."""

from typing import Any

from besitos.game.mechanic import Mechanic
from besitos.mechanics.cap import CAP
from besitos.mechanics.daily_gift import DAILY_GIFT
from besitos.mechanics.member import MEMBER
from besitos.mechanics.rule import RULE
from besitos.mechanics.transfer import TRANSFER

MECHANICS: tuple[Mechanic[Any], ...] = (TRANSFER, MEMBER, DAILY_GIFT, RULE, CAP)
"""The registry: removing a mechanic is deleting its folder and its name here."""

SECTIONS = tuple(section for mechanic in MECHANICS for section in mechanic.sections)
"""The sections of the document that this program understands, besides its own."""
