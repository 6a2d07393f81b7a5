"""Transfers: the routes by which money is given, spent, handed on, undone and looked at."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from besitos.core.account import BESITOS
from besitos.core.transaction import TransactionType
from besitos.core.transfer import Policy
from besitos.core.view import View
from besitos.engine.refs import name_of
from besitos.mechanics.transfer.model import ADMIN, SINKS, Gift, Grant, ReverseTransfer, Spend
from besitos.store.protocol import MemberRef
from besitos.store.reads import PAGE_MAX, Card, Line, cards, history
from besitos.store.transfers import first_row
from besitos.surfaces.http.call import Call, answer
from besitos.surfaces.http.documented import Documented, KeyUse, in_path, in_query
from besitos.surfaces.http.keys import Scope
from besitos.surfaces.http.models import (
    Amount,
    Body,
    CurrencyName,
    MemberId,
    Metadata,
    Moment,
    NoteText,
    OutcomeRead,
    Read,
)
from besitos.surfaces.http.pages import CURSOR, LIMIT, Page, page_of, text_in
from besitos.surfaces.http.problem import Refused
from besitos.surfaces.http.profile import ProfilePart
from besitos.surfaces.http.refs import OwnRef

BALANCES_MAX = 1_000
PAGE_USUAL = 20
ACCOUNT_MAX = 255

router = APIRouter(tags=["ledger"])

Name = Annotated[str, Field(min_length=1, max_length=100)]


class OrderBody(Body):
    """What every order says."""

    amount: Amount
    currency: CurrencyName = BESITOS
    note: NoteText = ""
    metadata: Metadata = Field(default_factory=dict)


class GrantBody(OrderBody, json_schema_extra={"examples": [{"amount": 100, "note": "Gracias por ayudar"}]}):
    """Money for a member."""

    source: Name = Field(ADMIN, description="Where it is booked: a source of the game.")
    expires_at: Moment | None = Field(None, description="When what is left of it expires; without it, never.")


class SpendBody(
    OrderBody, json_schema_extra={"examples": [{"amount": 30, "sink": "shop", "metadata": {"order": "A-17"}}]}
):
    """Money of a member, for something that they got elsewhere."""

    sink: Name = Field(ADMIN, description="Where it is booked.", examples=sorted(SINKS))


class GiftBody(OrderBody, json_schema_extra={"examples": [{"to": "ext:student-4", "amount": 5}]}):
    """Money from a member to another."""

    to: OwnRef


class ReversalBody(Body, json_schema_extra={"examples": [{"policy": "to_zero", "note": "Pago repetido"}]}):
    """How a transfer is undone."""

    policy: Literal["forgive", "to_zero", "debt"] = Field(
        "forgive",
        description="What becomes of money that was spent since: it is forgiven; what is there is taken, whatever it "
        "is; or it is owed, and the next earnings repay it.",
    )
    note: NoteText = ""


class ExpiringRead(Read):
    """A part of a balance that expires."""

    at: datetime
    amount: int


class PurseRead(Read):
    """What a member has of one currency."""

    balance: int = Field(description="What the books say.")
    available: int = Field(description="What can be spent now: without what has expired and is not booked yet.")
    held: int = Field(description="What is promised, apart from the balance.")
    earned: int
    spent: int
    debt: int
    expiring: list[ExpiringRead]


class BalanceRead(Read):
    """What a member has, by currency."""

    member_id: MemberId
    currencies: dict[str, PurseRead]


class BalancePart(Read):
    """What a profile says of money."""

    balance: dict[str, PurseRead] = Field(description="By currency, with what will expire.")


class BalancesBody(Body, json_schema_extra={"examples": [{"members": ["ext:student-4", "ext:student-9"]}]}):
    """Members to look at."""

    members: list[OwnRef] = Field(min_length=1, max_length=BALANCES_MAX)


class BalancesRead(Read):
    """The balances of those who exist, at one moment, in the order asked for; of the others, the names."""

    balances: list[BalanceRead]
    unknown: list[str]


class LineRead(Read):
    """One line of a history: what a transfer did to one account."""

    seq: int = Field(description="The n-th movement of the member.")
    transfer_id: str
    account: str
    amount: int = Field(description="Below zero for what went out.")
    balance_after: int
    type: Literal[tuple(str(each.value) for each in TransactionType)]  # type: ignore[valid-type]  # every type there is
    counter: str = Field(description="The other side: `source:rule`, `sink:shop`, `member:…/besitos`.")
    activity: str = Field(description="The key of the activity that caused it, with its scope.")
    definition: str
    game_version: int
    note: str | None
    metadata: dict[str, Any]
    debt: int = Field(description="What it added to the member's debt.")
    reverses: str | None
    reversed_by: str | None
    occurred_at: datetime
    recorded_at: datetime


class HistoryRead(Read):
    """A page of a history, the newest first."""

    lines: list[LineRead]
    next: str | None = Field(description="The cursor of the page after this one; null on the last.")


TRANSFER = {
    "operationId": "reverse_transfer",
    "parameters": {"transfer_id": "$response.body#/paid/0/transfer_id"},
    "description": "Undo it.",
}
HISTORY = {
    "operationId": "get_history",
    "parameters": {"member": "$response.body#/member_id"},
    "description": "Where it stands in the books.",
}
TRANSFER_ID = in_path(
    "transfer_id",
    "As receipts and histories name it.",
    {"type": "string", "pattern": r"^[0-9]{1,19}-[0-9]{1,19}$"},
    example="373662154752-7",
)
ACCOUNT = in_query(
    "account",
    "Only this account: a currency, or a hold of it.",
    {"type": "string", "minLength": 1, "maxLength": ACCOUNT_MAX},
    example=BESITOS,
)


def _ordered(body: type[Body]) -> dict[str, Any]:
    """The document of a route that moves a member's money."""
    return Documented.order(Scope.LEDGER, body=body, links={"reversal": TRANSFER, "history": HISTORY}).arguments()


@router.post("/members/{member}/grants", operation_id="grant", summary="Give money", **_ordered(GrantBody))
async def grant(request: Request) -> Response:
    """Mint money for a member. With `expires_at` it is bonus money, to the end of that day (UTC)."""
    call = await Call.open(request, Scope.LEDGER)
    common, body = call.common(call.required_key(), await call.member()), await call.body(GrantBody)
    return await call.decide(Grant(**common, **body.model_dump()))


@router.post("/members/{member}/spends", operation_id="spend", summary="Take money", **_ordered(SpendBody))
async def spend(request: Request) -> Response:
    """Burn money of a member. 409 `ledger.insufficient_funds`, with `needed` and `available`, when it is not there."""
    call = await Call.open(request, Scope.LEDGER)
    common, body = call.common(call.required_key(), await call.member()), await call.body(SpendBody)
    return await call.decide(Spend(**common, **body.model_dump()))


@router.post("/members/{member}/gifts", operation_id="gift", summary="Hand money on", **_ordered(GiftBody))
async def gift(request: Request) -> Response:
    """Move money from the member in the path to another. What expires goes on expiring at the same time."""
    call = await Call.open(request, Scope.LEDGER)
    common, body = call.common(call.required_key(), await call.member()), await call.body(GiftBody)
    to = await call.member_of(body.to)
    return await call.decide(Gift(**common, **(body.model_dump() | {"to": to})))


@router.post(
    "/transfers/{transfer_id}/reversal",
    operation_id="reverse_transfer",
    summary="Undo a transfer",
    **Documented(
        scope=Scope.LEDGER,
        body=ReversalBody,
        answers={201: OutcomeRead},
        refuses=(404, 409),
        key=KeyUse.REQUIRED,
        parameters=[TRANSFER_ID],
    ).arguments(),
)
async def reverse_transfer(request: Request) -> Response:
    """Undo a transfer, once, with new lines that name the old ones. A reversal can be reversed like any other."""
    call = await Call.open(request, Scope.LEDGER)
    key, transfer_id = call.required_key(), request.path_params["transfer_id"]
    body = await call.body(ReversalBody)
    first = first_row(transfer_id)
    found = await call.service.directory.find((MemberRef(first[0]),)) if first and first[0] else {}
    if not found or first is None:
        raise Refused(404, "ledger.unknown_transfer", {"transfer": transfer_id[:100]})
    order = ReverseTransfer(
        **call.common(key, first[0]), transfer=transfer_id, policy=Policy(body.policy), note=body.note
    )
    return await call.decide(order)


@router.get(
    "/members/{member}/balance",
    operation_id="get_balance",
    summary="What a member has",
    **Documented.of_member(BalanceRead).arguments(),
)
async def get_balance(request: Request) -> Response:
    """What a member has, in every currency of the game."""
    call = await Call.open(request, Scope.READ)
    member_id = await call.member()
    found = await cards(call.service.store, (member_id,))
    return answer(balance_read(call, found[member_id]))


@router.post(
    "/balances",
    operation_id="get_balances",
    summary="What many members have",
    **Documented(scope=Scope.READ, body=BalancesBody, answers={200: BalancesRead}).arguments(),
)
async def get_balances(request: Request) -> Response:
    """What up to 1,000 members have, all as of one moment: money on its way between two of them is never seen twice."""
    call = await Call.open(request, Scope.READ)
    refs: list[MemberRef] = (await call.body(BalancesBody)).members
    known = await call.service.directory.find(set(refs))
    found = await cards(call.service.store, set(known.values()))
    wanted = dict.fromkeys(known[ref] for ref in refs if ref in known)
    unknown = dict.fromkeys(name_of(ref) for ref in refs if ref not in known)
    return answer(BalancesRead(balances=[balance_read(call, found[each]) for each in wanted], unknown=list(unknown)))


@router.get(
    "/members/{member}/history",
    operation_id="get_history",
    summary="What moved",
    **Documented.of_member(HistoryRead, CURSOR, LIMIT, ACCOUNT).arguments(),
)
async def get_history(request: Request) -> Response:
    """A member's movements, the newest first, a page at a time. `Link: <…>; rel="next"` leads to the next page.

    A page is named by where the one before ended, so what happens meanwhile shifts nothing.
    """
    call = await Call.open(request, Scope.READ)
    page = page_of(request, PAGE_USUAL, PAGE_MAX)
    member_id = await call.member()
    lines = await history(
        call.service.store,
        member_id,
        before=page.before,
        limit=min(page.limit + 1, PAGE_MAX),
        account=text_in(request, "account", ACCOUNT_MAX),
    )
    return _page(request, page, lines)


def _page(request: Request, page: Page, lines: list[Line]) -> Response:
    """One line more than was asked for says that there is another page; after the largest page, it may be empty."""
    shown = lines[: page.limit]
    is_more = len(lines) > page.limit or len(lines) == PAGE_MAX
    following = str(shown[-1].seq) if is_more else None
    found = answer(HistoryRead(lines=[line_read(each) for each in shown], next=following))
    if following is not None:
        found.headers["link"] = page.link(request, following)
    return found


def balance_read(call: Call, card: Card) -> BalanceRead:
    """What a member has now."""
    now = call.service.clock.now()
    purses = {}
    for currency in call.service.engine.game.document.currencies:
        wallet = card.wallet(currency)
        purses[currency] = PurseRead(
            balance=wallet.balance,
            available=wallet.spendable(now),
            held=card.held(currency),
            earned=wallet.earned,
            spent=wallet.spent,
            debt=wallet.debt,
            expiring=[
                ExpiringRead(at=lot.expires_at, amount=lot.amount) for lot in wallet.lots if lot.expires_at > now
            ],
        )
    return BalanceRead(member_id=str(card.member_id), currencies=purses)


def line_read(line: Line) -> LineRead:
    """A line as it is told."""
    details = line.details
    return LineRead(
        **{name: getattr(line, name) for name in LineRead.model_fields if hasattr(line, name)},
        metadata=details.get("metadata") or {},
        debt=details.get("debt", 0),
        reverses=details.get("reverses"),
    )


def balance_part(call: Call, _view: View, card: Card) -> BalancePart:
    """Money in a profile."""
    return BalancePart(balance=balance_read(call, card).currencies)


PART = ProfilePart(BalancePart, balance_part)
