"""Documents written: rows as sections and definitions again, in the order in which people write them.

Fields stand as the models have them, what was not written is left out, and reading what was written gives the
same rows. How a value looks is the matter of `yaml_writer`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from pydantic import ValidationError

from besitos.game.basics import About
from besitos.game.definition import Definition
from besitos.game.lists import Many
from besitos.game.section import LANGUAGE, OWN, Section
from besitos.game.source import MOST_FILE
from besitos.game.writing import body_of, without_made
from besitos.game.yaml_writer import entry, json_text

Rows = Mapping[tuple[str, str], str]


def in_order(sections: Iterable[Section]) -> list[Section]:
    """The game's own sections and these, in the order in which a document is written."""
    place = {name: number for number, name in enumerate(LANGUAGE)}
    return sorted((*OWN, *sections), key=lambda section: place.get(section.name, len(place)))


def bodies(rows: Rows, sections: Iterable[Section]) -> dict[str, dict[str, dict[str, Any]]]:
    """Section → key → body, everything in order.

    Rows of a kind that nothing here reads are left out, and those that an experience makes: it makes them again.
    """
    by_kind: dict[str, dict[str, dict[str, Any]]] = {}
    for (kind, key), row in sorted(without_made(rows).items()):
        by_kind.setdefault(kind, {})[key] = body_of(row)
    languages = _languages(by_kind.get("game", {}).get("game", {}))
    return {
        section.name: {
            key: _in_languages(_in_model_order(section, key, body), languages)
            for key, body in by_kind[section.kind].items()
        }
        for section in in_order(sections)
        if section.kind in by_kind
    }


def document_of(rows: Rows, sections: Iterable[Section]) -> dict[str, Any]:
    """The document as plain values: what a file of it holds."""
    known = tuple(sections)
    single = _single(known)
    return {name: next(iter(made.values())) if name in single else made for name, made in bodies(rows, known).items()}


def json_of(rows: Rows, sections: Iterable[Section]) -> str:
    """The document as JSON, numbers with the digits that they were written with. The reader takes it for YAML."""
    return json_text(document_of(rows, sections))


def text_of(rows: Rows, sections: Iterable[Section]) -> str:
    """The document as one file."""
    return "\n".join(_file(texts) for _, texts in _sections(rows, sections))


def files_of(rows: Rows, sections: Iterable[Section]) -> dict[str, str]:
    """The document as a folder: a file for each section, and more of them where one would be too large to read."""
    files: dict[str, str] = {}
    for name, texts in _sections(rows, sections):
        for number, part in enumerate(_parts(texts), 1):
            files[f"{name}.yaml" if number == 1 else f"{name}_{number}.yaml"] = _file(part)
    return files


def _sections(rows: Rows, sections: Iterable[Section]) -> Iterator[tuple[str, list[str]]]:
    """Section → its first line, and a text for each definition."""
    known = tuple(sections)
    single = _single(known)
    for name, made in bodies(rows, known).items():
        if name in single:
            yield name, [entry(name, body, 0) for body in made.values()]
        else:
            yield name, [f"{name}:", *(entry(key, body, 1) for key, body in made.items())]


def _single(sections: Iterable[Section]) -> frozenset[str]:
    return frozenset(section.name for section in (*OWN, *sections) if section.single)


def _file(texts: list[str]) -> str:
    return "".join(f"{text}\n" for text in texts)


def _parts(texts: list[str]) -> Iterable[list[str]]:
    """As many files as it takes for none to be too large; each begins with the name of the section."""
    part, size = texts[:1], len(texts[0].encode()) + 1
    for text in texts[1:]:
        length = len(text.encode()) + 1
        if size + length > MOST_FILE and len(part) > 1:
            yield part
            part, size = texts[:1], len(texts[0].encode()) + 1
        part.append(text)
        size += length
    yield part


def _in_model_order(section: Section, key: str, body: dict[str, Any]) -> dict[str, Any]:
    """A body with its words as the model has them; as they are where this program no longer accepts it."""
    try:
        made = section.model.model_validate({**section.defaults.get(key, {}), **body})
    except ValidationError:
        return body
    ordered: dict[str, Any] = _like(body, made.model_dump(by_alias=True, exclude_unset=True))
    many = _many(section.model)
    return {word: _alone(value) if word in many else value for word, value in ordered.items()}


def _languages(about: Mapping[str, Any]) -> tuple[str, ...]:
    """The languages of a game, its own first."""
    own = about.get("language", About.model_fields["language"].default)
    return tuple(dict.fromkeys((own, *about.get("languages", About.model_fields["languages"].default))))


def _in_languages(value: Any, languages: Sequence[str]) -> Any:  # noqa: ANN401 - what stands in a document
    """`value` with its texts in the order of the languages."""
    if isinstance(value, dict):
        known = languages if value.keys() <= set(languages) else ()
        words = [*(word for word in known if word in value), *(word for word in value if word not in known)]
        return {word: _in_languages(value[word], languages) for word in words}
    return [_in_languages(inner, languages) for inner in value] if isinstance(value, list) else value


@cache
def _many(model: type[Definition]) -> frozenset[str]:
    """The words whose list of one may be written as its only value."""
    fields = model.model_fields.items()
    return frozenset(
        field.alias or name for name, field in fields if any(isinstance(mark, Many) for mark in field.metadata)
    )


def _alone(value: Any) -> Any:  # noqa: ANN401 - what stands in a document
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _like(value: Any, model: Any) -> Any:  # noqa: ANN401 - what stands in a document
    """`value` with the words of its maps in the order of `model`."""
    if isinstance(value, dict) and isinstance(model, dict):
        words = [*(word for word in model if word in value), *(word for word in value if word not in model)]
        return {word: _like(value[word], model.get(word)) for word in words}
    if isinstance(value, list) and isinstance(model, (list, tuple)) and len(model) == len(value):
        return [_like(one, other) for one, other in zip(value, model, strict=True)]
    return value
