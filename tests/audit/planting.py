"""How corruptions are planted: each where nothing else would notice, if that can be done.

A plant is called with the books and answers what the audit must say of it: columns of an offending row.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import msgspec

from tests.audit.planted import Planted

Plant: TypeAlias = Callable[[Planted], Awaitable[dict[str, Any]]]

Case: TypeAlias = tuple[str, Plant]
"""Code of the rule that must catch it, and the plant."""

COLUMNS = (
    "position, member_id, seq, transfer_id, account, amount, balance_after, type, counter, lots, activity, definition, "
    "game_version, details, occurred_at, recorded_at"
)


def noted_in(cases: list[Case]) -> Callable[[str], Callable[[Plant], Plant]]:
    """A decorator that says which rule catches a plant."""

    def caught_by(code: str) -> Callable[[Plant], Plant]:
        def note(plant: Plant) -> Plant:
            cases.append((code, plant))
            return plant

        return note

    return caught_by


async def rich_purse(books: Planted) -> int:
    """A member with besitos in their purse."""
    [member_id] = await books.one(
        "SELECT member_id FROM accounts WHERE account = 'besitos' AND balance > 20 ORDER BY member_id"
    )
    return int(member_id)


async def lot_of(books: Planted) -> tuple[int, str]:
    """A member with a lot in a purse, and the account."""
    member_id, account = await books.one(
        "SELECT member_id, account FROM lots WHERE account NOT LIKE '%@%' ORDER BY member_id, account"
    )
    return member_id, account


async def row_of(books: Planted, where: str) -> tuple[int, int]:
    """Member and seq of a row."""
    member_id, seq = await books.one(f"SELECT member_id, seq FROM movements WHERE {where} ORDER BY member_id, seq")
    return member_id, seq


async def set_in_row(books: Planted, row: tuple[int, int], change: str, **parameters: object) -> None:
    await books.change(
        f"UPDATE transactions SET {change} WHERE member_id = :member_id AND seq = :seq",
        member_id=row[0],
        seq=row[1],
        **parameters,
    )


async def row_with_lots(books: Planted, where: str) -> tuple[int, int]:
    member_id, seq = await books.one(f"SELECT member_id, seq FROM lot_movements WHERE {where} ORDER BY member_id, seq")
    return member_id, seq


async def edit_lots(books: Planted, row: tuple[int, int], edit: Callable[[list[Any]], object]) -> None:
    [raw] = await books.one("SELECT lots FROM transactions WHERE member_id = :of AND seq = :seq", of=row[0], seq=row[1])
    lots = msgspec.json.decode(raw)
    edit(lots)
    await set_in_row(books, row, "lots = :lots", lots=msgspec.json.encode(lots).decode())


def add(purse: dict[str, Any], what: str, amount: int) -> None:
    purse[what] = purse.get(what, 0) + amount


def later(lot: list[Any], place: int) -> None:
    moved = datetime.fromisoformat(lot[place]) + timedelta(days=365)
    lot[place] = f"{moved:%Y-%m-%dT%H:%M:%SZ}"


def aged(lot: list[Any], *, days: int) -> None:
    first = datetime.fromisoformat(lot[0]) - timedelta(days=days)
    lot[2] = f"{first:%Y-%m-%dT%H:%M:%SZ}"


def first_of_next_month(moment: datetime) -> datetime:
    return (moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0) + timedelta(days=32)).replace(day=1)


async def is_file(books: Planted) -> bool:
    return type(books).__name__ == "PlantedFile"
