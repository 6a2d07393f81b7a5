"""VIP: what operators do, and what they may write."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from besitos.core.activity import Activity
from besitos.game.condition import If
from besitos.game.definition import Named, Setting
from besitos.game.known import Checked
from besitos.game.lists import ChannelNames, Distinct
from besitos.game.payout import Payout
from besitos.game.problem import Finding
from besitos.game.section import Section
from besitos.game.units import Duration, Money, Whole, YesNo


class GiveVip(Activity, frozen=True, kw_only=True, tag="vip.give"):
    """An operator gives VIP time, in seconds, and may say why."""

    lasts: int
    reason: str = ""


class EndVip(Activity, frozen=True, kw_only=True, tag="vip.end"):
    """An operator ends VIP time now, without grace, and may say why."""

    reason: str = ""


class ExpireVip(Activity, frozen=True, kw_only=True, tag="vip.expire"):
    """VIP time, and the grace after it, may be over. Comes from a timer."""


class VipReason(StrEnum):
    """Why VIP time is neither given nor ended."""

    NO_TIME = "vip.no_time"
    TOO_LONG = "vip.too_long"
    NOT_VIP = "vip.not_vip"


@dataclass(frozen=True, slots=True)
class VipAtWork:
    """What VIP time is reckoned by: `grace` is how long after its end a member is VIP still."""

    grace: timedelta


REMINDERS = (Duration.read("3d"), Duration.read("1d"))


class Vip(Setting):
    """What comes before the end of VIP time, and after it."""

    reminders: Annotated[tuple[Duration, ...], Field(max_length=10), Distinct()] = Field(
        REMINDERS, description="How long before the end a member is told of it."
    )
    grace: Duration = Field(Duration.read("1d"), description="How long after the end a member is VIP still.")
    channels: ChannelNames = Field((), description="The channels that VIP members may enter.")


class Plan(Named):
    """VIP time at a price: in Telegram stars, in money, in both, or free of charge to try it."""

    lasts: Duration = Field(description="How much VIP time it gives.")
    stars: Whole | None = Field(None, description="Its price in Telegram stars.")
    price: Money | None = Field(None, description="Its price in money.")
    trial: YesNo = Field(False, description="Free of charge, once per member.")
    requires: If = Field((), alias="if", description="Who may take it; all lines must hold.")
    pays: Payout | None = Field(None, description="What it gives besides.")


def check_plan(one: Checked[Plan]) -> Iterator[Finding]:
    """It has a price, or is there to be tried."""
    plan = one.definition
    if plan.trial == (plan.stars is not None or plan.price is not None):
        yield Finding((), "plan.price_or_trial", at_key=True)


VIP_SECTION = Section("vip", "vip", Vip, single=True, is_pending=True)
PLANS_SECTION = Section("plans", "plan", Plan, check=check_plan, sources=lambda _: ("plan",), is_pending=True)
