"""The database from the command line: brought up to date, copied, looked at; and what may be wrong with it."""

import asyncio
import os
import resource
import sqlite3
from pathlib import Path

import pytest

from besitos.apps.compose import open_besitos
from besitos.apps.retention import Retention
from besitos.store import sqlite
from tests.cli.calling import Call, finish, start, write_lines


def test_a_database_is_made_and_made_once(besitos: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///new.db")

    assert besitos.json("migrate") == {"before": None, "now": "0003"}
    assert besitos.json("migrate") == {"before": "0003", "now": "0003"}
    assert Path("new.db").stat().st_mode & 0o077 == 0


def test_without_a_setting_the_database_stands_in_the_users_folder(besitos: Call, tmp_path: Path) -> None:
    besitos.well("migrate")

    assert (tmp_path / "data" / "besitos" / "besitos.db").exists()
    (tmp_path / "besitos.db").touch()
    assert "schema.missing" in besitos("balance", "1").err


def test_an_empty_database_is_told_apart_from_an_unknown_member(besitos: Call) -> None:
    said = besitos("balance", "ext:ana")

    assert said.code == 1
    assert "schema.missing" in said.err


def test_a_migration_of_the_future_is_refused(small_house: Call) -> None:
    with sqlite3.connect(database()) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    db.close()

    for command in (("balance", "1"), ("migrate",), ("worker",), ("run",), ("chat",), ("backup", "x.db")):
        said = small_house(*command)
        assert (said.code, said.out) == (1, "")
        assert "schema.unknown" in said.err, command


def test_a_database_that_somebody_holds_is_told(small_house: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    small_house.well("member", "create", "ext:ana")
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.05)
    holder = sqlite3.connect(database())
    holder.execute("BEGIN IMMEDIATE")
    try:
        said = small_house("grant", "ext:ana", "5", "--key", "k")
    finally:
        holder.rollback()
        holder.close()

    assert said.code == 1
    assert "store.busy" in said.err
    assert not small_house.json("grant", "ext:ana", "5", "--key", "k")["replayed"]


@pytest.mark.parametrize("content", [b"this is no database, only a text that is long enough" * 20, b"\0" * 4096])
def test_a_file_that_is_no_database_is_told(
    besitos: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "bad.db").write_bytes(content)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///bad.db")

    for command in (("balance", "1"), ("migrate",), ("doctor",)):
        said = besitos(*command)
        assert said.code == 1, command
        assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("url", "code", "ends"),
    [
        ("mysql://root:secret@x/y", "cli.database_url", 2),
        ("nonsense", "cli.database_url", 2),
        ("sqlite:///nowhere/at/all.db", "store.unreachable", 1),
        ("postgresql://nobody:secret@127.0.0.1:1/none", "store.unreachable", 1),
        ("sqlite:////", "", 1),
    ],
)
def test_a_database_that_is_not_there_is_told(
    besitos: Call, monkeypatch: pytest.MonkeyPatch, url: str, code: str, ends: int
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)

    said = besitos("migrate")

    assert said.code == ends
    assert code in said.err
    assert "secret" not in said.err
    assert "Traceback" not in said.err


def test_a_full_disk_is_told_and_nothing_is_lost(small_house: Call, tmp_path: Path) -> None:
    lines = [{"key": str(n), "member": f"p{n}", "kind": "message.posted"} for n in range(9_000)]
    file = str(write_lines(tmp_path / "a.jsonl", lines))

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, 1_500_000))

    full = finish(start("ingest", file, preexec_fn=little_room))

    assert full.code == 1
    assert "store.full" in full.err
    assert "Traceback" not in full.err
    said = small_house.json("ingest", file)
    assert said["statuses"] == {"accepted": 9_000}
    assert small_house.well("audit")


def test_a_copy_is_whole_and_never_replaces_anything(small_house: Call) -> None:
    small_house.well("member", "create", "ext:ana")
    small_house.well("grant", "ext:ana", "5")

    said = small_house.json("backup", "copy.db")
    again = small_house("backup", "copy.db")

    assert said["bytes"] == Path("copy.db").stat().st_size
    assert Path("copy.db").stat().st_mode & 0o077 == 0
    assert again.code == 1
    assert "cli.file_exists" in again.err
    os.environ["DATABASE_URL"] = "sqlite:///copy.db"
    assert small_house.balance("ext:ana") == 5
    assert sorted(path.name for path in Path().glob("copy*")) == ["copy.db"]


def test_a_copy_needs_a_folder(small_house: Call) -> None:
    assert "cli.file_missing" in small_house("backup", "nowhere/copy.db").err


def test_postgresql_is_copied_with_its_own_tool(
    besitos: Call, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", postgres_url)

    said = besitos("backup", "copy.db")

    assert said.code == 1
    assert "pg_dump" in said.err


def test_the_doctor_finds_a_house_in_order(house: Call) -> None:
    grades = {each["check"]: each["grade"] for each in house.json("doctor")}

    assert {grades[check] for check in ("schema", "database", "writing", "clock", "game")} == {"good"}
    assert grades["bot"] == "note"
    assert grades["retention"] == "note"


def test_the_doctor_says_when_what_is_past_its_time_was_cleared(house: Call) -> None:
    async def retain() -> None:
        async with open_besitos(os.environ["DATABASE_URL"]) as opened:
            await Retention()(opened)

    asyncio.run(retain())

    grades = {each["check"]: each["grade"] for each in house.json("doctor")}
    assert grades["retention"] == "good"


def test_the_doctor_hides_passwords_and_finds_what_is_missing(besitos: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://ana:s3cret@127.0.0.1:1/none")
    monkeypatch.setenv("BOT_TOKEN", "42:hidden")
    monkeypatch.setenv("BESITOS_TELEGRAM_API_URL", "http://127.0.0.1:1")

    said = besitos("doctor")

    assert said.code == 1
    assert "s3cret" not in said.out + said.err
    assert "hidden" not in said.out + said.err
    assert said.out.count("✗") == 2


@pytest.mark.parametrize(("name", "value"), [("PORT", "http"), ("PORT", "70000"), ("LOG_LEVEL", "loud")])
def test_a_setting_that_will_not_do_is_named(
    besitos: Call, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    said = besitos("doctor")

    assert said.code == 2
    assert f"setting {name}" in said.err


def test_a_secret_may_stand_in_a_file(besitos: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "url").write_text("sqlite:///from-file.db\n")
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "url"))

    besitos.well("migrate")

    assert Path("from-file.db").exists()
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "gone"))
    assert "cli.file_missing" in besitos("migrate").err


def database() -> Path:
    return Path(os.environ["DATABASE_URL"].removeprefix("sqlite:///"))
