"""Things: what the operator may write."""

from collections.abc import Iterator

from pydantic import Field

from besitos.game.catalogue import KNOWN_OF_ALL
from besitos.game.definition import Timeless
from besitos.game.known import Checked
from besitos.game.lists import Keys, Kinds
from besitos.game.problem import Finding, Near, shown
from besitos.game.section import Section


class Thing(Timeless):
    """What an attribute names, under the name of the attribute; what is remembered of it never changes."""

    begins: Kinds = Field(description="Kinds of activity that begin one, and carry the attribute of this name.")
    keeps: Keys = Field((), description="Attributes of these activities that are remembered; `day` always is.")


def check_thing(one: Checked[Thing]) -> Iterator[Finding]:
    """What begins it carries the attribute that names it, and what is kept is known there, of one type."""
    carried = one.known.attributes
    kinds = [kind for kind in one.definition.begins if kind in carried]
    for number, kind in enumerate(one.definition.begins):
        if kind in carried and one.key not in carried[kind]:
            values = {"kind": kind, "name": one.key}
            yield Finding(("begins", str(number)), "thing.unnamed", values, near=Near(one.key, carried[kind]))
    if len(kinds) < len(one.definition.begins):
        return
    tables = [{**carried[kind], **KNOWN_OF_ALL} for kind in kinds]
    names = {name for table in tables for name in table}
    for number, name in enumerate(one.definition.keeps):
        if name not in names:
            values = {"name": shown(name)}
            yield Finding(("keeps", str(number)), "thing.no_attribute", values, near=Near(name, names))
        elif len({table[name] for table in tables if name in table}) > 1:
            yield Finding(("keeps", str(number)), "thing.two_types", {"name": name})


THINGS_SECTION = Section("things", "thing", Thing, check=check_thing)
