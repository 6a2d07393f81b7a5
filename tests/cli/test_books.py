"""Audit, seals, quarantine, anomalies, jobs and keys from the command line."""

import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.cli.calling import Call, write_lines


def tries(house: Call, tmp_path: Path, count: int) -> None:
    lines = [{"key": f"t{n}", "member": "ana", "kind": "try.made"} for n in range(count)]
    house.well("ingest", str(write_lines(tmp_path / "tries.jsonl", lines)))


def test_books_that_were_changed_are_found_by_row(small_house: Call) -> None:
    small_house.well("member", "create", "ext:ana")
    small_house.well("grant", "ext:ana", "5")
    assert small_house.json("audit")["ok"]

    with sqlite3.connect(os.environ["DATABASE_URL"].removeprefix("sqlite:///")) as db:
        db.execute("UPDATE members SET wallets = replace(wallets, '5', '6') WHERE external_id = 'ana'")
    db.close()
    said = small_house("audit")

    assert said.code == 1
    assert "cli.audit_failed" in said.err
    assert "audit.balance" in said.out
    assert "balance=6" in said.out
    assert not small_house("audit", "--json").json["ok"]


def test_what_is_closed_is_sealed_once(house: Call) -> None:
    house.well("member", "create", "ext:ana")
    house.well("grant", "ext:ana", "5")

    made: list[Any] = []
    while not made:  # on PostgreSQL it waits for transactions that others have under way
        made = house.json("seal")
    assert (made[0]["number"], made[0]["rows"]) == (1, 1)
    assert house.json("seal") == []
    assert house.json("audit")["seals"] == 1


def test_a_payout_waits_until_somebody_has_looked(house: Call, tmp_path: Path) -> None:
    tries(house, tmp_path, 4)

    first, second = house.json("quarantine", "list")
    assert (house.balance("ext:ana"), first["amounts"]) == (10, {"besitos": 5})
    house.well("quarantine", "release", first["member_id"], first["payout"])
    house.well("quarantine", "refuse", "ext:ana", second["payout"])
    said = house("quarantine", "release", "ext:ana", second["payout"])

    assert house.balance("ext:ana") == 15
    assert house.json("quarantine", "list") == []
    assert "quarantine.not_waiting" in said.err
    assert house.well("audit")


def test_a_cap_that_only_reports_names_members(house: Call, tmp_path: Path) -> None:
    game = Path("game.yaml")
    game.write_text(game.read_text().replace("then: quarantine", "then: report"))
    house.well("game", "apply", "game.yaml")

    tries(house, tmp_path, 5)

    [noticed] = house.json("anomalies", "list")
    assert (noticed["times"], noticed["cap"]) == (3, "cap/few")
    assert "cap/few" in house.well("anomalies", "list").out


def test_what_is_to_happen_by_itself_is_listed(house: Call, tmp_path: Path) -> None:
    lines = [{"key": "a", "member": "ana", "kind": "prize.won"}]
    house.well("ingest", str(write_lines(tmp_path / "a.jsonl", lines)))

    said = house.json("jobs")

    assert [timer["kind"] for timer in said["timers"]] == ["ledger.expire"]
    assert (said["overdue"], said["letters"]) == (0, [])
    assert "ledger.expire" in house.well("jobs").out
    assert house.json("jobs", "--retry") == {"tried": 0, "statuses": {}}


def test_a_key_is_shown_once_listed_and_revoked(house: Call) -> None:
    made = house.json("keys", "create", "shop", "--scope", "ledger", "--scope", "read")

    assert made["key"].startswith("bes_")
    assert made["scopes"] == ["ledger", "read"]
    assert "cli.client_taken" in house("keys", "create", "shop").err
    [listed] = house.json("keys", "list")
    assert listed["client"] == "shop"
    assert "secret" not in " ".join(listed)
    assert made["key"].split("_")[2] not in house.well("keys", "list").out
    house.well("keys", "revoke", "shop")
    assert "cli.no_key" in house("keys", "revoke", "shop").err
    house.well("keys", "create", "shop")


@pytest.mark.parametrize("client", ["Shop", "a:b", "", "x" * 64])
def test_a_client_has_a_form(small_house: Call, client: str) -> None:
    assert small_house("keys", "create", client).code == 2


def test_tables_are_for_people_and_json_for_programs(small_house: Call) -> None:
    small_house.well("member", "create", "ext:ana")

    table: Any = small_house.well("balance", "ext:ana").out.splitlines()

    assert table[0].split() == ["member", "currency", "balance", "held", "earned", "spent", "expires"]
    assert table[1].split() == ["ext:ana", "besitos", "0", "0", "0", "0"]
    assert "\033" not in "".join(table)
