"""Bulk reading: every good line once, every bad one by its number, however often it is interrupted."""

import asyncio
import gzip
import json
import os
import signal
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from besitos.store.database import open_store
from besitos.store.protocol import Query
from tests.cli.calling import Call, finish, start, write_lines

BEGINS = datetime(2024, 4, 15, tzinfo=UTC)
MEMBERS = 40


def messages(count: int, every: timedelta = timedelta(minutes=7)) -> list[dict[str, Any]]:
    """Messages among a few members, some of whom reach the limit of a day."""
    return [
        {
            "key": f"m{number}",
            "member": f"p{number * number % MEMBERS}",
            "kind": "message.posted",
            "at": (BEGINS + number * every).isoformat(),
            "attributes": {"to": f"p{number % MEMBERS}"},
        }
        for number in range(count)
    ]


def expected(lines: Sequence[dict[str, Any]]) -> int:
    """What they pay: 2 besitos each, up to 20 a day and member."""
    paid: dict[tuple[str, str], int] = {}
    for line in lines:
        day = (line["member"], line["at"][:10])
        paid[day] = min(20, paid.get(day, 0) + 2)
    return sum(paid.values())


def total(house: Call) -> int:
    return sum(house.balance(f"ext:p{n}") for n in sorted({number * number % MEMBERS for number in range(MEMBERS)}))


def test_a_file_is_read_and_reading_it_again_changes_nothing(house: Call, tmp_path: Path) -> None:
    lines = messages(2_500)
    file = str(write_lines(tmp_path / "a.jsonl", lines))

    first = house.json("ingest", file)
    paid = total(house)
    again = house.json("ingest", file)

    assert first == {"lines": 2500, "malformed": 0, "replayed": 0, "statuses": {"accepted": 2500}, "reasons": {}}
    assert again["replayed"] == 2500
    assert paid == expected(lines) == total(house)
    assert house.well("audit")


def test_a_reading_that_was_killed_is_finished_by_the_next(house: Call, tmp_path: Path) -> None:
    lines = messages(6_000)
    file = tmp_path / "a.jsonl.gz"
    file.write_bytes(gzip.compress(write_lines(tmp_path / "a.jsonl", lines).read_bytes()))

    recorded = 0
    for _ in range(3):
        process = start("ingest", str(file))
        while process.poll() is None and activities() <= recorded:
            time.sleep(0.01)
        process.kill()
        finish(process)
        recorded = activities()
    said = house.json("ingest", str(file))

    assert said["replayed"] == recorded > 0
    assert total(house) == expected(lines)
    assert house.well("audit")


def activities() -> int:
    """How many are recorded, asked of the database itself."""

    async def count() -> int:
        store = await open_store(os.environ["DATABASE_URL"], connections=1)
        try:
            [[[found]]] = await store.read(Query("SELECT count(*) FROM activities"))
        finally:
            await store.close()
        return int(found)

    return asyncio.run(count())


def test_bad_lines_are_told_by_number_and_good_ones_kept(house: Call, tmp_path: Path) -> None:
    good = {"key": "a", "member": "x", "kind": "message.posted"}
    file = write_lines(
        tmp_path / "a.jsonl",
        [
            good,
            "not json",
            "",
            {"key": "b", "member": "x"},
            {**good, "key": "c", "kind": "mesage.posted"},
            [1],
            {**good, "key": "d", "member": 5},
            {**good, "key": "e", "at": "2026-01-01T00:00:00"},
            {**good, "key": "f", "extra": 1},
            {**good, "key": 1},
            {**good, "key": "g", "member": True},
            {**good, "key": "h", "attributes": {"chat": "\0"}},
            {**good, "key": "i", "attributes": {"chat": [1]}},
            {**good, "member": "y"},
            b'{"key": "j", "member": "\xff", "kind": "message.posted"}',
            {**good, "key": "k", "kind": "ledger.grant"},
            {**good, "key": "l", "at": "2999-01-01T00:00:00Z"},
            "[" * 100_000,
            " " * 1_000_001 + "{}",
            {**good, "key": "x" * 256},
            {**good, "key": ""},
            {**good, "key": "m", "attributes": {"caht": "a"}},
            {**good, "key": "n", "member": "é" * 200},
            {**good, "key": "o", "member": "tg:ana"},
            {**good, "key": "p", "member": "é" * 201},
            {**good, "key": "q", "member": "ext:x"},
            {**good, "key": "r", "member": "tg:42"},
        ],
    )

    said = house("ingest", str(file), "--errors", "bad.jsonl", "--json")

    assert said.code == 1
    assert said.json["statuses"] == {"accepted": 4, "conflict": 1, "invalid": 9}
    assert said.json["malformed"] == 12
    bad = {line["line"]: line["code"] for line in map(json.loads, Path("bad.jsonl").read_text().splitlines())}
    assert bad == {
        2: "line.not_json",
        4: "line.missing_field",
        5: "activity.unknown_kind",
        6: "line.not_an_object",
        7: "member.unknown",
        8: "line.no_zone",
        9: "line.unknown_field",
        10: "line.wrong_value",
        11: "line.wrong_value",
        12: "text.nul",
        13: "activity.wrong_attribute",
        14: "activity.key_conflict",
        15: "line.not_utf8",
        16: "activity.reserved_kind",
        17: "activity.future",
        18: "line.not_an_object",
        19: "line.too_long",
        20: "key.too_large",
        21: "key.empty",
        22: "activity.unknown_attribute",
        24: "member.wrong_name",
        25: "member.wrong_name",
    }
    assert "line 2:" in said.err
    assert house.balance("ext:x") == 4
    assert house.balance("tg:42") == 2
    assert house("balance", "ext:y").code == 0
    assert house("balance", "ext:é").code == 1


def test_what_the_game_does_not_know_is_recorded_where_that_is_wanted(house: Call, tmp_path: Path) -> None:
    line = {"key": "a", "member": "x", "kind": "tea.made", "attributes": {"sort": "mint", "cups": 1.5}}
    file = str(write_lines(tmp_path / "a.jsonl", [line]))

    assert house("ingest", file, "--json").json["reasons"] == {"activity.unknown_kind": 1}
    assert house.json("ingest", file, "--unknown", "record")["statuses"] == {"accepted": 1}
    assert house.balance("ext:x") == 0


def test_timers_run_as_time_passes_in_the_file(house: Call, tmp_path: Path) -> None:
    prize = {"key": "a", "member": "x", "kind": "prize.won", "at": "2024-01-01T12:00:00Z"}
    later = {"key": "b", "member": "x", "kind": "message.posted", "at": "2024-03-01T12:00:00Z"}

    house.well("ingest", str(write_lines(tmp_path / "a.jsonl", [prize, later])))

    lines = house.json("history", "ext:x", "--account", "besitos")
    assert [(line["type"], line["amount"], line["occurred_at"][:10]) for line in lines] == [
        ("EARN_RULE", 2, "2024-03-01"),
        ("EXPIRE", -50, "2024-02-01"),
        ("EARN_RULE", 50, "2024-01-01"),
    ]
    assert house.well("audit")


@pytest.mark.usefixtures("small_house")
def test_a_pipe_is_read_too(tmp_path: Path) -> None:
    file = write_lines(tmp_path / "a.jsonl", messages(10))

    with file.open("rb") as stream:
        said = finish(start("ingest", "-", "--json", stdin=stream))

    assert (said.code, said.json["lines"]) == (0, 10)


def test_a_file_that_breaks_off_is_told_and_what_it_had_is_kept(small_house: Call, tmp_path: Path) -> None:
    whole = gzip.compress(write_lines(tmp_path / "a.jsonl", messages(3_000)).read_bytes())
    (tmp_path / "a.gz").write_bytes(whole[: len(whole) // 2])

    said = small_house("ingest", str(tmp_path / "a.gz"), "--errors", "bad.jsonl")

    assert said.code == 1
    assert "cli.gzip_broken" in said.err
    assert activities() > 0


@pytest.mark.parametrize("name", ["nowhere.jsonl", "."])
def test_a_file_that_is_none_is_told(small_house: Call, name: str) -> None:
    said = small_house("ingest", name)

    assert said.code == 1
    assert "cli.file_" in said.err


def test_ctrl_c_keeps_what_was_read(small_house: Call, tmp_path: Path) -> None:
    file = write_lines(tmp_path / "a.jsonl", messages(100_000))

    process = start("ingest", str(file))
    while process.poll() is None and not activities():
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    said = finish(process)

    assert said.code == 130
    assert "go" in said.err
    assert "Traceback" not in said.err
    assert small_house.json("ingest", str(file))["replayed"] >= 1_000
