"""Pages for people, and what machines ask: documentation, probes, figures."""

import re
from hashlib import sha256

import pytest

from besitos.apps.jobs import prove_books
from besitos.apps.retention import Retention
from besitos.store.protocol import Query, UnavailableError
from besitos.surfaces.http.docs import FILES, VENDOR
from besitos.surfaces.texts import Texts, codes_of
from tests.http.caller import Caller


async def test_the_home_page_says_what_runs_in_two_languages(app: Caller) -> None:
    spanish = await app.api.http.get("/", headers={"accept-language": "es"})
    english = await app.api.http.get("/", headers={"accept-language": "en"})

    assert 'lang="es"' in spanish.text
    assert "está en marcha" in spanish.text
    assert 'lang="en"' in english.text
    assert "besitos keys create" in english.text
    assert all(f'href="{path}"' in english.text for path in ("/docs", "/openapi.json", "/readyz", "/metrics"))


@pytest.mark.parametrize("path", ["/", "/docs"])
async def test_a_page_loads_nothing_from_elsewhere(app: Caller, path: str) -> None:
    page = await app.api.http.get(path)

    loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert all(each.startswith(("/", "data:,")) and not each.startswith("//") for each in loaded)
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "http" not in page.headers["content-security-policy"]
    assert "<style" not in page.text
    assert "<script>" not in page.text
    for each in loaded:
        if each.startswith("/"):
            assert (await app.api.http.get(each)).status_code == 200


@pytest.mark.parametrize("name", FILES)
async def test_every_file_is_served_as_what_it_is(app: Caller, name: str) -> None:
    answer = await app.api.http.get(f"/docs/{name}")

    assert answer.content == (VENDOR / name).read_bytes()
    assert answer.headers["content-type"].startswith(FILES[name])


def test_what_is_of_others_is_unchanged_and_has_its_licence() -> None:
    said = dict(re.findall(r"\| `([\w.-]+)` \| `([0-9a-f]{64})` \|", (VENDOR / "README.md").read_text()))

    assert set(said) == {"swagger-ui-bundle.js", "swagger-ui.css"}
    assert said == {name: sha256((VENDOR / name).read_bytes()).hexdigest() for name in said}
    assert "Apache License" in (VENDOR / "LICENSE.swagger-ui").read_text()


async def test_the_probes_answer(shop: Caller) -> None:
    alive, ready = await shop.api.http.get("/healthz"), await shop.api.http.get("/readyz")

    assert (alive.status_code, alive.json()) == (200, {"status": "ok"})
    assert (ready.status_code, ready.json()["game_version"], ready.json()["database"]) == (200, 1, "ok")


async def test_without_its_database_it_is_alive_and_not_ready(app: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    async def gone(*_: object) -> None:
        message = "connection refused"
        raise UnavailableError(message)

    monkeypatch.setattr(app.api.besitos.store, "read", gone)

    alive, ready = await app.api.http.get("/healthz"), await app.api.http.get("/readyz")
    figures = await app.api.http.get("/metrics")

    assert (alive.status_code, figures.status_code) == (200, 200)
    assert (ready.status_code, ready.json()["code"], ready.headers["retry-after"]) == (503, "store.unreachable", "1")


async def test_with_an_unknown_schema_it_is_not_ready(shop: Caller) -> None:
    await shop.api.besitos.store.amend(Query("UPDATE alembic_version SET version_num = '9999'"))

    ready = await shop.api.http.get("/readyz")

    assert (ready.status_code, ready.json()["code"]) == (503, "server.not_ready")
    assert ready.json()["details"]["found"] == "9999"


async def test_what_happens_is_counted(shop: Caller) -> None:
    await shop.member("ana")
    await shop.grant("ext:ana", 5)
    await shop.post("/members/ext:ana/spends", {"amount": 50}, key="k")
    await shop.post("/members/ext:ana/spends", {"amount": 50}, key="k")
    await shop.get("/members/ext:ana%2Fx")
    before = (await shop.api.http.get("/metrics")).text
    await prove_books(shop.api.besitos)
    await Retention()(shop.api.besitos)

    figures = (await shop.api.http.get("/metrics")).text

    for line in (
        'besitos_http_requests_total{method="POST",route="/api/v1/members/{member}/grants",status="201"} 1.0',
        'besitos_http_requests_total{method="GET",route="/api/v1/members/{member}",status="404"} 1.0',
        'besitos_http_seconds_count{route="/api/v1/members/{member}/spends"} 2.0',
        'besitos_engine_outcomes_total{status="accepted"} 1.0',
        'besitos_engine_outcomes_total{status="rejected"} 1.0',
        'besitos_engine_outcomes_total{status="replayed"} 1.0',
        "besitos_engine_batch_size_count 3.0",
        "besitos_dead_letters 0.0",
        "besitos_timers_lag_seconds 0.0",
        "besitos_game_version 1.0",
        "besitos_audit_violations 0.0",
        'besitos_retention_rows{what="traces"} 0.0',
    ):
        assert line in figures
    assert "process_resident_memory_bytes" in figures
    assert "besitos_audit_violations -1.0" in before
    assert "besitos_retention_timestamp_seconds 0.0" in before
    assert "besitos_retention_timestamp_seconds 0.0" not in figures


async def test_every_status_of_the_document_has_a_title(app: Caller) -> None:
    statuses = {
        status
        for each in app.api.app.document["paths"].values()
        for said in each.values()
        for status in said["responses"]
        if int(status) >= 400
    }

    assert all(Texts("es").has(f"http.{status}") for status in statuses)


def test_both_languages_say_all_that_the_api_says() -> None:
    assert set(codes_of("es")) == set(codes_of("en"))
