"""Activities: what members do, told one by one or in bulk."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from besitos.core.activity import Activity
from besitos.core.decision import Rejected
from besitos.engine.intake import IntakeReason, Sent
from besitos.engine.refs import name_of
from besitos.store.protocol import MemberRef
from besitos.surfaces.http.body import BATCH_BODY_MAX, Json, read_json, validate
from besitos.surfaces.http.call import Call
from besitos.surfaces.http.documented import Documented, KeyUse
from besitos.surfaces.http.keys import Scope
from besitos.surfaces.http.models import Body, Moment, OutcomeRead, ProblemRead, Read
from besitos.surfaces.http.outcomes import accepted, refusal
from besitos.surfaces.http.problem import Refused, problem_of
from besitos.surfaces.http.refs import SentRef
from besitos.surfaces.texts import Texts

BATCH_MAX = 10_000
SLICE = 500
"""How many of a batch are committed together: single activities take turns with these."""

ASKS_THE_GAME = frozenset({IntakeReason.UNKNOWN_KIND, IntakeReason.UNKNOWN_ATTRIBUTE, IntakeReason.WRONG_ATTRIBUTE})
"""Refusals that a newer version of the game may not share."""

router = APIRouter(tags=["activities"])

Value = Annotated[Any, Field(json_schema_extra={"type": ["string", "number", "boolean"]})]


EXAMPLE = {
    "key": "message-1001",
    "member": "student-9",
    "kind": "message.posted",
    "at": "2026-11-20T09:00:00Z",
    "attributes": {"chat": "general"},
}


class ActivityBody(Body, json_schema_extra={"examples": [EXAMPLE]}):
    """Something that a member did."""

    key: str | None = Field(
        None,
        min_length=1,
        max_length=255,
        description="Names this attempt, in at most 255 bytes. It may stand in `Idempotency-Key` instead.",
    )
    member: SentRef
    kind: str = Field(min_length=1, max_length=100, description="A kind that is built in or that the game declares.")
    at: Moment | None = Field(None, description="When it happened; without it, now. The past needs the scope `late`.")
    attributes: dict[Annotated[str, Field(max_length=100)], Value] = Field(
        {}, description="What there is to say of it: texts, exact numbers, yes or no."
    )


class BatchBody(Body):
    """Activities, in the order in which they are decided."""

    activities: list[Any] = Field(
        min_length=1,
        max_length=BATCH_MAX,
        json_schema_extra={"items": {"$ref": "#/components/schemas/ActivityBody"}},
    )


class ResultRead(Read):
    """What became of one item: the status that it would have had alone, and its outcome or its problem."""

    index: int = Field(description="Its place in the batch, from 0.")
    status: int = Field(examples=[201])
    replayed: bool = Field(description="Whether this is the answer that its key got the first time.")
    outcome: OutcomeRead | None
    problem: ProblemRead | None


class BatchRead(Read):
    """One result for each item, in the same order."""

    results: list[ResultRead]


MEMBER_OF = {
    "balance": {
        "operationId": "get_balance",
        "parameters": {"member": "$response.body#/member_id"},
        "description": "What the member has now.",
    }
}


@router.post(
    "/activities",
    operation_id="send_activity",
    summary="Tell of an activity",
    **Documented(
        scope=Scope.ACTIVITIES,
        body=ActivityBody,
        answers={201: OutcomeRead},
        refuses=(404, 409),
        key=KeyUse.OPTIONAL,
        links=MEMBER_OF,
    ).arguments(),
)
async def send_activity(request: Request) -> Response:
    """Tell of something that a member did, and learn what it came to.

    Who is named by an external id and not known yet becomes a member. The key stands in the body or in
    `Idempotency-Key`; 400 `key.missing` without one.
    """
    call = await Call.open(request, Scope.ACTIVITIES)
    sent = sent_of(await call.body(ActivityBody), call.key())
    activity = await _admitted(call, sent)
    return await call.decide(activity)


@router.post(
    "/activities/batch",
    operation_id="send_activities",
    summary="Tell of many activities",
    **Documented(scope=Scope.ACTIVITIES, body=BatchBody, answers={200: BatchRead}).arguments(),
)
async def send_activities(request: Request) -> Response:
    """Tell of up to 10,000 activities. Each has its own result; the bad ones do not keep the good ones out.

    When the database goes away on the way the whole batch is answered with 503. What was done by then is done:
    send the batch again as it was, and the same keys get the same answers.
    """
    call = await Call.open(request, Scope.ACTIVITIES)
    sent = await read_json(call.request, BATCH_BODY_MAX)
    batch = validate(BatchBody, Json(sent.value, has_escapes=False))
    items = [Json(each, sent.has_escapes) for each in batch.activities]
    results: list[dict[str, Any]] = []
    for start in range(0, len(items), SLICE):
        results += await _decide(call, items[start : start + SLICE], start)
    return Response(_encode({"results": results}), 200, media_type="application/json")


def sent_of(body: ActivityBody, key: str | None = None) -> Sent:
    """What was told, under the key of the body or of the header, which must not be two."""
    if body.key is not None and key is not None and body.key != key:
        raise Refused(422, "key.two")
    named = key if body.key is None else body.key
    if named is None:
        raise Refused(400, "key.missing")
    return Sent(named, body.member, body.kind, body.at, body.attributes)


async def refusal_of(call: Call, sent: Sent, now: datetime) -> Rejected | None:
    """Why this is no activity. What the game does not know it may know since another process applied a version."""
    fault = call.intake.refuse(sent, call.service.engine.game, now)
    if fault is None or fault.reason not in ASKS_THE_GAME:
        return fault
    await call.service.games.catch_up(await call.service.store.versions.latest())
    return call.intake.refuse(sent, call.service.engine.game, now)


async def _admitted(call: Call, sent: Sent) -> Activity:
    """The activity, of a member who exists by now."""
    now = call.service.clock.now()
    fault = await refusal_of(call, sent, now)
    if fault is not None:
        raise Refused(422, fault.reason.value, fault.details)
    found = await call.service.directory.open((sent.member,))
    if sent.member not in found:
        raise unknown(sent.member)
    return call.intake.activity(sent, found[sent.member], call.service.engine.game, now)


async def _decide(call: Call, items: Sequence[Json], start: int) -> list[dict[str, Any]]:
    """One slice: what is wrong in form is answered, the rest is decided together."""
    now, intake = call.service.clock.now(), call.intake
    refused: dict[int, Refused] = {}
    sent: dict[int, Sent] = {}
    for index, item in enumerate(items, start):
        try:
            told = sent_of(validate(ActivityBody, item))
        except Refused as wrong:
            refused[index] = wrong
            continue
        fault = await refusal_of(call, told, now)
        if fault is None:
            sent[index] = told
        else:
            refused[index] = Refused(422, fault.reason.value, fault.details)

    known = await call.service.directory.open({each.member for each in sent.values()})
    refused |= {index: unknown(each.member) for index, each in sent.items() if each.member not in known}
    game = call.service.engine.game
    activities = {
        index: intake.activity(each, known[each.member], game, now)
        for index, each in sent.items()
        if index not in refused
    }
    outcomes = await call.service.engine.run(list(activities.values())) if activities else []

    results = {index: _wrong(index, each, call.texts) for index, each in refused.items()}
    for (index, activity), outcome in zip(activities.items(), outcomes, strict=True):
        if outcome.accepted:
            results[index] = _result(index, 201, accepted(activity, outcome), None)
        else:
            results[index] = _wrong(index, refusal(activity, outcome), call.texts)
        results[index]["replayed"] = outcome.replayed
    return [results[index] for index in sorted(results)]


def unknown(ref: MemberRef) -> Refused:
    """There is no such member, and our own ids are never invented."""
    return Refused(404, "member.unknown", {"member": name_of(ref)})


def _wrong(index: int, refused: Refused, texts: Texts) -> dict[str, Any]:
    return _result(index, refused.status, None, problem_of(refused, texts))


def _result(
    index: int, status: int, outcome: Mapping[str, Any] | None, problem: Mapping[str, Any] | None
) -> dict[str, Any]:
    return {"index": index, "status": status, "replayed": False, "outcome": outcome, "problem": problem}


_encode = msgspec.json.Encoder(decimal_format="number").encode
