"""Leaderboards: who has the most of something."""

from collections.abc import Iterable, Mapping
from hashlib import sha256

from besitos.core.metric import EVER, Season, Span
from besitos.game.asking import Vocabulary, board_spans, is_of_now, quantity_of
from besitos.game.condition import NUMBERS
from besitos.game.document import Document
from besitos.game.mechanic import Ask, Handles, Mechanic, Phase, Reads
from besitos.game.paying import Payable
from besitos.mechanics.leaderboard.decide import BoardAtWork, award, award_needs, hide, stand
from besitos.mechanics.leaderboard.model import (
    LEADERBOARDS_SECTION,
    AwardPrize,
    HideFromBoards,
    Leaderboard,
    ranks_of,
)


def compile_boards(document: Document) -> Iterable[tuple[str, BoardAtWork]]:
    """Every board of the game."""
    words, spans = Vocabulary(document), board_spans(document)
    for key, board in document.all("leaderboard").items():
        assert isinstance(board, Leaderboard)
        yield f"leaderboard/{key}", compile_board(key, board, spans, words)


def compile_board(key: str, board: Leaderboard, spans: Mapping[str, Span], words: Vocabulary) -> BoardAtWork:
    """One board."""
    number, period = NUMBERS.get(board.by), spans[key]
    span = EVER if is_of_now(board) else period
    quantity = quantity_of(board, span, words)
    return BoardAtWork(
        key=key,
        index=f"{key}~{_mark(board, span, words.stored.get(board.by, quantity.name))}",
        quantity=quantity,
        period=period,
        span=span,
        is_of_age=number is not None and number.is_of_time,
        prizes=tuple((ranks_of(ranks), Payable(pays)) for ranks, pays in board.prizes.items()),
    )


def _mark(board: Leaderboard, span: Span, name: str) -> str:
    """What tells a board from one of the same key that counts something else, in eight characters."""
    season = (span.opens, span.closes) if isinstance(span, Season) else ()
    return sha256(repr((name, board.at, span.name, season)).encode()).hexdigest()[:8]


def _about(order: AwardPrize) -> str:
    return f"leaderboard/{order.board}"


LEADERBOARD = Mechanic(
    name="leaderboard",
    sections=(LEADERBOARDS_SECTION,),
    compile=compile_boards,
    handles=(Handles(AwardPrize, award, award_needs, names=_about),),
    reads=(
        Reads(
            lambda board: (Ask(board.quantity.name, is_per=bool(board.quantity.value)),),
            stand,
            Phase.RANK,
            catch_up=True,
        ),
    ),
)

BOARD_SETTING = Mechanic(
    name="board_setting", compile=lambda _: [("board_setting", None)], handles=(Handles(HideFromBoards, hide),)
)
"""What a member chooses about all boards."""
