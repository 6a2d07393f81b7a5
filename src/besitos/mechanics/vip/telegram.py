"""VIP in the bot: what /start says of a member's VIP time."""

from aiogram import Router

from besitos.core.member import PROFILE
from besitos.mechanics.vip import VIP
from besitos.mechanics.vip.decide import as_of
from besitos.surfaces.telegram.profile import as_invited
from besitos.surfaces.telegram.visit import Feature, Invitation, Visit


def invite(visit: Visit) -> Invitation | None:
    """Until when a member is VIP; after that, until when the grace lasts."""
    words = visit.words
    [(_, vip)] = VIP.compile(visit.game.document)
    profile = as_of(visit.member.get(PROFILE), words.now, vip)
    if not profile.is_vip:
        return None
    if profile.vip_until is None:
        return Invitation(words.of("bot.vip.always"))
    if profile.vip_until > words.now:
        return Invitation(words.of("bot.vip.until", until=words.until(profile.vip_until)))
    return Invitation(words.of("bot.vip.grace", until=words.until(profile.vip_until + vip.grace)))


FEATURE = Feature((), lambda: Router(name="vip"), invite)
"""VIP."""

profile = as_invited(invite)
