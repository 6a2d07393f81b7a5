"""Members over HTTP: created, found, named and linked."""

import asyncio
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from besitos.store.protocol import MemberRef
from besitos.surfaces.http import members
from besitos.surfaces.http.call import Call
from besitos.surfaces.http.once import Act
from tests.http.caller import Caller


async def test_a_member_is_created_once_and_found_after_that(shop: Caller) -> None:
    first = await shop.post("/members", {"external_id": "ana", "display_name": "Ana", "language": "es"})
    second = await shop.post("/members", {"external_id": "ana", "username": "ana_9"})

    assert (first.status_code, second.status_code) == (201, 200)
    ana = second.json()
    assert ana == (await shop.get(f"/members/{ana['member_id']}")).json()
    assert (ana["external_id"], ana["display_name"], ana["username"], ana["language"]) == ("ana", "Ana", "ana_9", "es")
    assert ana["member_id"] == first.json()["member_id"]
    assert int(ana["member_id"]) < 2**53


async def test_a_member_of_telegram_is_named_by_number(shop: Caller) -> None:
    made = await shop.post("/members", {"telegram_id": 42})

    assert made.json()["telegram_id"] == 42
    assert (await shop.get("/members/tg:42")).json() == made.json()


NAMES = ["a/b", "a/balance", "ñandú", "a b?c#d", "%2F", "tg:5", "12", "x" * 200, "🎁", "a\nb"]


async def test_any_text_is_an_external_id(shop: Caller) -> None:
    for name in NAMES:
        made = await shop.post("/members", {"external_id": name})
        found = await shop.get(f"/members/ext:{quote(name, safe='')}")
        balance = await shop.get(f"/members/ext:{quote(name, safe='')}/balance")

        assert (made.status_code, found.status_code, found.json()["external_id"]) == (201, 200, name)
        assert balance.json()["member_id"] == made.json()["member_id"]


async def test_a_path_may_be_sent_as_it_is_typed(app: Caller) -> None:
    await app.post("/members", {"external_id": "ñandú"})
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/api/v1/members/ext:ñandú",
        "raw_path": "/api/v1/members/ext:ñandú".encode(),
        "query_string": b"",
        "headers": [(b"authorization", f"Bearer {app.key}".encode())],
    }
    sent: list[Any] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:  # noqa: ANN401 - as ASGI has it
        sent.append(message)

    await app.api.app(scope, receive, send)

    assert sent[0]["status"] == 200


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "member.one_name"),
        ({"external_id": "a", "telegram_id": 1}, "member.one_name"),
        ({"external_id": ""}, "request.too_short"),
        ({"external_id": "x" * 201}, "request.too_long"),
        ({"external_id": 5}, "request.not_text"),
        ({"telegram_id": 0}, "request.too_small"),
        ({"telegram_id": "42"}, "request.not_whole"),
        ({"telegram_id": 2**53}, "request.too_large"),
        ({"external_id": "a", "language": "español"}, "request.wrong_form"),
        ({"external_id": "a", "display_name": "x" * 201}, "request.too_long"),
        ({"external_id": "a", "wat": 1}, "request.unknown_word"),
        ({"external_id": "a\0b"}, "text.nul"),
    ],
)
async def test_a_member_who_cannot_be(app: Caller, body: dict[str, object], code: str) -> None:
    answer = await app.post("/members", body)

    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_an_activity_creates_the_member_that_it_names(shop: Caller) -> None:
    answer = await shop.post("/activities", {"key": "a", "member": "ana", "kind": "message.posted"})

    assert (await shop.get("/members/ext:ana")).json()["member_id"] == answer.json()["member_id"]


async def test_a_code_links_an_application_member_to_telegram(shop: Caller) -> None:
    ana = await shop.member("ana")
    code = (await shop.post("/members/ext:ana/link-code")).json()["code"]

    linked = await shop.post("/members/tg:42/link", {"code": code}, key="l")
    again = await shop.post("/members/tg:42/link", {"code": code}, key="l")
    once_more = await shop.post("/members/tg:42/link", {"code": code})

    assert [each.status_code for each in (linked, again, once_more)] == [200, 200, 200]
    assert linked.json() == once_more.json() == (await shop.get("/members/tg:42")).json()
    assert (linked.json()["member_id"], again.headers["idempotent-replayed"]) == (ana, "true")


async def test_a_code_links_the_other_way_round(shop: Caller) -> None:
    await shop.post("/members", {"telegram_id": 42})
    code = (await shop.post("/members/tg:42/link-code")).json()["code"]

    linked = await shop.post("/members/ext:ana/link", {"code": code})

    assert (linked.json()["telegram_id"], linked.json()["external_id"]) == (42, "ana")


async def test_two_members_are_not_merged_yet(shop: Caller) -> None:
    await shop.member("ana")
    await shop.post("/members", {"telegram_id": 42})
    code = (await shop.post("/members/ext:ana/link-code")).json()["code"]

    answer = await shop.post("/members/tg:42/link", {"code": code})

    assert (answer.status_code, answer.json()["code"]) == (409, "member.both_exist")


async def test_a_linked_member_is_not_linked_to_another(shop: Caller) -> None:
    await shop.member("ana")
    code = (await shop.post("/members/ext:ana/link-code")).json()["code"]
    await shop.post("/members/tg:42/link", {"code": code})

    answer = await shop.post("/members/tg:43/link", {"code": code})

    assert (answer.status_code, answer.json()["code"]) == (409, "member.already_linked")


@pytest.mark.parametrize("code", ["x", "ñ", "A" * 32, "=" * 32])
async def test_a_code_that_nobody_made_is_refused(app: Caller, code: str) -> None:
    answer = await app.post("/members/tg:42/link", {"code": code})

    assert (answer.status_code, answer.json()["code"]) == (422, "member.wrong_code")


async def test_a_code_ends_and_no_letter_of_it_can_be_changed(app: Caller) -> None:
    await app.member("ana")
    code = (await app.post("/members/ext:ana/link-code")).json()["code"]
    changed = code[:-1] + ("A" if code[-1] != "A" else "B")

    tampered = await app.post("/members/tg:42/link", {"code": changed})
    app.api.clock.moment += timedelta(minutes=16)
    late = await app.post("/members/tg:42/link", {"code": code})

    assert [each.json()["code"] for each in (tampered, late)] == ["member.wrong_code"] * 2


async def test_one_links_by_a_name_from_outside(app: Caller) -> None:
    ana = await app.member("ana")
    code = (await app.post("/members/ext:ana/link-code")).json()["code"]

    answer = await app.post(f"/members/{ana}/link", {"code": code})

    assert (answer.status_code, answer.json()["code"]) == (422, "member.link_by_name")


@pytest.mark.parametrize("key", [None, "own"])
async def test_of_many_who_bring_one_code_one_is_linked(shop: Caller, key: str | None) -> None:
    ana = await shop.member("ana")
    code = (await shop.post(f"/members/{ana}/link-code")).json()["code"]
    paths = [f"/members/tg:{number}/link" for number in range(40, 48)]

    answers = await asyncio.gather(*(shop.post(path, {"code": code}, key=key and f"{key}-{path}") for path in paths))
    again = [await shop.post(path, {"code": code}, key=key and f"{key}-{path}") for path in paths]

    linked = (await shop.get(f"/members/{ana}")).json()["telegram_id"]
    assert [each.json()["telegram_id"] for each in answers if each.status_code == 200] == [linked]
    assert sorted(each.status_code for each in answers) == [200] + [409] * 7
    assert {each.json()["code"] for each in answers if each.status_code == 409} == {"member.already_linked"}
    assert [each.content for each in again] == [each.content for each in answers]


@pytest.mark.parametrize("key", [None, "own"])
async def test_a_name_that_comes_to_be_while_it_is_linked_stays_whose_it_is(
    shop: Caller, monkeypatch: pytest.MonkeyPatch, key: str | None
) -> None:
    code = (await shop.post(f"/members/{await shop.member('ana')}/link-code")).json()["code"]
    link, ref = members.link, MemberRef(telegram_id=42)

    async def slowly(call: Call, member_id: int, named: MemberRef) -> Act:
        act = await link(call, member_id, named)
        await shop.api.besitos.directory.open([ref])
        return act

    monkeypatch.setattr(members, "link", slowly)
    answer = await shop.post("/members/tg:42/link", {"code": code}, key=key)
    again = await shop.post("/members/tg:42/link", {"code": code}, key=key)

    assert [(each.status_code, each.json()["code"]) for each in (answer, again)] == [(409, "member.both_exist")] * 2
