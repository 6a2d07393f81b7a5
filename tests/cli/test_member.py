"""Members from the command line: opened, shown, linked, banned."""

import re
from pathlib import Path

from tests.cli.calling import Call, write_lines


def test_a_member_is_opened_once(house: Call) -> None:
    first = house.json("member", "create", "ext:ana", "--name", "Ana", "--username", "anita")
    again = house.json("member", "create", "ext:ana")

    assert first["member_id"] == again["member_id"]
    assert (again["display_name"], again["username"], again["external_id"]) == ("Ana", "anita", "ana")
    assert house.json("member", "show", first["member_id"])["type"] == "free"


def test_moments_of_a_member_say_their_zone(small_house: Call) -> None:
    small_house.well("member", "create", "ext:ana")

    said = small_house.well("member", "show", "ext:ana").out

    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$", said, re.MULTILINE)


def test_a_member_goes_by_another_name_too(house: Call) -> None:
    ana = house.json("member", "create", "ext:ana")["member_id"]

    house.well("member", "link", "ext:ana", "tg:42")
    house.well("member", "link", "ext:ana", "tg:42")

    assert house.json("member", "show", "tg:42")["member_id"] == ana


def test_a_name_that_is_somebody_elses_stays_theirs(house: Call) -> None:
    house.well("member", "create", "ext:ana")
    bea = house.json("member", "create", "tg:42")["member_id"]

    assert "cli.name_taken" in house("member", "link", "ext:ana", "tg:42").err
    house.well("member", "link", "ext:ana", "tg:43")
    assert "cli.name_taken" in house("member", "link", "ext:ana", "tg:44").err
    assert house.json("member", "show", "tg:42")["member_id"] == bea
    assert house("member", "link", "ext:ana", "77").code == 2
    assert house("member", "create", "77").code == 2


def test_what_a_banned_member_does_is_recorded_and_not_paid(house: Call, tmp_path: Path) -> None:
    house.well("member", "create", "ext:ana")
    house.well("member", "ban", "ext:ana")
    lines = write_lines(tmp_path / "a.jsonl", [{"key": "1", "member": "ana", "kind": "message.posted"}])

    assert house.json("ingest", str(lines))["statuses"] == {"accepted": 1}
    assert house.balance("ext:ana") == 0
    assert house.json("member", "show", "ext:ana")["is_banned"]
    assert "member.already_banned" in house("member", "ban", "ext:ana").err

    house.well("member", "unban", "ext:ana")
    assert "member.not_banned" in house("member", "unban", "ext:ana").err
    more = write_lines(tmp_path / "b.jsonl", [{"key": "2", "member": "ana", "kind": "message.posted"}])
    house.well("ingest", str(more))
    assert house.balance("ext:ana") == 2


def test_verbs_of_operators_cannot_be_sent_as_activities(small_house: Call, tmp_path: Path) -> None:
    lines = [{"key": kind, "member": "ana", "kind": kind} for kind in ("member.ban", "member.unban", "ledger.grant")]

    said = small_house("ingest", str(write_lines(tmp_path / "a.jsonl", lines)), "--json")

    assert (said.code, said.json["reasons"]) == (1, {"activity.reserved_kind": 3})


def test_a_member_lives_by_clocks_that_exist(small_house: Call) -> None:
    small_house.well("member", "create", "ext:ana")

    small_house.well("member", "zone", "ext:ana", "America/Bogota")
    assert "member.unknown_zone" in small_house("member", "zone", "ext:ana", "Mars/Olympus").err
    assert small_house("member", "zone", "ext:ana", "../etc/passwd").code == 1

    assert small_house.json("member", "show", "ext:ana")["zone"] == "America/Bogota"
    small_house.well("member", "zone", "ext:ana", "-")
    assert small_house.json("member", "show", "ext:ana")["zone"] is None
