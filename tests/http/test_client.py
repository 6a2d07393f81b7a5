"""A client made from the OpenAPI document alone goes through a day of an application."""

from typing import Any

import httpx2
import msgspec
import pytest
from aiopenapi3 import OpenAPI  # type: ignore[import-untyped]  # it has types and no mark that says so
from aiopenapi3.errors import HTTPError  # type: ignore[import-untyped]  # as above

from tests.http.caller import Caller


@pytest.fixture
async def made(app: Caller) -> Any:  # noqa: ANN401 - made at run time
    """The operations of a client, made in memory: models of what goes in and comes out, and a method each."""

    def session(**more: Any) -> httpx2.AsyncClient:  # noqa: ANN401 - what the client asks for
        more.pop("transport", None)
        return httpx2.AsyncClient(transport=httpx2.ASGITransport(app.api.app), **more)

    api = OpenAPI("http://besitos.test/openapi.json", app.api.app.document, session, use_operation_tags=False)
    api.authenticate(ApiKey=app.key)
    return api._


async def test_a_generated_client_passes_a_day(made: Any) -> None:  # noqa: ANN401 - made at run time
    ana = await made.create_member(data={"external_id": "ana", "display_name": "Ana"})
    bea = await made.create_member(data={"telegram_id": 42})
    of_ana, of_bea = {"member": ana.member_id}, {"member": "tg:42"}

    told = await made.send_activity(data={"key": "m1", "member": "ana", "kind": "message.posted"})
    given = await made.grant(data={"amount": 100}, parameters={**of_ana, "Idempotency-Key": "g1"})
    again = await made.grant(data={"amount": 100}, parameters={**of_ana, "Idempotency-Key": "g1"})
    await made.spend(data={"amount": 30, "sink": "shop"}, parameters={**of_ana, "Idempotency-Key": "s1"})
    await made.gift(data={"amount": 20, "to": bea.member_id}, parameters={**of_ana, "Idempotency-Key": "r1"})
    await made.claim_daily_gift(parameters=of_bea)
    undone = await made.reverse_transfer(
        data={"policy": "to_zero"},
        parameters={"transfer_id": given.paid[0].transfer_id, "Idempotency-Key": "u1"},
    )
    batch = await made.send_activities(
        data={"activities": [{"key": f"b{number}", "member": "carla", "kind": "salary.paid"} for number in range(3)]}
    )

    assert told.paid[0].amount == 2
    assert given == again
    assert undone.paid[0].amount == -52
    assert [each.status for each in batch.results] == [201, 201, 201]
    balances = await made.get_balances(data={"members": [ana.member_id, "tg:42", "ext:carla"]})
    assert [each.currencies.root["besitos"].balance for each in balances.balances] == [0, 30, 300]
    page = await made.get_history(parameters={**of_ana, "limit": 3})
    rest = await made.get_history(parameters={**of_ana, "cursor": page.next})
    assert [each.amount for each in (*page.lines, *rest.lines)] == [-52, -20, -30, 100, 2]


async def test_a_generated_client_links_and_sees_problems(made: Any) -> None:  # noqa: ANN401 - made at run time
    await made.create_member(data={"external_id": "ana"})
    code = await made.create_link_code(parameters={"member": "ext:ana"})
    linked = await made.link_member(data={"code": code.code}, parameters={"member": "tg:7"})
    found = await made.get_member(parameters={"member": "tg:7"})
    balance = await made.get_balance(parameters={"member": "tg:7"})

    assert linked == found
    assert balance.currencies.root["besitos"].available == 0
    with pytest.raises(HTTPError, match="409") as refused:
        await made.spend(data={"amount": 5}, parameters={"member": "tg:7", "Idempotency-Key": "s"})
    assert msgspec.json.decode(refused.value.data)["code"] == "ledger.insufficient_funds"
