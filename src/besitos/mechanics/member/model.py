"""Members: what operators decide about one, and why it may not stand."""

from dataclasses import dataclass
from enum import StrEnum

from besitos.core.activity import Activity
from besitos.core.state import Hot, State


class BanMember(Activity, frozen=True, kw_only=True, tag="member.ban"):
    """From now on what this member does is recorded and pays nothing."""


class UnbanMember(Activity, frozen=True, kw_only=True, tag="member.unban"):
    """The member is paid again. What was not paid meanwhile stays unpaid."""


class ChangeSettings(Activity, frozen=True, kw_only=True, tag="member.settings"):
    """What a member says of themselves. An empty zone is that of the game."""

    zone: str = ""


class ComeOfAge(Activity, frozen=True, kw_only=True, tag="member.of_age"):
    """Somebody has been a member for as long as a condition asks. Comes from a timer, dated when they have."""

    seconds: int


class Ages(State, frozen=True):
    """Under which version of the game the timer of a member was set that waits for an age. There is no version -1."""

    version: int = -1


AGES = Hot("ages", Ages)


@dataclass(frozen=True, slots=True)
class MembersAtWork:
    """What the game asks of members as such: the ages at which a condition may come to hold, in seconds."""

    ages: tuple[int, ...] = ()


class MemberReason(StrEnum):
    """Why a decision about a member does not stand."""

    ALREADY_BANNED = "member.already_banned"
    NOT_BANNED = "member.not_banned"
    UNKNOWN_ZONE = "member.unknown_zone"
