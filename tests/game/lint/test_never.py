"""Conditions that never hold, one by one and together, and badges for nothing."""

import pytest

from tests.game.lint.looking import found_in, looked_at

WORLD = """\
levels: {{curve: {{linear: 100}}, top: 20}}
streaks: {{visita: {{name: Visita, when: daily.claim}}}}
daily_gift: {{pays: {{besitos: 1}}, day: game}}
metrics:
  mensajes: {{when: message.posted}}
  suma: {{when: live.watched, sum: minutes}}
  dias: {{when: message.posted, distinct: weekday}}
badges:
  comprador: {{name: Comprador, kind: special}}
  hablador: {{name: Hablador, if: {{mensajes: 5+}}}}
items: {{llave: {{name: Llave, type: narrative_key}}, rosa: {{name: Rosa, type: collectible, price: {{besitos: 500}}}}}}
modules: {{abierto: {{name: Abierto}}}}
content: {{album: {{name: Álbum, media: [{{photo: a.jpg}}]}}}}
rewards: {{premio: {{name: Premio, pays: {{xp: 1}}, if: {}}}}}
"""


def found(condition: str) -> list[tuple[str, str]]:
    return found_in(WORLD.format(condition))


@pytest.mark.parametrize(
    "condition",
    [
        "{level: 21+}",
        "{badge: comprador}",
        "{item: llave}",
        "{module: abierto}",
        "{content: album}",
        "{auctions_won: 1+}",
        "{trivia_right: 1+}",
        "{missions_completed: 1+}",
        "{fragments_completed: 1+}",
        "{badges: 3+}",
        "{daily_gifts: 2+, in: day}",
        "{dias: 8+}",
        "{any: [{level: 21+}, {badge: comprador}]}",
    ],
)
def test_what_there_never_is_never_holds(condition: str) -> None:
    assert found(condition) == [("never_holds", "rewards.premio.if")]


@pytest.mark.parametrize(
    "condition",
    [
        "{level: 20+}",
        "{not: {level: 21+}}",
        "{not: {badge: comprador}}",
        "{any: [{level: 21+}, {badge: hablador}]}",
        "{item: rosa}",
        "{item: llave, quantity: ..3}",
        "{member: vip}",
        "{daily_gifts: 7+, in: week}",
        "{daily_gifts: 2+, in: 24h}",
        "{badges: 2+}",
        "{dias: 7+}",
        "{gifts_received: 9+}",
        "{reactions: 1+}",
    ],
)
def test_what_there_can_be_may_hold(condition: str) -> None:
    assert found(condition) == []


@pytest.mark.parametrize(
    ("lines", "at"),
    [
        ("[{mensajes: 5+}, {mensajes: ..3}]", 1),
        ("[{mensajes: 5+}, {not: {mensajes: 3+}}]", 1),
        ("[{mensajes: ..3}, {mensajes: 5+, in: day}]", 1),
        ("[{mensajes: 5+, in: day}, {mensajes: ..3}]", 1),
        ("[{badge: hablador}, {mensajes: 1+}, {not: {badge: hablador}}]", 2),
        ("[{member: vip}, {member: free}]", 1),
        ("[{member: vip}, {not: {member: vip}}]", 1),
        ("[{not: {member: vip}}, {not: {member: free}}]", 1),
        ("[{item: rosa, quantity: 3+}, {item: rosa, quantity: ..2}]", 1),
        ("[{not: {item: rosa}}, {item: rosa}]", 1),
        ("[{any: [{level: 5+}, {member: free}]}, {level: ..3}, {member: vip}]", 0),
        ("[{earned: 5+, of: xp}, {earned: ..4, of: xp}]", 1),
        ("[{member_for: 30d+}, {member_for: ..7d}]", 1),
    ],
)
def test_lines_that_exclude_each_other(lines: str, at: int) -> None:
    assert found(lines) == [("never_holds", f"rewards.premio.if.{at}")]


@pytest.mark.parametrize(
    "lines",
    [
        "[{mensajes: 3+}, {mensajes: ..3}]",
        "[{mensajes: 5+}, {mensajes: ..3, in: day}]",
        "[{suma: 5+, in: day}, {suma: ..3}]",
        "[{earned: 5+}, {earned: ..4, of: xp}]",
        "[{item: rosa, quantity: 1+}, {not: {item: rosa, quantity: 5+}}]",
        "[{not: {mensajes: 3..5}}, {mensajes: 4..9}]",
        "[{any: [{level: 5+}, {member: free}]}, {level: ..3}]",
    ],
)
def test_lines_that_can_hold_together(lines: str) -> None:
    assert found(lines) == []


def test_the_sentence_names_both_lines() -> None:
    (finding,) = looked_at(WORLD.format("[{level: 5+}, {level: ..3}]"))

    assert finding.values["found"] == ("`level: ..3`", "`level: 5+`")


def test_conditions_of_parts_are_read_at_their_place() -> None:
    assert found_in("""\
stories: {casa: {name: La casa, begins: uno, levels: {1: {title: Uno}}}}
fragments:
  uno: {story: casa, level: 1, title: T, text: T, decisions: [
    {key: a, text: A, next: dos},
    {key: b, text: B, if: [{level: 2+}], next: dos}]}
  dos: {story: casa, level: 1, title: T, text: T, ending: true}
""") == [("never_holds", "fragments.uno.decisions.1.if.0")]


@pytest.mark.parametrize(
    "condition",
    [
        "{not: {badge: otra}}", "{mensajes: ..5}", "{member_for: ..30d}", "{balance: 0+}", "{member: free}",
        "{grade: primero}", "{any: [{level: 5+}, {level: ..5}]}", "{not: {member: vip}}", "{not: {mensajes: 1+}}",
        "{item: llave, quantity: ..3}",
    ],
)  # fmt: skip
def test_a_badge_for_who_has_just_joined_is_for_nothing(condition: str) -> None:
    assert badge(condition) == [("badge_for_nothing", "badges.una.if")]


@pytest.mark.parametrize(
    "condition",
    [
        "{badge: otra}", "{mensajes: 1..5}", "{member_for: 1d+}", "{member: vip}", "{grade: segundo}",
        "{mayor: ..5}", "{not: {level: ..1}}", "[{level: 1+}, {mensajes: 1+}]",
    ],
)  # fmt: skip
def test_a_badge_that_something_is_done_for(condition: str) -> None:
    assert badge(condition) == []


def badge(condition: str) -> list[tuple[str, str]]:
    return found_in(f"""\
metrics: {{mensajes: {{when: message.posted}}, mayor: {{when: live.watched, max: minutes}}}}
levels: {{curve: {{linear: 100}}}}
grades: {{primero: {{name: Primero, min_xp: 0}}, segundo: {{name: Segundo, min_xp: 5}}}}
items: {{llave: {{name: Llave, type: narrative_key}}}}
badges: {{otra: {{name: Otra, if: {{xp: 1+}}}}, una: {{name: Una, if: {condition}}}}}
""")
