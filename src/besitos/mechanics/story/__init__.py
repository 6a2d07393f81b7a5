"""Stories: fragments, decisions, and where they lead."""

from besitos.game.mechanic import Mechanic
from besitos.mechanics.story.model import FRAGMENTS_SECTION, STORIES_SECTION

STORY: Mechanic[None] = Mechanic(name="story", sections=(FRAGMENTS_SECTION, STORIES_SECTION), compile=lambda _: ())
