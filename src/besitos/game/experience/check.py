"""What a template is checked for, whether anybody uses it or not: its form, its checks and its holes."""

from collections.abc import Iterator, Mapping
from typing import Any

from besitos.game.catalogue import AttributeType
from besitos.game.experience.form import FormReader, kind_of
from besitos.game.experience.hole import EACH, KEY_HOLE, NUMBER_HOLE, ONLY_WHEN, holes, only_hole, repeated
from besitos.game.experience.template import MADE, FormField, Pattern, Template
from besitos.game.filter import Match
from besitos.game.problem import Finding, Near, Path, Value, shown
from besitos.game.written import raw

Fields = Mapping[str, FormField]

_MEASURED = ("text", "number", "list")


def flaws(template: Template, language: str) -> Iterator[Finding]:
    """What is wrong with a template, whatever it is filled with."""
    for name, field in template.fields.items():
        yield from _field(("fields", name), name, field)
    yield from defaults_of(template, language).findings
    for number, check in enumerate(template.checks):
        yield from _asked(("checks", str(number), "where"), check.where, template.fields)
        yield from _asked(("checks", str(number), "require"), check.require, template.fields)
    for section, patterns in template.makes.items():
        here = ("makes", section)
        if section not in MADE:
            values = {"section": shown(section)}
            yield Finding(here, "template.cannot_make", values, at_key=True, near=Near(section, MADE))
        for key, pattern in patterns.items():
            yield from _pattern((*here, key), key, pattern, template.fields)


def defaults_of(template: Template, language: str) -> FormReader:
    """The defaults of a template, read as values of its form."""
    reader = FormReader(language)
    _read_defaults(reader, template.fields, ("fields",))
    return reader


def _read_defaults(reader: FormReader, fields: Fields, path: Path) -> None:
    for name, field in fields.items():
        if field.default is not None:
            reader.value(field, field.default, (*path, name, "default"))
        _read_defaults(reader, field.fields, (*path, name, "fields"))


def _field(path: Path, name: str, field: FormField) -> Iterator[Finding]:
    if len(path) == 2 and name == KEY_HOLE:
        yield Finding(path, "field.reserved", {"name": name}, at_key=True)
    if (field.type == "list") != bool(field.fields):
        yield Finding((*path, "fields"), "field.columns", at_key=True)
    if (field.type == "choice") != (field.choices is not None):
        yield Finding((*path, "choices"), "field.choices", at_key=True)
    for word, bound in (("min", field.min), ("max", field.max)):
        if bound is not None and field.type not in _MEASURED:
            yield Finding((*path, word), "field.bounds", {"word": word}, at_key=True)
    if field.min is not None and field.max is not None and field.min > field.max:
        yield Finding((*path, "min"), "field.never_fits")
    for column, inner in field.fields.items():
        yield from _field((*path, "fields", column), column, inner)


def _asked(path: Path, asked: Mapping[str, Match], fields: Fields) -> Iterator[Finding]:
    """A filter over the fields: each must be one that can be compared, with what it can be."""
    for name, match in asked.items():
        here = (*path, name)
        field = fields.get(name)
        if field is None:
            near = Near(name, fields)
            yield Finding(here, "template.no_field", {"name": name}, at_key=True, near=near)
        elif field.type == "list":
            yield Finding(here, "template.list_asked", {"name": name}, at_key=True)
        else:
            yield from _misfits(here, name, field, match)


def _misfits(path: Path, name: str, field: FormField, match: Match) -> Iterator[Finding]:
    kind: AttributeType = kind_of(field)
    values: dict[str, Value]
    for value in match.misfits(kind):
        values = {"name": name, "found": shown(value)}
        yield Finding(path, f"where.not_{kind}", values)
    if (choices := field.choices) is not None:
        for value in match.values:
            if raw(value) not in choices:
                values = {"found": shown(value), "choices": choices}
                yield Finding(path, "value.not_one_of", values, near=Near(raw(value), choices))


def _pattern(path: Path, key: str, pattern: Pattern, fields: Fields) -> Iterator[Finding]:
    yield from _asked((*path, ONLY_WHEN), pattern.only_when, fields)
    seen: Fields = {KEY_HOLE: FormField(type="text"), **fields}
    if pattern.each is not None:
        yield from _each((*path, EACH), pattern.each, seen)
        seen = _columns(pattern.each, seen)
    words = {hole.word for hole in holes(key)}
    if KEY_HOLE not in words:
        yield Finding(path, "template.key_lacks", {"key": shown(key)}, at_key=True)
    elif pattern.each is not None and not any(word == NUMBER_HOLE or word.startswith(f"{EACH}.") for word in words):
        yield Finding(path, "template.key_repeats", {"key": shown(key)}, at_key=True)
    yield from _holes(path, key, seen, at_key=True)
    yield from _body(path, pattern.body, seen)


def _body(path: Path, value: Any, seen: Fields) -> Iterator[Finding]:  # noqa: ANN401 - any plain value
    match value:
        case dict():
            for word, inner in value.items():
                here = (*path, word)
                if word in (EACH, ONLY_WHEN):
                    yield Finding(here, "template.misplaced", {"word": word}, at_key=True)
                yield from _holes(here, word, seen, at_key=True)
                yield from _body(here, inner, seen)
        case list():
            for number, row in enumerate(value):
                here = (*path, str(number))
                pattern, name = repeated(row)
                if name is not None:
                    yield from _each((*here, EACH), name, seen)
                yield from _body(here, pattern, _columns(name, seen))
        case str():
            yield from _holes(path, value, seen)


def _each(path: Path, name: object, seen: Fields) -> Iterator[Finding]:
    if not isinstance(name, str) or name not in seen or seen[name].type != "list":
        lists = [each for each, field in seen.items() if field.type == "list"]
        yield Finding(path, "template.no_list", {"name": shown(name)}, near=Near(shown(name), lists))


def _columns(name: object, seen: Fields) -> Fields:
    """What holes may say inside a row: the columns of its list besides."""
    field = seen.get(name) if isinstance(name, str) else None
    if field is None:
        return seen
    columns = {f"{EACH}.{column}": inner for column, inner in field.fields.items()}
    return {**seen, NUMBER_HOLE: FormField(type="number"), **columns}


def _holes(path: Path, text: str, seen: Fields, *, at_key: bool = False) -> Iterator[Finding]:
    is_all = not at_key and only_hole(text) is not None
    for hole in holes(text):
        if not hole.word:
            yield Finding(path, "template.brace", at_key=at_key)
        elif hole.word not in seen:
            near = Near(hole.word, seen)
            yield Finding(path, "template.no_hole", {"word": shown(hole.word)}, at_key=at_key, near=near)
        elif seen[hole.word].type == "list" and not is_all:
            yield Finding(path, "template.list_in_text", {"word": hole.word}, at_key=at_key)
