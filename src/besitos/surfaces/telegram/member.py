"""The member behind an update: found or opened, with what is known of them now."""

from dataclasses import dataclass
from datetime import tzinfo
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec
from aiogram.types import User

from besitos.core.member import PROFILE
from besitos.core.state import Hot, State
from besitos.engine.directory import Directory
from besitos.store.people import naming
from besitos.store.protocol import Database, MemberRef, Person
from besitos.store.reads import Card, cards
from besitos.surfaces.telegram.markup import clean

S = TypeVar("S", bound=State)

SLOTS = msgspec.json.Decoder(dict[str, msgspec.Raw])


@dataclass(frozen=True, slots=True)
class Member:
    """A person who is talking to us. `card` is their row as it was when the update came in."""

    id: int
    name: str
    card: Card
    language: str

    def get(self, slot: Hot[S]) -> S:
        """What a mechanic remembers in this slot of the member's document."""
        raw = SLOTS.decode(self.card.state).get(slot.name)
        return slot.blank if raw is None else slot.decode(raw)

    @property
    def zone(self) -> tzinfo | None:
        """The clock that they have said their times are shown by."""
        zone = self.get(PROFILE).zone
        return None if zone is None else ZoneInfo(zone)


async def member_of(user: User, directory: Directory, store: Database) -> Member:
    """The member that this Telegram account is, opened if it is new, under the names that it has today.

    The language is the one that was chosen, else that of the account; `Texts` knows what to do with others.
    """
    ref = MemberRef(telegram_id=user.id)
    member_id = (await directory.open([ref]))[ref]
    card = (await cards(store, [member_id]))[member_id]
    names = (clean(user.username or ""), clean(user.full_name))
    if names != (card.username or "", card.display_name or ""):
        username = names[0] if card.username else names[0] or None
        await store.amend(naming(member_id, Person(username, names[1])))
    return Member(member_id, user.first_name, card, card.language or user.language_code or "")
