"""Daily gift: what members ask, what we remember, what the operator may change."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pydantic import Field

from besitos.core.activity import Activity
from besitos.core.calendar import Whose
from besitos.core.state import Hot, State
from besitos.game.asking import Asking
from besitos.game.condition import If
from besitos.game.definition import Setting
from besitos.game.paying import Payable
from besitos.game.payout import Payout
from besitos.game.section import Section
from besitos.game.units import YesNo


class ClaimDailyGift(Activity, frozen=True, tag="daily.claim"):
    """A member asks for today's gift."""


class DailyGift(State, frozen=True):
    """One member's standing: the last day they claimed.

    `moved_on` is the day on which they last said a zone, which lasts until `moved_until` whatever that zone is.
    """

    last_claimed_on: date | None = None
    moved_on: date | None = None
    moved_until: datetime | None = None


GIFT = Hot("daily_gift", DailyGift)


class DailyGiftReason(StrEnum):
    """Why a claim does not stand."""

    ALREADY_CLAIMED = "daily_gift.already_claimed"


class DailyGiftRules(Setting):
    """What one claim gives, and when the next day begins."""

    pays: Payout = Field(description="What one claim gives.")
    day: Whose = Field("utc", description="Whose midnight ends the day.")
    auto: YesNo = Field(False, description="Whether the first activity of the day claims it without being asked.")
    requires: If = Field((), alias="if", description="Who may claim it; all lines must hold.")


DAILY_GIFT_SECTION = Section("daily_gift", "daily_gift", DailyGiftRules, single=True, sources=lambda _: ("daily_gift",))


@dataclass(frozen=True, slots=True)
class GiftAtWork:
    """The rules, compiled: what a claim is decided by."""

    pays: Payable
    asking: Asking
    day: Whose
    is_auto: bool
