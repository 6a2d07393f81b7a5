"""Outcomes of the engine as answers: the status, and a body that a repetition gets again to the letter."""

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.responses import Response
from starlette.types import Scope

from besitos.core.activity import Activity
from besitos.engine.outcome import EngineReason, Outcome, Status
from besitos.surfaces.http.problem import Refused, respond
from besitos.surfaces.http.service import texts_in

REPLAYED = {"idempotent-replayed": "true"}

NOT_FOUND = frozenset(
    {EngineReason.UNKNOWN_MEMBER.value, "ledger.unknown_transfer", "mission.unknown", "reward.unknown"}
)
"""What was named and is not there: 404, whether or not it is remembered."""

STATUS = {Status.ACCEPTED: 201, Status.REJECTED: 409, Status.CONFLICT: 422, Status.INVALID: 422, Status.FAILED: 500}

_encode = msgspec.json.Encoder(decimal_format="number").encode


def reply(activity: Activity, outcome: Outcome, scope: Scope) -> Response:
    """The answer to a single activity."""
    headers = REPLAYED if outcome.replayed else {}
    if outcome.accepted:
        return Response(_encode(accepted(activity, outcome)), 201, headers, "application/json")
    refused = refusal(activity, outcome)
    refused.headers |= headers
    return respond(refused, texts_in(scope))


def refusal(activity: Activity, outcome: Outcome) -> Refused:
    """Why an activity does not stand. What a failure of ours was like is for the operator, not for the caller."""
    status = 404 if outcome.reason in NOT_FOUND else STATUS[outcome.status]
    details: Mapping[str, Any] = outcome.details
    if outcome.status is Status.FAILED:
        details = {}
    elif outcome.status is Status.CONFLICT:
        details = {"key": own_key(activity)}
    return Refused(status, outcome.reason, details)


def own_key(activity: Activity) -> str:
    """The key as its client chose it, without `api:<client>:`."""
    return activity.key.split(":", 2)[2]


def accepted(activity: Activity, outcome: Outcome) -> dict[str, Any]:
    """The body of an accepted activity, as `OutcomeRead` says."""
    return {
        "status": "accepted",
        "key": own_key(activity),
        "member_id": str(activity.member_id),
        "kind": activity.topic,
        "paid": [
            {
                "definition": paid.definition,
                "member_id": str(paid.member_id),
                "account": paid.account,
                "amount": paid.amount,
                "balance": paid.balance,
                "transfer_id": paid.transfer_id,
            }
            for paid in outcome.paid
        ],
        "trace": [
            {"definition": step.definition, "reason": step.reason, "details": step.details} for step in outcome.trace
        ],
    }
