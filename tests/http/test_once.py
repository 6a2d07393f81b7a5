"""Exactly once: one key, one effect, one answer, however often and from wherever it comes."""

import asyncio

from besitos.surfaces.http.keys import Scope
from tests.books import assert_books_balance
from tests.http.caller import Api, Caller


async def test_sixty_four_equal_calls_have_one_effect_and_one_answer(shop: Caller) -> None:
    ana = await shop.member("ana")

    answers = await asyncio.gather(*(shop.post(f"/members/{ana}/grants", {"amount": 5}, key="one") for _ in range(64)))

    assert {(each.status_code, each.content) for each in answers} == {(201, answers[0].content)}
    assert sum("idempotent-replayed" not in each.headers for each in answers) == 1
    assert await shop.balance(ana) == 5


async def test_sixty_four_spends_of_the_last_besitos_stand_once(shop: Caller) -> None:
    ana = await shop.member("ana")
    await shop.grant(ana, 10)

    answers = await asyncio.gather(
        *(shop.post(f"/members/{ana}/spends", {"amount": 10}, key=f"s{number}") for number in range(64))
    )

    assert sorted(each.status_code for each in answers) == [201] + [409] * 63
    assert await shop.balance(ana) == 0
    assert_books_balance(await shop.api.besitos.store.export())


async def test_a_refusal_is_remembered(shop: Caller) -> None:
    ana = await shop.member("ana")
    refused = await shop.post(f"/members/{ana}/spends", {"amount": 10}, key="too early")
    await shop.grant(ana, 100)

    again = await shop.post(f"/members/{ana}/spends", {"amount": 10}, key="too early")

    assert (again.status_code, again.json(), again.headers["idempotent-replayed"]) == (409, refused.json(), "true")
    assert await shop.balance(ana) == 100


OTHERWISE: list[tuple[str, object]] = [
    ("/members/ext:ana/grants", {"amount": 6}),
    ("/members/ext:ana/grants", {"amount": 5, "note": "otra"}),
    ("/members/ext:ana/grants", {"amount": 5, "metadata": {"a": 1}}),
    ("/members/ext:bea/grants", {"amount": 5}),
    ("/members/ext:ana/spends", {"amount": 5}),
    ("/members/ext:ana/gifts", {"amount": 5, "to": "ext:bea"}),
    ("/members/ext:ana/daily-gift", None),
]
"""The same key for something else than five besitos for Ana."""


async def test_a_key_used_for_something_else_is_a_conflict(shop: Caller) -> None:
    await shop.member("ana")
    await shop.member("bea")
    await shop.post("/members/ext:ana/grants", {"amount": 5}, key="one")
    before = await shop.api.besitos.store.export()

    for path, body in OTHERWISE:
        answer = await shop.post(path, body, key="one")
        assert (answer.status_code, answer.json()["code"]) == (422, "activity.key_conflict"), path
        assert answer.json()["details"] == {"key": "one"}
    assert await shop.api.besitos.store.export() == before


async def test_two_applications_never_meet_in_a_key(api: Api) -> None:
    one, other = await api.client(name="one"), await api.client(name="other")
    await one.member("ana")

    first = await one.post("/members/ext:ana/grants", {"amount": 5}, key="same")
    second = await other.post("/members/ext:ana/grants", {"amount": 7}, key="same")

    assert (first.status_code, second.status_code) == (201, 201)
    assert await one.balance("ext:ana") == 12


async def test_an_activity_brings_its_own_key(shop: Caller) -> None:
    activity = {"key": "c1", "member": "ana", "kind": "message.posted"}

    first = await shop.post("/activities", activity)
    again = await shop.post("/activities", activity)
    header = await shop.post("/activities", {"member": "ana", "kind": "message.posted"}, key="c1")
    other = await shop.post("/activities", {**activity, "kind": "salary.paid"})

    assert (first.status_code, first.json()["key"]) == (201, "c1")
    assert (again.status_code, again.json(), again.headers["idempotent-replayed"]) == (201, first.json(), "true")
    assert header.json() == first.json()
    assert (other.status_code, other.json()["code"]) == (422, "activity.key_conflict")
    assert await shop.balance("ext:ana") == 2


async def test_two_keys_that_differ_are_refused(app: Caller) -> None:
    answer = await app.post("/activities", {"key": "a", "member": "ana", "kind": "message.posted"}, key="b")

    assert (answer.status_code, answer.json()["code"]) == (422, "key.two")


async def test_creating_a_member_is_remembered_too(shop: Caller) -> None:
    first = await shop.post("/members", {"external_id": "ana", "display_name": "Ana"}, key="m")
    renamed = await shop.post("/members", {"external_id": "ana", "display_name": "Ana María"})
    again = await shop.post("/members", {"external_id": "ana", "display_name": "Ana"}, key="m")
    other = await shop.post("/members", {"external_id": "bea"}, key="m")

    assert (first.status_code, renamed.status_code) == (201, 200)
    assert (again.status_code, again.json(), again.headers["idempotent-replayed"]) == (201, first.json(), "true")
    assert (other.status_code, other.json()["code"]) == (422, "activity.key_conflict")
    assert (await shop.get("/members/ext:ana")).json()["display_name"] == "Ana María"
    assert (await shop.get("/members/ext:bea")).status_code == 404


async def test_sixty_four_creations_under_one_key_are_one(shop: Caller) -> None:
    answers = await asyncio.gather(*(shop.post("/members", {"external_id": "ana"}, key="m") for _ in range(64)))

    assert len({each.json()["member_id"] for each in answers}) == 1
    assert len({(each.status_code, each.content) for each in answers}) == 1


async def test_a_batch_recognises_what_it_has_seen(shop: Caller) -> None:
    items = [{"key": f"b{number % 3}", "member": "ana", "kind": "salary.paid"} for number in range(5)]

    results = (await shop.post("/activities/batch", {"activities": items})).json()["results"]

    assert [each["replayed"] for each in results] == [False, False, False, True, True]
    assert results[3]["outcome"] == results[0]["outcome"]
    assert await shop.balance("ext:ana") == 300


async def test_a_key_is_needed_where_money_moves(api: Api) -> None:
    shop = await api.client(Scope.LEDGER, Scope.MEMBERS, Scope.ACTIVITIES)
    ana = await shop.member("ana")
    before = await api.besitos.store.export()

    answers = [
        await shop.post(f"/members/{ana}/grants", {"amount": 1}),
        await shop.post(f"/members/{ana}/spends", {"amount": 1}),
        await shop.post(f"/members/{ana}/gifts", {"amount": 1, "to": ana}),
        await shop.post(f"/transfers/{ana}-1/reversal", {}),
        await shop.post("/activities", {"member": "ana", "kind": "message.posted"}),
    ]

    assert {(each.status_code, each.json()["code"]) for each in answers} == {(400, "key.missing")}
    assert await api.besitos.store.export() == before
