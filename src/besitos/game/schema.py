"""The document as JSON Schema, made from the models: editors complete by it, and forms are drawn from it."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic.json_schema import models_json_schema

from besitos.game.exporting import in_order
from besitos.game.section import Section

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(sections: Iterable[Section]) -> dict[str, Any]:
    """The schema of one file of a game.

    No section is required, `game` neither: it may stand in another file. What only the game as a whole can tell
    (names that must exist, attributes of activities) is left to the check.
    """
    written = in_order(sections)
    models = dict.fromkeys(section.model for section in written)
    places, definitions = models_json_schema(
        [(model, "validation") for model in models], by_alias=True, ref_template="#/$defs/{model}"
    )
    made = {model: dict(places[model, "validation"]) for model in models}
    defined: dict[str, Any] = definitions.get("$defs", {})
    return {
        "$schema": DRAFT,
        "title": "besitos",
        "description": "A file of a game: sections at the top, definitions under their keys.",
        "type": "object",
        "properties": {section.name: _section(section, made[section.model], defined) for section in written},
        "additionalProperties": False,
        "$defs": defined,
    }


def _section(section: Section, model: Mapping[str, Any], defined: Mapping[str, Any]) -> dict[str, Any]:
    if section.single:
        return dict(model)
    named = {key: _laid_over(model, body, defined) for key, body in section.defaults.items()}
    return {
        "type": "object",
        "propertyNames": {"type": "string", "pattern": f"^{section.key}$"},
        **({"properties": named} if named else {}),
        "additionalProperties": dict(model),
    }


def _laid_over(model: Mapping[str, Any], body: Mapping[str, Any], defined: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a definition that every game has: what its default says need not be written again."""
    whole = dict(defined[str(model["$ref"]).rpartition("/")[2]]) if "$ref" in model else dict(model)
    required = [word for word in whole.get("required", ()) if word not in body]
    without = {name: value for name, value in whole.items() if name != "required"}
    return {**without, "required": required} if required else without
