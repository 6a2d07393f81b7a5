"""One definition of the game written by itself: the others stay as they are, and all of it is one new version."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from besitos.engine.editing.manager import Applied, EditedElsewhereError, Signature
from besitos.game.exporting import files_of
from besitos.surfaces.http.call import Call
from besitos.surfaces.http.gamebody import refusing
from besitos.surfaces.http.problem import Refused

LOOKS = 5
"""How often a definition is put on top of what others apply meanwhile, where the caller names no version."""

_encode = msgspec.json.Encoder(decimal_format="number").encode


class Written(NamedTuple):
    """A definition: of which section, of which kind its rows are, under which key, and what it says."""

    section: str
    kind: str
    key: str
    body: Mapping[str, Any]


async def write_definition(
    call: Call, written: Written, by: Signature, base: int | None, *, must_be_new: bool
) -> Applied:
    """Bring the game in force with this definition in it into force.

    What says the same already is left as it is, so that the same request may be sent again. 409 `KIND.exists` where
    it should be new and is not, 404 `KIND.unknown` where it should be there.
    """
    with refusing():
        for _ in range(LOOKS - 1):
            try:
                return await _write(call, written, by, base, must_be_new=must_be_new)
            except EditedElsewhereError:
                if base is not None:
                    raise
        return await _write(call, written, by, base, must_be_new=must_be_new)


async def _write(call: Call, written: Written, by: Signature, base: int | None, *, must_be_new: bool) -> Applied:
    manager, name = call.service.manager, (written.kind, written.key)
    version = await manager.latest()
    if base is not None:
        await manager.must_stand_at(base)
    rows = await manager.rows(version)
    before = rows.pop(name, None)
    if before is None and not must_be_new:
        raise Refused(404, f"{written.kind}.unknown", {written.kind: written.key})
    files = {each: text.encode() for each, text in files_of(rows, manager.sections).items()}
    document = await manager.read(
        {**files, f"{written.kind}.json": _encode({written.section: {written.key: written.body}})}
    )
    if before is not None and must_be_new and document.rows[name] != before:
        raise Refused(409, f"{written.kind}.exists", {written.kind: written.key})
    applied = await manager.apply(document, by, base=version)
    await call.service.games.catch_up(applied.version)
    return applied
