"""Windows that are over, in the zone of the game, and windows that never meet."""

from datetime import UTC, datetime

from tests.game.lint.looking import found_in

BADGE = """\
game: {name: La casa, zone: America/Mexico_City}
badges: {una: {name: Una, if: {xp: 1+}, until: 2026-11-20 12:00}}
"""


def test_a_window_ends_by_the_clock_of_the_game() -> None:
    assert found_in(BADGE, datetime(2026, 11, 20, 17, 59, tzinfo=UTC)) == []
    assert found_in(BADGE, datetime(2026, 11, 20, 18, tzinfo=UTC)) == [("window_past", "badges.una.until")]


def test_an_experience_that_is_over_is_told_once_for_all_that_it_makes() -> None:
    game = """\
templates:
  reto:
    name: Reto
    fields: {premio: {type: number, min: 1, max: 9}}
    makes:
      badges: {"{key}_insignia": {name: Una, if: {xp: 1+}}}
      missions: {"{key}_mision": {name: Una, type: special, goals: {xp: 1+}, pays: {besitos: "{premio}"}}}
experiences: {verano: {template: reto, status: active, until: 2026-11-%s, with: {premio: 5}}}
"""
    assert found_in(game % 20) == [("window_past", "experiences.verano.until")]
    assert found_in(game % 21) == []


def test_a_filter_on_days_outside_of_the_window() -> None:
    game = """\
rules:
  fiesta:
    {when: message.posted, where: {day: %s}, pays: {besitos: 1}, limit: 1/day, from: 2026-12-01, until: 2026-12-20}
"""
    assert found_in(game % "2026-12-25") == [("never_opens", "rules.fiesta.where.day")]
    assert found_in(game % "[2026-12-20, 2026-12-25]") == []
    assert found_in(game % "{not: 2026-12-25}") == []


def test_a_post_that_leads_to_what_is_over() -> None:
    game = """\
channels: {sala: {name: Sala, chat: -100}}
missions: {una: {name: Una, type: special, goals: {xp: 1+}, pays: {xp: 1}, until: 2026-12-%s}}
posts: {ven: {channel: sala, publish: 2026-12-05 10:00, text: Ven, mission: una}}
"""
    assert found_in(game % "05") == [("never_opens", "posts.ven.mission")]
    assert found_in(game % "06") == []


def test_an_item_that_starts_a_boost_that_is_over() -> None:
    game = """\
boosts: {doble: {name: Doble, multiply: 2, lasts: 1h, until: 2026-12-%s}}
items: {pluma: {name: Pluma, type: power_up, from: 2026-12-10, use: {boost: doble}}}
"""
    assert found_in(game % "10") == [("never_opens", "items.pluma.use.boost")]
    assert found_in(game % "11") == []


def test_what_can_be_had_in_another_way_may_be_sold_later() -> None:
    game = """\
daily_gift: {pays: {besitos: 1%s}}
items:
  rosa: {name: Rosa, type: collectible, price: {besitos: 500}, from: 2026-12-20}
  luna: {name: Luna, type: collectible, price: {besitos: 800}}
badges: {una: {name: Una, if: {item: rosa}, until: 2026-12-10}}
"""
    assert found_in(game % "") == [("never_opens", "badges.una.if")]
    assert found_in(game % ", items: {rosa: 1}") == []
