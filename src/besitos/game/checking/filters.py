"""`where`, and what metrics take of an activity: attributes that are there, of the type that is meant."""

from collections.abc import Iterator

from besitos.game.checking.names import values_of
from besitos.game.checking.scene import Scene
from besitos.game.filter import Where
from besitos.game.known import Known, Shared
from besitos.game.problem import Finding, Near, Path, shown


def where(path: Path, written: Where, scene: Scene) -> Iterator[Finding]:
    """Every attribute is one that the activities have, and every value one that it can be."""
    if scene.attributes is None:
        return
    for name, match in written.items():
        here = (*path, name)
        if name in scene.attributes.ambiguous:
            yield Finding(here, "where.two_types", {"name": name}, at_key=True)
            continue
        if name not in scene.attributes.types:
            if scene.misses(name):
                near = Near(name, scene.attributes.types)
                yield Finding(here, "where.no_attribute", {"name": shown(name)}, at_key=True, near=near)
            continue
        kind = scene.attributes.types[name]
        misfits = tuple(match.misfits(kind))
        for value in misfits:
            yield Finding(here, f"where.not_{kind}", {"name": name, "found": shown(value)})
        if not misfits:
            yield from values_of(scene.known, here, name, [str(value) for value in match.values])


def attribute(known: Known, word: str, name: str, shared: Shared, *, of_numbers: bool = False) -> Iterator[Finding]:
    """An attribute that a word of a definition names: there, of one type, and a number where one is needed."""
    failed = "." in name and ("thing", name.partition(".")[0]) in known.failed
    if name in shared.ambiguous:
        yield Finding((word,), "where.two_types", {"name": name})
    elif name not in shared.types:
        if not failed and not known.is_broken:
            yield Finding((word,), "where.no_attribute", {"name": shown(name)}, near=Near(name, shared.types))
    elif of_numbers and shared.types[name] != "number":
        values = {"word": word, "name": name, "type": shared.types[name]}
        yield Finding((word,), "metric.needs_number", values, near=Near(name, shared.numbers))
