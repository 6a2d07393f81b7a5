"""Money over HTTP: given, spent, handed on, undone and looked at."""

from datetime import timedelta

import pytest

from besitos.engine.editing.manager import Manager, Signature
from besitos.mechanics import SECTIONS
from tests.http.caller import Api, Caller, new_key
from tests.http.conftest import GAME
from tests.world import document


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


async def test_a_spend_without_money_is_refused_with_what_is_missing(shop: Caller) -> None:
    await shop.member("ana")
    await shop.grant("ext:ana", 20)

    answer = await shop.post("/members/ext:ana/spends", {"amount": 50}, key=new_key())

    assert answer.status_code == 409
    assert answer.json() == {
        "type": "ledger.insufficient_funds",
        "title": "It does not stand",
        "status": 409,
        "detail": "Not enough: 50 besitos are needed and 20 are there.",
        "code": "ledger.insufficient_funds",
        "details": {"currency": "besitos", "needed": 50, "available": 20},
        "errors": [],
    }
    assert await shop.balance("ext:ana") == 20


async def test_a_spend_takes_and_a_gift_hands_on(shop: Caller) -> None:
    ana, bea = await shop.member("ana"), await shop.member("bea")
    await shop.grant(ana, 100)

    spent = await shop.post(f"/members/{ana}/spends", {"amount": 30, "sink": "shop"}, key=new_key())
    given = await shop.post(f"/members/{ana}/gifts", {"to": int(bea), "amount": 25}, key=new_key())

    assert (spent.status_code, given.status_code) == (201, 201)
    assert [await shop.balance(each) for each in (ana, bea)] == [45, 25]


@pytest.mark.parametrize("to", ["ext:bea", "tg:77"])
async def test_a_gift_names_the_other_in_any_way(app: Caller, to: str) -> None:
    await app.member("ana")
    kind, name = to.split(":")
    await app.post("/members", {"telegram_id": int(name)} if kind == "tg" else {"external_id": name})
    await app.grant("ext:ana", 10)

    answer = await app.post("/members/ext:ana/gifts", {"to": to, "amount": 10}, key=new_key())

    assert answer.status_code == 201
    assert await app.balance(to) == 10


@pytest.mark.parametrize(
    ("act", "body", "code"),
    [
        ("grants", {"amount": 1, "currency": "oro"}, "currency.unknown"),
        ("grants", {"amount": 1, "source": "nowhere"}, "ledger.unknown_source"),
        ("grants", {"amount": 1, "expires_at": "2020-01-01T00:00:00Z"}, "ledger.expired_lot"),
        ("spends", {"amount": 1, "sink": "nowhere"}, "ledger.unknown_sink"),
        ("spends", {"amount": 1, "currency": "xp"}, "currency.not_spendable"),
        ("gifts", {"amount": 1, "to": "ext:ana"}, "ledger.gift_to_oneself"),
        ("gifts", {"amount": 1, "to": "ext:bea", "currency": "xp"}, "currency.not_giftable"),
    ],
)
async def test_what_the_game_does_not_have_is_refused(
    app: Caller, act: str, body: dict[str, object], code: str
) -> None:
    await app.member("ana")
    await app.member("bea")

    answer = await app.post(f"/members/ext:ana/{act}", body, key=new_key())

    assert (answer.status_code, answer.json()["code"]) == (409, code)


@pytest.mark.parametrize("member", ["ext:nobody", "tg:1", "999999999999", "0"])
@pytest.mark.parametrize("act", ["grants", "spends", "gifts"])
async def test_money_of_nobody_is_not_found(app: Caller, act: str, member: str) -> None:
    body = {"amount": 1, "to": "ext:x"} if act == "gifts" else {"amount": 1}

    answer = await app.post(f"/members/{member}/{act}", body, key=new_key())

    assert (answer.status_code, answer.json()["code"]) == (404, "member.unknown")
    assert (await app.get(f"/members/{member}")).status_code == 404


async def test_a_transfer_is_undone_once(shop: Caller) -> None:
    ana = await shop.member("ana")
    transfer = (await shop.grant(ana, 40)).json()["paid"][0]["transfer_id"]

    first = await shop.post(f"/transfers/{transfer}/reversal", {"note": "dos veces"}, key=new_key())
    second = await shop.post(f"/transfers/{transfer}/reversal", {}, key=new_key())

    assert first.status_code == 201
    assert (second.status_code, second.json()["code"]) == (409, "ledger.already_reversed")
    assert await shop.balance(ana) == 0
    lines = (await shop.get(f"/members/{ana}/history")).json()["lines"]
    assert [(each["amount"], each["type"]) for each in lines] == [(-40, "REVERSAL"), (40, "EARN_ADMIN")]
    assert lines[0]["note"] == "dos veces"
    assert lines[0]["reverses"] == transfer
    assert lines[1]["reversed_by"] == lines[0]["transfer_id"]


@pytest.mark.parametrize(("policy", "balance", "debt"), [("forgive", 5, 0), ("to_zero", 0, 0), ("debt", 0, 25)])
async def test_a_policy_says_what_becomes_of_what_was_spent(app: Caller, policy: str, balance: int, debt: int) -> None:
    ana = await app.member("ana")
    transfer = (await app.grant(ana, 40)).json()["paid"][0]["transfer_id"]
    await app.post(f"/members/{ana}/spends", {"amount": 30}, key=new_key())
    await app.grant(ana, 5)

    await app.post(f"/transfers/{transfer}/reversal", {"policy": policy}, key=new_key())

    purse = (await app.get(f"/members/{ana}/balance")).json()["currencies"]["besitos"]
    assert (purse["balance"], purse["debt"], purse["spent"]) == (balance, debt, 30)


@pytest.mark.parametrize("transfer", ["1-1", "0-1", "99999999999999999999-1", "nonsense"])
async def test_a_transfer_that_never_was_is_not_found(app: Caller, transfer: str) -> None:
    answer = await app.post(f"/transfers/{transfer}/reversal", {}, key=new_key())

    assert (answer.status_code, answer.json()["code"]) == (404, "ledger.unknown_transfer")


async def test_a_transfer_that_a_member_never_had_is_not_found_either(app: Caller) -> None:
    ana = await app.member("ana")

    answer = await app.post(f"/transfers/{ana}-7/reversal", {}, key=new_key())

    assert (answer.status_code, answer.json()["code"]) == (404, "ledger.unknown_transfer")


async def test_a_balance_shows_what_expires_and_what_can_be_spent(shop: Caller) -> None:
    ana = await shop.member("ana")
    now = shop.api.clock.now()
    await shop.grant(ana, 5)
    await shop.grant(ana, 7, expires_at=(now + timedelta(days=2)).isoformat())

    fresh = (await shop.get(f"/members/{ana}/balance")).json()["currencies"]["besitos"]
    shop.api.clock.moment = now + timedelta(days=4)
    stale = (await shop.get(f"/members/{ana}/balance")).json()["currencies"]["besitos"]

    assert (fresh["balance"], fresh["available"], [each["amount"] for each in fresh["expiring"]]) == (12, 12, [7])
    assert (stale["balance"], stale["available"], stale["expiring"]) == (12, 5, [])


async def test_every_currency_of_the_game_is_in_a_balance(app: Caller) -> None:
    ana = await app.member("ana")

    currencies = (await app.get(f"/members/{ana}/balance")).json()["currencies"]

    assert set(currencies) == {"besitos", "xp"}


async def test_many_balances_come_together(shop: Caller) -> None:
    ana, bea = await shop.member("ana"), await shop.member("bea")
    await shop.grant(ana, 3)

    answer = await shop.post("/balances", {"members": [int(bea), "ext:ana", ana, "tg:404", "ext:nobody"]})

    body = answer.json()
    assert [(each["member_id"], each["currencies"]["besitos"]["balance"]) for each in body["balances"]] == [
        (bea, 0),
        (ana, 3),
    ]
    assert body["unknown"] == ["tg:404", "ext:nobody"]


async def test_a_history_is_read_page_by_page(shop: Caller) -> None:
    ana = await shop.member("ana")
    for amount in range(1, 8):
        await shop.grant(ana, amount)

    seen, path, pages = [], f"/members/{ana}/history?limit=3&account=besitos", 0
    while path:
        answer = await shop.get(path)
        seen += [each["amount"] for each in answer.json()["lines"]]
        link = answer.headers.get("link", "")
        assert bool(link) == (answer.json()["next"] is not None)
        path = link.removeprefix("<").partition(">")[0].partition("/api/v1")[2]
        await shop.grant(ana, 100)  # what happens meanwhile shifts nothing
        pages += 1

    assert (seen, pages) == ([7, 6, 5, 4, 3, 2, 1], 3)


async def test_a_page_of_the_largest_size_is_followed(shop: Caller) -> None:
    ana = await shop.member("ana")
    items = [{"key": f"s{number}", "member": int(ana), "kind": "salary.paid"} for number in range(205)]
    await shop.post("/activities/batch", {"activities": items})

    first = (await shop.get(f"/members/{ana}/history?limit=200")).json()
    second = (await shop.get(f"/members/{ana}/history?limit=200&cursor={first['next']}")).json()

    assert (len(first["lines"]), len(second["lines"]), second["next"]) == (200, 5, None)


async def test_a_history_can_be_of_one_account(app: Caller) -> None:
    await app.member("ana")
    await app.post("/members/ext:ana/daily-gift")

    lines = (await app.get("/members/ext:ana/history?account=xp")).json()["lines"]

    assert [(each["account"], each["amount"], each["type"]) for each in lines] == [("xp", 5, "EARN_DAILY")]


async def test_note_and_metadata_stand_in_the_history(shop: Caller) -> None:
    await shop.member("ana")
    await shop.grant("ext:ana", 1, note="¡Gracias!", metadata={"order": "A-1", "price": 1.10, "ok": True})

    [line] = (await shop.get("/members/ext:ana/history")).json()["lines"]

    assert (line["note"], line["metadata"]) == ("¡Gracias!", {"order": "A-1", "price": 1.1, "ok": True})


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "cursor=0", "cursor=-1", "limit=1&limit=2"])
async def test_a_page_that_cannot_be_is_refused(app: Caller, query: str) -> None:
    await app.member("ana")

    answer = await app.get(f"/members/ext:ana/history?{query}")

    assert (answer.status_code, answer.json()["code"]) == (422, "request.not_in_range")


@pytest.mark.parametrize(
    ("account", "code"),
    [("", "request.wrong_length"), ("x" * 256, "request.wrong_length"), ("a%00b", "text.nul"), ("%ff", None)],
)
async def test_an_account_is_a_short_text(app: Caller, account: str, code: str | None) -> None:
    await app.member("ana")

    answer = await app.get(f"/members/ext:ana/history?account={account}")

    assert (answer.status_code, answer.json().get("code")) == (422 if code else 200, code)


async def test_moments_are_told_by_the_clocks_of_the_game_and_kept_in_utc(light: Api) -> None:
    game = GAME.replace("name: Prueba", "name: Prueba, zone: America/Bogota")
    await Manager(light.besitos.store, light.clock, SECTIONS).apply(document(game), Signature("test"))
    app = await light.client()
    ana = await app.member("ana")

    await app.post(f"/members/{ana}/daily-gift")
    again = (await app.post(f"/members/{ana}/daily-gift")).json()

    assert again["details"]["retry_at"].endswith("T00:00:00Z")
    assert again["detail"].endswith("19:00 UTC-05.")


async def test_the_daily_gift_is_claimed_once_a_day(shop: Caller) -> None:
    ana = await shop.member("ana")

    first = await shop.post(f"/members/{ana}/daily-gift", key="monday")
    again = await shop.post(f"/members/{ana}/daily-gift", key="monday")
    second = await shop.post(f"/members/{ana}/daily-gift")

    assert [(each["account"], each["amount"]) for each in first.json()["paid"]] == [("besitos", 10), ("xp", 5)]
    assert (again.status_code, again.json(), again.headers["idempotent-replayed"]) == (201, first.json(), "true")
    assert (second.status_code, second.json()["code"]) == (409, "daily_gift.already_claimed")
    assert second.json()["details"]["retry_at"].endswith("T00:00:00Z")
