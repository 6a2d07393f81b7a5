"""A database that is full, locked or gone: a clear answer, nothing written, and the same request stands later."""

import shutil
import sqlite3
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from besitos.store.database import sqlite_path
from besitos.store.protocol import Query, TransientError, UnavailableError
from besitos.store.sqlite import SqliteStore
from tests.http.caller import Api, Caller


async def test_a_full_disk_is_said_and_nothing_is_lost(app: Caller) -> None:
    store = app.api.besitos.store
    assert isinstance(store, SqliteStore)
    ana = await app.member("ana")
    [[[pages]]] = await store.amend(Query("PRAGMA page_count"))

    store._db.execute(f"PRAGMA max_page_count = {pages}")
    answers = [await app.grant(ana, 5, note="x" * 1_000) for _ in range(100)]
    refused = [each for each in answers if each.status_code != 201]
    store._db.execute("PRAGMA max_page_count = 1073741823")

    assert {(each.status_code, each.json()["code"], each.headers["retry-after"]) for each in refused} == {
        (503, "store.full", "30")
    }
    assert "Nothing was written" in refused[0].json()["detail"]
    assert await app.balance(ana) == 5 * (100 - len(refused))
    assert (await app.grant(ana, 5)).status_code == 201


async def test_a_locked_file_is_busy_and_then_it_is_not(
    app: Caller, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(app.api.besitos.store, SqliteStore)
    ana = await app.member("ana")
    monkeypatch.setattr("besitos.store.sqlite.BUSY_SECONDS", 0.05)
    monkeypatch.setattr("besitos.engine.engine.RETRY_AFTER", (0.001,))
    rival = sqlite3.connect(urlsplit(sqlite_url).path.removeprefix("/"), isolation_level=None)
    rival.execute("BEGIN IMMEDIATE")

    refused = await app.post(f"/members/{ana}/grants", {"amount": 5}, key="k")
    rival.execute("ROLLBACK")
    rival.close()
    answer = await app.post(f"/members/{ana}/grants", {"amount": 5}, key="k")

    assert (refused.status_code, refused.json()["code"], refused.headers["retry-after"]) == (503, "store.busy", "1")
    assert (answer.status_code, await app.balance(ana)) == (201, 5)


async def test_connections_that_were_cut_are_replaced(server: Api, postgres_url: str) -> None:
    """Whoever was in the middle of something is told so, and everything goes on by itself."""
    shop = await server.client()
    ana = await shop.member("ana")
    killer = await asyncpg.connect(postgres_url)
    await killer.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await killer.close()

    answers = [await shop.post(f"/members/{ana}/grants", {"amount": 5}, key="k") for _ in range(20)]

    assert {each.status_code for each in answers} <= {201, 503}
    assert answers[-1].status_code == 201
    assert await shop.balance(ana) == 5


async def test_what_stays_busy_is_said_too(app: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    async def rivals(*_: object) -> None:
        message = "deadlock detected"
        raise TransientError(message)

    await app.member("ana")
    monkeypatch.setattr(app.api.besitos.store, "read", rivals)

    answer = await app.get("/members/ext:ana/balance")

    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "store.busy", "1")


@pytest.mark.parametrize("is_replaced", [False, True])
async def test_nothing_is_promised_on_a_file_that_was_deleted_or_replaced(
    app: Caller, sqlite_url: str, migrated_file: Path, *, is_replaced: bool
) -> None:
    """It would all be gone with the process: whoever still has it open is the only one who sees it."""
    path = sqlite_path(sqlite_url)
    ana = await app.member("ana")
    await app.grant(ana, 5)
    path.rename(path.with_name("aside.db"))
    if is_replaced:
        shutil.copyfile(migrated_file, path)

    refused = [await app.grant(ana, 5), await app.get(f"/members/{ana}/balance")]
    ready = await app.api.http.get("/readyz")
    path.with_name("aside.db").rename(path)

    assert {(each.status_code, each.json()["code"]) for each in (*refused, ready)} == {(503, "store.unreachable")}
    assert await app.balance(ana) == 5
    assert (await app.grant(ana, 5)).status_code == 201


def test_opening_a_file_that_is_not_there_does_not_make_one(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError):
        SqliteStore(tmp_path / "besitos.db")

    assert list(tmp_path.iterdir()) == []
