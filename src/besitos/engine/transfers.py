"""The transfers that a batch may undo: as they were loaded, and what the batch has done to them since."""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from besitos.core.account import Account
from besitos.core.transfer import Transfer, TransferRef
from besitos.core.view import Missing
from besitos.store.protocol import ReversalRow, TransactionRow


class Transfers:
    """What moved earlier, by the id of the transfer."""

    def __init__(self) -> None:
        self._found: dict[str, Transfer | None] = {}
        self._reversed: dict[str, str] = {}
        self._spent: dict[Account, int] = {}

    def add(self, asked: Iterable[str], found: Mapping[str, Transfer]) -> None:
        """Take in what was asked for, whether or not it exists."""
        self._found.update((name, found.get(name)) for name in asked)

    def find(self, transfer_id: str) -> Transfer | None:
        """The transfer as it stands. `Missing` if nobody has looked yet."""
        try:
            transfer = self._found[transfer_id]
        except KeyError:
            raise Missing(TransferRef(transfer_id)) from None
        if transfer is None:
            return None
        postings = tuple(
            replace(posting, spent_since=posting.spent_since + self._spent.get(posting.account, 0))
            for posting in transfer.postings
        )
        return replace(transfer, postings=postings, reversed_by=self._reversed.get(transfer_id, transfer.reversed_by))

    def take_note(self, row: TransactionRow) -> None:
        """What is spent now was spent since whatever moved before."""
        if row.amount < 0:
            account = Account(row.member_id, row.account)
            self._spent[account] = self._spent.get(account, 0) - row.amount

    def mark_reversed(self, reversals: Iterable[ReversalRow]) -> None:
        """These have been undone."""
        self._reversed.update(reversals)
