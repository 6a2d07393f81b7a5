"""The directory: from the name that a caller knows a member by to our id, opening members as they appear."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from besitos.core.clock import Clock
from besitos.core.event import MemberCreated
from besitos.engine.codec import to_raw
from besitos.store.protocol import MemberRef, NewMember, Store, StoreError

EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
SEQUENCE_BITS = 12
"""Ids of one millisecond; with the milliseconds since 2024 they stay below 2^53 until 2093."""

REMEMBERED_MAX = 200_000
ATTEMPTS = 20


class Directory:
    """Names to ids, remembered: a name never comes to mean another member."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._known: dict[MemberRef, int] = {}
        self._last_id = 0

    async def find(self, refs: Collection[MemberRef]) -> dict[MemberRef, int]:
        """The ids of those members that exist."""
        found = {ref: self._known[ref] for ref in refs if ref in self._known}
        unknown = [ref for ref in refs if ref not in found]
        if unknown:
            looked_up = await self._store.find_members(unknown)
            self._remember(looked_up)
            found |= looked_up
        return found

    async def open(self, refs: Collection[MemberRef]) -> dict[MemberRef, int]:
        """The ids of these members; those named from outside come into being. Our own ids are never invented."""
        found = await self.find(refs)
        missing = sorted({ref for ref in refs if ref not in found and ref.member_id is None}, key=str)
        for _ in range(ATTEMPTS):
            if not missing:
                return found
            opened = await self._store.open_members(self._new(missing), self._clock.now())
            self._remember(opened)
            found |= opened
            missing = [ref for ref in missing if ref not in found]
        message = f"no free id for {len(missing)} members"
        raise StoreError(message)

    def _new(self, refs: Sequence[MemberRef]) -> list[NewMember]:
        return [NewMember(ref, (new := self._next_id()), to_raw(MemberCreated(member_id=new))) for ref in refs]

    def _next_id(self) -> int:
        """Larger than any before, of this process and, but for the same millisecond, of any other.

        Two processes may well draw the same one: the database refuses it, and another is drawn.
        """
        milliseconds = (self._clock.now() - EPOCH).total_seconds() * 1000
        self._last_id = max(self._last_id + 1, int(milliseconds) << SEQUENCE_BITS)
        return self._last_id

    def _remember(self, found: dict[MemberRef, int]) -> None:
        if len(self._known) + len(found) > REMEMBERED_MAX:
            self._known.clear()
        self._known |= found
