"""Streaks from the command line: shown, paused, frozen, repaired, and restored after an outage."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.cli.calling import Call, write_lines

GAME = """
game: {name: Campus}
activities: {lesson.done: {}}
streaks: {diaria: {name: Diaria, when: lesson.done, repair_within: 365d}}
"""


def attended(house: Call, folder: Path, member: str, *ago: int) -> None:
    """Had lessons so many days ago."""
    noon = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        {"key": f"{member}{days}", "member": member, "kind": "lesson.done", "at": (noon - timedelta(days)).isoformat()}
        for days in ago
    ]
    Path("game.yaml").write_text(GAME)
    house("game", "apply", "game.yaml")
    house.well("ingest", str(write_lines(folder / f"{member}.jsonl", lines)))


def shown(house: Call, member: str = "ext:ana") -> dict[str, object]:
    [streak] = house.json("streak", "show", member)
    assert isinstance(streak, dict)
    return streak


def day_to_come(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days)).date().isoformat()


def test_a_streak_is_shown_frozen_and_paused(house: Call, tmp_path: Path) -> None:
    attended(house, tmp_path, "ana", 1, 0)

    house.well("streak", "freeze", "diaria", "ext:ana", "--note", "bravo")
    house.well("streak", "pause", "diaria", "ext:ana", "--from", day_to_come(3), "--to", day_to_come(5))

    found = shown(house)
    assert (found["length"], found["freezes"]) == (2, 1)
    assert found["pauses"] == [{"starts_on": day_to_come(3), "ends_on": day_to_come(5)}]
    house.well("streak", "pause", "diaria", "ext:ana", "--cancel", day_to_come(3))
    assert shown(house)["pauses"] == []


def test_a_broken_streak_is_repaired(house: Call, tmp_path: Path) -> None:
    attended(house, tmp_path, "ana", 9, 8)

    assert shown(house)["length"] == 0
    house.well("streak", "repair", "diaria", "ext:ana")

    assert shown(house)["length"] == 2
    assert "streak.not_broken" in house("streak", "repair", "diaria", "ext:ana").err


def test_what_an_outage_broke_is_previewed_and_restored_once(house: Call, tmp_path: Path) -> None:
    attended(house, tmp_path, "ana", 9, 8)
    attended(house, tmp_path, "bea", 9, 8)
    attended(house, tmp_path, "carla", 4)
    outage = ("streak", "restore", "diaria", "--from", day_to_come(-7), "--to", day_to_come(-6))

    preview = house.json(*outage, "--dry-run")
    untouched = shown(house)["length"]
    first, again = house.json(*outage), house.json(*outage)

    assert (preview, untouched) == ({"restorable": 2}, 0)
    assert (first, again) == ({"restored": 2}, {"restored": 0})
    assert [shown(house, f"ext:{name}")["length"] for name in ("ana", "bea", "carla")] == [2, 2, 0]


def test_what_is_typed_wrongly_is_told(house: Call, tmp_path: Path) -> None:
    attended(house, tmp_path, "ana", 1)

    assert "cli.usage.missing" in house("streak", "pause", "diaria", "ext:ana").err
    assert "cli.day_form" in house("streak", "pause", "diaria", "ext:ana", "--from", "mañana").err
    assert "cli.moment_form" in house("streak", "restore", "diaria", "--from", "ayer", "--to", "2026-01-02").err
    assert (
        "cli.outage_backwards" in house("streak", "restore", "diaria", "--from", "2026-01-02", "--to", "2026-01-01").err
    )
    assert "streak.unknown" in house("streak", "restore", "otra", "--from", "2026-01-01", "--to", "2026-01-02").err
