"""Drafts from the command line: kept, planned, applied, put on top of others' work, and scheduled."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from besitos.apps.gamefile import drafts_of
from besitos.apps.session import opened
from besitos.store.drafts import Draft
from tests.cli.calling import GAME, Call
from tests.world import SetClock

KINDER = GAME.replace("besitos: 2", "besitos: 3")
TOMORROW = "2099-12-01 18:00"


def write(text: str, name: str = "mine.yaml") -> str:
    Path(name).write_text(text)
    return name


def publish(days: int = 0) -> list[Draft]:
    """What the job does, so many days from now."""

    async def work() -> list[Draft]:
        async with opened() as house:
            drafts = drafts_of(house)
            drafts._clock = SetClock(house.clock.now() + timedelta(days=days))
            return await drafts.publish_due()

    return asyncio.run(work())


def test_a_draft_is_kept_as_it_was_written_and_is_not_in_force(house: Call) -> None:
    text = f"# mind the gift\n{KINDER}"

    kept = house.json("game", "draft", "save", "spring", write(text), "--author", "ana")

    assert (kept["base"], kept["state"], kept["author"], kept["problems"]) == (1, "open", "ana", [])
    assert house.json("game", "draft", "show", "spring")["files"] == {"mine.yaml": text}
    assert house.well("game", "draft", "show", "spring").out.strip() == text.strip()
    assert [each["name"] for each in house.json("game", "draft", "list")] == ["spring"]
    assert "spring" in house.well("game", "draft", "list").out
    assert house.json("game", "show")["version"] == 1


def test_a_draft_is_planned_and_applied(house: Call) -> None:
    house.well("game", "draft", "save", "spring", write(KINDER), "--reason", "kinder")

    plan = house.json("game", "draft", "plan", "spring")
    applied = house.json("game", "draft", "apply", "spring", "--author", "bea")

    assert (plan["changed"], plan["conflicts"], plan["theirs"]["changed"]) == (["rule/message"], [], [])
    assert (applied["version"], applied["changed"]) == (2, ["rule/message"])
    shown = house.json("game", "show")
    assert (shown["author"], shown["reason"]) == ("bea", "kinder")
    [draft] = house.json("game", "draft", "list")
    assert (draft["state"], draft["version"]) == ("applied", 2)


def test_a_draft_may_be_broken_and_is_then_not_applied(small_house: Call) -> None:
    kept = small_house("game", "draft", "save", "spring", write("game: {name: X}\nruels: {}\n"))

    assert kept.code == 0
    assert "it cannot be applied like this" in kept.err
    assert kept.out.startswith("mine.yaml:2:1: ")
    for verb in ("plan", "apply"):
        said = small_house("game", "draft", verb, "spring")
        assert "cli.game_broken" in said.err
        assert said.out.startswith("mine.yaml:2:1: ")


def test_a_folder_is_kept_with_its_files(small_house: Call) -> None:
    small_house.well("game", "export", "--folder", "folder")

    small_house.well("game", "draft", "save", "all", "folder")

    assert set(small_house.json("game", "draft", "show", "all")["files"]) >= {"game.yaml", "rules.yaml"}
    assert small_house.json("game", "draft", "apply", "all")["differs"] is False


def test_a_draft_on_an_old_base_is_refused_unless_it_is_put_on_top(house: Call) -> None:
    house.well("game", "draft", "save", "spring", write(KINDER))
    house.well("game", "apply", write(GAME.replace("bonus: 50", "bonus: 60"), "theirs.yaml"))

    refused = house("game", "draft", "apply", "spring")
    plan = house.json("game", "draft", "plan", "spring")
    applied = house.json("game", "draft", "apply", "spring", "--rebase")

    assert (refused.code, "cli.game_moved" in refused.err) == (1, True)
    assert refused.out == "~ rule/prize\n    pays.bonus: 50 → 60\n"
    assert (plan["base"], plan["version"], plan["changed"]) == (1, 2, ["rule/message"])
    assert plan["theirs"]["changed"] == ["rule/prize"]
    assert (applied["version"], applied["changed"]) == (3, ["rule/message"])
    assert house.json("game", "show")["game"]["rules"]["prize"]["pays"] == {"bonus": 60}


def test_what_both_have_changed_is_named(house: Call) -> None:
    house.well("game", "draft", "save", "spring", write(KINDER.replace("caps:", "caps: {}\nxaps:").split("xaps")[0]))
    house.well(
        "game", "apply", write(GAME.replace("besitos: 2", "besitos: 4").replace("2/day", "3/day"), "theirs.yaml")
    )

    said = house("game", "draft", "apply", "spring", "--rebase")

    assert said.code == 1
    assert "cli.draft_conflicts" in said.err
    assert said.out == "! cap/few\n! rule/message\n"
    assert house.json("game", "draft", "plan", "spring")["conflicts"] == ["cap/few", "rule/message"]
    assert house.json("game", "show")["version"] == 2

    house.well("game", "draft", "save", "spring", write(KINDER), "--base", "2")
    assert house.json("game", "draft", "apply", "spring")["version"] == 3


def test_publishing_can_be_scheduled_listed_and_cancelled(house: Call) -> None:
    said = house.json("game", "apply", write(KINDER), "--at", TOMORROW, "--author", "ana", "--reason", "kinder")

    assert said == {"draft": "2099-12-01-1800", "base": 1, "publish_at": "2099-12-01T18:00:00Z"}
    [listed] = house.json("game", "draft", "list")
    assert (listed["state"], listed["author"], listed["reason"]) == ("scheduled", "ana", "kinder")
    assert "cli.draft_scheduled" in house("game", "draft", "save", said["draft"], "mine.yaml").err
    assert publish() == []

    assert house.json("game", "draft", "cancel", said["draft"])["state"] == "open"
    assert publish(40_000) == []
    house.well("game", "draft", "delete", said["draft"])
    assert house.json("game", "draft", "list") == []


def test_what_is_due_is_applied_once(house: Call) -> None:
    house.well("game", "apply", write(KINDER), "--at", TOMORROW, "--author", "ana", "--reason", "kinder")

    [done] = publish(40_000)

    assert (done.state, done.version) == ("applied", 2)
    assert publish(40_000) == []
    shown = house.json("game", "show")
    assert (shown["version"], shown["author"], shown["reason"]) == (2, "ana", "kinder")


def test_what_is_due_is_refused_where_the_game_has_moved_on(house: Call) -> None:
    house.well("game", "draft", "save", "spring", write(KINDER))
    house.well("game", "draft", "apply", "spring", "--at", TOMORROW)
    house.well("game", "apply", write(GAME.replace("bonus: 50", "bonus: 60"), "theirs.yaml"))

    [done] = publish(40_000)

    assert (done.state, done.refused) == ("refused", "game.moved")
    assert "the game changed before" in house.well("game", "draft", "list").out
    assert house.json("game", "show")["version"] == 2
    assert house.json("game", "draft", "apply", "spring", "--rebase")["version"] == 3


def test_the_zone_of_a_moment_is_that_of_the_game(small_house: Call) -> None:
    mexico = KINDER.replace("{name: Campus}", "{name: Campus, zone: America/Mexico_City}")

    said = small_house.json("game", "apply", write(mexico), "--at", TOMORROW)

    assert said["publish_at"] == "2099-12-02T00:00:00Z"
    again = small_house.json("game", "apply", "mine.yaml", "--at", f"{TOMORROW}-06:00")
    assert again == {**said, "draft": f"{said['draft']}-2"}


@pytest.mark.parametrize(
    ("at", "code"),
    [
        ("tomorrow", "cli.game_moment_form"),
        ("2020-01-01", "cli.game_moment_past"),
        ("2099-13-01", "cli.game_moment_form"),
    ],
)
def test_what_is_no_moment_to_come_is_told(small_house: Call, at: str, code: str) -> None:
    said = small_house("game", "apply", write(KINDER), "--at", at)

    assert (said.code, code in said.err) == (2, True)


def test_what_is_no_draft_is_told(small_house: Call) -> None:
    for verb in ("show", "plan", "apply", "cancel", "delete"):
        assert "cli.no_draft" in small_house("game", "draft", verb, "none").err
    assert small_house("game", "draft", "save", "Bad Name", "game.yaml").code == 2
    assert "cli.file_missing" in small_house("game", "draft", "save", "x", "none.yaml").err
