"""The sample games: whole games that are in order, in both of which everything of the language stands."""

from pathlib import Path

import pytest

from besitos.game.document import Document
from besitos.game.reader import Reading, examine
from besitos.game.section import LANGUAGE
from tests.game.games import EXAMPLES, SECTIONS
from tests.game.test_schema import FITS, values_in

DIANA, ACADEMIA = EXAMPLES / "diana", EXAMPLES / "academia"


def reading_of(game: Path) -> Reading:
    reading = examine(game, SECTIONS)
    assert reading.problems == []
    return reading


@pytest.mark.parametrize("game", [DIANA, ACADEMIA], ids=lambda game: game.name)
def test_a_sample_game_is_in_order_and_survives_its_rows(game: Path) -> None:
    document = reading_of(game).document

    assert document is not None
    assert Document.from_rows(document.rows, SECTIONS) == document


def test_sections_that_nothing_plays_yet_are_noted_once_each() -> None:
    notes = [note.values.get("section") for note in reading_of(DIANA).notes if note.code == "no_mechanic_yet"]
    pending = {section.name for section in SECTIONS if section.is_pending}

    assert len(notes) == len(set(notes))
    assert set(notes) <= pending
    assert all(f"\n{name}:" in text for name, text in ((name, written(DIANA)) for name in notes))


def test_an_event_that_nothing_publishes_yet_is_noted_and_can_be_waited_for() -> None:
    reading = reading_of(DIANA)
    awaited = [str(note.values["kind"]) for note in reading.notes if note.code == "kind.not_yet"]

    assert len(awaited) == len(set(awaited))
    assert all(kind in written(DIANA) for kind in awaited)


def test_the_academy_plays_wholly() -> None:
    assert reading_of(ACADEMIA).notes == []


def test_the_samples_use_nearly_every_section() -> None:
    used = {name for name in LANGUAGE if f"\n{name}:" in written(DIANA) + written(ACADEMIA)}

    assert set(LANGUAGE) - used <= {"things"}


def written(game: Path) -> str:
    return "\n" + "\n".join(path.read_text(encoding="utf-8") for path in sorted(game.rglob("*.yaml")))


@pytest.mark.parametrize("file", sorted(EXAMPLES.rglob("*.yaml")), ids=lambda file: file.name)
def test_an_editor_marks_nothing_in_a_sample_game(file: Path) -> None:
    FITS.validate(values_in(file.read_text(encoding="utf-8")))
