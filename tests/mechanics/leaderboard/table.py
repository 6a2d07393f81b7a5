"""Boards as anybody would make them: take what everybody has, sort it, count who is before whom."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from besitos.core.activity import Activity
from besitos.engine.engine import Engine
from besitos.mechanics.leaderboard.decide import boards_of
from besitos.store import boards
from besitos.store.boards import Page, Place
from besitos.store.protocol import Database

Row = tuple[int, int, Decimal | int]
"""Rank, member, value."""


class Shown(NamedTuple):
    """A board and a period of it, as the product shows it."""

    engine: Engine
    database: Database
    board: str
    period: str = ""

    def page(self, limit: int = 100, viewer: int = 0) -> Page:
        return Page(boards_of(self.engine.game)[self.board].index, self.period, limit, viewer)

    async def top(self, limit: int = 100, viewer: int = 0) -> list[Row]:
        return plain(await boards.top(self.database, self.page(limit, viewer)))

    async def around(self, viewer: int, limit: int) -> list[Row]:
        return plain(await boards.around(self.database, self.page(limit, viewer)))

    async def rank(self, member_id: int) -> int | None:
        page = self.page()
        place = await boards.place_of(self.database, page.board, page.period, member_id)
        return None if place is None else place.rank

    async def size(self) -> int:
        page = self.page()
        return await boards.how_many(self.database, page.board, page.period)


def plain(places: Iterable[Place]) -> list[Row]:
    return [(place.rank, place.member_id, Decimal(place.score.value)) for place in places]


def naive(values: Mapping[int, Decimal | int], hidden: Iterable[int] = ()) -> list[Row]:
    """Everybody above 0 who is not hidden, the highest first, of equals the newest member."""
    standing = {member_id: Decimal(value) for member_id, value in values.items() if value > 0}
    ordered = sorted(standing.items(), key=lambda each: (each[1], each[0]), reverse=True)
    ranked = [(1 + sum(other > value for other in standing.values()), who, value) for who, value in ordered]
    return [row for row in ranked if row[1] not in set(hidden)]


def near(rows: list[Row], member_id: int, each_side: int) -> list[Row]:
    """The rows around a member's."""
    [place] = [number for number, row in enumerate(rows) if row[1] == member_id]
    return rows[max(0, place - each_side) : place + each_side + 1]


async def do(engine: Engine, *activities: Activity) -> None:
    """One after the other, all of which must stand."""
    for outcome in await engine.run(activities):
        assert outcome.accepted, outcome
