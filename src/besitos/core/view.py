"""What a decision may look at."""

from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from besitos.core.account import Account
from besitos.core.calendar import Calendar
from besitos.core.state import Key, State
from besitos.core.transfer import Transfer, TransferRef

S = TypeVar("S", bound=State)


class View(Protocol):
    """The world as it stands for one activity: what is committed, and what was decided before it.

    Asking for what has not been loaded raises `Missing`. A decision lets it pass: the engine locks and
    loads the value and decides again, which costs a pure function nothing.
    """

    @property
    def now(self) -> datetime:
        """When the activity occurred, and never ahead of our clock. The only clock there is."""

    @property
    def calendar(self) -> Calendar:
        """The days of the game."""

    @property
    def bonus_lasts(self) -> timedelta:
        """How long bonus besitos live."""

    @property
    def game_version(self) -> int:
        """Which version of the game decides."""

    def get(self, key: Key[S]) -> S:
        """The value under `key`; blank if it was never written."""

    def balance(self, account: Account) -> int:
        """What `account` can pay now, without what has expired."""

    def totals(self, account: Account) -> tuple[int, int]:
        """What was ever earned into `account`, and ever spent from it."""

    def transfer(self, transfer_id: str) -> Transfer | None:
        """What moved under this id, or None if nothing did."""

    def chance(self, name: str) -> float:
        """A number from 0 up to 1, the same for the same activity and name: derived, never drawn."""


class Missing(Exception):  # noqa: N818 - not an error: the engine's cue to load more
    """A decision asked for something that is not loaded: a value, the accounts of a member, a transfer."""

    def __init__(self, what: Key[Any] | int | TransferRef) -> None:
        super().__init__(what)
        self.what = what


class UnknownMemberError(LookupError):
    """A decision asked for a member who does not exist."""

    def __init__(self, member_id: int) -> None:
        super().__init__(member_id)
        self.member_id = member_id
