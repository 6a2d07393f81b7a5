"""Texts: what lacks a language, what is cut, and secrets that are told."""

import pytest

from tests.game.lint.looking import found_in, looked_at

STORY = """\
stories: {casa: {name: La casa, begins: uno, levels: {1: {title: Uno}}}}
fragments:
  uno: {story: casa, level: 1, title: Uno, text: T, next: dos}
  dos: {story: casa, level: 1, title: Detrás del espejo, text: T, secret: true, ending: true}
"""


def test_texts_without_a_language_are_counted_and_told_at_the_first() -> None:
    (finding,) = looked_at("""\
game: {name: {es: La casa, en: The house, fr: La maison}, languages: [es, en, fr]}
badges: {una: {name: {es: Una, en: One, fr: Une}, description: {es: Una, en: One}, if: {xp: 1+}, pays: {xp: 1}}}
""")
    assert (finding.code, finding.path) == ("missing_translation", "badges.una.description")
    assert finding.values == {"languages": ("`fr`",), "count": 1}


def test_an_experience_is_told_where_what_it_makes_lacks_a_language_and_may_accept_it() -> None:
    game = """\
game: {name: La casa, languages: [es, en]}
templates:
  reto:
    name: Reto
    fields: {titulo: {type: text}}
    makes: {badges: {"{key}_insignia": {name: "{titulo}", if: {xp: 1+}}}}
experiences: {verano: {template: reto, status: active, with: {titulo: {es: Verano}}%s}}
"""
    assert found_in(game % "") == [("missing_translation", "experiences.verano")]
    assert found_in(game % ", allow: {missing_translation: solo en español}") == []


@pytest.mark.parametrize(
    ("game", "path"),
    [
        (f"items: {{rosa: {{name: {'a' * 55}, type: collectible, price: {{besitos: 500}}}}}}", "items.rosa.name"),
        (f"plans: {{mes: {{name: {'a' * 33}, lasts: 30d, stars: 5}}}}", "plans.mes.name"),
        (f"plans: {{mes: {{name: A, description: {'a' * 256}, lasts: 30d, stars: 5}}}}", "plans.mes.description"),
        (
            "questions: {una: {category: casa, difficulty: easy, text: T, options: {a: A, b: %s}, right: a}}"
            % ("b" * 65),
            "questions.una.options.b",
        ),
        (
            "channels: {sala: {name: Sala, chat: -100}}\n"
            "posts: {ven: {channel: sala, text: %s, media: [{photo: a.jpg}]}}" % ("a" * 1_025),
            "posts.ven.text",
        ),
    ],
)
def test_what_telegram_cuts(game: str, path: str) -> None:
    text = f"daily_gift: {{pays: {{besitos: 1}}}}\n{game}\n"

    assert found_in(text) == [("text_cut", path)]


def test_what_fits_is_not_cut() -> None:
    assert (
        found_in(f"""\
daily_gift: {{pays: {{besitos: 1}}}}
items: {{rosa: {{name: {"a" * 50}, type: collectible, price: {{besitos: 500}}}}, b: {{name: {"b" * 60}, type: hint}}}}
plans: {{mes: {{name: {"a" * 32}, lasts: 30d, stars: 5}}, regalo: {{name: {"a" * 60}, lasts: 1d, trial: true}}}}
""")
        == []
    )


def test_a_post_that_leads_to_a_secret_and_a_text_that_names_it() -> None:
    post = "channels: {sala: {name: Sala, chat: -100}}\nposts: {ven: {channel: sala, text: %s, %s: dos}}\n"

    assert found_in(STORY + post % ("Ven", "fragment")) == [("secret_leaks", "posts.ven.fragment")]
    told = post.replace(", %s: dos", "") % "¿Qué habrá DETRÁS del  espejo?"
    assert found_in(STORY + told) == [("secret_leaks", "posts.ven.text")]
    assert found_in(STORY + told.replace("DETRÁS", "debajo")) == []


def test_what_says_that_it_pays_a_secret_badge_tells_of_it() -> None:
    game = """\
badges: {buho: {name: Búho, kind: special, secret: true}}
rewards: {noche: {name: Noche, if: {xp: 5+}, pays: {badges: [buho]}%s}}
"""
    assert found_in(game % "") == [("secret_leaks", "rewards.noche.pays.badges.0")]
    assert found_in(game % ", secret: true") == []


def test_a_mission_for_who_has_found_the_secret_may_name_it() -> None:
    game = (
        STORY
        + """\
missions: {vuelta: {name: Vuelve detrás del espejo, type: special, %s, goals: {xp: 5+}, pays: {xp: 1}}}
"""
    )
    assert found_in(game % "if: {fragment: dos}") == []
    assert found_in(game % "if: {fragment: uno}") == [("secret_leaks", "missions.vuelta.name")]


def test_one_word_is_a_name_only_where_it_is_written_like_one() -> None:
    game = """\
badges: {buho: {name: Noctámbulo, secret: true, if: {xp: 9+}}}
missions: {noche: {name: %s, type: special, goals: {xp: 5+}, pays: {xp: 1}}}
"""
    assert found_in(game % "Un paseo noctámbulo") == []
    assert found_in(game % "Gana Noctámbulo") == [("secret_leaks", "missions.noche.name")]
