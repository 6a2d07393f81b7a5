"""What the documents name exists, and every decision has one number and one line in the list."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DECISIONS = ROOT / "docs" / "decisions"
DOCUMENTS = (
    "ARCHITECTURE.md",
    "README.md",
    "CHANGELOG.md",
    *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")),
)
ROOMS = (ROOT, ROOT / "src" / "besitos", ROOT / "src" / "besitos" / "surfaces" / "texts")


def exists(name: str) -> bool:
    """Texts are named without the folder that gettext wants."""
    path = name.rstrip("/").replace("locale/*/", "locale/*/LC_MESSAGES/")
    return any(next(room.glob(path), None) is not None for room in ROOMS)


def test_every_file_that_the_architecture_names_exists() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")

    names = set(re.findall(r"`([a-z_*]+/[a-z_*/]*(?:\.[a-z]+)?)`", text))

    assert len(names) > 20
    assert sorted(name for name in names if not exists(name)) == []


def test_every_mechanic_of_the_picture_exists() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    [line] = re.findall(r"^ mechanics (.*?)…", text, re.MULTILINE)

    assert [name for name in line.split() if not (ROOT / "src/besitos/mechanics" / name).is_dir()] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_somewhere(document: str) -> None:
    file = ROOT / document
    links = re.findall(r"\]\(([^)#:]+)\)", file.read_text(encoding="utf-8"))

    assert [link for link in links if not (file.parent / link).exists()] == []


def test_every_decision_is_listed_once_and_no_two_share_a_number() -> None:
    listed = re.findall(
        r"^\| \[(\d{4})\]\((.+?)\) \|", (DECISIONS / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    records = sorted(path.name for path in DECISIONS.glob("[0-9]*.md"))

    assert [name for _, name in listed] == records
    assert [number for number, _ in listed] == sorted({name[:4] for name in records})
    for name in records:
        title = (DECISIONS / name).read_text(encoding="utf-8").partition("\n")[0]
        assert title.startswith(f"# {int(name[:4])}. ")
