"""Transfers, put together from the rows that share their id."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from besitos.core.account import Account
from besitos.core.lot import Lot
from besitos.core.transfer import Posting, Transfer

_ID = re.compile(r"(\d{1,19})-(\d{1,19})")
_COUNTER = re.compile(r"member:(\d+)/")
LARGEST = 2**63 - 1
LOTS = msgspec.json.Decoder(tuple[Lot, ...])

COLUMNS = "member_id, seq, account, amount, type, counter, lots, details, definition"


def first_row(transfer_id: str) -> tuple[int, int] | None:
    """Member and seq of a transfer's first row, which are its name; None if it cannot be one."""
    match = _ID.fullmatch(transfer_id)
    if match is None:
        return None
    member_id, seq = int(match[1]), int(match[2])
    return (member_id, seq) if max(member_id, seq) <= LARGEST else None


def others_in(rows: Iterable[Sequence[Any]], member_id: int) -> list[int]:
    """The members on the other side of these rows, apart from `member_id`."""
    named = (_COUNTER.match(row[5]) for row in rows)
    return sorted({int(match[1]) for match in named if match} - {member_id})


def transfer_of(
    transfer_id: str,
    rows: Sequence[Sequence[Any]],
    spent_since: Mapping[tuple[int, int], int],
    reversed_by: str,
) -> Transfer | None:
    """The transfer that `rows` (of `COLUMNS`) are, with what was spent after each of them by (member, seq)."""
    if not rows:
        return None
    postings = []
    for member_id, seq, account, amount, kind, counter, lots, details, _ in rows:
        rare = msgspec.json.decode(details) if details else {}
        postings.append(
            Posting(
                Account(member_id, account),
                amount,
                kind,
                counter,
                LOTS.decode(lots) if lots else (),
                rare.get("debt", 0),
                rare.get("reversed_type", ""),
                spent_since.get((member_id, seq), 0),
            )
        )
    return Transfer(transfer_id, rows[0][8], tuple(postings), reversed_by)
