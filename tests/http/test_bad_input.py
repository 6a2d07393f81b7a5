"""Bad input: each gets its code, nothing is written, nothing is lost."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

import httpx2
import pytest

from besitos.store.protocol import Query
from tests.http.caller import Caller, Said

GRANT = "/members/ext:ana/grants"
JSON = {"content-type": "application/json"}

AMOUNTS = [
    ("0", "request.too_small"),
    ("-5", "request.too_small"),
    ("1.5", "request.not_whole"),
    ("1.0", "request.not_whole"),
    ("1e2", "request.not_whole"),
    ("true", "request.not_whole"),
    ('"5"', "request.not_whole"),
    ("null", "request.not_whole"),
    ("[5]", "request.not_whole"),
    ("9007199254740992", "request.too_large"),
    ("999999999999999999", "request.too_large"),
]

BODIES = [
    (b"", 400, "request.malformed"),
    (b"{", 400, "request.malformed"),
    (b'{"amount": 1,}', 400, "request.malformed"),
    (b'{"amount": 1} x', 400, "request.malformed"),
    (b"\xff\xfe{}", 400, "request.not_utf8"),
    (b'{"amount": 1, "note": "\xc3"}', 400, "request.not_utf8"),
    (b'{"note": "a\x00b"}', 400, "request.malformed"),
    (b'{"amount": 1, "amount": 2}', 400, "request.word_twice"),
    (b'{"amount": 1, "metadata": {"a": 1, "a": 1}}', 400, "request.word_twice"),
    (b'{"amount": NaN}', 400, "request.not_a_number"),
    (b'{"amount": -Infinity}', 400, "request.not_a_number"),
    (b'{"amount": 1234567890123456789}', 400, "request.number_too_long"),
    (b'{"amount": ' + b"9" * 5_000 + b"}", 400, "request.number_too_long"),
    (b'{"amount": 1, "metadata": {"n": 1e999999999}}', 400, "request.number_too_long"),
    (b'{"amount": 1, "metadata": {"n": 1e-999999999}}', 400, "request.number_too_long"),
    (b'{"amount": 1, "metadata": {"n": 0.' + b"3" * 100 + b"}}", 400, "request.number_too_long"),
    (b'{"amount": 1, "metadata": {"d": ' + b"[" * 20 + b"]" * 20 + b"}}", 400, "request.too_deep"),
    (b"[" * 100_000, 400, "request.too_deep"),
    (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, 413, "request.body_too_large"),
    (b'{"note": "' + b"x" * 300_000 + b'"}', 413, "request.body_too_large"),
    (b"[]", 422, "request.not_object"),
    (b"null", 422, "request.not_object"),
    (b"5", 422, "request.not_object"),
    (b"{}", 422, "request.missing"),
    (b'{"amount": 1, "ammount": 2}', 422, "request.unknown_word"),
    (b'{"amount": 1, "note": "a\\u0000b"}', 422, "text.nul"),
    (b'{"amount": 1, "metadata": {"a\\u0000": 1}}', 422, "text.nul"),
    (b'{"amount": 1, "note": "\\ud800"}', 422, "text.not_unicode"),
    (b'{"amount": 1, "note": 5}', 422, "request.not_text"),
    (b'{"amount": 1, "note": "' + b"x" * 1_001 + b'"}', 422, "request.too_long"),
    (b'{"amount": 1, "currency": ""}', 422, "request.too_short"),
    (b'{"amount": 1, "metadata": []}', 422, "request.not_object"),
    (b'{"amount": 1, "metadata": {"a": "' + b"x" * 5_000 + b'"}}', 422, "request.metadata_too_large"),
    (b'{"amount": 1, "expires_at": "tomorrow"}', 422, "request.not_a_moment"),
    (b'{"amount": 1, "expires_at": "2030-01-01T00:00:00"}', 422, "request.not_a_moment"),
    (b'{"amount": 1, "expires_at": 1893456000}', 422, "request.not_a_moment"),
    (b'{"amount": 0, "note": 5}', 422, "request.wrong_places"),
]

ACTIVITIES: list[tuple[dict[str, object], int, str]] = [
    ({"key": ""}, 422, "request.too_short"),
    ({"key": "x" * 256}, 422, "request.too_long"),
    ({"key": "ñ" * 200}, 422, "key.too_large"),
    ({"key": None}, 400, "key.missing"),
    ({"member": True}, 422, "member.wrong_name"),
    ({"member": ""}, 422, "member.wrong_name"),
    ({"member": "x" * 201}, 422, "member.wrong_name"),
    ({"member": "tg:ana"}, 422, "member.wrong_name"),
    ({"member": "ext:"}, 422, "member.wrong_name"),
    ({"member": 1.5}, 422, "member.wrong_name"),
    ({"member": -1}, 422, "member.wrong_name"),
    ({"member": None}, 422, "member.wrong_name"),
    ({"member": 404404}, 404, "member.unknown"),
    ({"kind": "mesage.posted"}, 422, "activity.unknown_kind"),
    ({"kind": "ledger.grant"}, 422, "activity.reserved_kind"),
    ({"kind": "gamification.level_up"}, 422, "activity.reserved_kind"),
    ({"kind": "x" * 101}, 422, "request.too_long"),
    ({"attributes": {"wat": "x"}}, 422, "activity.unknown_attribute"),
    ({"attributes": {"lesson": 5}}, 422, "activity.wrong_attribute"),
    ({"attributes": {"lesson": "x" * 4_097}}, 422, "activity.wrong_attribute"),
    ({"attributes": {"minutes": "5"}}, 422, "activity.wrong_attribute"),
    ({"attributes": {"minutes": True}}, 422, "activity.wrong_attribute"),
    ({"attributes": {"passed": 1}}, 422, "activity.wrong_attribute"),
    ({"attributes": {"lesson": None}}, 422, "activity.wrong_attribute"),
    ({"attributes": {"lesson": {"a": 1}}}, 422, "activity.wrong_attribute"),
    ({"attributes": []}, 422, "request.not_object"),
    ({"at": "2099-01-01T00:00:00Z"}, 422, "activity.future"),
    ({"at": "1969-12-31T00:00:00Z"}, 422, "activity.too_old"),
    ({"at": "yesterday"}, 422, "request.not_a_moment"),
    ({"at": 5}, 422, "request.not_a_moment"),
]

NOBODY = ["ana", "tg:x", "tg:0", "ext:", "12x", "tg:9000000000000000", "ext:a%00b", "%ff"]


Unchanged: TypeAlias = Callable[[], Awaitable[bool]]


async def watch(shop: Caller) -> Unchanged:
    """Whether everything is as it is now, every table and who there is, and whether a good call still stands."""
    await shop.member("ana")
    await shop.grant("ext:ana", 100)

    async def everything() -> object:
        store = shop.api.besitos.store
        counts = Query("SELECT count(*) FROM members"), Query("SELECT count(*) FROM requests")
        return await store.export(), await store.read(*counts)

    before = await everything()

    async def is_unchanged() -> bool:
        return bool(await everything() == before) and (await shop.get("/members/ext:ana")).status_code == 200

    return is_unchanged


@pytest.fixture
async def unchanged(app: Caller) -> Unchanged:
    """Whether a bad input has left a trace."""
    return await watch(app)


def code_of(answer: httpx2.Response) -> tuple[int, str]:
    """Status and code; the media type is checked by the caller."""
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize(("amount", "code"), AMOUNTS)
async def test_an_amount_is_a_whole_number_in_range(app: Caller, unchanged: Unchanged, amount: str, code: str) -> None:
    answer = await app.post(GRANT, content=f'{{"amount": {amount}}}', headers=JSON, key="k")

    assert code_of(answer) == (422, code)
    assert answer.json()["errors"][0]["place"] == "amount"
    assert await unchanged()


async def test_the_largest_amount_stands_and_a_sum_beyond_it_too(app: Caller) -> None:
    await app.member("ana")

    answers = [await app.grant("ext:ana", 2**53 - 1) for _ in range(2)]

    assert [each.status_code for each in answers] == [201, 201]
    assert await app.balance("ext:ana") == 2**54 - 2


@pytest.mark.parametrize(("body", "status", "code"), BODIES)
async def test_a_body_that_will_not_do(app: Caller, unchanged: Unchanged, body: bytes, status: int, code: str) -> None:
    answer = await app.post(GRANT, content=body, headers=JSON, key="k")

    assert code_of(answer) == (status, code)
    assert await unchanged()


async def test_every_wrong_place_is_named(app: Caller) -> None:
    await app.member("ana")

    answer = await app.post(GRANT, {"amount": 0, "note": 5, "metadata": {}, "wat": 1}, key="k")

    assert [(each["place"], each["code"]) for each in answer.json()["errors"]] == [
        ("amount", "request.too_small"),
        ("note", "request.not_text"),
        ("wat", "request.unknown_word"),
    ]
    assert answer.json()["errors"][0]["detail"] == "It is too small: at least 1."


@pytest.mark.parametrize(
    ("word", "said", "details"),
    [
        ("ammount", "This word is not known here; did you mean `amount`?", {"nearest": "amount"}),
        ("wat", "This word is not known here", {}),
        ("amount" * 50_000, "This word is not known here", {}),
    ],
)
async def test_for_a_misspelt_word_the_nearest_is_offered(
    app: Caller, word: str, said: str, details: dict[str, str]
) -> None:
    await app.member("ana")

    answer = (await app.post(GRANT, {"amount": 1, word[:200_000]: 2}, key="k")).json()

    assert (answer["detail"], answer["details"]) == (said, details)


@pytest.mark.parametrize(
    ("key", "status", "code"),
    [
        (b"", 422, "key.empty"),
        (b"x" * 256, 422, "key.too_large"),
        ("ñ".encode() * 128, 422, "key.too_large"),
        (b"\xff", 400, "key.not_utf8"),
    ],
)
async def test_a_key_is_a_short_text(app: Caller, unchanged: Unchanged, key: bytes, status: int, code: str) -> None:
    answer = await app.post(GRANT, {"amount": 1}, headers={b"idempotency-key": key})

    assert code_of(answer) == (status, code)
    assert await unchanged()


async def test_two_keys_are_none(app: Caller, unchanged: Unchanged) -> None:
    keys = httpx2.Headers([("idempotency-key", "a"), ("idempotency-key", "b")])

    answer = await app.send("POST", GRANT, Said({"amount": 1}, headers=keys))

    assert code_of(answer) == (400, "key.headers")
    assert await unchanged()


@pytest.mark.parametrize("key", ["x", "x" * 255, "ñ" * 127, "a:b c/d%?"])
async def test_any_other_text_is_a_key(app: Caller, key: str) -> None:
    await app.member("ana")

    answer = await app.post(GRANT, {"amount": 1}, headers={b"idempotency-key": key.encode()})

    assert (answer.status_code, answer.json()["key"]) == (201, key)


@pytest.mark.parametrize(("change", "status", "code"), ACTIVITIES)
async def test_an_activity_that_is_none(
    app: Caller,
    unchanged: Unchanged,
    change: dict[str, object],
    status: int,
    code: str,
) -> None:
    """The key without the scopes `late` and `unknown`, and a member who would come into being."""
    plain = await app.api.client()
    activity = {"key": "a", "member": "new", "kind": "lesson.done", **change}

    answer = await plain.post("/activities", activity)

    assert code_of(answer) == (status, code)
    assert await unchanged()


async def test_the_past_needs_a_scope(app: Caller, unchanged: Unchanged) -> None:
    plain = await app.api.client()
    activity = {"key": "a", "member": "ana", "kind": "lesson.done", "at": "2026-11-20T09:00:00Z"}

    refused = await plain.post("/activities", activity)
    assert code_of(refused) == (422, "activity.late")
    assert await unchanged()

    assert (await app.post("/activities", activity)).status_code == 201


@pytest.mark.parametrize("member", NOBODY)
async def test_a_path_that_names_nobody(app: Caller, unchanged: Unchanged, member: str) -> None:
    for answer in (
        await app.get(f"/members/{member}"),
        await app.get(f"/members/{member}/balance"),
        await app.get(f"/members/{member}/history"),
        await app.post(f"/members/{member}/grants", {"amount": 1}, key="k"),
        await app.post(f"/members/{member}/daily-gift", key="k"),
    ):
        assert code_of(answer) == (422, "member.wrong_name")
    assert await unchanged()


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml", None])
async def test_a_body_is_json(app: Caller, media_type: str | None) -> None:
    await app.member("ana")
    headers = {} if media_type is None else {"content-type": media_type}

    answer = await app.post(GRANT, content=b'{"amount": 1}', headers=headers, key="k")

    assert code_of(answer) == (415, "request.media_type")


async def test_an_attribute_keeps_every_digit(shop: Caller) -> None:
    content = b'{"key": "e", "member": "ana", "kind": "lesson.done", "attributes": {"minutes": 123456789.987654321}}'

    answer = await shop.post("/activities", content=content, headers=JSON)

    assert answer.status_code == 201
    [row] = (await shop.api.besitos.store.export()).activities
    assert "123456789.987654321" in row.content


async def test_all_of_it_leaves_no_trace_on_either_database(shop: Caller) -> None:
    is_unchanged, plain = await watch(shop), await shop.api.client()

    for amount, code in AMOUNTS:
        answer = await shop.post(GRANT, content=f'{{"amount": {amount}}}', headers=JSON, key="k")
        assert code_of(answer) == (422, code)
    for body, status, code in BODIES:
        answer = await shop.post(GRANT, content=body, headers=JSON, key="k")
        assert code_of(answer) == (status, code)
    for change, status, code in ACTIVITIES:
        answer = await plain.post("/activities", {"key": "a", "member": "new", "kind": "lesson.done", **change})
        assert code_of(answer) == (status, code)

    assert await is_unchanged()
    assert (await shop.post(GRANT, {"amount": 1}, key="k")).status_code == 201, "the key has stayed free"
