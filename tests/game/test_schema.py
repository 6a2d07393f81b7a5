"""The JSON Schema: what is in order fits it, and what an editor should mark does not."""

from typing import Any

import jsonschema_rs
import pytest

from besitos.apps.gamefile import EXAMPLES
from besitos.game.schema import DRAFT, schema_of
from besitos.game.section import OWN
from besitos.game.tree import read_tree
from besitos.mechanics import SECTIONS
from tests.game.games import WHOLE

SCHEMA = schema_of(SECTIONS)
FITS = jsonschema_rs.validator_for(SCHEMA)


def plain(value: Any) -> Any:  # noqa: ANN401 - what stands in a document
    """What an editor takes a document for: texts of digits are texts there too where they are quoted."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, bool | str):
        return value
    return int(value) if isinstance(value, int) else float(value)


def values_in(text: str) -> Any:  # noqa: ANN401 - as above
    tree = read_tree("juego.yaml", text)
    assert tree.root is not None
    return plain(tree.root.value)


def test_it_is_a_schema_of_every_section() -> None:
    assert SCHEMA["$schema"] == DRAFT
    jsonschema_rs.meta.validate(SCHEMA)
    assert set(SCHEMA["properties"]) == {section.name for section in (*OWN, *SECTIONS)}


@pytest.mark.parametrize("text", [WHOLE.replace("name: 007", 'name: "007"'), (EXAMPLES / "primero.yaml").read_text()])
def test_games_in_order_fit(text: str) -> None:
    FITS.validate(values_in(text))


@pytest.mark.parametrize(
    "text",
    [
        "ruels: {}",
        "rules: {Uno: {when: message.posted, pays: {xp: 1}}}",
        "rules: {a: {when: message.posted}}",
        "rules: {a: {when: message.posted, pays: {xp: 1}, limit: 3 al día}}",
        "rules: {a: {when: message.posted, pays: {xp: 1}, pasued: true}}",
        "rules: {a: {when: message, pays: {xp: 1}}}",
        "currencies: {gema: {symbol: x}}",
        "game: {name: A, day_begins: 24}",
        "daily_gift: {pays: {besitos: 2.5}}",
    ],
)
def test_what_an_editor_should_mark_does_not_fit(text: str) -> None:
    assert not FITS.is_valid(values_in(text))


def test_a_file_need_not_be_the_whole_game_nor_repeat_what_every_game_has() -> None:
    FITS.validate(values_in("currencies: {besitos: {bonus_expires: 2w}}"))
