"""Gifts between members: what the operator may write."""

from collections.abc import Iterator

from pydantic import Field

from besitos.game.checking.amounts import of_a_member
from besitos.game.definition import Setting
from besitos.game.known import Checked
from besitos.game.lists import Limits
from besitos.game.problem import Finding
from besitos.game.section import Section
from besitos.game.units import Duration, Percent, YesNo


class Gifts(Setting):
    """What members may give to each other of what is theirs."""

    sent: Limits = Field((), description="How often or how much a member may give.")
    received: Limits = Field((), description="How often or how much a member may be given.")
    member_for: Duration = Field(Duration.read("7d"), description="How long one is a member before giving.")
    fee: Percent = Field(Percent.read("0%"), description="What is burned of each gift.")
    items: YesNo = Field(True, description="Whether items may be given too.")


def check_gifts(one: Checked[Gifts]) -> Iterator[Finding]:
    """Gifts are counted in times or in what they come to."""
    yield from of_a_member(one.definition.sent, "sent", of_times=False)
    yield from of_a_member(one.definition.received, "received", of_times=False)


GIFTS_SECTION = Section("gifts", "gifts", Gifts, single=True, check=check_gifts, is_pending=True)
