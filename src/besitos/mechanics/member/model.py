"""Members: what operators decide about one, and why it may not stand."""

from enum import StrEnum

from besitos.core.activity import Activity


class BanMember(Activity, frozen=True, kw_only=True, tag="member.ban"):
    """From now on what this member does is recorded and pays nothing."""


class UnbanMember(Activity, frozen=True, kw_only=True, tag="member.unban"):
    """The member is paid again. What was not paid meanwhile stays unpaid."""


class ChangeSettings(Activity, frozen=True, kw_only=True, tag="member.settings"):
    """What a member says of themselves. An empty zone is that of the game."""

    zone: str = ""


class MemberReason(StrEnum):
    """Why a decision about a member does not stand."""

    ALREADY_BANNED = "member.already_banned"
    NOT_BANNED = "member.not_banned"
    UNKNOWN_ZONE = "member.unknown_zone"
