"""`game past` from the command line, on both databases: previewed, given, given again."""

import json
from pathlib import Path

import pytest

from tests.cli.calling import Call

BEFORE = "game: {name: Prueba}\n"
AFTER = """
game: {name: Prueba}
metrics: {mensajes: {when: message.posted}}
rules: {largos: {when: message.posted, where: {length: 100+}, pays: {besitos: 3}, limit: 1/day}}
badges:
  hablador: {name: Hablador, if: {mensajes: 3+}, pays: {besitos: 50}}
  regalo: {name: Regalo, kind: special}
"""


@pytest.fixture
def talked(house: Call) -> Call:
    """A house in which Ana posted three long messages on two days and Bea one, before the game cared."""
    Path("before.yaml").write_text(BEFORE)
    Path("after.yaml").write_text(AFTER)
    said = [("ana", 1), ("ana", 1), ("ana", 2), ("bea", 2)]
    lines = [
        {"key": f"m{number}", "member": who, "kind": "message.posted", "at": f"2026-10-0{day}T09:00:00Z"}
        | {"attributes": {"length": 200}}
        for number, (who, day) in enumerate(said)
    ]
    Path("said.jsonl").write_text("\n".join(map(json.dumps, lines)))
    house.well("game", "apply", "before.yaml")
    house.well("ingest", "said.jsonl")
    house.well("game", "apply", "after.yaml")
    return house


def test_what_it_would_come_to_is_what_it_comes_to_and_then_there_is_nothing_more(talked: Call) -> None:
    before = talked.json("balance", "ext:ana")
    preview = talked.json("game", "past", "badge/hablador", "rule/largos", "--preview")
    assert talked.json("balance", "ext:ana") == before

    given = talked.json("game", "past", "badge/hablador", "rule/largos")
    again = talked.json("game", "past", "badge/hablador", "rule/largos")

    assert preview == given
    assert given == {
        "badge/hablador": {"members": 1, "times": 1, "amounts": {"besitos": 50}},
        "rule/largos": {"members": 2, "times": 3, "amounts": {"besitos": 9}},
    }
    assert [each["times"] for each in again.values()] == [0, 0]
    talked.well("audit")


@pytest.mark.parametrize("part", ["badge/nada", "rule/nada", "mission/x", "badge/regalo", "largos"])
def test_what_cannot_be_given_for_the_past_is_said(talked: Call, part: str) -> None:
    said = talked("game", "past", part)

    assert said.code == 1
    assert "past.unknown_part" in said.err
