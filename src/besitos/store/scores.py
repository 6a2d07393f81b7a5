"""Scores as rows: who stands on a board, and who no longer does."""

from collections.abc import Mapping
from typing import TypeAlias

from besitos.core.board import Score
from besitos.store.protocol import Placed

ScoreRow: TypeAlias = tuple[str, str, int, int, int, int]
"""Board, period, member, whole, fraction, bucket."""

NOWHERE = -1
"""The bucket of whoever does not stand on the board."""


def score_rows(scores: Mapping[Placed, Score | None]) -> list[ScoreRow]:
    """One row for each member who moved on a board."""
    return [
        (*place, 0, 0, NOWHERE) if score is None else (*place, *score, score.bucket)
        for place, score in sorted(scores.items())
    ]
