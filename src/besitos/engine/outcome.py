"""Outcomes: what a caller is told, what is stored, and what a replay returns again."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import msgspec

from besitos.core.account import Account
from besitos.core.decision import Rejected
from besitos.core.payout import Given


class Status(StrEnum):
    """How an activity ended.

    Accepted and rejected ones are remembered under their key. A conflict is a key reused for something
    else; an invalid one is a mistake of form; a failed one met a bug and waits among the dead letters.
    These three change nothing, and the key stays as it was.
    """

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CONFLICT = "conflict"
    INVALID = "invalid"
    FAILED = "failed"


class EngineReason(StrEnum):
    """Why the engine itself refuses, or stops."""

    UNHANDLED = "activity.unhandled"
    UNKNOWN_MEMBER = "member.unknown"
    BANNED = "member.banned"
    MAX_BALANCE = "ledger.max_balance"
    KEY_CONFLICT = "activity.key_conflict"
    FAILED = "activity.failed"
    TOO_DEEP = "rounds.too_deep"
    BOOSTED = "boost.multiplied"
    NOT_THERE = "payout.not_there"
    GIVEN = "payout.given"


class Paid(msgspec.Struct, frozen=True, array_like=True):
    """What one account got or gave, stored as `[definition, member_id, account, amount, balance, transfer_id]`."""

    definition: str
    member_id: int
    account: str
    amount: int
    balance: int
    transfer_id: str


class Step(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of the trace: which definition had something to say, and what."""

    definition: str
    reason: str = ""
    details: dict[str, Any] = {}


class Outcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """How an activity ended. `trace` says why something was not paid, or not in full; it is kept for 90 days."""

    status: Status = Status.ACCEPTED
    reason: str = ""
    details: dict[str, Any] = {}
    paid: tuple[Paid, ...] = ()
    trace: tuple[Step, ...] = ()
    replayed: bool = False

    @property
    def accepted(self) -> bool:
        """Whether the activity stands."""
        return self.status is Status.ACCEPTED

    def paid_to(self, account: Account) -> int:
        """What `account` got in all, less what it gave."""
        return sum(
            paid.amount for paid in self.paid if (paid.member_id, paid.account) == (account.member_id, account.name)
        )


def given_step(definition: str, given: Given) -> Step:
    """The line that tells what a definition gave besides money."""
    return Step(definition, EngineReason.GIVEN.value, {"word": given.word, "key": given.key, "count": given.count})


def given_in(outcome: Outcome) -> Mapping[str, Sequence[Given]]:
    """What was given besides money, by the definition that gave it; told as long as there is a trace."""
    found: dict[str, list[Given]] = {}
    for step in outcome.trace:
        if step.reason == EngineReason.GIVEN:
            found.setdefault(step.definition, []).append(Given(**step.details))
    return found


def plain(details: Mapping[str, object]) -> dict[str, Any]:
    """Details as JSON has them, so that the first answer is the same as every later one."""
    return {name: msgspec.to_builtins(value) for name, value in details.items()}


def refused(rejected: Rejected, trace: tuple[Step, ...] = ()) -> Outcome:
    """The outcome of an activity whose handler said no."""
    return Outcome(Status.REJECTED, rejected.reason.value, plain(rejected.details), trace=trace)


def invalid(rejected: Rejected) -> Outcome:
    """The outcome of something that is not an activity of this game, or nobody's."""
    return Outcome(Status.INVALID, rejected.reason.value, plain(rejected.details))


def failed(error: Exception) -> Outcome:
    """The outcome of an activity that met a bug. It waits among the dead letters, and its key stays free."""
    return Outcome(Status.FAILED, EngineReason.FAILED.value, {"error": repr(error)[:500]})
