"""Members: who is banned, and what a member says of themselves."""

from collections.abc import Iterable

from besitos.game.document import Document
from besitos.game.mechanic import EVERY_ACTIVITY, Gives, Handles, Listens, Mechanic, Phase
from besitos.mechanics.member.decide import ban, change_settings, give_flag, unban, welcome
from besitos.mechanics.member.model import BanMember, ChangeSettings, UnbanMember


def compile_rules(document: Document) -> Iterable[tuple[str, None]]:  # noqa: ARG001 - as every mechanic
    """There is nothing to design: every game has members."""
    yield "member", None


MEMBER = Mechanic(
    name="member",
    compile=compile_rules,
    handles=(Handles(BanMember, ban), Handles(UnbanMember, unban), Handles(ChangeSettings, change_settings)),
    listens=(Listens(lambda _: (EVERY_ACTIVITY,), welcome, Phase.DUE),),
    gives=(Gives("flags", give_flag),),
)
