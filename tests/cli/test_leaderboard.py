"""Boards and levels at the terminal: who stands where, and levels brought up to a new curve."""

from pathlib import Path

from tests.cli.calling import GAME, Call

RANKED = (
    GAME
    + """
levels: {curve: {linear: 1000}, pays: {xp: 3}}
leaderboards: {ganado: {name: Ganado, by: earned}}
"""
)


def apply(house: Call, text: str) -> None:
    Path("game.yaml").write_text(text)
    house.well("game", "apply", "game.yaml")


def test_a_board_is_shown_and_around_a_member(house: Call) -> None:
    apply(house, RANKED)
    for name, amount in (("ana", "90"), ("bea", "50"), ("carla", "50")):
        house.well("member", "create", f"ext:{name}", "--name", name.title())
        house.well("grant", f"ext:{name}", amount)

    found = house.json("leaderboard", "ganado")

    assert [(place["rank"], place["value"]) for place in found["places"]] == [(1, 90), (2, 50), (2, 50)]
    shown = house.well("leaderboard", "ganado", "--limit", "1")
    assert "Ana" in shown.out
    assert "Bea" not in shown.out
    assert house.json("leaderboard", "ganado", "--around", "ext:bea", "--limit", "1")["own"]["rank"] == 2
    assert house.json("leaderboard", "ganado", "--periods") == []


def test_a_board_that_is_not_there_and_a_period_that_is_none_are_refused(small_house: Call) -> None:
    apply(small_house, RANKED)

    assert "leaderboard.unknown" in small_house("leaderboard", "otra").err
    assert "leaderboard.no_period" in small_house("leaderboard", "ganado", "--period", "2026-11").err


def test_levels_are_recalculated_after_a_preview_silently_and_once(house: Call) -> None:
    apply(house, RANKED)
    house.well("member", "create", "ext:ana")
    house.well("grant", "ext:ana", "250")
    apply(house, RANKED.replace("1000", "100"))

    preview = house.json("level", "recalculate")
    applied = house.json("level", "recalculate", "--apply")
    again = house.json("level", "recalculate", "--apply")

    assert (preview["up"], preview["down"], preview["applied"]) == (1, 0, False)
    assert (applied["up"], again["up"]) == (1, 0)
    assert house.balance("ext:ana", "xp") == 0, "what is reached by a new curve alone is not paid"
    house.well("grant", "ext:ana", "50")
    assert house.balance("ext:ana", "xp") == 3


def test_levels_are_paid_where_that_is_chosen(small_house: Call) -> None:
    apply(small_house, RANKED)
    small_house.well("member", "create", "ext:ana")
    small_house.well("grant", "ext:ana", "250")
    apply(small_house, RANKED.replace("1000", "100"))

    small_house.well("level", "recalculate", "--apply", "--pay")

    assert small_house.balance("ext:ana", "xp") == 6


def test_a_game_without_levels_has_nothing_to_recalculate(small_house: Call) -> None:
    assert "level.none" in small_house("level", "recalculate").err


def test_granted_xp_is_paid_like_any_money(small_house: Call) -> None:
    apply(small_house, RANKED.replace("linear: 1000}", "linear: 10}, currency: xp"))
    small_house.well("member", "create", "ext:ana")

    small_house.well("grant", "ext:ana", "10", "--currency", "xp")

    assert small_house.balance("ext:ana", "xp") == 13
