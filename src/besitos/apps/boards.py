"""Boards kept: filled when they are new, closed when a period is over, their prizes given, what is over swept away.

As every job it may run twice, late, or on two machines at once: ranks are those of one snapshot, and each prize is
an activity with a key of its own. What was interrupted goes on the next time.
"""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from besitos.core.activity import JOB
from besitos.core.board import end_of, number_of, period_of
from besitos.core.metric import Season
from besitos.engine.engine import Engine
from besitos.game.mechanic import Reading
from besitos.mechanics.leaderboard.decide import BoardAtWork, boards_of, stand
from besitos.mechanics.leaderboard.model import AwardPrize
from besitos.store import boards
from besitos.store.boards import Closing, Place
from besitos.store.protocol import Database

AT_ONCE = 500
"""Members, or prizes, of one batch."""

FILLED = 2**62
"""Where the cursor of a board stands that needs no more filling: after the last member there will ever be."""

log = logging.getLogger(__name__)


class Ended(NamedTuple):
    """A period of a board that is over by now, and where its scores are kept."""

    board: BoardAtWork
    period: str
    kept: str
    ends_at: datetime


async def keep_boards(engine: Engine, database: Database) -> int:
    """All that is to be done about boards now. How many prizes were given."""
    await engine.rehearse(())  # so that the game at hand is the one in force
    await fill_boards(engine, database)
    await close_boards(engine, database)
    given = await award_prizes(engine, database)
    await sweep_boards(engine, database)
    return given


async def fill_boards(engine: Engine, database: Database) -> int:
    """Let members stand on new boards by what was before those. How many were looked at."""
    looked_at = 0
    for board in boards_of(engine.game).values():
        position = await boards.filled_to(database, board.index)
        if position is None:
            await _begin(engine, database, board)
            position = 0
        while position < FILLED:
            ids = await boards.next_members(database, position, AT_ONCE)
            if ids:
                await engine.rank(ids, lambda view, member_id, board=board: stand(view, Reading(member_id), board))  # type: ignore[misc]  # bound now
            looked_at += len(ids)
            position = ids[-1] if len(ids) == AT_ONCE else FILLED
            await boards.fill_to(database, board.index, position)
    return looked_at


async def close_boards(engine: Engine, database: Database) -> int:
    """Fix the ranks of every period that is over by now. How many were closed."""
    closed, now = 0, engine.clock.now()
    for ended in await _ended(engine, database, now):
        while await engine.run_due_timers(AT_ONCE, ended.ends_at) == AT_ONCE:
            """What is due at the same instant comes first."""
        closing = Closing(ended.board.key, ended.period, ended.ends_at, now, 0, None)
        if await boards.close(database, closing, (ended.board.index, ended.kept), engine.clock):
            closed += 1
            log.info("board closed", extra={"board": closing.board, "period": closing.period})
    return closed


async def award_prizes(engine: Engine, database: Database) -> int:
    """Give the prizes of the periods that are over. How many were given."""
    given, known = 0, boards_of(engine.game)
    for closing in await boards.unpaid(database):
        board = known.get(closing.board)
        if board is not None and board.last_rank:
            given += await _award(engine, database, board, closing)
        await boards.settled(database, closing, engine.clock.now())
    return given


async def sweep_boards(engine: Engine, database: Database) -> None:
    """Forget the scores of what is over and of boards that are no more."""
    in_force = {board.index: board for board in boards_of(engine.game).values()}
    for index, kept in await boards.kept_periods(database):
        board = in_force.get(index)
        if board is not None and (not kept or await boards.closing_of(database, board.key, kept) is None):
            continue
        while await boards.sweep(database, index, kept):
            """A period of a million members goes in a thousand transactions."""


async def _award(engine: Engine, database: Database, board: BoardAtWork, closing: Closing) -> int:
    """Page by page, so that a prize for the first thousand is no transaction of a thousand payments."""
    given, after = 0, (0, 0)
    while page := await boards.winners(database, closing, board.last_rank, after, AT_ONCE):
        orders = [_prize(place, closing) for place in page if board.prize_of(place.rank) is not None]
        outcomes = await engine.run(orders)
        given += sum(outcome.accepted and not outcome.replayed for outcome in outcomes)
        after = (page[-1].rank, page[-1].member_id)
    return given


def _prize(place: Place, closing: Closing) -> AwardPrize:
    return AwardPrize(
        key=f"{JOB}leaderboard.award/{closing.board}/{closing.period}/{place.member_id}",
        member_id=place.member_id,
        occurred_at=closing.ends_at,
        board=closing.board,
        period=closing.period,
        rank=place.rank,
        score=str(place.score.value),
    )


async def _ended(engine: Engine, database: Database, now: datetime) -> list[Ended]:
    """The periods that are over and not closed, the longest over first."""
    kept: dict[str, list[str]] = {}
    for index, period in await boards.kept_periods(database):
        kept.setdefault(index, []).append(period)
    found = [
        ended
        for board in boards_of(engine.game).values()
        for period in _candidates(engine, board, kept.get(board.index, ()), now)
        if (ended := _over(engine, board, period, now)) is not None
        and await boards.closing_of(database, board.key, period) is None
    ]
    return sorted(found, key=lambda each: (each.ends_at, each.board.key))


def _candidates(engine: Engine, board: BoardAtWork, kept: Iterable[str], now: datetime) -> Iterable[str]:
    """The periods in which somebody stood on a board; of one that shows a number of now, the one just over."""
    if board.period.is_ever or not board.span.is_ever:
        return [period for period in kept if period]
    return [_latest(engine, board, now)]


def _latest(engine: Engine, board: BoardAtWork, now: datetime) -> str:
    """The period before the present one; the season itself."""
    number = board.period.bucket(engine.game.calendar, now)
    return period_of(board.period, number if isinstance(board.period, Season) else number - 1)


def _over(engine: Engine, board: BoardAtWork, period: str, now: datetime) -> Ended | None:
    number = number_of(board.period, period)
    ends_at = None if number is None else end_of(board.period, engine.game.calendar, number)
    return None if ends_at is None or ends_at > now else Ended(board, period, board.kept_in(period), ends_at)


async def _begin(engine: Engine, database: Database, board: BoardAtWork) -> None:
    """A number of now says nothing of the period before the board: that one is never closed."""
    now = engine.clock.now()
    if board.span.is_ever and not board.period.is_ever:
        before = _over(engine, board, _latest(engine, board, now), now)
        if before is not None:
            await boards.begin_after(database, Closing(board.key, before.period, before.ends_at, now, 0, now))
    await boards.fill_to(database, board.index, 0)
