"""Daily gift: the route."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from besitos.mechanics.daily_gift.model import ClaimDailyGift
from besitos.surfaces.http.call import Call
from besitos.surfaces.http.documented import MEMBER, Documented, KeyUse
from besitos.surfaces.http.keys import Scope
from besitos.surfaces.http.models import OutcomeRead

router = APIRouter(tags=["daily gift"])


@router.post(
    "/members/{member}/daily-gift",
    operation_id="claim_daily_gift",
    summary="Claim today's gift",
    **Documented(
        scope=Scope.ACTIVITIES,
        answers={201: OutcomeRead},
        refuses=(404, 409),
        key=KeyUse.OPTIONAL,
        parameters=[MEMBER],
    ).arguments(),
)
async def claim_daily_gift(request: Request) -> Response:
    """Claim today's gift for a member. 409 `daily_gift.already_claimed`, with `retry_at`, when it was."""
    call = await Call.open(request, Scope.ACTIVITIES)
    claim = ClaimDailyGift(
        key=f"{call.client.scope}:{call.some_key()}",
        member_id=await call.member(),
        occurred_at=call.service.clock.now(),
        is_dated=False,
    )
    return await call.decide(claim)
