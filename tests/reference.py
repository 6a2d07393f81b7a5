"""The reference, made from the models, the catalogue and the texts: `python -m tests.reference` writes it anew."""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import besitos
from besitos.core import event as events
from besitos.core.activity import topic_of
from besitos.game.catalogue import ACTIVITIES, BUILT_IN, KNOWN_OF_ALL, LATER, Attributes
from besitos.game.exporting import in_order
from besitos.game.schema import schema_of
from besitos.game.section import Section
from besitos.mechanics import SECTIONS
from besitos.surfaces.texts import Texts
from besitos.surfaces.texts.catalogue import catalogue_of

FOLDER = Path(__file__).parents[1] / "docs" / "reference"
MADE: Final = "<!-- Made from the code by `python -m tests.reference`: change it there. -->"
COMMON = ("name", "description", "from", "until", "paused", "order", "note", "allow")
"""The words that every definition may say, told once."""

DEFINITIONS = """\
Every section of a game and every word in it. **Bold** words are required. What they mean together, and how a duration,
a range, a limit or an amount is written, stands in [the language](../GAME-LANGUAGE.md). `besitos game schema` says the
same to your editor."""
ONCE = """\
Sections that exist once (`game`, `daily_gift` …) have `note` and `allow` only; `things` and `metrics` have no window
of their own."""
ACTIVITIES_KNOWN = """\
The kinds of activities that every game knows. An application's own are declared under `activities`; declaring one of
these adds attributes to it."""
EVENTS_PUBLISHED = """\
What has happened as a result. An event may stand wherever a kind of activity may (`when: gamification.level_up`), and
stands in the event log of whoever it happened to. Those that are marked *inside* are words between parts of a game, and
are not in the log."""
REASONS_GIVEN = """\
Why something was refused, or paid less than it might have. The code is the `type` of problem+json, the `reason` of an
outcome and of each step of its trace; the text is what people read, with what it names filled in."""

MOST_FILTERED = 10
"""A map of so many at most is a filter."""

SPANISH, ENGLISH = Texts("es"), Texts("en")

SHAPES = {
    "^[12]\\d{3}-": "moment",
    "^[1-9][0-9]{0,5}[smhdw]$": "duration",
    "^(?:[1-9][0-9]{0,17})(?: ": "limit",
    "^(?:(?:0|[1-9][0-9]?)": "percent",
    "^(0|[1-9][0-9]{0,6})": "money",
    "^(-?[1-9][0-9]{0,17}) per": "amount",
    "^https://": "https address",
    "^[a-z]{2}$": "language",
    "^[a-z][a-z0-9_]{0,59}(?:\\.[a-z][a-z0-9_]{0,59})+$": "kind of activity",
    "^[a-z][a-z0-9_]{0,59}(\\.[a-z][a-z0-9_]{0,59})?$": "attribute",
    "^[a-z][a-z0-9_]{0,59}$": "key",
}
"""How the patterns of the schema begin, and what GAME-LANGUAGE calls what they let through."""


def pages() -> Mapping[str, str]:
    """Every page by its file."""
    return {
        "definitions.md": _page("Definitions", _definitions()),
        "activities.md": _page("Activities", _activities()),
        "events.md": _page("Events", _events()),
        "reasons.md": _page("Reasons", _reasons()),
    }


def reason_codes() -> list[str]:
    """Every code with which anything is refused, or paid less than it might have been."""
    found = {
        str(code)
        for module in _modules()
        for shape in vars(module).values()
        if isinstance(shape, type) and issubclass(shape, StrEnum) and shape.__name__.endswith("Reason")
        for code in shape
    }
    return sorted(found)


def event_shapes() -> list[type[events.Event]]:
    """Every public event there is, by its topic."""
    shapes = (each for each in vars(events).values() if isinstance(each, type) and issubclass(each, events.Event))
    return sorted((each for each in shapes if each is not events.Event), key=topic_of)


def _page(title: str, lines: Iterable[str]) -> str:
    return "\n".join([MADE, f"# {title}", "", *lines]).rstrip("\n") + "\n"


def _definitions() -> Iterator[str]:
    schema = schema_of(SECTIONS)
    shapes: Mapping[str, Any] = schema["$defs"]
    yield DEFINITIONS
    yield ""
    yield "## What every definition may say"
    yield ""
    yield from _words(shapes["Rule"], COMMON)
    yield ""
    yield ONCE
    sections = in_order(SECTIONS)
    for section in sections:
        yield from _section(section, shapes[section.model.__name__])
    yield ""
    yield "## Parts of definitions"
    tops = {section.model.__name__ for section in sections}
    for name, shape in sorted(shapes.items()):
        if name not in tops and shape.get("properties"):
            yield ""
            yield f"### {name}"
            yield ""
            yield from _told(shape)
            yield from _words(shape, list(shape["properties"]))


def _section(section: Section, shape: Mapping[str, Any]) -> Iterator[str]:
    yield ""
    yield f"## {section.name}"
    yield ""
    yield from _told(shape)
    if section.single:
        yield "Exists once."
        yield ""
    if section.is_pending:
        yield "Read, checked and kept; nothing plays it yet."
        yield ""
    own = [word for word in shape["properties"] if word not in COMMON or (word == "name" and _needs(shape, word))]
    if own:
        yield from _words(shape, own)


def _told(shape: Mapping[str, Any]) -> Iterator[str]:
    if shape.get("description"):
        yield " ".join(str(shape["description"]).split())
        yield ""


def _words(shape: Mapping[str, Any], words: Iterable[str]) -> Iterator[str]:
    yield "| word | type | default | |"
    yield "|---|---|---|---|"
    for word in words:
        about = shape["properties"][word]
        name = f"**`{word}`**" if _needs(shape, word) else f"`{word}`"
        default = about.get("default")
        shown = "" if default in (None, "", [], {}) else f"`{_plain(default)}`"
        yield f"| {name} | {_cell(_type(about))} | {shown} | {_cell(about.get('description', ''))} |"


def _needs(shape: Mapping[str, Any], word: str) -> bool:
    return word in shape.get("required", ())


def _plain(value: object) -> str:
    """A default as an operator writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(_plain, value))}]"
    if isinstance(value, dict):
        return (
            str(value["text"])
            if "text" in value
            else ", ".join(f"{word}: {_plain(each)}" for word, each in value.items())
        )
    return str(value)


def _type(about: Mapping[str, Any]) -> str:
    """What may stand there, in the words of the language."""
    if "anyOf" in about and "type" not in about:
        found = dict.fromkeys(_type(each) for each in about["anyOf"] if each.get("type") != "null")
        return "text" if set(found) == {"text", "map of texts"} else " or ".join(_without_repeats(list(found)))
    if "$ref" in about:
        name = str(about["$ref"]).rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "enum" in about or "const" in about:
        return " ".join(f"`{each}`" for each in about.get("enum", [about.get("const")]))
    return _simple(about)


def _without_repeats(found: list[str]) -> list[str]:
    """`amount` says a whole number, too; a list of what may stand alone is said once."""
    kept = [each for each in found if f"list of {each}" not in found]
    return [each for each in kept if not (each == "whole number" and "amount" in kept)]


def _simple(about: Mapping[str, Any]) -> str:
    kind = about.get("type")
    pattern = str(about.get("pattern") or "")
    for begins, word in SHAPES.items():
        if pattern.startswith(begins) and (not begins.endswith("$") or pattern == begins):
            return word
    if kind == "array":
        return f"list of {_type(about.get('items', {}))}"
    if kind == "object":
        return _map(about)
    if "anyOf" in about:
        return "range" if any("\\+" in str(each.get("pattern")) for each in about["anyOf"]) else "period or duration"
    return {"integer": "whole number", "number": "number", "boolean": "true or false", "string": "text"}.get(
        str(kind), "any"
    )


def _map(about: Mapping[str, Any]) -> str:
    values = about.get("additionalProperties") or next(iter(about.get("patternProperties", {}).values()), None)
    if set(about.get("properties", {})) == {"free", "vip"}:
        return "amount"
    if about.get("maxProperties") == MOST_FILTERED and "patternProperties" in about:
        return "filter"
    if about.get("propertyNames", {}).get("pattern") == "^[a-z]{2}$":
        return "map of texts"
    return f"map of {_type(values)}" if isinstance(values, Mapping) and values else "map"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _activities() -> Iterator[str]:
    known = ", ".join(f"`{name}` ({kind})" for name, kind in KNOWN_OF_ALL.items())
    yield ACTIVITIES_KNOWN
    yield f"Known of every activity besides, in the zone of the game: {known}."
    yield ""
    yield from _kinds({kind: BUILT_IN[kind] for kind in ACTIVITIES})


def _kinds(kinds: Mapping[str, Attributes]) -> Iterator[str]:
    yield "| kind | es | en | attributes |"
    yield "|---|---|---|---|"
    for kind, attributes in kinds.items():
        carried = ", ".join(f"`{name}` {of}" for name, of in attributes.items())
        yield f"| `{kind}` | {_title(SPANISH, kind)} | {_title(ENGLISH, kind)} | {carried} |"


def _title(texts: Texts, kind: str) -> str:
    code = f"why.kind.{kind}"
    return _cell(texts.of(code)) if texts.has(code) else ""


def _events() -> Iterator[str]:
    yield EVENTS_PUBLISHED
    yield ""
    yield "| event | what it says | carries |"
    yield "|---|---|---|"
    for shape in event_shapes():
        topic = topic_of(shape)
        carried = ", ".join(f"`{name}`" for name in events.attributes_of(shape))
        says = _cell((shape.__doc__ or "").split("\n\n")[0])
        yield f"| `{topic}` | {says if shape.logged else f'{says} *Inside.*'} | {carried} |"
    yield ""
    yield "## Not published yet"
    yield ""
    yield "A game may wait for these already; `besitos game check` says that nothing comes of it so far."
    yield ""
    for topic in sorted(LATER):
        carried = ", ".join(f"`{name}`" for name in BUILT_IN.get(topic, {}))
        yield f"- `{topic}`: {carried or 'nothing but whom it happened to'}"


def _reasons() -> Iterator[str]:
    yield REASONS_GIVEN
    yield ""
    yield "| code | es | en |"
    yield "|---|---|---|"
    spanish, english = catalogue_of("es").entries, catalogue_of("en").entries
    for code in reason_codes():
        yield f"| `{code}` | {_cell(spanish[code].texts[0])} | {_cell(english[code].texts[0])} |"


def _modules() -> Iterator[Any]:
    """All rooms in which reasons are: everything but what puts them together and what plays."""
    for found in pkgutil.walk_packages(besitos.__path__, "besitos."):
        room = found.name.split(".")[1]
        if room in {"core", "ledger", "game", "engine", "mechanics"} and not found.name.endswith(("telegram", "http")):
            yield importlib.import_module(found.name)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for file, text in pages().items():
        (FOLDER / file).write_text(text, encoding="utf-8")
