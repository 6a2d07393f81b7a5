"""Activities over HTTP: one, and many at once."""

from besitos.surfaces.http.keys import Scope
from tests.http.caller import Api, Caller
from tests.http.conftest import GAME, apply_game


async def test_an_activity_is_answered_with_what_it_paid_and_why_not_more(shop: Caller) -> None:
    answers = [
        await shop.post("/activities", {"key": f"a{number}", "member": "ana", "kind": "message.posted"})
        for number in range(4)
    ]

    assert [[paid["amount"] for paid in each.json()["paid"]] for each in answers] == [[2], [2], [2], []]
    [step] = answers[3].json()["trace"]
    assert (step["definition"], step["reason"], step["details"]["limit"]) == ("rule/message", "limit.reached", "3/day")


async def test_a_number_is_our_id_and_a_text_an_external_one(shop: Caller) -> None:
    ana = await shop.member("ana")

    ours = await shop.post("/activities", {"key": "a", "member": int(ana), "kind": "salary.paid"})
    other = await shop.post("/activities", {"key": "b", "member": ana, "kind": "salary.paid"})

    assert ours.json()["member_id"] == ana
    assert other.json()["member_id"] != ana
    assert (await shop.get(f"/members/ext:{ana}")).json()["member_id"] == other.json()["member_id"]


async def test_a_prefix_names_the_same_member_in_an_activity_as_in_a_path(shop: Caller) -> None:
    ana, other = await shop.member("ana"), await shop.member("tg:42")
    names = ("ext:ana", "ana", "ext:tg:42", "tg:42")

    sent = [await shop.post("/activities", {"key": name, "member": name, "kind": "salary.paid"}) for name in names]
    found = [answer.json()["member_id"] for answer in sent]

    assert found[:3] == [ana, ana, other]
    assert found[3] not in {ana, other}
    assert (await shop.get("/members/tg:42")).json()["member_id"] == found[3]


async def test_what_is_unknown_is_recorded_with_that_scope(api: Api) -> None:
    recorder, plain = await api.client(Scope.ACTIVITIES, Scope.UNKNOWN), await api.client(Scope.ACTIVITIES)
    activity = {"key": "a", "member": "ana", "kind": "cat.petted", "attributes": {"name": "Misi", "age": 3.5}}

    refused, recorded = await plain.post("/activities", activity), await recorder.post("/activities", activity)

    assert (refused.status_code, refused.json()["code"]) == (422, "activity.unknown_kind")
    assert (recorded.status_code, recorded.json()["paid"]) == (201, [])


async def test_a_batch_keeps_the_good_ones(api: Api) -> None:
    shop = await api.client()
    good = {"key": "g", "member": "ana", "kind": "salary.paid"}
    items = [
        good,
        {"key": "x", "member": "bea", "kind": "mesage.posted"},
        "nonsense",
        {**good, "key": "n", "member": 404},
        {"member": "ana", "kind": "salary.paid"},
        {**good, "key": "z", "member": "a\0b"},
        {**good, "kind": "message.posted"},
        {"key": "d", "member": "ana", "kind": "daily.claim"},
        {"key": "e", "member": "ana", "kind": "daily.claim"},
    ]

    answer = await shop.post("/activities/batch", {"activities": items})

    assert answer.status_code == 200
    told = [(each["index"], each["status"], (each["problem"] or {}).get("code")) for each in answer.json()["results"]]
    assert told == [
        (0, 201, None),
        (1, 422, "activity.unknown_kind"),
        (2, 422, "request.not_object"),
        (3, 404, "member.unknown"),
        (4, 400, "key.missing"),
        (5, 422, "text.nul"),
        (6, 422, "activity.key_conflict"),
        (7, 201, None),
        (8, 409, "daily_gift.already_claimed"),
    ]
    assert await shop.balance("ext:ana") == 110
    assert (await shop.get("/members/ext:bea")).status_code == 404, "what is no activity creates nobody"


async def test_a_large_batch_is_cut_into_slices(shop: Caller) -> None:
    items = [{"key": f"b{number}", "member": f"m{number % 50}", "kind": "salary.paid"} for number in range(1_200)]

    results = (await shop.post("/activities/batch", {"activities": items})).json()["results"]
    again = (await shop.post("/activities/batch", {"activities": items})).json()["results"]

    assert [each["index"] for each in results] == list(range(1_200))
    assert {each["status"] for each in results} == {201}
    assert all(each["replayed"] for each in again)
    assert await shop.balance("ext:m7") == 24 * 100


async def test_a_batch_has_its_limits(app: Caller) -> None:
    item = {"key": "k", "member": "ana", "kind": "salary.paid"}

    none = await app.post("/activities/batch", {"activities": []})
    many = await app.post("/activities/batch", {"activities": [item] * 10_001})
    large = await app.post("/activities/batch", {"activities": [{**item, "key": "x" * 1_000}] * 9_000})

    assert [(each.status_code, each.json()["code"]) for each in (none, many, large)] == [
        (422, "request.too_few"),
        (422, "request.too_many"),
        (413, "request.body_too_large"),
    ]


async def test_a_game_that_another_process_applied_holds_at_once(api: Api, database_url: str) -> None:
    plain = await api.client(Scope.ACTIVITIES)
    activity = {"key": "a", "member": "ana", "kind": "cat.petted", "attributes": {"name": "Misi"}}
    refused = await plain.post("/activities", activity)

    text = GAME.replace("activities:", "activities:\n  cat.petted: {attributes: {name: text}}")
    await apply_game(database_url, api.clock, text)
    one = await plain.post("/activities", activity)
    many = await plain.post("/activities/batch", {"activities": [{**activity, "key": "b"}]})

    assert (refused.status_code, one.status_code, many.json()["results"][0]["status"]) == (422, 201, 201)
