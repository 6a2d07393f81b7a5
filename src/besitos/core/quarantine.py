"""Payouts that wait for review, and members whom a cap has noticed."""

from datetime import datetime

from besitos.core.account import QUARANTINE, Account, hold
from besitos.core.activity import JOB, Activity
from besitos.core.payout import Given, currency_of
from besitos.core.state import Row, State


class Waiting(State, frozen=True):
    """A payout in quarantine: its amounts stand in holds of the member, minted but not yet earned.

    All of it happens at its release: penalties, which are below 0 and in no hold, and what else it gives wait here.
    """

    amounts: tuple[tuple[str, int], ...] = ()
    source: str = ""
    cause: str = ""
    since: datetime | None = None
    releases_at: datetime | None = None
    givings: tuple[Given, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.amounts or self.givings)


class Anomaly(State, frozen=True):
    """How often a member went above a cap that only reports, and when."""

    times: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None


WAITING = Row("quarantine", Waiting)
ANOMALY = Row("anomaly", Anomaly)


class ReleasePayout(Activity, frozen=True, kw_only=True, tag="quarantine.release"):
    """The payout is earned after all: its time is up, or somebody has reviewed it."""

    payout: str


class RefusePayout(Activity, frozen=True, kw_only=True, tag="quarantine.refuse"):
    """Somebody has reviewed the payout and it is not earned: it is burned."""

    payout: str


def held_in(member_id: int, payout: str, word: str) -> Account:
    """The hold in which one amount of a payout waits."""
    return hold(member_id, f"{QUARANTINE}/{payout}", currency_of(word))


def release_key(member_id: int, payout: str) -> str:
    """The key of the timer that releases a payout. Of those due together, what has waited longest comes first."""
    return f"{JOB}quarantine.release/{member_id}/{payout}"
