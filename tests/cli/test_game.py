"""The game from the command line: checked, applied, shown."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import yaml

from besitos.apps.compose import open_besitos
from besitos.apps.gamefile import EXAMPLES, FIRST_GAME, apply_first_game
from tests.cli.calling import GAME, Call


def test_a_game_in_order_is_said_to_be(small_house: Call) -> None:
    assert small_house.json("game", "check", "game.yaml") == {
        "ok": True,
        "definitions": 9,
        "problems": [],
        "findings": [],
    }


@pytest.mark.parametrize("name", ["diana", "academia", "primero.yaml"])
def test_the_examples_are_in_order_and_stand_where_the_readme_says(small_house: Call, name: str) -> None:
    small_house.well("game", "check", str(EXAMPLES / name))
    small_house.well("game", "apply", str(EXAMPLES / name))

    assert (Path(__file__).parents[2] / "examples" / name).samefile(EXAMPLES / name)
    assert FIRST_GAME == EXAMPLES / "diana"


def test_everything_that_is_wrong_is_told_with_its_place(small_house: Call) -> None:
    Path("bad.yaml").write_text(
        "game: {name: X}\nrules:\n  a: {when: mesage.posted, pays: {besitos: 1}, limit: 3/dia}\n"
    )

    said = small_house("game", "check", "bad.yaml", "--json")

    assert said.code == 1
    found = {(each["line"], each["code"]) for each in said.json["problems"]}
    assert (3, "kind.unknown") in found
    assert len(found) == 2
    assert small_house("game", "check", "bad.yaml").out.startswith("bad.yaml:3:")
    assert small_house("game", "apply", "bad.yaml").code == 1
    assert small_house.json("game", "show")["version"] == 1


def test_applying_tells_what_changes_and_nothing_changes_twice(house: Call) -> None:
    Path("game.yaml").write_text(GAME.replace("besitos: 2, xp: 1", "besitos: 3").replace("prize:", "treat:"))

    would = house.json("game", "apply", "game.yaml", "--dry-run")
    changed = house.json("game", "apply", "game.yaml", "--author", "ana", "--reason", "kinder")
    same = house.json("game", "apply", "game.yaml")

    assert would["version"] == 1
    assert changed == {
        "version": 2,
        "differs": True,
        "added": ["rule/treat"],
        "changed": ["rule/message"],
        "archived": ["rule/prize"],
        "words": {
            "rule/message": [
                {"word": "pays.besitos", "before": 2, "after": 3},
                {"word": "pays.xp", "before": 1},
            ]
        },
    }
    assert (same["version"], same["differs"]) == (2, False)
    shown = house.json("game", "show")
    assert (shown["version"], shown["author"], shown["reason"]) == (2, "ana", "kinder")
    assert set(shown["game"]["rules"]) == {"message", "treat", "try"}


def test_the_quiet_are_not_told_what_has_changed_but_what_would(house: Call) -> None:
    Path("other.yaml").write_text(GAME.replace("besitos: 10", "besitos: 11"))

    would, has = (house.well("game", "apply", "other.yaml", "-q", *more) for more in (["--dry-run"], []))

    assert would.out.startswith("~ ")
    assert (has.out, has.err) == ("", "")
    assert house.json("game", "show")["version"] == 2


def test_what_nothing_plays_yet_is_counted_beside_a_change_and_listed_where_it_is_asked_for(small_house: Call) -> None:
    game = str(EXAMPLES / "diana")

    checked = small_house.well("game", "check", game).out
    planned = small_house.well("game", "plan", game).out
    listed = [each["code"] for each in small_house.json("game", "plan", game)["findings"]]
    applied = small_house.well("game", "apply", game).out

    waiting = listed.count("no_mechanic_yet")
    assert waiting > 10
    assert checked.count("does nothing yet") == waiting
    for said in (planned, applied):
        assert "does nothing yet" not in said
        assert said.count(f"{waiting} sections do nothing yet: `besitos game check` says which") == 1


def test_what_is_shown_can_be_applied_and_changes_nothing(house: Call) -> None:
    shown = house.well("game", "show").out
    Path("shown.yaml").write_text(shown)

    assert yaml.safe_load(shown)["game"] == {"name": "Campus"}
    assert house.json("game", "apply", "shown.yaml")["differs"] is False


def test_what_somebody_else_applied_meanwhile_is_not_overwritten(house: Call) -> None:
    Path("theirs.yaml").write_text(GAME.replace("limit: 20", "limit: 30"))
    house.well("game", "apply", "theirs.yaml")
    Path("mine.yaml").write_text(GAME.replace("besitos: 10", "besitos: 11"))

    said = house("game", "apply", "mine.yaml", "--base", "1")

    assert said.code == 1
    assert "cli.game_moved" in said.err
    assert said.out == "~ rule/message\n    limit.0: 20 besitos/day → 30 besitos/day\n"
    assert house.json("game", "show")["version"] == 2


def test_a_new_version_counts_at_once(house: Call, tmp_path: Path) -> None:
    house.well("member", "create", "ext:ana")
    line = '{"key": "%d", "member": "ana", "kind": "message.posted"}\n'
    (tmp_path / "1.jsonl").write_text(line % 1)
    (tmp_path / "2.jsonl").write_text(line % 2)

    house.well("ingest", "1.jsonl")
    Path("game.yaml").write_text(GAME.replace("besitos: 2", "besitos: 7"))
    house.well("game", "apply", "game.yaml")
    house.well("ingest", "2.jsonl")

    assert house.balance("ext:ana") == 9


def test_a_house_without_a_game_says_how_to_get_one(
    besitos: Call, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)

    assert "cli.no_game" in besitos("game", "show").err


@pytest.mark.parametrize("content", [b"game: {name: \xff}", b"", b"- a", b"game: [", b"\x00"])
def test_what_is_no_game_is_told(small_house: Call, content: bytes) -> None:
    Path("bad.yaml").write_bytes(content)

    said = small_house("game", "check", "bad.yaml")

    assert said.code == 1
    assert said.out.startswith("bad.yaml:")
    assert "Traceback" not in said.err


async def test_of_several_processes_that_start_a_house_at_once_one_gives_it_its_game(database_url: str) -> None:
    async with AsyncExitStack() as open_:
        houses = [await open_.enter_async_context(open_besitos(database_url)) for _ in range(4)]

        applied = await asyncio.gather(*(apply_first_game(each) for each in houses))

        assert len([each for each in applied if each is not None]) == 1
        assert [each.games.current().version for each in houses] == [1] * 4
