"""One folder per game system. Mechanics never import each other; this list is where they meet."""

from typing import Any

from besitos.game.mechanic import Mechanic
from besitos.mechanics.auction import AUCTION
from besitos.mechanics.badge import BADGE, BADGE_CASE
from besitos.mechanics.boost import BOOST, RUNNING_BOOSTS
from besitos.mechanics.cap import CAP
from besitos.mechanics.channel import CHANNEL
from besitos.mechanics.daily_gift import DAILY_GIFT
from besitos.mechanics.gift import GIFT
from besitos.mechanics.grade import GRADE
from besitos.mechanics.leaderboard import BOARD_SETTING, LEADERBOARD
from besitos.mechanics.level import LEVEL
from besitos.mechanics.member import MEMBER
from besitos.mechanics.metric import METRIC, METRICS_PAST
from besitos.mechanics.mission import MISSION, MISSION_AGENDA
from besitos.mechanics.module import COURSE, MODULE, WATCHING
from besitos.mechanics.reaction import REACTION, REACTION_PAYMENTS
from besitos.mechanics.reward import REWARD, REWARD_SHELF
from besitos.mechanics.rule import RULE
from besitos.mechanics.shop import SHOP
from besitos.mechanics.story import STORY
from besitos.mechanics.streak import STREAK, STREAK_DESK
from besitos.mechanics.thing import THING, THINGS_PAST
from besitos.mechanics.transfer import TRANSFER
from besitos.mechanics.trivia import TRIVIA
from besitos.mechanics.vip import VIP

MECHANICS: tuple[Mechanic[Any], ...] = (
    TRANSFER,
    MEMBER,
    DAILY_GIFT,
    RULE,
    CAP,
    METRIC,
    METRICS_PAST,
    THING,
    THINGS_PAST,
    BOOST,
    RUNNING_BOOSTS,
    STREAK,
    STREAK_DESK,
    REACTION,
    REACTION_PAYMENTS,
    LEVEL,
    GRADE,
    BADGE,
    BADGE_CASE,
    MISSION,
    MISSION_AGENDA,
    REWARD,
    REWARD_SHELF,
    MODULE,
    COURSE,
    WATCHING,
    LEADERBOARD,
    BOARD_SETTING,
    SHOP,
    GIFT,
    AUCTION,
    TRIVIA,
    STORY,
    VIP,
    CHANNEL,
)
"""The registry: removing a mechanic is deleting its folder and its name here."""

SECTIONS = tuple(section for mechanic in MECHANICS for section in mechanic.sections)
"""The sections of the document that this program understands, besides its own."""
