"""Daily gift: a few besitos a day for whoever comes back."""

from collections.abc import Iterable

from besitos.game.asking import Asking, Vocabulary
from besitos.game.document import Document
from besitos.game.mechanic import EVERY_ACTIVITY, Handles, Listens, Mechanic, Phase
from besitos.game.paying import Payable
from besitos.mechanics.daily_gift.decide import claim, give_unasked, stay
from besitos.mechanics.daily_gift.model import DAILY_GIFT_SECTION, ClaimDailyGift, DailyGiftRules, GiftAtWork

SETTINGS = "member.settings"


def compile_rules(document: Document) -> Iterable[tuple[str, GiftAtWork]]:
    """The gift of a game that has one."""
    for rules in document.all("daily_gift").values():
        assert isinstance(rules, DailyGiftRules)
        asking = Asking.of(rules.requires, Vocabulary(document))
        yield "daily_gift", GiftAtWork(Payable(rules.pays), asking, rules.day, rules.auto)


DAILY_GIFT = Mechanic(
    name="daily_gift",
    sections=(DAILY_GIFT_SECTION,),
    compile=compile_rules,
    handles=(Handles(ClaimDailyGift, claim, is_public=True),),
    listens=(
        Listens(lambda rules: (EVERY_ACTIVITY,) if rules.is_auto else (), give_unasked, Phase.GIFT),
        Listens(lambda _: (SETTINGS,), stay, Phase.DUE),
    ),
)
