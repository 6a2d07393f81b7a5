"""Money over HTTP."""

from tests.http.caller import Caller, new_key


async def test_a_grant_is_answered_with_what_was_paid(shop: Caller) -> None:
    ana = await shop.member("ana")

    answer = await shop.post("/members/ext:ana/grants", {"amount": 50}, key="first")

    assert answer.status_code == 201
    assert answer.json() == {
        "status": "accepted",
        "key": "first",
        "member_id": ana,
        "kind": "ledger.grant",
        "paid": [
            {
                "definition": "transfer",
                "member_id": ana,
                "account": "besitos",
                "amount": 50,
                "balance": 50,
                "transfer_id": f"{ana}-1",
            }
        ],
        "trace": [],
    }
    assert await shop.balance("ext:ana") == 50
