"""Why, from the command line: for operators, who read all."""

from pathlib import Path

import pytest

from tests.cli.calling import Call, write_lines

GAME = """
game: {name: Campus}
metrics: {mensajes: {when: message.posted, name: {es: mensajes, en: messages}}}
rules:
  charla: {when: message.posted, pays: {besitos: 1}, limit: 1/day, name: Charla}
  muda: {when: message.posted, if: {badge: oculta}, pays: {besitos: 1}}
badges: {oculta: {name: Oculta, kind: special, secret: true}}
"""


@pytest.fixture
def town(small_house: Call, tmp_path: Path) -> Call:
    """A house where Ana has written twice on one day."""
    Path("why.yaml").write_text(GAME)
    small_house.well("game", "apply", "why.yaml")
    small_house.well("member", "create", "ext:ana")
    small_house.well("member", "create", "ext:bea")
    said = [{"key": key, "member": "ana", "kind": "message.posted"} for key in ("uno", "dos")]
    small_house.well("ingest", str(write_lines(tmp_path / "a.jsonl", said)))
    return small_house


def test_each_activity_is_told_with_its_lines(town: Call) -> None:
    said = town.well("why", "ext:ana").out

    assert said.count("A message") == 2
    assert "  Charla: +1 besito" in said
    assert "  Charla: The limit is reached: once a day" in said
    assert "  muda: not yet: you need “Oculta”" in said


def test_one_activity_is_told_by_its_key_and_only_to_whom_it_belongs(town: Call) -> None:
    found = town.json("why", "ext:ana")
    key = next(each["key"] for each in found if any(told["amounts"] for told in each["told"]))

    [only] = town.json("why", "ext:ana", key)

    assert [told["part"] for told in only["told"]] == ["rule/charla", "rule/muda"]
    assert town("why", "ext:bea", key).code == 1
    assert town("why", "ext:ana", "nada").code == 1


def test_that_there_is_more_is_said_with_the_way_to_it(town: Call) -> None:
    one, both = town.well("why", "ext:ana", "--limit", "1"), town.well("why", "ext:ana", "--limit", "2")

    assert one.out.count("A message") == 1
    assert one.err == "There is more: --limit 200\n"
    assert both.out.count("A message") == 2
    assert both.err == ""
    assert len(town.json("why", "ext:ana", "--limit", "1")) == 1


def test_more_than_can_be_shown_at_once_is_found_by_its_key(town: Call, tmp_path: Path) -> None:
    said = [{"key": f"mas-{n}", "member": "ana", "kind": "message.posted"} for n in range(200)]
    town.well("ingest", str(write_lines(tmp_path / "b.jsonl", said)))

    all_of_them = town.well("why", "ext:ana", "--limit", "200")

    assert all_of_them.out.count("A message") == 200
    assert "besitos why ext:ana KEY" in all_of_them.err


def test_where_there_is_nothing_that_is_said(town: Call) -> None:
    assert town.json("why", "ext:bea") == []
    assert town.well("why", "ext:bea").err
