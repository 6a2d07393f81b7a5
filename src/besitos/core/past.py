"""The past brought up to date: what a new metric comes to, what a new badge or rule would have given.

Each of these is said of one member, by a job, under a key that names the version of the game, what it is about and
whom: doing it twice changes nothing, and what was interrupted goes on.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec

from besitos.core.activity import Activity
from besitos.core.metric import Takes, Tally


class PastReason(StrEnum):
    """Why nothing is given for the past."""

    BANNED = "member.banned"


class RecallMetric(Activity, frozen=True, kw_only=True, tag="past.metric"):
    """A metric as it was before it was counted. `only` names windows where no more than these are new.

    `metric` is the name under which it is stored; of a metric that is kept per a value, the value follows a slash. What
    it takes is said, for the game may have it no longer by the time that this is done.
    """

    metric: str
    takes: Takes = "sum"
    tally: Tally = Tally()
    values: Mapping[str, int] = {}
    only: tuple[str, ...] = ()

    @property
    def content(self) -> Mapping[str, Any]:
        """With the numbers of buckets as words, which are all that JSON knows as names."""
        said: Mapping[str, Any] = msgspec.to_builtins(super().content, builtin_types=(Decimal,), str_keys=True)
        return said


class RecallThing(Activity, frozen=True, kw_only=True, tag="past.thing"):
    """A thing that began before anybody asked for it. Happens to nobody."""

    thing: str
    kept: Mapping[str, str] = {}


class BackFillBadge(Activity, frozen=True, kw_only=True, tag="past.badge"):
    """The past earned this badge, at `earned_at`. It is given without a word to the member."""

    badge: str
    earned_at: datetime
    value: str = ""


class BackFillRule(Activity, frozen=True, kw_only=True, tag="past.rule"):
    """This rule would have paid so much for `activity`, at `earned_at`."""

    rule: str
    earned_at: datetime
    activity: str
    amounts: tuple[tuple[str, int], ...] = ()
