"""Daily gift: the route."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from besitos.mechanics.daily_gift.model import ClaimDailyGift
from besitos.surfaces.http.call import Call
from besitos.surfaces.http.documented import Documented, KeyUse
from besitos.surfaces.http.keys import Scope

router = APIRouter(tags=["daily gift"])


@router.post(
    "/members/{member}/daily-gift",
    operation_id="claim_daily_gift",
    summary="Claim today's gift",
    **Documented.order(Scope.ACTIVITIES, key=KeyUse.OPTIONAL).arguments(),
)
async def claim_daily_gift(request: Request) -> Response:
    """Claim today's gift for a member. 409 `daily_gift.already_claimed`, with `retry_at`, when it was."""
    call = await Call.open(request, Scope.ACTIVITIES)
    return await call.decide(ClaimDailyGift(**call.common(call.some_key(), await call.member())))
