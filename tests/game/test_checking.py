"""The game as a whole: what may stand where, and what is no mistake though it looks like one."""

from dataclasses import replace

import pytest

from besitos.game.reader import examine_texts
from tests.game.games import SECTIONS, codes_of, said_of

HEAD = "game: {name: Prueba}\n"
THINGS = """\
activities:
  photo.shared: {attributes: {post: text, topic: text, score: number}}
  heart.received: {attributes: {post: text}}
things:
  post: {begins: photo.shared, keeps: [topic, score]}
"""
STORY = """\
stories: {s: {name: S, begins: a, levels: {1: {title: Uno}}}}
questions: {q: {category: casa, difficulty: easy, text: ¿Cuántas?, options: {a: Una, b: Dos}, right: [a, b]}}
"""


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("metrics: {a: {when: heart.received, where: {post.topic: nature, post.day: 2026-12-01}, per: post}}", []),
        ("metrics: {a: {when: heart.received, where: {post.score: 3+}, sum: post.score}}", []),
        ("metrics: {a: {when: heart.received, where: {post.score: alto}}}", ["where.not_number"]),
        ("metrics: {a: {when: heart.received, sum: post.topic}}", ["metric.needs_number"]),
        ("metrics: {a: {when: message.posted, distinct: post.topic}}", ["where.no_attribute"]),
        ("rules: {a: {when: heart.received, pays: {xp: 2 per 5 post.score}}}", []),
        ("rules: {a: {when: heart.received, pays: {xp: 2 per post.topic}}}", ["amount.no_number"]),
    ],
)
def test_what_is_remembered_of_a_thing_is_known_wherever_its_attribute_is(text: str, codes: list[str]) -> None:
    assert codes_of(f"{HEAD}{THINGS}{text}\n") == codes


def test_a_thing_that_is_wrong_is_told_once_and_not_where_it_is_looked_through() -> None:
    text = THINGS.replace("keeps:", "guarda:") + "metrics: {a: {when: heart.received, where: {post.topic: nature}}}\n"

    assert codes_of(HEAD + text) == ["word.unknown"]


def test_a_definition_that_is_wrong_counts_as_existing_for_others() -> None:
    text = """\
badges: {b: {name: B, kind: especial}}
metrics: {m: {when: daily.claim, paused: true}}
rewards: {r: {name: R, if: [{badge: b}, {m: 3+}], pays: {badges: [b]}}}
"""

    assert codes_of(HEAD + text) == ["value.not_one_of", "word.unknown"]


@pytest.mark.parametrize(
    "source", ["trivia", "story", "item", "plan", "leaderboard", "level", "streak", "all", "charla"]
)
def test_caps_and_boosts_may_name_every_source_there_is(source: str) -> None:
    text = f"""\
rules: {{a: {{when: message.posted, source: charla, pays: {{xp: 1}}}}}}
caps: {{c: {{limit: 9/day, sources: {source}}}}}
boosts: {{b: {{name: B, multiply: 1.5, sources: [{source}]}}}}
"""

    assert codes_of(HEAD + text) == []


@pytest.mark.parametrize(
    "pays",
    [
        "{badges: [b]}",
        "{items: {i: 3}}",
        "{content: [c]}",
        "{vip: 7d}",
        "{flags: [confianza]}",
        "{bonus: 5}",
        "{besitos: {free: 0, vip: 5}, xp: 1, badges: [b], items: {i: 1}, content: [c], vip: 1d, flags: [a, b]}",
    ],
)
def test_a_payout_may_give_anything_of_the_game(pays: str) -> None:
    text = f"""\
badges: {{b: {{name: B, kind: special}}}}
items: {{i: {{name: I, type: cosmetic}}}}
content: {{c: {{name: C, media: [{{photo: c.jpg}}]}}}}
rewards: {{r: {{name: R, pays: {pays}}}}}
"""

    assert codes_of(HEAD + text) == []


def test_a_badge_that_is_unlocked_carries_the_attribute_it_is_kept_per() -> None:
    text = """\
metrics: {m: {when: message.posted, per: chat}}
badges: {b: {name: B, per: chat, if: {m: 3+}}}
rules: {a: {when: gamification.achievement_unlocked, where: {badge: b, chat: "7"}, pays: {xp: 1}}}
"""

    assert codes_of(HEAD + text) == []
    assert codes_of(HEAD + text.replace('chat: "7"', 'module: "7"')) == ["where.no_attribute"]


@pytest.mark.parametrize(
    ("goes_on", "codes"),
    [
        ("ending: true", []),
        ("next: a", []),
        ("decisions: [{key: a, text: A, next: a}]", []),
        ("question: q, next: a, otherwise: a", []),
        ("", ["fragment.dead_end"]),
        ("ending: false", ["fragment.dead_end"]),
        ("next: a, ending: true", ["fragment.ways"]),
        ("next: a, decisions: [{key: a, text: A, next: a}]", ["fragment.ways"]),
        ("question: q, next: a", ["fragment.mini_game"]),
        ("question: q, next: a, otherwise: a, ending: true", ["fragment.ways"]),
        ("otherwise: a, next: a", ["fragment.mini_game"]),
    ],
)
def test_a_fragment_goes_on_in_exactly_one_way(goes_on: str, codes: list[str]) -> None:
    fragment = f"fragments: {{a: {{story: s, level: 1, title: A, text: Hola, {goes_on}}}}}\n"

    assert codes_of(HEAD + STORY + fragment) == codes


@pytest.mark.parametrize(
    ("levels", "codes"),
    [
        ("{curve: {linear: 100}, steps: {20: {name: Veinte}}}", []),
        ("{curve: {exponential: {base: 100, growth: 1.5}}}", []),
        ("{curve: {table: true}, steps: {1: {at: 0}, 2: {at: 50}, 3: {at: 51}}}", []),
        ("{curve: {table: true}, steps: {3: {at: 51}, 2: {at: 50}}}", []),
        ("{curve: {table: true}}", ["level.empty_table"]),
        ("{curve: {table: false}}", ["level.curve"]),
        ("{curve: {}}", ["level.curve"]),
        ("{curve: {table: true}, steps: {2: {at: 0}}}", ["level.not_rising"]),
        ("{curve: {table: true}, steps: {2: {at: 9}, 3: {at: 9}}}", ["level.not_rising"]),
        ("{curve: {table: true}, steps: {2: {name: Dos}}}", ["level.step_without_at"]),
        ("{curve: {linear: 100}, steps: {2: {at: 100}}}", ["level.at_without_table"]),
        ("{curve: {linear: 100}, steps: {21: {name: Más}}}", ["level.above_top"]),
    ],
)
def test_levels_have_one_curve_and_a_table_rises(levels: str, codes: list[str]) -> None:
    assert codes_of(f"{HEAD}levels: {levels}\n") == codes


@pytest.mark.parametrize(
    ("limit", "codes"),
    [
        ("1/ever", []),
        ("[1/ever, 50/month for all]", []),
        ("200 besitos/day", ["limit.of_an_amount"]),
        ("1/ever per post", ["limit.per_nothing"]),
        ("[5/24h, 5/1d]", ["list.twice"]),
    ],
)
def test_claims_of_a_reward_are_counted_in_times(limit: str, codes: list[str]) -> None:
    assert codes_of(f"{HEAD}rewards: {{r: {{name: R, pays: {{xp: 1}}, limit: {limit}}}}}\n") == codes


def test_penalties_stand_in_rules_fragments_and_decisions_only() -> None:
    text = """\
rules: {a: {when: message.posted, pays: {besitos: -1}}}
fragments:
  a:
    story: s
    level: 1
    title: A
    text: Hola
    pays: {besitos: -1}
    decisions: [{key: a, text: A, next: a, pays: {besitos: -1}}]
missions: {m: {name: M, type: daily, goals: {reactions: 1+}, pays: {besitos: -1}}}
"""

    assert said_of(HEAD + STORY + text) == [
        "13:78: missions.m.pays.besitos: only rules, fragments and their decisions may take away"
    ]


def test_a_section_that_nothing_plays_yet_is_in_order_and_noted_once() -> None:
    text = HEAD + "caps: {a: {limit: 3/day, sources: all}, b: {limit: 9/week, sources: all}}\n"
    sections = [replace(section, is_pending=section.kind == "cap") for section in SECTIONS]

    reading = examine_texts({"juego.yaml": text.encode()}, sections)

    assert reading.document is not None
    assert [(str(note.place), note.code) for note in reading.notes] == [("juego.yaml:2:1", "no_mechanic_yet")]


def test_the_place_of_the_only_value_of_a_list_is_that_of_the_value() -> None:
    text = HEAD + "rewards:\n  r:\n    name: R\n    pays: {xp: 1}\n    if:\n      level: 3\n"

    assert said_of(text)[0].startswith("7:14: rewards.r.if.0.level: `3` alone is not clear")
