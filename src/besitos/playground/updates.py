"""What waits for the bot: numbered updates, handed out by long polling and kept until they are confirmed."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from besitos.playground.objects import Update
from besitos.playground.refusals import conflict

FIRST_UPDATE_ID = 700_000_001
MOST_AT_ONCE = 100
LONGEST_POLL_SECONDS = 50
ASKED_FOR_BY_NAME = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
HISTORY = 100_000


class Pending:
    """An update that is not confirmed; `again` when it was delivered before and shall be once more."""

    __slots__ = ("again", "is_handed_out", "update")

    def __init__(self, update: Update, *, again: bool = False) -> None:
        self.update = update
        self.again = again
        self.is_handed_out = False


class UpdateQueue:
    """Every update in order. At least once: handing out is not confirming, only a higher offset is."""

    def __init__(self) -> None:
        self.pending: list[Pending] = []
        self.history: deque[Update] = deque(maxlen=HISTORY)
        self.allowed: tuple[str, ...] = ()
        self.latest_of_chat: dict[int | None, int] = {}
        self.on_news: list[Callable[[], None]] = []
        self._next_id = FIRST_UPDATE_ID
        self._poll: asyncio.Future[None] | None = None
        self._is_closed = False

    def allow(self, kinds: Iterable[str]) -> None:
        """Keep only these kinds from now on; none of them named means Telegram's default."""
        self.allowed = tuple(kinds)

    def is_allowed(self, kind: str) -> bool:
        """Whether the bot asked for this kind. By default everything but what must be named."""
        return kind in self.allowed if self.allowed else kind not in ASKED_FOR_BY_NAME

    def put(self, kind: str, body: dict[str, Any], chat_id: int | None) -> Update | None:
        """Something happened. None if the bot does not want to know: then nobody ever will."""
        if not self.is_allowed(kind):
            return None
        update = Update(update_id=self._next_id, kind=kind, body=body, chat_id=chat_id)
        self._next_id += 1
        self.history.append(update)
        self._add([Pending(update)])
        return update

    def put_again(self, updates: Iterable[Update]) -> None:
        """Deliver these once more, in this order, whatever was confirmed."""
        self._add([Pending(update, again=True) for update in updates])

    def hand_out(self, pending: Pending) -> Update:
        """Note that the bot is about to see it."""
        pending.is_handed_out = True
        self.latest_of_chat[pending.update.chat_id] = pending.update.update_id
        return pending.update

    def done(self, pending: Pending) -> None:
        """Forget one update: the webhook took it."""
        if pending in self.pending:
            self.pending.remove(pending)

    async def poll(self, offset: int, limit: int, timeout_seconds: int) -> list[Update]:
        """What getUpdates answers. A second poll ends the first with 409, as Telegram does: the newer one wins."""
        self._confirm(offset)
        seconds = min(max(timeout_seconds, 0), LONGEST_POLL_SECONDS)
        if not self.pending and seconds and not self._is_closed:
            await self._wait(seconds)
        chosen = self.pending[: limit if 1 <= limit <= MOST_AT_ONCE else MOST_AT_ONCE]
        return [self.hand_out(pending) for pending in chosen]

    def end_poll(self, why: str | None = None) -> None:
        """End the poll that waits, with nothing, or with 409 and the reason."""
        waiting, self._poll = self._poll, None
        if waiting is not None and not waiting.done():
            if why is None:
                waiting.set_result(None)
            else:
                waiting.set_exception(conflict(why))

    def close(self) -> None:
        """Let nobody wait any more."""
        self._is_closed = True
        self.end_poll()

    def _confirm(self, offset: int) -> None:
        """Forget what the offset confirms. A negative one keeps the last so many.

        What is delivered again has a number below any offset: it is confirmed by the next call that has one at all.
        """
        if offset < 0:
            self.pending = self.pending[offset:]
        elif offset > 0:
            self.pending = [
                pending
                for pending in self.pending
                if (not pending.is_handed_out if pending.again else pending.update.update_id >= offset)
            ]

    async def _wait(self, seconds: float) -> None:
        self.end_poll("terminated by other getUpdates request; make sure that only one bot instance is running")
        waiting = asyncio.get_running_loop().create_future()
        self._poll = waiting
        try:
            await asyncio.wait_for(waiting, seconds)
        except TimeoutError:
            pass
        finally:
            if self._poll is waiting:
                self._poll = None

    def _add(self, pending: list[Pending]) -> None:
        self.pending.extend(pending)
        self.end_poll()
        for call in self.on_news:
            call()
