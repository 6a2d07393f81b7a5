"""Templates and the forms that are filled in: every sentence that is said of a wrong one, and where."""

import pytest

from besitos.surfaces.texts import Texts
from tests.game.forms import ANSWERS, WHOLE, active, codes_of, game, load, reading, told

OTHER = "fragments: {otra: {story: diana, level: 1, title: Otra, text: Otra, ending: true}}\n"
MAKES = '{rules: {"{key}_r": {RULE}}}'
CHANNEL = "channels: {jardin: {name: Jardín, chat: -1001}}"


def wrong(fields: str, makes: str = MAKES, checks: str = "[]") -> list[tuple[str, str]]:
    """The codes and paths of what is wrong with a template that nobody uses."""
    text = game(fields, makes).replace("    makes:", f"    checks: {checks}\n    makes:")
    return [(problem.code, problem.path.removeprefix("templates.t.")) for problem in reading(text)[1]]


def unfit(field: str, value: str) -> list[str]:
    """The codes of what is wrong with one value of a form; the same of a draft and of an active experience."""
    codes = codes_of(game(f"{{x: {field}}}", MAKES, f"with: {{x: {value}}}", more=CHANNEL))
    assert codes == codes_of(game(f"{{x: {field}}}", MAKES, active(f"{{x: {value}}}"), more=CHANNEL))
    return codes


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("{type: text}", "Hola"),
        ("{type: text}", "007"),
        ("{type: text, min: 4, max: 4}", "{es: Hola, en: Hiya}"),
        ("{type: number}", "-3"),
        ("{type: number, min: 0.5, max: 2}", "1.50"),
        ("{type: boolean}", "false"),
        ("{type: choice, choices: [a, b]}", "b"),
        ("{type: choice, choices: [1, 2]}", "2"),
        ("{type: duration}", "7d"),
        ("{type: moment}", "2026-12-01"),
        ("{type: moment}", "2026-12-01 18:00"),
        ("{type: channel}", "jardin"),
        (
            "{type: list, min: 1, max: 2, fields: {a: {type: number, min: 1}, b: {type: text, default: B}}}",
            "[{a: 1}, {a: 2, b: C}]",
        ),
        ("{type: list, fields: {a: {type: list, fields: {b: {type: number}}}}}", "[{a: [{b: 1}]}, {a: []}]"),
    ],
)
def test_a_value_that_fits_its_field_is_taken(field: str, value: str) -> None:
    assert unfit(field, value) == []


@pytest.mark.parametrize(
    ("field", "value", "codes"),
    [
        ("{type: text}", "true", ["text.boolean"]),
        ("{type: text}", "[a]", ["text.wrong"]),
        ("{type: text}", "' '", ["text.empty"]),
        ("{type: text}", "{en: Hi}", ["text.lacks_language"]),
        ("{type: text}", "{spanish: Hola}", ["text.no_language"]),
        ("{type: text, min: 5}", "Hola", ["text.too_short"]),
        ("{type: text, max: 3}", "{es: Hola, en: Hi}", ["text.too_long"]),
        ("{type: number}", "'3'", ["value.not_number"]),
        ("{type: number}", "tres", ["value.not_number"]),
        ("{type: number}", "true", ["value.not_number"]),
        ("{type: number}", "007", ["value.not_number"]),
        ("{type: number, min: 5}", "4", ["number.too_small"]),
        ("{type: number, max: 5.5}", "5.6", ["number.too_large"]),
        ("{type: boolean}", "yes", ["value.not_boolean"]),
        ("{type: boolean}", "1", ["value.not_boolean"]),
        ("{type: choice, choices: [a, b]}", "c", ["value.not_one_of"]),
        ("{type: choice, choices: [a, b]}", "[a]", ["value.not_one_of"]),
        ("{type: duration}", "7 días", ["duration.wrong"]),
        ("{type: moment}", "mañana", ["moment.wrong"]),
        ("{type: moment}", "[1]", ["moment.wrong"]),
        ("{type: channel}", "Jardín", ["key.wrong"]),
        ("{type: channel}", "jardim", ["unknown.channel"]),
        ("{type: list, fields: {a: {type: number}}}", "3", ["value.not_list"]),
        ("{type: list, fields: {a: {type: number}}}", "[3]", ["value.not_settings"]),
        ("{type: list, fields: {a: {type: number}}}", "[{}]", ["word.missing"]),
        ("{type: list, fields: {a: {type: number}}}", "[{a: 1, b: 2}]", ["experience.no_field"]),
        ("{type: list, fields: {a: {type: number, max: 0}}}", "[{a: 0}, {a: 1}]", ["number.too_large"]),
        ("{type: list, min: 2, fields: {a: {type: number}}}", "[{a: 1}]", ["list.too_short"]),
        ("{type: list, max: 1, fields: {a: {type: number}}}", "[{a: 1}, {a: 1}]", ["list.too_long"]),
        ("{type: list, fields: {a: {type: channel}}}", "[{a: nada}]", ["unknown.channel"]),
    ],
)
def test_a_value_that_does_not_fit_its_field_is_told_of(field: str, value: str, codes: list[str]) -> None:
    assert unfit(field, value) == codes


def test_a_field_without_a_default_is_required() -> None:
    text = game("{x: {type: number}, y: {type: number, default: 0}}", MAKES, active(), "status: draft")

    assert told(text) == [
        "juego.yaml:8:36: experiences.a.with: `x` is missing",
        "juego.yaml:9:3: experiences.b.with: `x` is missing",
    ]


def test_a_value_for_no_field_is_told_of_with_the_nearest() -> None:
    text = game("{premio: {type: number, default: 1}}", MAKES, active("{premoi: 3}"))

    assert told(text) == [
        "juego.yaml:8:43: experiences.a.with.premoi: the template has no field `premoi`; did you mean `premio`?"
    ]
    assert told(text, "es") == [
        "juego.yaml:8:43: experiences.a.with.premoi: la plantilla no tiene el campo `premoi`; ¿quizá `premio`?"
    ]


def test_nothing_written_for_a_field_is_told_of_once() -> None:
    assert codes_of(game("{x: {type: number}}", MAKES, active("{x: }"))) == ["value.empty"]
    assert codes_of(game("{x: {type: list, fields: {a: {type: text}}}}", MAKES, active("{x: [{a: A}, ~]}"))) == [
        "value.empty"
    ]


def test_a_template_that_does_not_exist_is_told_of_with_the_nearest() -> None:
    text = game("{x: {type: number, default: 1}}", MAKES) + "experiences: {e: {template: u, status: active}}"

    assert codes_of(text) == ["unknown.template"]
    assert codes_of(text.replace("template: u", "template: t")) == []


@pytest.mark.parametrize("status", ["draft", "active", "archived"])
def test_a_check_that_fails_is_told_at_the_value_in_the_words_of_its_template(status: str) -> None:
    text = WHOLE.replace("premio: 30", "premio: 19").replace("status: active", f"status: {status}")
    text = text.replace("begins: baile", "begins: otra") + OTHER

    (problem,) = reading(text)[1]

    line = text.splitlines()[problem.place.line - 1]
    assert line[problem.place.column - 1 :].startswith("19")
    assert (
        Texts("es")
        .problem(problem)
        .endswith(
            ": experiences.baile.with.premio: Las experiencias VIP deben otorgar al menos 20 besitos (premio: 19)"
        )
    )


@pytest.mark.parametrize(("language", "words"), [("es", "Más"), ("en", "More"), ("fr", "Más")])
def test_the_message_of_a_check_is_told_in_the_language_of_its_reader(language: str, words: str) -> None:
    checks = "    checks: [{require: {x: 5+}, message: {en: More, es: Más}}]\n    makes:"
    text = game("{x: {type: number, default: 1}}", MAKES, active()).replace("    makes:", checks)

    (said,) = told(text, language)

    assert said.endswith(f"experiences.a.with.x: {words} (x: 1)")


def test_a_check_holds_only_where_all_of_where_holds() -> None:
    fields = "{v: {type: boolean}, t: {type: text}, n: {type: number}, c: {type: choice, choices: [a, b]}}"
    checks = "    checks: [{where: {v: true, t: {not: Hola}}, require: {n: [1, 5..9], c: a}, message: M}]\n    makes:"

    def said(values: str) -> list[str]:
        text = game(fields, MAKES, active(values)).replace("    makes:", checks)
        return [problem.path for problem in reading(text)[1]]

    assert said("{v: false, t: X, n: 2, c: b}") == []
    assert said("{v: true, t: Hola, n: 2, c: b}") == []
    assert said("{v: true, t: X, n: 7, c: a}") == []
    assert said("{v: true, t: X, n: 2, c: b}") == ["experiences.a.with.n"]
    assert said("{v: true, t: X, n: 1, c: b}") == ["experiences.a.with.c"]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ("{key: {type: text}}", [("field.reserved", "fields.key")]),
        ("{x: {type: list}}", [("field.columns", "fields.x.fields")]),
        ("{x: {type: text, fields: {a: {type: text}}}}", [("field.columns", "fields.x.fields")]),
        ("{x: {type: choice}}", [("field.choices", "fields.x.choices")]),
        ("{x: {type: text, choices: [a]}}", [("field.choices", "fields.x.choices")]),
        ("{x: {type: boolean, min: 1}}", [("field.bounds", "fields.x.min")]),
        ("{x: {type: number, min: 2, max: 1}}", [("field.never_fits", "fields.x.min")]),
        ("{x: {type: list, fields: {a: {type: choice}}}}", [("field.choices", "fields.x.fields.a.choices")]),
        ("{x: {type: number, default: 1, min: 2}}", [("number.too_small", "fields.x.default")]),
        ("{x: {type: text, default: {en: Hi}}}", [("text.lacks_language", "fields.x.default")]),
        ("{x: {type: channel, default: nada}}", [("unknown.channel", "fields.x.default")]),
        (
            "{x: {type: list, fields: {a: {type: number, default: no}}}}",
            [("value.not_number", "fields.x.fields.a.default")],
        ),
        ("{x: {type: number, min: cinco}}", [("value.not_number", "fields.x.min")]),
        ("{x: {type: fecha}}", [("value.not_one_of", "fields.x.type")]),
        ("{}", [("list.too_short", "fields")]),
        ("{x: {type: text, ayuda: X}}", [("word.unknown", "fields.x.ayuda")]),
        ("{x: {type: text, label: {en: X}}}", [("text.lacks_language", "fields.x.label")]),
    ],
)
def test_a_field_that_makes_no_sense_is_told_of(fields: str, found: list[tuple[str, str]]) -> None:
    assert wrong(fields) == found


FIELDS = """{n: {type: number}, t: {type: text}, b: {type: boolean}, c: {type: choice, choices: [a, b]},
  l: {type: list, fields: {w: {type: text}}}}"""


@pytest.mark.parametrize(
    ("makes", "found"),
    [
        ('{caps: {"{key}_c": {}}}', [("template.cannot_make", "makes.caps")]),
        ('{fragmentos: {"{key}_c": {}}}', [("template.cannot_make", "makes.fragmentos")]),
        ("{rules: {suelta: {}}}", [("template.key_lacks", "makes.rules.suelta")]),
        ('{rules: {"{{key}}": {}}}', [("template.key_lacks", "makes.rules.{{key}}")]),
        ('{rules: {"{key}_{t}": {}}}', []),
        ('{rules: {"{key}_{nada}": {}}}', [("template.no_hole", "makes.rules.{key}_{nada}")]),
        ('{rules: {"{key}": {note: "{tt}"}}}', [("template.no_hole", "makes.rules.{key}.note")]),
        ('{rules: {"{key}": {note: "a {w} b"}}}', [("template.no_hole", "makes.rules.{key}.note")]),
        ('{rules: {"{key}": {note: "{ t }"}}}', [("template.no_hole", "makes.rules.{key}.note")]),
        ('{rules: {"{key}": {note: "{each.w}"}}}', [("template.no_hole", "makes.rules.{key}.note")]),
        ('{rules: {"{key}": {pays: {"{gema}": 1}}}}', [("template.no_hole", "makes.rules.{key}.pays.{gema}")]),
        ('{rules: {"{key}": {note: "un { suelto"}}}', [("template.brace", "makes.rules.{key}.note")]),
        ('{rules: {"{key}": {note: "{}"}}}', [("template.brace", "makes.rules.{key}.note")]),
        ('{rules: {"{key}": {note: "{{ y }} y }"}}}', []),
        ('{rules: {"{key}": {note: "son {l}"}}}', [("template.list_in_text", "makes.rules.{key}.note")]),
        ('{rules: {"{key}": {note: "{l}"}}}', []),
        (
            '{rules: {"{key}": {each: t}}}',
            [("template.no_list", "makes.rules.{key}.each"), ("template.key_repeats", "makes.rules.{key}")],
        ),
        ('{rules: {"{key}": {each: l}}}', [("template.key_repeats", "makes.rules.{key}")]),
        ('{rules: {"{key}_{n}": {each: l, note: "{each.w}"}}}', []),
        ('{rules: {"{key}_{each.w}": {each: l}}}', []),
        ('{rules: {"{key}_{each.v}": {each: l}}}', [("template.no_hole", "makes.rules.{key}_{each.v}")]),
        ('{rules: {"{key}": {limit: [{each: l, x: "{each.w}{n}"}]}}}', []),
        ('{rules: {"{key}": {limit: [{each: 3}]}}}', [("template.no_list", "makes.rules.{key}.limit.0.each")]),
        ('{rules: {"{key}": {limit: [{each: ll}]}}}', [("template.no_list", "makes.rules.{key}.limit.0.each")]),
        ('{rules: {"{key}": {pays: {each: l}}}}', [("template.misplaced", "makes.rules.{key}.pays.each")]),
        (
            '{rules: {"{key}": {limit: [{only_when: {b: true}}]}}}',
            [("template.misplaced", "makes.rules.{key}.limit.0.only_when")],
        ),
        ('{rules: {"{key}": {only_when: {bb: true}}}}', [("template.no_field", "makes.rules.{key}.only_when.bb")]),
        ('{rules: {"{key}": {only_when: {b: si}}}}', [("where.not_boolean", "makes.rules.{key}.only_when.b")]),
        ('{rules: {"{key}": {only_when: {l: 1}}}}', [("template.list_asked", "makes.rules.{key}.only_when.l")]),
        ('{rules: {"{key}": {only_when: {c: [a, d]}}}}', [("value.not_one_of", "makes.rules.{key}.only_when.c")]),
        ('{rules: {"{key}": 3}}', [("value.not_settings", "makes.rules.{key}")]),
        ("{rules: [1]}", [("value.not_map", "makes.rules")]),
    ],
)
def test_holes_are_checked_in_a_template_that_nobody_uses(makes: str, found: list[tuple[str, str]]) -> None:
    assert sorted(wrong(FIELDS, makes)) == sorted(found)


@pytest.mark.parametrize(
    ("check", "found"),
    [
        ("{require: {n: 3+}, message: M}", []),
        ("{where: {b: true}, require: {n: 3+, c: a, t: {not: x}}, message: {es: M}}", []),
        ("{require: {m: 3+}, message: M}", [("template.no_field", "checks.0.require.m")]),
        ("{require: {n: tres}, message: M}", [("where.not_number", "checks.0.require.n")]),
        ("{where: {t: true}, require: {n: 3}, message: M}", [("where.not_text", "checks.0.where.t")]),
        ("{require: {n: 3+}, message: {en: M}}", [("text.lacks_language", "checks.0.message")]),
        ("{require: {n: 3+}}", [("word.missing", "checks.0")]),
        ("{message: M}", [("word.missing", "checks.0")]),
    ],
)
def test_a_check_asks_for_fields_and_says_what_it_wants(check: str, found: list[tuple[str, str]]) -> None:
    assert wrong(FIELDS, MAKES, f"[{check}]") == found


def test_an_experience_of_a_wrong_template_is_told_of_its_own_mistakes_only() -> None:
    text = game("{x: {type: number}}", '{rules: {"{key}_r": {note: "{y}"}}}', active("{x: no}"), active("{x: 1}"))

    assert codes_of(text) == ["template.no_hole", "value.not_number"]


def test_a_template_has_a_type_that_wizards_call_it() -> None:
    text = game("{x: {type: number, default: 1}}", MAKES).replace("name: T", "name: T\n    type: mission_chain")

    assert codes_of(text) == []
    assert codes_of(text.replace("mission_chain", "cadena")) == ["value.not_one_of"]


def test_the_form_is_read_in_the_language_of_the_game() -> None:
    text = WHOLE.replace("zone: America/Mexico_City", "language: en").replace("{es: Las", "{en: Las")

    assert codes_of(text) == []
    assert load(text).about.language == "en"
    assert ANSWERS in text
