"""Missions and rewards from the command line: shown, taken, claimed, given."""

from pathlib import Path

import pytest

from tests.cli.calling import Call, write_lines

GAME = """
game: {name: Campus}
metrics:
  mensajes: {when: message.posted, name: {es: mensajes, en: messages}}
badges:
  oculta: {name: Oculta, kind: special, secret: true}
missions:
  tres: {name: Tres, type: daily, repeats: daily, goals: {mensajes: 3+}, pays: {besitos: 20}}
  reto: {name: Reto, type: special, assign: taken, goals: {mensajes: 1+}, pays: {besitos: 5}}
  alto: {name: Alto, type: special, assign: taken, if: {badge: oculta}, goals: {mensajes: 1+}, pays: {besitos: 5}}
rewards:
  beso: {name: Un beso, if: {mensajes: 1+}, pays: {besitos: 10}}
  luz: {name: Luz, if: {mensajes: 9+}, pays: {besitos: 50}}
"""


@pytest.fixture
def town(small_house: Call, tmp_path: Path) -> Call:
    """A house with missions and rewards, and Ana, who has written a message."""
    Path("missions.yaml").write_text(GAME)
    small_house.well("game", "apply", "missions.yaml")
    small_house.well("member", "create", "ext:ana")
    lines = write_lines(tmp_path / "a.jsonl", [{"key": "1", "member": "ana", "kind": "message.posted"}])
    small_house.well("ingest", str(lines))
    return small_house


def test_missions_are_listed_with_their_progress_and_what_is_missing(town: Call) -> None:
    found = {each["mission"]: each for each in town.json("mission", "list", "ext:ana")}

    assert {key: each["state"] for key, each in found.items()} == {
        "tres": "active",
        "reto": "available",
        "alto": "available",
    }
    assert (found["tres"]["goals"][0]["have"], found["tres"]["goals"][0]["need"]) == (1, "3+")
    assert found["alto"]["missing"] == ["you need “Oculta”"]
    assert "1/3+ messages" in town.well("mission", "list", "ext:ana").out


def test_a_mission_is_taken_once(town: Call) -> None:
    town.well("mission", "take", "ext:ana", "reto")

    assert "mission.running" in town("mission", "take", "ext:ana", "reto").err
    assert "mission.unknown" in town("mission", "take", "ext:ana", "nada").err


def test_what_a_reward_gives_besides_money_is_said(town: Call) -> None:
    Path("missions.yaml").write_text(
        GAME + "  selecta: {name: Selecta, if: {mensajes: 1+}, pays: {vip: 7d, badges: [oculta]}}\n"
    )
    town.well("game", "apply", "missions.yaml")

    said = town.well("reward", "give", "ext:ana", "selecta", "--dry-run").out
    data = town.json("reward", "give", "ext:ana", "selecta")

    assert "reward/selecta: gives “oculta”, 7 days of VIP" in said
    assert [(each["word"], each["key"], each["count"]) for each in data["given"]] == [
        ("badges", "oculta", 1),
        ("vip", "", 604_800),
    ]


def test_rewards_are_listed_and_claimed_once(town: Call) -> None:
    before = {each["reward"]: each for each in town.json("reward", "list", "ext:ana")}
    town.well("reward", "claim", "ext:ana", "beso")

    assert (before["beso"]["state"], before["luz"]["state"]) == ("UNLOCKED", "LOCKED")
    assert before["luz"]["missing"] == ["8 messages to go"]
    assert "reward.claimed" in town("reward", "claim", "ext:ana", "beso").err
    assert "reward.locked" in town("reward", "claim", "ext:ana", "luz").err
    assert town.balance("ext:ana") == 10


def test_a_reward_is_given_whatever_its_conditions(town: Call) -> None:
    town.well("reward", "give", "ext:ana", "luz", "--dry-run")
    assert town.balance("ext:ana") == 0

    town.well("reward", "give", "ext:ana", "luz")

    assert "limit.reached" in town("reward", "give", "ext:ana", "luz").err
    assert town.balance("ext:ana") == 50
    assert "given" in town.well("reward", "list", "ext:ana", "--json").out
    assert "claimed" in town.well("reward", "list", "ext:ana").out
