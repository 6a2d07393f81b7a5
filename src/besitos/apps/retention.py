"""Retention as a job: once a day, whichever process does it, what is past its time goes."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from besitos.apps.compose import Besitos
from besitos.apps.settings import Settings
from besitos.engine.past import EVENTS, lasting_in
from besitos.store.retention import Terms, clear, cleared

EVERY = timedelta(days=1)
USUAL = Terms()

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Retention:
    """The work of the job, on the terms of an operator."""

    terms: Terms = USUAL

    async def __call__(self, besitos: Besitos) -> float:
        """Let go what is past its time, unless that was done within a day; say in how many seconds to come again.

        Events from which the past of the game in force is read stay, however old: a metric or a badge to come is
        reckoned from them.
        """
        last, now = (await cleared(besitos.store)).at, besitos.clock.now()
        if last is not None and abs(now - last) < EVERY:
            return (EVERY - abs(now - last)).total_seconds()
        await besitos.games.catch_up(await besitos.store.versions.latest())
        dispensable = EVENTS.keys() - lasting_in(besitos.games.current())
        count = await clear(besitos.store, now, self.terms, dispensable)
        if count:
            log.info("cleared what is past its time", extra={"rows": count})
        return EVERY.total_seconds()


def terms_of(settings: Settings) -> Terms:
    """What the settings say of it."""
    return Terms(
        traces=timedelta(days=settings.keep_traces_days),
        events=timedelta(days=settings.keep_events_days),
        staff_log=timedelta(days=settings.keep_staff_log_days),
    )
