"""Channels, and the posts that are published in them."""

from besitos.game.mechanic import Mechanic
from besitos.mechanics.channel.model import CHANNELS_SECTION, POSTS_SECTION

CHANNEL: Mechanic[None] = Mechanic(name="channel", sections=(CHANNELS_SECTION, POSTS_SECTION), compile=lambda _: ())
