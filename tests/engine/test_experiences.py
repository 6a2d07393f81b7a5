"""Experiences in force: all their parts come with one version, change with one, and go with one."""

import json

from besitos.engine.editing.manager import Manager, Signature
from besitos.game.document import Document
from besitos.mechanics import SECTIONS
from besitos.store.protocol import Store
from tests.world import MONDAY, SetClock, document, engine, happened, people

ANA = Signature("ana", "because")
PARTY = """\
game: {name: Prueba}
templates:
  fiesta:
    name: Fiesta
    fields: {premio: {type: number}, veces: {type: number, default: 1}}
    makes:
      rules:
        "{key}_baile": {when: song.danced, pays: {besitos: "{premio}"}, limit: "{veces}/ever"}
        "{key}_vals": {only_when: {veces: 2+}, when: song.danced, pays: {xp: 1}}
experiences:
  mayo: {template: fiesta, status: active, with: {premio: 7}}
activities: {song.danced: {}}
"""


def game(change: str = "mayo", into: str = "mayo") -> Document:
    return document(PARTY.replace(change, into))


async def test_an_experience_comes_changes_and_goes_with_one_version_each(store: Store) -> None:
    manager = Manager(store, SetClock(), SECTIONS)
    made = [("rule", "mayo_baile"), ("rule", "mayo_vals")]

    begun = await manager.apply(game("status: active", "status: draft"), ANA)
    played = await manager.apply(game(), ANA)
    more = await manager.apply(game("premio: 7", "premio: 7, veces: 2"), ANA)
    over = await manager.apply(game("status: active", "status: archived"), ANA)
    again = await manager.apply(game(), ANA)

    assert not {*begun.difference.added} & {*made}
    assert (played.difference.added, played.difference.changed) == ((made[0],), (("experience", "mayo"),))
    assert (more.difference.added, more.difference.changed) == ((made[1],), (("experience", "mayo"), made[0]))
    assert (over.difference.archived, over.difference.changed) == (tuple(made), (("experience", "mayo"),))
    assert again.difference.added == (made[0],)
    assert json.loads((await manager.rows(again.version))[made[0]])["made_by"] == "mayo"


async def test_what_is_made_is_played_like_all_that_is_written(store: Store) -> None:
    playing = engine(store, text=PARTY)
    await people(store, [1])

    outcome = await playing.submit(happened(1, "song.danced", MONDAY))

    assert [(paid.definition, paid.amount) for paid in outcome.paid] == [("rule/mayo_baile", 7)]
