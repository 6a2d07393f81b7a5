"""Gifts between members: how much, how often, and after how long."""

from besitos.game.mechanic import Mechanic
from besitos.mechanics.gift.model import GIFTS_SECTION

GIFT: Mechanic[None] = Mechanic(name="gift", sections=(GIFTS_SECTION,), compile=lambda _: ())
