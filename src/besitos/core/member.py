"""What every mechanic may know of a member."""

from datetime import datetime
from enum import StrEnum

from besitos.core.state import Hot, State


class MemberType(StrEnum):
    """How a member stands in the community."""

    FREE = "free"
    VIP = "vip"


class Profile(State, frozen=True):
    """The part of a member that rules ask about. Who is banned keeps their type, and is paid nothing.

    `joined_at` is the first thing that is known of them. `vip_until` is when their VIP time ends, None where it
    does not end by itself.
    """

    type: MemberType = MemberType.FREE
    is_banned: bool = False
    zone: str | None = None
    joined_at: datetime | None = None
    vip_until: datetime | None = None

    @property
    def is_vip(self) -> bool:
        """Whether amounts for VIP members hold."""
        return self.type is MemberType.VIP


PROFILE = Hot("profile", Profile, wakes=True)
