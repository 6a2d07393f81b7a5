"""`leaderboard`: who stands where, now and when a period was over."""

from datetime import datetime
from typing import Annotated, Any

import typer

from besitos.apps.compose import Besitos
from besitos.apps.failure import misuse, refuse
from besitos.apps.help import LOOK, Verb, word
from besitos.apps.options import Json, Limit
from besitos.apps.session import do, member_of, member_ref
from besitos.apps.terminal import Terminal
from besitos.core.board import number_of
from besitos.mechanics.leaderboard.decide import BoardAtWork, boards_of, present_period, shown_value
from besitos.store.boards import NOBODY, Board, Closing, Place, Shown, closings, look

app = typer.Typer(**LOOK)


@app.command("leaderboard", cls=Verb, help=word("cli.help.leaderboard"))
def leaderboard(
    key: Annotated[str, typer.Argument(metavar=word("cli.metavar.leaderboard"), help=word("cli.option.leaderboard"))],
    *,
    period: Annotated[str | None, typer.Option("--period", help=word("cli.option.period"))] = None,
    around: Annotated[str | None, typer.Option("--around", help=word("cli.option.around"))] = None,
    periods: Annotated[bool, typer.Option("--periods", help=word("cli.option.periods"))] = False,
    limit: Limit = 10,
    json: Json = False,
) -> None:
    """The first of a board, those around a member, or the periods that are over."""
    terminal = Terminal(json)
    if around is not None:
        member_ref(around)
    if periods:
        _tell_periods(terminal, do(lambda besitos: closings(besitos.store, key, limit=limit)))
        return

    async def work(besitos: Besitos) -> tuple[BoardAtWork, str, Shown, datetime]:
        board, now = boards_of(besitos.engine.game).get(key), besitos.clock.now()
        if board is None:
            refuse("leaderboard.unknown", leaderboard=key)
        chosen = present_period(board, besitos.engine.game.calendar, now) if period is None else period
        if chosen and number_of(board.period, chosen) is None:
            misuse("leaderboard.no_period", period=chosen)
        viewer = NOBODY if around is None else await member_of(besitos, around)
        at = Board(board.key, board.index, board.kept_in(chosen), chosen)
        beside = 0 if around is None else limit
        return board, chosen, await look(besitos.store, at, limit, viewer=viewer, beside=beside), now

    board, chosen, shown, now = do(work)
    terminal.table("rank member name value", [_cells(place, board, now) for place in shown.places])
    terminal.say("cli.board_over" if shown.closing else "cli.board_on", members=shown.members, period=chosen or "-")
    terminal.data(
        {
            "leaderboard": key,
            "period": chosen,
            "is_over": shown.closing is not None,
            "members": shown.members,
            "places": [_data(place, board, now) for place in shown.places],
            "own": None if shown.own is None else _data(shown.own, board, now),
        }
    )


def _tell_periods(terminal: Terminal, found: list[Closing]) -> None:
    terminal.table(
        "period ends_at members paid_at", [[each.period, each.ends_at, each.members, each.paid_at] for each in found]
    )
    terminal.data([each._asdict() for each in found])


def _cells(place: Place, board: BoardAtWork, now: datetime) -> list[object]:
    name = place.display_name or place.username or ""
    return [place.rank, str(place.member_id), name, shown_value(board, place.score.value, now)]


def _data(place: Place, board: BoardAtWork, now: datetime) -> dict[str, Any]:
    value = shown_value(board, place.score.value, now)
    return {
        "rank": place.rank,
        "member_id": str(place.member_id),
        "display_name": place.display_name,
        "username": place.username,
        "value": value if isinstance(value, int) else f"{value:f}",
    }
