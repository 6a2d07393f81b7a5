"""Members: who is banned, and what a member says of themselves."""

from collections.abc import Iterable

from besitos.game.asking import all_facts
from besitos.game.document import Document
from besitos.game.mechanic import EVERY_ACTIVITY, Gives, Handles, Listens, Mechanic, Phase
from besitos.mechanics.member.decide import ban, change_settings, come_of_age, give_flag, rests_until, unban, welcome
from besitos.mechanics.member.model import BanMember, ChangeSettings, ComeOfAge, MembersAtWork, UnbanMember


def compile_rules(document: Document) -> Iterable[tuple[str, MembersAtWork]]:
    """There is nothing to design: every game has members. What is asked of how long they have been is known."""
    asked = (fact.metric[1] for fact in all_facts(document) if fact.metric and fact.metric[0] == "member_for")
    ages = {age for wanted in asked for age in (wanted.low, None if wanted.high is None else wanted.high + 1)}
    yield "member", MembersAtWork(tuple(sorted(int(age) for age in ages if age is not None)))


MEMBER = Mechanic(
    name="member",
    compile=compile_rules,
    handles=(
        Handles(BanMember, ban),
        Handles(UnbanMember, unban),
        Handles(ChangeSettings, change_settings),
        Handles(ComeOfAge, come_of_age),
    ),
    listens=(Listens(lambda _: (EVERY_ACTIVITY,), welcome, Phase.DUE, rests_until=rests_until),),
    gives=(Gives("flags", give_flag),),
)
