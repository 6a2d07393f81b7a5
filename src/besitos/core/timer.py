"""Timers of a member's deadlines: an activity of theirs, dated at the instant at which it is due."""

from datetime import datetime

from besitos.core.activity import JOB, Activity, topic_of
from besitos.core.decision import Cancel, Schedule


def due(kind: type[Activity], member_id: int, at: datetime) -> Schedule:
    """Bring this about at that instant. Said again it is the same timer."""
    return Schedule(at, kind(key=_key(kind, member_id, at), member_id=member_id, occurred_at=at))


def no_longer_due(kind: type[Activity], member_id: int, at: datetime) -> Cancel:
    """Forget it."""
    return Cancel(_key(kind, member_id, at))


def _key(kind: type[Activity], member_id: int, at: datetime) -> str:
    """One for each instant: a key is decided once, and a member has many deadlines in a month."""
    return f"{JOB}{topic_of(kind)}/{member_id}/{at:%Y%m%d%H%M%S%f}"
