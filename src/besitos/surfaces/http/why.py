"""Why: the route that explains what came of a member's activities."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from besitos.store.why import SHOWN_MAX, Explained, newest
from besitos.surfaces.http.call import Call, answer
from besitos.surfaces.http.documented import Documented, in_query
from besitos.surfaces.http.keys import Scope
from besitos.surfaces.http.models import MemberId, Read
from besitos.surfaces.http.pages import page_of
from besitos.surfaces.texts.missing import Missing, is_open
from besitos.surfaces.texts.why import Why

router = APIRouter(tags=["members"])

USUAL = 10
LIMIT = in_query(
    "limit", "How many activities.", {"type": "integer", "minimum": 1, "maximum": SHOWN_MAX, "default": USUAL}
)


class ToldRead(Read):
    """What one part of the game had to say: it paid, or why it did not."""

    part: str = Field(examples=["rule/charla"])
    name: str = Field(examples=["Charla"])
    reason: str = Field(description="Why it did not pay; empty where it did.", examples=["limit.reached"])
    amounts: dict[str, int] = Field(description="What it paid, by currency.", examples=[{"besitos": 1}])
    sentence: str = Field(description="The same in plain words, in the language asked for.")


class ExplainedRead(Read):
    """One activity, and what came of it."""

    key: str
    kind: str = Field(examples=["message.posted"])
    title: str
    occurred_at: datetime
    game_version: int = Field(description="The version of the game that decided.")
    told: list[ToldRead]


class WhyRead(Read):
    """The newest activities that paid or that have something to explain, newest first."""

    member_id: MemberId
    activities: list[ExplainedRead]


@router.get(
    "/members/{member}/why",
    operation_id="get_why",
    summary="Why a member was paid, or was not",
    **Documented.of_member(WhyRead, LIMIT).arguments(),
)
async def get_why(request: Request) -> Response:
    """Which rules, badges and missions paid for what a member did lately, and which did not and why.

    Traces are kept for 90 days, or as long as `BESITOS_KEEP_TRACES_DAYS` says; of what is older, what it paid is left,
    and what was refused is not listed. Operators see every line, secrets too.
    """
    call = await Call.open(request, Scope.READ)
    page = page_of(request, USUAL, SHOWN_MAX)
    member_id = await call.member()
    texts, document = call.texts, call.service.engine.game.document
    words = Why(texts, document, Missing(texts, document, is_open))
    found = await newest(call.service.store, member_id, page.limit)
    return answer(WhyRead(member_id=str(member_id), activities=[_read(each, words) for each in found]))


def _read(explained: Explained, words: Why) -> ExplainedRead:
    told = [
        ToldRead(part=each.part, name=each.name, reason=each.reason, amounts=dict(each.amounts), sentence=each.sentence)
        for each in words.told(explained)
    ]
    return ExplainedRead(
        key=explained.key.partition(":")[2],
        kind=explained.kind,
        title=words.title(explained),
        occurred_at=explained.occurred_at,
        game_version=explained.game_version,
        told=told,
    )
