"""The front door: ids of requests, languages, what is not there, what fails, what comes too fast."""

import logging
from collections.abc import AsyncIterator

import pytest

from besitos.surfaces.http.pace import Pace, Rate
from besitos.surfaces.http.problem import Refused, language_of
from tests.http.caller import Caller


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("es", "es"),
        ("en-GB", "en"),
        ("fr, en;q=0.3, es;q=0.2", "en"),
        ("es;q=0, en;q=0.1", "en"),
        ("fr", "es"),
        ("", "es"),
        ("en;q=nonsense, es;q=0.5", "es"),
        ("*", "es"),
    ],
)
def test_a_language_is_chosen_by_its_weight(accepted: str, language: str) -> None:
    assert language_of(accepted, "es") == language


async def test_a_problem_is_told_in_the_language_of_whoever_asks(app: Caller) -> None:
    spanish = await app.get("/members/ext:nobody", headers={"accept-language": "es-MX"})
    english = await app.get("/members/ext:nobody")

    assert spanish.json()["detail"] == "No existe el miembro ext:nobody."
    assert english.json()["detail"] == "There is no member ext:nobody."
    assert (spanish.headers["content-language"], english.headers["content-language"]) == ("es", "en")


async def test_a_request_keeps_its_id(app: Caller) -> None:
    given = await app.get("/members/ext:nobody", headers={"x-request-id": "abc-1"})
    forged = await app.api.http.get("/healthz", headers={"x-request-id": "a b\tc"})

    assert given.headers["x-request-id"] == "abc-1"
    assert len(forged.headers["x-request-id"]) == 16


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "route.unknown"),
        ("GET", "/api/v1", 404, "route.unknown"),
        ("GET", "/api/v1/members/", 404, "route.unknown"),
        ("GET", "/docs/../service.py", 404, "route.unknown"),
        ("GET", "/docs/%2e%2e%2fservice.py", 404, "route.unknown"),
        ("DELETE", "/api/v1/members", 405, "route.method"),
        ("POST", "/healthz", 405, "route.method"),
    ],
)
async def test_what_is_not_there_is_a_problem_too(app: Caller, method: str, path: str, status: int, code: str) -> None:
    answer = await app.api.http.request(method, path)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert status == 404 or answer.headers["allow"]


async def test_a_bug_is_a_problem_that_tells_nothing_of_us(
    app: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        message = "secret inner state"
        raise ValueError(message)

    monkeypatch.setattr("besitos.surfaces.http.members.member_read", broken)
    await app.api.besitos.store.read()

    with caplog.at_level(logging.ERROR):
        answer = await app.post("/members", {"external_id": "ana"}, headers={"x-request-id": "find-me"})

    assert (answer.status_code, answer.json()["code"]) == (500, "server.failed")
    assert "secret" not in answer.text
    assert "find-me" in caplog.text


async def test_a_decision_that_fails_is_a_dead_letter_and_its_key_stays_free(
    shop: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = await shop.member("ana")
    with monkeypatch.context() as patched:

        def broken(*_: object) -> None:
            message = "secret inner state"
            raise ValueError(message)

        patched.setattr("besitos.engine.draft.Draft.carry_out", broken)
        failed = await shop.post(f"/members/{ana}/grants", {"amount": 5}, key="k")

    answer = await shop.post(f"/members/{ana}/grants", {"amount": 5}, key="k")

    assert (failed.status_code, failed.json()["code"], failed.json()["details"]) == (500, "activity.failed", {})
    assert (answer.status_code, await shop.balance(ana)) == (201, 5)


def test_a_client_that_calls_too_fast_waits() -> None:
    now = 100.0
    pace = Pace(Rate(per_second=2, burst=3), time=lambda: now)
    for _ in range(3):
        pace.take("shop")

    with pytest.raises(Refused) as refused:
        pace.take("shop")
    pace.take("other")
    now += 0.5
    pace.take("shop")

    assert (refused.value.status, refused.value.code) == (429, "rate.exceeded")
    assert refused.value.headers == {"retry-after": "1"}


async def test_too_many_requests_are_refused_with_retry_after(app: Caller) -> None:
    object.__setattr__(app.api.app.service, "pace", Pace(Rate(per_second=0.5, burst=1)))

    first, second = await app.get("/members/1"), await app.get("/members/1")

    assert (first.status_code, second.status_code) == (404, 429)
    assert 1 <= int(second.headers["retry-after"]) <= 2


async def test_a_body_is_counted_while_it_comes(app: Caller) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(1_000):
            sent += 1
            yield b'{"amount": 1, "note": "' if sent == 1 else b"x" * 10_000

    headers = {"authorization": f"Bearer {app.key}", "content-type": "application/json", "idempotency-key": "k"}
    await app.member("ana")
    answer = await app.api.http.post("/api/v1/members/ext:ana/grants", content=endless(), headers=headers)

    assert (answer.status_code, answer.headers["connection"]) == (413, "close")
    assert sent < 40


async def test_answers_are_not_to_be_kept_or_guessed(app: Caller) -> None:
    answer = await app.get("/members/ext:nobody")

    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
