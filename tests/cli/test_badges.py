"""Badges from the command line: listed, given, revoked, chosen."""

from pathlib import Path

import pytest

from tests.cli.calling import Call, write_lines

GAME = """
game: {name: Campus}
metrics:
  mensajes: {when: message.posted, name: {es: mensajes, en: messages}}
badges:
  amiga: {name: Amiga, if: {mensajes: 1+}, pays: {besitos: 10}}
  voz: {name: Voz, if: [{mensajes: 4+}, {badge: oculta}]}
  oculta: {name: Oculta, kind: special, secret: true}
"""


@pytest.fixture
def town(small_house: Call, tmp_path: Path) -> Call:
    """A house with badges, and Ana, who has written a message."""
    Path("badges.yaml").write_text(GAME)
    small_house.well("game", "apply", "badges.yaml")
    small_house.well("member", "create", "ext:ana")
    lines = write_lines(tmp_path / "a.jsonl", [{"key": "1", "member": "ana", "kind": "message.posted"}])
    small_house.well("ingest", str(lines))
    return small_house


def test_badges_are_listed_with_awards_and_what_is_missing_secrets_too(town: Call) -> None:
    found = {each["badge"]: each for each in town.json("badge", "list", "ext:ana")}

    assert [each["how"] for each in found["amiga"]["awards"]] == ["earned"]
    assert (found["amiga"]["is_shown"], found["voz"]["missing"]) == (True, "3 messages to go")
    assert found["oculta"] == {"badge": "oculta", "awards": [], "is_shown": False, "missing": None}
    assert "3 messages to go" in town.well("badge", "list", "ext:ana").out


def test_a_badge_of_several_values_has_a_row_for_each(town: Call) -> None:
    game = GAME.replace("badges:\n", "  de_chat: {when: message.posted, per: chat}\nbadges:\n")
    Path("badges.yaml").write_text(game + "  por_chat: {name: Por chat, per: chat, if: {de_chat: 9+}}\n")
    town.well("game", "apply", "badges.yaml")
    for chat in ("uno", "dos"):
        town.well("badge", "give", "ext:ana", "por_chat", "--value", chat)

    rows = [line.split()[:2] for line in town.well("badge", "list", "ext:ana").out.splitlines()]

    assert [row for row in rows if row[0] == "por_chat"] == [["por_chat", "dos"], ["por_chat", "uno"]]


def test_a_badge_is_given_and_revoked_for_a_reason(town: Call) -> None:
    town.well("badge", "give", "ext:ana", "oculta", "--dry-run")
    town.well("badge", "give", "ext:ana", "oculta", "--reason", "por ayudar")
    assert "badge.already_held" in town("badge", "give", "ext:ana", "oculta").err
    assert town("badge", "revoke", "ext:ana", "oculta").code == 2

    town.well("badge", "revoke", "ext:ana", "oculta", "--reason", "por error")

    assert "revoked" in town.well("badge", "list", "ext:ana").out
    assert "badge.not_held" in town("badge", "revoke", "ext:ana", "oculta", "--reason", "otra vez").err


def test_a_member_shows_what_is_chosen(town: Call) -> None:
    town.well("badge", "give", "ext:ana", "oculta")
    town.well("badge", "show", "ext:ana", "amiga")

    shown = [each["badge"] for each in town.json("badge", "list", "ext:ana") if each["is_shown"]]

    assert shown == ["amiga"]
    assert "badge.not_held" in town("badge", "show", "ext:ana", "voz").err
