"""Forms: the values of an experience, read by the fields of its template."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from besitos.core.activity import Scalar
from besitos.game.catalogue import AttributeType
from besitos.game.experience.template import REFERRING, FieldType, FormField, Template
from besitos.game.filter import Filter, Match
from besitos.game.problem import Finding, Near, Path, Value, refuse, shown
from besitos.game.reference import Reference
from besitos.game.text import EVERY, Text
from besitos.game.units import KEY, Duration, Moment, matching
from besitos.game.written import raw

WITH: Path = ("with",)
_MOMENT: TypeAdapter[Any] = TypeAdapter(Moment)
_KEY = matching(KEY, "key.wrong")


class FormReader:
    """Reads a form and keeps what is wrong with it.

    `names` are the definitions that its values name. `is_whole` is off where a value is missing that has been
    told of already.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self.findings: list[Finding] = []
        self.names: list[tuple[Path, Reference]] = []
        self.is_whole = True

    @property
    def is_right(self) -> bool:
        """Whether the form can be used."""
        return self.is_whole and not self.findings

    def fields(self, fields: Mapping[str, FormField], values: Mapping[str, Any], path: Path) -> dict[str, Any]:
        """Every field with its value or its default; those that have neither are told."""
        for name in values.keys() - fields.keys():
            near = Near(name, fields)
            self._tell((*path, name), "experience.no_field", near=near, word=shown(name))
        read: dict[str, Any] = {}
        for name, field in fields.items():
            here = (*path, name)
            if name in values:
                read[name] = self.value(field, values[name], here)
            elif field.is_required:
                self.findings.append(Finding(path, "word.missing", {"word": name}, at_key=True))
            else:
                read[name] = self._default(field)
        return read

    def value(self, field: FormField, value: Any, path: Path) -> Any:  # noqa: ANN401 - any plain value
        """The value of one field; the texts of a form become `Text`, all else stays plain."""
        if value is None:
            self.is_whole = False
            return None
        if field.type == "list":
            return self._list(field, value, path)
        try:
            read = _READERS[field.type](field, value)
        except PydanticCustomError as error:
            values = dict(error.context or {})
            self.findings.append(Finding(path, error.type, values, near=_near(field, value)))
            return None
        if isinstance(read, Text):
            self._text(field, read, path)
        elif isinstance(read, Reference):
            self.names.append((path, read))
        elif field.type == "number":
            self._number(field, read, path)
        return read

    def _default(self, field: FormField) -> Any:  # noqa: ANN401 - any plain value
        reader = FormReader(self.language)
        value = reader.value(field, field.default, ())
        self.is_whole = self.is_whole and reader.is_right
        return value

    def _list(self, field: FormField, value: object, path: Path) -> list[dict[str, Any]]:
        if not isinstance(value, list):
            self._tell(path, "value.not_list", found=shown(value))
            return []
        if field.min is not None and len(value) < field.min:
            self._tell(path, "list.too_short", bound=raw(field.min), found=len(value))
        if field.max is not None and len(value) > field.max:
            self._tell(path, "list.too_long", bound=raw(field.max), found=len(value))
        rows = []
        for number, row in enumerate(value):
            here = (*path, str(number))
            if row is None:
                self.is_whole = False
            elif isinstance(row, dict):
                rows.append(self.fields(field.fields, row, here))
            else:
                self._tell(here, "value.not_settings", found=shown(row))
        return rows

    def _text(self, field: FormField, text: Text, path: Path) -> None:
        if EVERY not in text and self.language not in text:
            self._tell(path, "text.lacks_language", language=self.language)
        for language, words in text.items():
            here = path if language == EVERY else (*path, language)
            if field.min is not None and len(words) < field.min:
                self._tell(here, "text.too_short", length=len(words), least=raw(field.min))
            if field.max is not None and len(words) > field.max:
                self._tell(here, "text.too_long", length=len(words), most=raw(field.max))

    def _number(self, field: FormField, number: int | Decimal, path: Path) -> None:
        if field.min is not None and number < field.min:
            self._tell(path, "number.too_small", bound=raw(field.min), found=shown(number))
        if field.max is not None and number > field.max:
            self._tell(path, "number.too_large", bound=raw(field.max), found=shown(number))

    def _tell(self, path: Path, code: str, *, near: Near | None = None, **values: str | int) -> None:
        self.findings.append(Finding(path, code, values, at_key=near is not None, near=near))


def kind_of(field: FormField) -> AttributeType:
    """As what a filter sees a field."""
    return "number" if field.type == "number" else "boolean" if field.type == "boolean" else "text"


def is_so(asked: Mapping[str, Match], fields: Mapping[str, FormField], values: Mapping[str, Scalar]) -> bool:
    """Whether the fields are as a filter asks."""
    return Filter(asked, {name: kind_of(fields[name]) for name in asked}).holds(values)


def scalars(fields: Mapping[str, FormField], values: Mapping[str, Any], language: str) -> Mapping[str, Scalar]:
    """What filters see of a form: its texts in the language of the game, choices as words, and no lists."""
    seen: dict[str, Scalar] = {}
    for name, value in values.items():
        if isinstance(value, Text):
            seen[name] = value.in_language(language)
        elif not isinstance(value, list):
            seen[name] = raw(value) if fields[name].type == "choice" else value
    return seen


def broken_checks(template: Template, values: Mapping[str, Any], language: str) -> Iterator[Finding]:
    """The checks of a template that a form does not pass, each at the value that must be different."""
    seen = scalars(template.fields, values, language)
    for check in template.checks:
        if not {*check.where, *check.require} <= seen.keys() or not is_so(check.where, template.fields, seen):
            continue
        wrong = next((name for name in check.require if not _passes(check.require, name, template, seen)), None)
        if wrong is not None:
            message = _lines(check.message, language)
            found: dict[str, Value] = {"message": message, "name": wrong, "found": shown(seen[wrong])}
            yield Finding((*WITH, wrong), "experience.check", found)


def _passes(asked: Mapping[str, Match], name: str, template: Template, values: Mapping[str, Scalar]) -> bool:
    return is_so({name: asked[name]}, template.fields, values)


def _lines(message: Text, language: str) -> Mapping[str, str]:
    """A message on one line, the language of the game first: what a reader gets whose own is not there."""
    ordered = sorted(message.items(), key=lambda each: each[0] != language)
    return {key: "".join(c if c.isprintable() else " " for c in words) for key, words in ordered}


def _near(field: FormField, value: object) -> Near | None:
    return Near(shown(value), field.choices) if field.choices is not None else None


def _read_text(_: FormField, value: object) -> Text:
    return Text.read(value)


def _read_number(_: FormField, value: object) -> int | Decimal:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        refuse("value.not_number", found=shown(value))
    return value


def _read_boolean(_: FormField, value: object) -> bool:
    if not isinstance(value, bool):
        refuse("value.not_boolean", found=shown(value))
    return value


def _read_choice(field: FormField, value: object) -> object:
    """One of the choices, as it was written: where one is a number, so is what is made of it."""
    choices = field.choices or ()
    if isinstance(value, (dict, list)) or raw(value) not in choices:
        refuse("value.not_one_of", found=shown(value), choices=choices)
    return value


def _read_duration(_: FormField, value: object) -> str:
    return Duration.read(value).written()


def _read_moment(_: FormField, value: object) -> str:
    try:
        _MOMENT.validate_python(value)
    except ValidationError:
        refuse("moment.wrong", found=shown(value))
    return raw(value)


def _read_name(field: FormField, value: object) -> Reference:
    name = Reference(_KEY(value))
    name.kind = field.type
    return name


_READERS: Mapping[FieldType, Callable[[FormField, object], Any]] = {
    "text": _read_text,
    "number": _read_number,
    "boolean": _read_boolean,
    "choice": _read_choice,
    "duration": _read_duration,
    "moment": _read_moment,
    **dict.fromkeys(REFERRING, _read_name),
}
