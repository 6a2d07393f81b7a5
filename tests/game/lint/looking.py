"""What the tests of lint share: small games, read and looked over at one moment."""

from datetime import UTC, datetime

from besitos.game.lint import lint
from besitos.game.problem import Problem
from besitos.game.reader import examine_texts
from tests.game.games import SECTIONS

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)

HEAD = "game: {name: La casa}\n"


def looked_at(text: str, now: datetime = NOW) -> list[Problem]:
    """What lint finds in a game that must be in order; of one without a `game:`, below a small one."""
    whole = text if "game:" in text.split("\n", 1)[0] else HEAD + text
    reading = examine_texts({"juego.yaml": whole.encode()}, SECTIONS)
    assert reading.problems == []
    return lint(reading, now)


def found_in(text: str, now: datetime = NOW) -> list[tuple[str, str]]:
    """Code and path of each finding, in order of place."""
    return [(finding.code, finding.path) for finding in looked_at(text, now)]
