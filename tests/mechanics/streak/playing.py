"""A streak in play: one member's acts, and what can be read of them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from besitos.core.activity import Activity
from besitos.core.standing import STANDING, Run
from besitos.core.view import View
from besitos.mechanics.member.model import ChangeSettings
from besitos.mechanics.streak.decide import Seen, look_at
from besitos.mechanics.streak.model import (
    CancelPause,
    GrantFreeze,
    PauseStreak,
    RepairStreak,
    RestoreStreak,
)
from tests.mechanics.scene import Scene, done
from tests.world import ANA, day, new_key

DAILY = "streaks: {diaria: {name: Diaria, when: thing.done, bonuses: {2: {besitos: 20}, 4: {besitos: 100}}}}"


def midnight(number: int) -> datetime:
    """The midnight that ends the day of that number."""
    return day(number + 1).replace(hour=0)


class Play:
    """Ana and her streak."""

    def __init__(self, scene: Scene, key: str = "diaria") -> None:
        self.scene = scene
        self.key = key

    @classmethod
    async def of(cls, text: str = DAILY, *, zone: str = "UTC", key: str = "diaria") -> "Play":
        return cls(await Scene.of(text, zone=zone), key)

    async def do(self, activity: Activity, at: datetime | None = None) -> str:
        """Something happens, heard of when it happens or at `at`; the reason why not."""
        self.scene.clock.moment = max(at or activity.occurred_at, activity.occurred_at)
        outcome = await self.scene.engine.submit(activity)
        return outcome.reason

    async def comes(self, *moments: datetime) -> None:
        """Ana does what qualifies."""
        for moment in moments:
            await self.do(done(moment))

    async def lets_pass(self, until: datetime) -> None:
        """Time passes, with timers."""
        self.scene.clock.moment = until
        while await self.scene.engine.run_due_timers():
            pass

    async def seen(self, at: datetime) -> Seen:
        """What somebody reads at this moment. Nothing is written down."""
        self.scene.clock.moment = at
        rules = {part.definition.key: part.definition for part in self._parts()}

        def question(view: View) -> Seen:
            return look_at(view, ANA, rules[self.key])

        return await self.scene.engine.look(ANA, question)

    async def length(self, at: datetime) -> int:
        return (await self.seen(at)).run.length

    async def standing(self) -> Run:
        """What conditions read."""
        return await self.scene.engine.look(ANA, lambda view: view.get(STANDING.of(ANA)).streaks.get(self.key, Run()))

    async def told(self) -> list[tuple[str, dict[str, Any]]]:
        """Events of the streak so far."""
        rows = (await self.scene.engine.store.export()).events
        ours = [row for row in rows if row.member_id == ANA and ".streak_" in row.type]
        told = [(row.type.rpartition("streak_")[2], msgspec.json.decode(row.body)) for row in ours]
        return [
            (word, {name: value for name, value in data.items() if name not in {"member_id", "type"}})
            for word, data in told
        ]

    async def words(self) -> list[str]:
        return [f"{word} {data['length']}" for word, data in await self.told()]

    async def earned(self) -> list[int]:
        """What bonuses were paid."""
        rows = (await self.scene.engine.store.export()).transactions
        return [row.amount for row in rows if row.type == "EARN_STREAK" and row.account == "besitos"]

    def freeze(self, at: datetime, count: int = 1) -> Activity:
        return GrantFreeze(key=new_key(), member_id=ANA, occurred_at=at, streak=self.key, count=count)

    def pause(self, at: datetime, first: date, last: date) -> Activity:
        return PauseStreak(key=new_key(), member_id=ANA, occurred_at=at, streak=self.key, starts_on=first, ends_on=last)

    def unpause(self, at: datetime, first: date) -> Activity:
        return CancelPause(key=new_key(), member_id=ANA, occurred_at=at, streak=self.key, starts_on=first)

    def repair(self, at: datetime) -> Activity:
        return RepairStreak(key=new_key(), member_id=ANA, occurred_at=at, streak=self.key)

    def restore(self, at: datetime, since: datetime, until: datetime) -> Activity:
        return RestoreStreak(key=new_key(), member_id=ANA, occurred_at=at, streak=self.key, since=since, until=until)

    def lives_in(self, at: datetime, zone: str) -> Activity:
        return ChangeSettings(key=new_key(), member_id=ANA, occurred_at=at, zone=zone)

    def _parts(self) -> Sequence[Any]:
        listeners = self.scene.engine.game.listeners["thing.done"]
        return [part for part in listeners.after if part.name.startswith("streak/")]
