"""The reference says what the code says: every definition and word, every activity, event and reason."""

import pytest

from besitos.core.activity import topic_of
from besitos.game.catalogue import ACTIVITIES, LATER
from besitos.game.section import LANGUAGE
from tests.reference import FOLDER, event_shapes, pages, reason_codes

PAGES = pages()


@pytest.mark.parametrize("file", PAGES)
def test_the_reference_is_what_the_code_says(file: str) -> None:
    kept = (FOLDER / file).read_text(encoding="utf-8")

    assert kept == PAGES[file], "write it anew: python -m tests.reference"


def test_everything_has_its_place_in_it() -> None:
    definitions, activities, events, reasons = (
        PAGES[file] for file in ("definitions.md", "activities.md", "events.md", "reasons.md")
    )

    assert [section for section in LANGUAGE if f"\n## {section}\n" not in definitions] == []
    assert [kind for kind in ACTIVITIES if f"| `{kind}` |" not in activities] == []
    topics = [*map(topic_of, event_shapes()), *LATER]
    assert [topic for topic in topics if f"`{topic}`" not in events] == []
    assert [code for code in reason_codes() if f"| `{code}` |" not in reasons] == []
    assert len(reason_codes()) > 40
    assert len(event_shapes()) > 25


def test_no_cell_of_a_table_is_broken() -> None:
    for text in PAGES.values():
        rows = [line for line in text.splitlines() if line.startswith("|")]
        width = 0
        for row, before in zip(rows, ["", *rows], strict=False):
            cells = row.replace("\\|", "").count("|")
            width = cells if row.startswith(("| word", "| kind", "| event", "| code")) or not before else width
            assert cells == width, row
