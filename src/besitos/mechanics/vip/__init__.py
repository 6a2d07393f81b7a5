"""VIP: who is, for how long, and what comes after the end."""

from collections.abc import Iterable

from besitos.game.document import Document
from besitos.game.mechanic import EVERY_ACTIVITY, Gives, Handles, Listens, Mechanic, Phase
from besitos.mechanics.vip.decide import end, expire, give, give_by_hand, rests_until, settle_due
from besitos.mechanics.vip.model import PLANS_SECTION, VIP_SECTION, EndVip, ExpireVip, GiveVip, Vip, VipAtWork


def compile_vip(document: Document) -> Iterable[tuple[str, VipAtWork]]:
    """Every game can give VIP time, with the usual grace where it says nothing of it."""
    written = document.all("vip").get("vip")
    yield "vip", VipAtWork((written if isinstance(written, Vip) else Vip()).grace.value)


VIP = Mechanic(
    name="vip",
    sections=(PLANS_SECTION, VIP_SECTION),
    compile=compile_vip,
    handles=(Handles(GiveVip, give_by_hand), Handles(EndVip, end), Handles(ExpireVip, expire)),
    listens=(Listens(lambda _: (EVERY_ACTIVITY,), settle_due, Phase.DUE_FIRST, rests_until=rests_until),),
    gives=(Gives("vip", give),),
)
