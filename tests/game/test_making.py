"""Experiences make their parts: ordinary rows that also say who made them."""

import pytest

from besitos.game.document import Document
from besitos.game.exporting import text_of
from besitos.game.reader import read_texts
from besitos.game.section import Section
from besitos.game.source import MOST_DEFINITIONS
from besitos.game.writing import is_made, maker_of, without_made
from tests.game.forms import (
    ANSWERS,
    EXAMPLE,
    RULE,
    SECTIONS,
    WHOLE,
    active,
    codes_of,
    game,
    load,
    made_by,
    reading,
    told,
)

LISTS = "{filas: {type: list, fields: {clave: {type: text}, pago: {type: number, default: 2}}}}"
ROWS = "{filas: [{clave: uno}, {clave: dos, pago: 5}]}"


def test_the_example_of_the_language_is_a_template_in_order() -> None:
    draft = EXAMPLE.replace("active", "draft").replace("[…]", ANSWERS)

    assert codes_of("game: {name: Prueba}\n" + draft) == []


def test_the_example_with_what_it_lacks_makes_its_parts() -> None:
    made = made_by(load(WHOLE), "baile")

    assert set(made) == {("fragment", "baile"), ("fragment", "baile_fin"), ("mission", "baile_mision")}
    assert made["fragment", "baile"] == {
        "made_by": "baile",
        "story": "diana",
        "level": 1,
        "title": {"es": "El baile", "en": "The ball"},
        "text": "Hay: El baile",
        "decisions": [
            {"key": "bailar", "text": {"es": "Bailo", "en": "I dance"}, "next": "baile_fin"},
            {"key": "mirar", "text": "Miro", "next": "baile_fin"},
        ],
    }
    assert made["mission", "baile_mision"] == {
        "made_by": "baile",
        "name": {"es": "El baile", "en": "The ball"},
        "type": "narrative",
        "goals": [{"fragment": "baile_fin"}],
        "pays": {"besitos": 30},
    }


def test_made_rows_are_rows_like_all_others() -> None:
    document = load(WHOLE)

    assert "baile" in document.all("fragment")
    assert Document.from_rows(document.rows, SECTIONS) == document
    assert not is_made(document.rows["experience", "baile"])
    assert maker_of(document.rows["mission", "baile_mision"]) == "baile"


def test_a_row_that_speaks_of_made_by_is_not_made() -> None:
    document = load(game("{x: {type: text}}", "{}", more=f'rules: {{a: {{{RULE}, note: "\\"made_by\\": x"}}}}'))

    assert not is_made(document.rows["rule", "a"])


def test_without_what_is_made_the_rest_makes_it_anew() -> None:
    document = load(WHOLE)
    written = without_made(document.rows)

    assert set(document.rows) - set(written) == set(made_by(document, "baile"))
    assert text_of(document.rows, SECTIONS) == text_of(written, SECTIONS)
    assert load(text_of(document.rows, SECTIONS)).rows == document.rows


@pytest.mark.parametrize("status", ["draft", "archived"])
def test_only_an_active_experience_makes_anything(status: str) -> None:
    document = load(
        WHOLE.replace("begins: baile", "begins: otra").replace("status: active", f"status: {status}")
        + "fragments: {otra: {story: diana, level: 1, title: Otra, text: Otra, ending: true}}\n"
    )

    assert made_by(document, "baile") == {}
    assert ("experience", "baile") in document.rows


def test_an_edited_experience_changes_its_parts() -> None:
    before, after = load(WHOLE), load(WHOLE.replace("premio: 30", "premio: 40"))

    changed = {key for key, row in before.rows.items() if after.rows[key] != row}
    assert changed == {("experience", "baile"), ("mission", "baile_mision")}


def test_a_hole_that_is_all_keeps_the_type_of_its_field() -> None:
    fields = """{n: {type: number}, d: {type: number}, b: {type: boolean}, t: {type: text},
      c: {type: choice, choices: [a, 2]}, dur: {type: duration}, mom: {type: moment},
      l: {type: list, fields: {attribute: {type: text}}}}"""
    makes = """{rules: {"{key}_r": {when: message.posted, pays: {besitos: "{n}"}, paused: "{b}", name: "{t}",
      note: "{c}", quarantine: "{dur}", until: "{mom}"}}, boosts: {"{key}_b": {name: B, multiply: "{d}"}}}"""
    values = (
        "{n: 30, d: 1.50, b: true, t: {es: Sí, en: 'Yes'}, c: 2, dur: 2d, mom: 2027-01-01 10:00, l: [{attribute: x}]}"
    )

    made = made_by(load(game(fields, makes, active(values))), "a")

    assert made["rule", "a_r"] == {
        "made_by": "a",
        "when": ["message.posted"],
        "pays": {"besitos": 30},
        "paused": True,
        "name": {"es": "Sí", "en": "Yes"},
        "note": "2",
        "quarantine": "2d",
        "until": "2027-01-01 10:00",
    }
    assert made["boost", "a_b"]["multiply"] == 1.5


def test_a_choice_that_is_a_number_is_one_where_it_is_put() -> None:
    makes = '{rules: {"{key}_r": {only_when: {c: 20}, when: daily.claim, pays: {besitos: "{c}"}, note: "{c}"}}}'

    made = made_by(load(game("{c: {type: choice, choices: [10, 20]}}", makes, active("{c: 20}"))), "a")

    assert made["rule", "a_r"]["pays"] == {"besitos": 20}
    assert made["rule", "a_r"]["note"] == "20"


def test_a_list_is_put_whole_where_its_hole_is_all() -> None:
    fields = "{fotos: {type: list, fields: {photo: {type: text}}}}"
    makes = '{content: {"{key}_c": {name: C, media: "{fotos}"}}}'

    made = made_by(load(game(fields, makes, active("{fotos: [{photo: a.jpg}, {photo: 007}]}"))), "a")

    assert made["content", "a_c"]["media"] == [{"photo": "a.jpg"}, {"photo": "007"}]


def test_inside_a_longer_text_a_hole_speaks_the_language_of_its_line() -> None:
    makes = """{badges: {"{key}_b": {kind: special, name: {es: "Testigo: {t}", en: "Witness: {t}"},
        description: "Solo {t}, {n} y {b}"},
      "{key}_c": {kind: special, name: {es: "{t}", en: "{t}"}, description: {en: "{u}!", es: "{u}"}}}}"""
    fields = "{t: {type: text}, u: {type: text}, n: {type: number}, b: {type: boolean}}"
    values = "{t: {en: The ball, es: El baile}, u: {es: Igual}, n: 2.50, b: false}"

    made = made_by(load(game(fields, makes, active(values))), "a")

    assert made["badge", "a_b"]["name"] == {"es": "Testigo: El baile", "en": "Witness: The ball"}
    assert made["badge", "a_b"]["description"] == "Solo El baile, 2.50 y false"
    assert made["badge", "a_c"]["name"] == {"es": "El baile", "en": "The ball"}
    assert made["badge", "a_c"]["description"] == {"en": "Igual!", "es": "Igual"}


def test_two_braces_are_a_brace_and_a_field_is_never_read_for_holes() -> None:
    makes = '{rules: {"{key}_r": {RULE, note: "{{key}} {{{x}}} }} {x}"}}}'

    made = made_by(load(game("{x: {type: text}}", makes, active("{x: 'un {key} {{'}"))), "a")

    assert made["rule", "a_r"]["note"] == "{key} {un {key} {{} } un {key} {{"


def test_a_part_is_left_out_unless_the_form_says_so() -> None:
    fields = "{n: {type: number}, t: {type: text}, c: {type: choice, choices: [x, y]}}"
    makes = """{rules: {
      "{key}_bajo": {only_when: {n: ..5}, RULE}, "{key}_alto": {only_when: {n: 6+, c: y}, RULE},
      "{key}_uno": {only_when: {n: [1, 7]}, RULE}, "{key}_no": {only_when: {t: {not: Hola}}, RULE},
      "{key}_si": {only_when: {t: Hola}, RULE}}}"""

    made = made_by(load(game(fields, makes, active("{n: 7, t: {es: Hola, en: Hi}, c: y}"))), "a")

    assert {key for _, key in made} == {"a_alto", "a_uno", "a_si"}


def test_each_repeats_a_part_and_a_row_for_every_row_of_a_list() -> None:
    makes = """{rules: {"{key}_{n}_{each.clave}": {each: filas, when: message.posted, pays: {besitos: "{each.pago}"}}},
      content: {"{key}_p": {name: C, media: [{photo: una.jpg},
        {each: filas, photo: "{n}_{each.clave}.jpg"}, {photo: otra.jpg}]}}}"""

    made = made_by(load(game(LISTS, makes, active(ROWS))), "a")

    assert {key: body["pays"] for (kind, key), body in made.items() if kind == "rule"} == {
        "a_1_uno": {"besitos": 2},
        "a_2_dos": {"besitos": 5},
    }
    photos = [each["photo"] for each in made["content", "a_p"]["media"]]
    assert photos == ["una.jpg", "1_uno.jpg", "2_dos.jpg", "otra.jpg"]


def test_a_row_inside_a_repeated_part_sees_both_lists() -> None:
    fields = "{a: {type: list, fields: {x: {type: text}}}, b: {type: list, fields: {y: {type: text}}}}"
    makes = """{content: {"{key}_{each.x}": {each: a, name: C, media: [{each: b, photo: "{each.x}{each.y}{n}"}]}}}"""

    made = made_by(load(game(fields, makes, active("{a: [{x: p}, {x: q}], b: [{y: r}, {y: s}]}"))), "a")

    assert [each["photo"] for each in made["content", "a_q"]["media"]] == ["qr1", "qs2"]


def test_holes_stand_in_keys_of_maps_too() -> None:
    makes = """{items: {"{key}_i": {name: I, type: collectible}},
      rewards: {"{key}_r": {name: R, if: {level: 2+}, pays: {items: {"{key}_i": 2}}}}}"""

    made = made_by(load(game("{x: {type: number, default: 1}}", makes, active())), "a")

    assert made["reward", "a_r"]["pays"] == {"items": {"a_i": 2}}


def test_the_window_of_an_experience_bounds_all_it_makes() -> None:
    makes = """{rules: {"{key}_sin": {RULE}, "{key}_con": {RULE, from: 2026-12-05, until: 2027-03-01}},
      metrics: {"{key}_m": {when: message.posted}}}"""
    window = "from: 2026-12-01 18:00, until: 2027-02-01, paused: true, " + active()

    made = made_by(load(game("{x: {type: number, default: 1}}", makes, window)), "a")

    plain = {"made_by": "a", "when": ["message.posted"], "pays": {"besitos": 1}, "paused": True, "until": "2027-02-01"}
    assert made["rule", "a_sin"] == {**plain, "from": "2026-12-01 18:00"}
    assert made["rule", "a_con"] == {**plain, "from": "2026-12-05"}
    assert made["metric", "a_m"] == {"made_by": "a", "when": ["message.posted"]}


def test_a_part_whose_own_window_lies_outside_is_told_of() -> None:
    makes = '{rules: {"{key}_r": {RULE, until: 2026-01-01}}}'

    assert codes_of(game("{x: {type: number, default: 1}}", makes, "from: 2026-12-01, " + active())) == ["window.empty"]


def test_a_part_that_comes_out_wrong_is_told_at_the_experience_with_the_line_of_the_template() -> None:
    makes = """
      rules:
        "{key}_r":
          when: [daily.claim, "{cual}"]
          pays: {"{que}": 1}"""

    def said(values: str) -> str:
        (line,) = told(game("{cual: {type: text}, que: {type: text}}", makes, active(values)))
        return line

    assert said("{cual: mesage.posted, que: besitos}") == (
        "juego.yaml:12:3: experiences.a: nothing is known of the activity `mesage.posted`; did you mean "
        "`message.posted`? (declare your own under `activities`) "
        "(in `rules.a_r.when.1`, made by the line juego.yaml:9:31 of the template)"
    )
    assert said("{cual: message.posted, que: besito}") == (
        "juego.yaml:12:3: experiences.a: `besito` is neither a currency nor something that can be paid; did you mean "
        "`besitos`? (in `rules.a_r.pays.besito`, made by the line juego.yaml:10:18 of the template)"
    )


def test_a_wrong_row_of_a_repeated_list_leads_to_its_line() -> None:
    fields = "{f: {type: list, fields: {w: {type: text}}}}"
    makes = """
      content:
        "{key}_c":
          name: C
          media:
            - photo: uno.jpg
            - {each: f, "{each.w}": x}"""

    (said,) = told(game(fields, makes, active("{f: [{w: photo}, {w: video}, {w: foto}]}")), "es")

    assert said.startswith("juego.yaml:14:3: experiences.a: `foto` no es una palabra de aquí")
    assert said.endswith("(en `content.a_c.media.3.foto`, que hace la línea juego.yaml:12:25 de la plantilla)")


def test_a_made_row_cannot_be_edited_by_itself() -> None:
    text = game("{x: {type: number, default: 1}}", '{rules: {"{key}_r": {RULE}}}', active())

    assert told(text + f"\nrules: {{a_r: {{{RULE}}}}}") == [
        (
            "juego.yaml:10:9: rules.a_r: "
            "the experience `a` makes this (juego.yaml:8:3): edit it there, or choose another key here"
        )
    ]
    assert codes_of(text.replace("active", "archived") + f"\nrules: {{a_r: {{{RULE}}}}}") == []


def test_a_document_cannot_say_who_made_something() -> None:
    assert codes_of(f"game: {{name: P}}\nrules: {{a: {{{RULE}, made_by: b}}}}") == ["word.unknown"]


def test_two_experiences_cannot_make_the_same() -> None:
    text = game("{x: {type: text}}", '{rules: {"{key}{x}": {RULE}}}', active("{x: bc}"), active("{x: x}"))

    assert told(text.replace("  b:", "  ab:").replace("x: x}", "x: c}"), "es") == [
        (
            "juego.yaml:9:3: experiences.ab: "
            "`rules.abc` se hace dos veces; la primera, por la experiencia `a` (juego.yaml:8:3)"
        )
    ]


def test_rows_that_are_alike_cannot_make_the_same() -> None:
    makes = '{rules: {"{key}_{each.clave}": {each: filas, RULE}}}'

    assert codes_of(game(LISTS, makes, active("{filas: [{clave: x}, {clave: x}]}"))) == ["experience.made_twice"]


def test_two_words_of_a_map_cannot_become_the_same() -> None:
    makes = '{rules: {"{key}_r": {when: daily.claim, pays: {"{a}": 1, "{b}": 2}}}}'

    assert codes_of(game("{a: {type: text}, b: {type: text}}", makes, active("{a: xp, b: xp}"))) == [
        "experience.key_twice"
    ]


@pytest.mark.parametrize("value", ["'con espacio'", "Alta", "x" * 60])
def test_a_key_that_comes_out_wrong_is_told_of(value: str) -> None:
    text = game("{x: {type: text}}", '{rules: {"{key}_{x}": {RULE}}}', active(f"{{x: {value}}}"))

    assert codes_of(text) in (["key.wrong"], ["key.too_long"])


def test_what_a_wrong_experience_would_make_counts_as_existing() -> None:
    text = game("{x: {type: number}}", '{rules: {"{key}_r": {RULE}}}', active("{x: no}"))

    assert codes_of(text + "\ncaps: {c: {limit: 1/day, sources: [a_r]}}") == ["value.not_number"]
    assert codes_of(text + "\ncaps: {c: {limit: 1/day, sources: [a_s]}}") == ["value.not_number", "source.unknown"]


def test_parts_may_name_each_other_across_experiences() -> None:
    fields = "{sigue: {type: item}}"
    makes = """{items: {"{key}_i": {name: I, type: collectible}},
      rules: {"{key}_r": {when: daily.claim, pays: {items: {"{sigue}": 1}}}}}"""

    document = load(game(fields, makes, active("{sigue: b_i}"), active("{sigue: a_i}")))

    assert made_by(document, "a")["rule", "a_r"]["pays"] == {"items": {"b_i": 1}}
    assert told(game(fields, makes, active("{sigue: b_j}"), active("{sigue: a_i}"))) == [
        "juego.yaml:9:50: experiences.a.with.sigue: there is no item `b_j`"
    ]


@pytest.mark.parametrize("sections", [SECTIONS[:1], ()], ids=["some sections", "no sections"])
def test_what_this_program_does_not_read_cannot_be_made(sections: tuple[Section, ...]) -> None:
    text = game("{x: {type: number, default: 1}}", '{rules: {"{key}_r": {RULE}}}', active())

    problems = read_texts({"juego.yaml": text.encode()}, sections)[1]

    assert [(problem.code, problem.path) for problem in problems] == [("section.not_yet", "templates.t.makes.rules")]


@pytest.mark.parametrize(
    ("fields", "makes", "values"),
    [
        (
            "{x: {type: text}}",
            '{rules: {"{key}_r": {note: "HOLES", RULE}}}'.replace("HOLES", "{x}" * 100_000),
            "{x: " + "a" * 9_000 + "}",
        ),
        (
            "{f: {type: list, fields: {a: {type: number}}}}",
            '{rules: {"{key}_{n}": {each: f, note: [{each: f, x: [{each: f, y: 1}]}]}}}',
            "{f: [" + "{a: 1}, " * 1_000 + "]}",
        ),
        (
            "{f: {type: list, fields: {a: {type: number}}}}",
            '{rules: {"{key}_{n}": {each: f}}}',
            "{f: [" + "{a: 1}, " * 30_000 + "]}",
        ),
    ],
    ids=["letters", "rows", "parts"],
)
def test_a_small_file_cannot_ask_for_more_than_a_game_holds(fields: str, makes: str, values: str) -> None:
    assert codes_of(game(fields, makes, active(values))) == ["experience.too_much"]


def test_templates_and_experiences_may_stand_in_other_files_than_what_they_name() -> None:
    template, experience = WHOLE.split("experiences:")
    files = {"b.yaml": ("experiences:" + experience).encode(), "a.yaml": template.encode()}

    document, problems = read_texts(files, SECTIONS)

    assert problems == []
    assert document == load(WHOLE)


def test_nothing_is_missed_while_a_file_cannot_be_read() -> None:
    text = game("{x: {type: item}}", '{rules: {"{key}_r": {RULE}}}', active("{x: nada}"))

    problems = read_texts({"a.yaml": text.encode(), "b.yaml": b"items: {"}, SECTIONS)[1]

    assert [problem.place.file for problem in problems] == ["b.yaml"]


def test_too_much_is_told_once_however_many_experiences_there_are() -> None:
    makes = '{rules: {"{key}_{n}": {each: f, RULE}}}'
    many = active("{f: [" + "{a: 1}, " * 9_000 + "]}")

    problems = reading(game("{f: {type: list, fields: {a: {type: number}}}}", makes, *[many] * 4))[1]

    assert [(problem.code, problem.path) for problem in problems] == [("experience.too_much", "experiences.c")]


def test_what_would_be_too_much_with_all_that_is_written_is_told_too() -> None:
    rules = "".join(f"  r{number}: {{{RULE}}}\n" for number in range(300))
    makes = '{rules: {"{key}_{n}": {each: f, RULE}}}'
    many = active("{f: [" + "{a: 1}, " * (MOST_DEFINITIONS - 302) + "]}")

    assert codes_of(game("{f: {type: list, fields: {a: {type: number}}}}", makes, many, more="rules:\n" + rules)) == [
        "experience.too_much"
    ]
