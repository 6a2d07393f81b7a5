"""Versions of the game from the command line: planned, written, compared, restored."""

import json
from pathlib import Path

import pytest

from tests.cli.calling import GAME, Call

CHANGED = GAME.replace("besitos: 2, xp: 1", "besitos: 3").replace("prize:", "treat:").replace("{besitos: 5}", "{xp: 5}")


def write(text: str, name: str = "changed.yaml") -> str:
    Path(name).write_text(text)
    return name


def test_a_plan_says_in_plain_words_what_would_change_and_changes_nothing(house: Call) -> None:
    said = house.well("game", "plan", write(CHANGED))

    assert said.out.splitlines() == [
        "+ rule/treat",
        "~ rule/message",
        "    pays.besitos: 2 → 3",
        "    pays.xp: not written any more (it was 1)",
        "~ rule/try",
        "    pays.besitos: not written any more (it was 5)",
        "    pays.xp: 5, which was not written before",
        "- rule/prize",
    ]
    assert "1 new, 2 changed, 1 archived" in said.err
    assert [each["version"] for each in house.json("game", "history")] == [1]


def test_a_plan_for_programs_has_the_values(small_house: Call) -> None:
    said = small_house.json("game", "plan", write(CHANGED))

    assert said["words"]["rule/message"] == [
        {"word": "pays.besitos", "before": 2, "after": 3},
        {"word": "pays.xp", "before": 1},
    ]
    assert (said["version"], said["differs"], said["findings"]) == (1, True, [])


def test_a_plan_of_what_is_in_force_says_so(small_house: Call) -> None:
    said = small_house.well("game", "plan", "game.yaml")

    assert (said.out, said.err) == ("", "Nothing changes: version 1 stays.\n")


def test_history_tells_who_why_and_how_much(house: Call) -> None:
    house.well("game", "apply", write(CHANGED), "--author", "ana", "--reason", "kinder")
    house.well("game", "apply", "game.yaml", "--author", "bea")

    history = house.json("game", "history")

    told = [
        (each["version"], each["author"], each["reason"], each["added"], each["changed"], each["archived"])
        for each in history
    ]
    assert told[:2] == [(3, "bea", "", 1, 2, 1), (2, "ana", "kinder", 1, 2, 1)]
    assert told[2][3:] == (9, 0, 0)
    assert [each["version"] for each in house.json("game", "history", "--limit", "1", "--before", "3")] == [2]
    assert "kinder" in house.well("game", "history").out


def test_what_was_exported_changes_nothing_when_it_is_applied(house: Call) -> None:
    Path("again.yaml").write_text(house.well("game", "export").out)

    house.well("game", "export", "-o", "file.yaml")
    house.well("game", "export", "--folder", "folder")

    assert Path("file.yaml").read_text() == Path("again.yaml").read_text()
    assert {each.name for each in Path("folder").iterdir()} == {
        *("game.yaml", "activities.yaml", "daily_gift.yaml", "rules.yaml", "caps.yaml"),
    }
    for written in ("again.yaml", "file.yaml", "folder"):
        assert house.json("game", "apply", written)["differs"] is False


def test_an_export_overwrites_nothing(small_house: Call) -> None:
    assert "cli.file_exists" in small_house("game", "export", "-o", "game.yaml").err
    assert "cli.folder_taken" in small_house("game", "export", "--folder", ".").err
    assert small_house("game", "export", "-o", "x.yaml", "--folder", "x").code == 2


def test_an_older_version_is_written_as_it_was(house: Call) -> None:
    house.well("game", "apply", write(CHANGED))

    house.well("game", "export", "--version", "1", "-o", "one.yaml")

    assert house.json("game", "diff", "one.yaml")["added"] == ["rule/prize"]
    assert house.json("game", "diff", "1") == house.json("game", "diff", "1", "2") == house.json("game", "diff")
    assert house.json("game", "diff", "2", "1")["added"] == ["rule/prize"]
    assert house("game", "diff", "2", "2").err == "There is no difference.\n"
    assert "cli.no_version" in house("game", "diff", "1", "3").err
    assert "cli.no_version" in house("game", "export", "--version", "3").err
    assert house("game", "diff", "1", "one.yaml").code == 2


def test_any_version_can_be_restored_as_a_new_one(house: Call) -> None:
    house.well("game", "apply", write(CHANGED))

    would = house.json("game", "rollback", "1", "--dry-run")
    restored = house.json("game", "rollback", "1", "--author", "ana")
    again = house.json("game", "rollback", "1")

    assert (would["version"], would["added"]) == (2, ["rule/prize"])
    assert (restored["version"], restored["added"], restored["archived"]) == (3, ["rule/prize"], ["rule/treat"])
    assert (again["version"], again["differs"]) == (3, False)
    assert house.json("game", "diff", "1", "3")["differs"] is False
    shown = house.json("game", "show")
    assert (shown["author"], shown["reason"]) == ("ana", "back to version 1")


def test_a_rollback_is_held_to_its_base_and_to_versions_that_are_there(small_house: Call) -> None:
    small_house.well("game", "apply", write(CHANGED))

    assert "cli.game_moved" in small_house("game", "rollback", "1", "--base", "1").err
    assert "cli.no_version" in small_house("game", "rollback", "7").err
    assert "cli.no_version" in small_house("game", "apply", "game.yaml", "--base", "7").err
    assert small_house.json("game", "show")["version"] == 2


def test_a_concurrent_edit_is_told_to_programs_too(small_house: Call) -> None:
    small_house.well("game", "apply", write(GAME.replace("limit: 20", "limit: 30")))

    said = small_house("game", "apply", write(CHANGED), "--base", "1", "--json")

    assert said.code == 1
    assert (said.json["version"], said.json["base"], said.json["changed"]) == (2, 1, ["rule/message"])
    assert json.loads(said.err)["code"] == "cli.game_moved"


def test_an_apply_whose_answer_was_lost_may_be_repeated(small_house: Call) -> None:
    small_house.well("game", "apply", write(CHANGED), "--base", "1")

    assert small_house.json("game", "apply", "changed.yaml", "--base", "1")["version"] == 2
    assert len(small_house.json("game", "history")) == 2


def test_the_schema_is_one_document(besitos: Call) -> None:
    assert besitos.json("game", "schema") == json.loads(besitos.well("game", "schema").out)
    assert besitos.json("game", "schema")["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("command", ["export", "show"])
def test_where_there_is_no_game_nothing_is_written(
    besitos: Call, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)

    assert "cli.no_game" in besitos("game", command).err
    assert besitos.json("game", "history") == []
    assert besitos.json("game", "draft", "list") == []
