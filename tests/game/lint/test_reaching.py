"""What nobody can reach: rounds of needs, missions and fragments behind what cannot be had."""

from tests.game.lint.looking import found_in

STORY = "stories: {casa: {name: La casa, begins: uno, levels: {1: {title: Uno%s}}}}\nfragments:\n"


def story(*fragments: str, level: str = "") -> str:
    """A story in which each fragment is told as `key: what it says besides its place`."""
    lines = []
    for each in fragments:
        key, _, rest = each.partition(": ")
        lines.append(f"  {key}: {{story: casa, level: 1, title: T, text: T, {rest}}}\n")
    return STORY % level + "".join(lines)


def test_a_mission_that_asks_for_itself() -> None:
    assert found_in("missions: {una: {name: Una, type: special, goals: {mission: una}, pays: {xp: 1}}}\n") == [
        ("needs_itself", "missions.una")
    ]


def test_a_round_through_a_mission_a_reward_an_item_and_a_flag_is_told_once() -> None:
    game = """\
missions:
  una: {name: Una, type: special, if: {flag: listo}, goals: {item: llave}, pays: {badges: [sello]}}
badges: {sello: {name: Sello, kind: special}}
rewards: {premio: {name: Premio, if: {badge: sello}, pays: {items: {llave: 1}, flags: [listo]}}}
items: {llave: {name: Llave, type: narrative_key%s}}
rules: {%s}
"""
    assert found_in(game % ("", "")) == [("needs_itself", "badges.sello")]
    assert (
        found_in(game % (", price: {besitos: 500}", "hola: {when: member.joined, pays: {besitos: 1, flags: [listo]}}"))
        == []
    )


def test_what_lies_behind_a_round_is_told_of_missions_only() -> None:
    assert found_in("""\
badges: {uno: {name: Uno, if: {badge: dos}}, dos: {name: Dos, if: {badge: uno}}, tres: {name: Tres, if: {badge: dos}}}
missions: {una: {name: Una, type: special, goals: {badge: tres}, pays: {xp: 1}}}
""") == [("needs_itself", "badges.dos"), ("unreachable_mission", "missions.una")]


def test_a_goal_may_be_more_than_there_can_be_before_the_mission_ends() -> None:
    game = """\
trivia: {limit: 5/day, right: {easy: {xp: 1}, medium: {xp: 1}, hard: {xp: 1}}}
questions: {una: {category: casa, difficulty: easy, text: T, options: {a: A, b: B}, right: a}}
missions: {sabio: {name: Sabio, type: special, goals: {trivia_answers: %s}, lasts: 2d, pays: {xp: 1}}}
"""
    assert found_in(game % "21+") == [("unreachable_mission", "missions.sabio.goals")]
    assert found_in(game % "10+") == []


def test_a_mission_may_ask_for_more_of_a_kind_than_there_is() -> None:
    game = """\
badges: {{una: {{name: Una, if: {{xp: 5+}}}}, dos: {{name: Dos, if: {{xp: 9+}}{}}}}}
missions: {{todas: {{name: Todas, type: special, goals: {{badges: {}}}, pays: {{xp: 1}}}}}}
metrics: {{por_chat: {{when: message.posted, per: chat}}}}
"""
    assert found_in(game.format("", "3+")) == [("unreachable_mission", "missions.todas.goals")]
    assert found_in(game.format("", "2+")) == []
    many = game.replace("{{xp: 9+}}", "{{por_chat: 9+}}")
    assert found_in(many.format(", per: chat", "3+")) == []


def test_of_a_chain_of_fragments_that_nobody_comes_to_the_first_is_told() -> None:
    assert found_in(story("uno: ending: true", "dos: next: tres", "tres: next: cuatro", "cuatro: ending: true")) == [
        ("unreachable_fragment", "fragments.dos")
    ]


def test_of_fragments_that_only_lead_to_each_other_one_is_told() -> None:
    assert found_in(story("uno: ending: true", "dos: next: tres", "tres: next: dos")) == [
        ("unreachable_fragment", "fragments.dos")
    ]


def test_a_decision_that_asks_for_what_comes_later_leads_nowhere_unless_one_may_pay() -> None:
    game = story(
        "uno: 'decisions': [{key: a, text: A, if: {flag: sabe}, next: dos%s}]",
        "dos: pays: {besitos: 5, flags: [sabe]}, ending: true",
    )

    assert found_in(game % "") == [("unreachable_fragment", "fragments.dos")]
    assert found_in(game % ", or_pay: {besitos: 5}") == []


def test_the_condition_of_a_level_stands_before_each_of_its_fragments() -> None:
    game = story("uno: next: dos", "dos: ending: true", level=", if: {fragment: dos}")

    assert found_in(game) == [("unreachable_fragment", "fragments.uno")]


def test_a_post_brings_readers_to_a_fragment() -> None:
    game = story("uno: ending: true", "dos: ending: true")
    post = "channels: {sala: {name: Sala, chat: -100}}\nposts: {ven: {channel: sala, text: Ven, fragment: dos}}\n"

    assert found_in(game + post) == []


def test_both_ways_on_from_a_question_are_followed() -> None:
    assert (
        found_in(
            story("uno: question: una, next: dos, otherwise: tres", "dos: ending: true", "tres: ending: true")
            + "questions: {una: {category: casa, difficulty: easy, text: T, options: {a: A, b: B}, right: a}}\n"
        )
        == []
    )
