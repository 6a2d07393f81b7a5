"""Missions: something to do, within a time."""

from collections.abc import Iterable
from functools import partial

from besitos.core.activity import topic_of
from besitos.game.asking import Asking, Vocabulary
from besitos.game.definition import Definition
from besitos.game.document import Document
from besitos.game.goals import GoalsAtWork
from besitos.game.mechanic import EVERY_ACTIVITY, Handles, Listens, Mechanic, Phase, Reads
from besitos.game.paying import Payable
from besitos.game.window import Window
from besitos.mechanics.mission.decide import (
    MissionAtWork,
    MissionsAtWork,
    asks,
    asks_of_past,
    assign,
    count,
    has_none_restless,
    read,
    read_odd,
    refuse_or_take,
    rests_until,
    rests_until_next,
    settle,
    settle_due,
    take,
)
from besitos.mechanics.mission.model import MISSIONS_SECTION, Mission, SettleMissions, TakeMission


def compile_missions(document: Document) -> Iterable[tuple[str, MissionAtWork]]:
    """Every mission of the game."""
    words = Vocabulary(document)
    for key, mission in document.all("mission").items():
        yield f"mission/{key}", _at_work(key, mission, words, document)


def _at_work(key: str, mission: Definition, words: Vocabulary, document: Document) -> MissionAtWork:
    assert isinstance(mission, Mission)
    pays, pays_vip = Payable(mission.pays).promised()
    return MissionAtWork(
        key=key,
        since=document.since("mission", key),
        stood=partial(_stood, document, key),
        type=mission.type,
        asking=Asking.of(mission.requires, words),
        goals=GoalsAtWork(mission.goals, words, document, mission.period),
        window=Window.of(mission, document.calendar),
        period=mission.period,
        lasts=mission.lasts.value if mission.lasts is not None else None,
        is_taken=mission.assign == "taken",
        pays=pays,
        pays_vip=pays_vip,
    )


def _stood(document: Document, key: str, version: int) -> bool:
    """Whether a mission said under a version what it says now; so it did, if nothing is known of that."""
    edition = document.edition("mission", key, version)
    return edition is None or edition.definition is None or edition.row == document.rows.get(("mission", key))


def compile_agenda(document: Document) -> Iterable[tuple[str, MissionsAtWork]]:
    """All missions together, in a game that has or had any."""
    if not document.has_ever("mission"):
        return
    words = Vocabulary(document)
    missions = {made.key: made for _, made in compile_missions(document)}
    past = {
        each: _at_work(each.key, said, words, document)
        for each in document.outlived("mission")
        if (said := each.definition) is not None
    }

    def was(key: str, version: int) -> MissionAtWork | None:
        edition = document.edition("mission", key, version)
        return past.get(edition, missions.get(key)) if edition is not None else missions.get(key)

    yield "mission", MissionsAtWork(missions, tuple(past.values()), was)


MISSION = Mechanic(name="mission", sections=(MISSIONS_SECTION,), compile=compile_missions, reads=(Reads(asks, read),))

MISSION_AGENDA = Mechanic(
    name="mission_agenda",
    compile=compile_agenda,
    handles=(Handles(TakeMission, refuse_or_take, is_public=True), Handles(SettleMissions, settle_due)),
    listens=(
        Listens(lambda _: (EVERY_ACTIVITY,), settle, Phase.DUE, rests_until=rests_until),
        Listens(
            lambda _: (EVERY_ACTIVITY,), assign, Phase.ASSIGN, rests_until=rests_until_next, may_rest=has_none_restless
        ),
        Listens(lambda _: (topic_of(TakeMission),), take, Phase.GIFT),
        Listens(lambda missions: missions.topics, count, Phase.METRIC),
        Listens(lambda missions: (EVERY_ACTIVITY,) if missions.past else (), read_odd, Phase.READ),
    ),
    reads=(Reads(asks_of_past, read_odd),),
)
"""What runs for a member, of all missions: those too that the game has no longer, for they run to their end."""
