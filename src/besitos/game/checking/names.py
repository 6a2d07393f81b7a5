"""Names of other definitions, and values of attributes that name one."""

from collections.abc import Iterable, Iterator

from besitos.game.catalogue import CHOICES, NAMING
from besitos.game.known import Known
from besitos.game.problem import Finding, Near, Path, Value, shown
from besitos.game.reference import Reference


def named(known: Known, path: Path, kind: str, key: str) -> Iterator[Finding]:
    """A definition that must exist."""
    if known.lacks(kind, key):
        at_key = path[-1:] == (key,)
        yield Finding(path, f"unknown.{kind}", {"key": shown(key)}, at_key, Near(key, known.keys(kind)))


def reference(known: Known, path: Path, name: Reference, sources: frozenset[str]) -> Iterator[Finding]:
    """A name of whatever kind; activities and sources are more than their definitions."""
    if name.kind == "activity":
        if name not in known.filterable and not known.is_broken and ("activity", name) not in known.failed:
            yield Finding(path, "kind.unknown", {"kind": shown(name)}, near=Near(name, known.filterable))
    elif name.kind == "source":
        if name not in sources and not known.is_broken:
            yield Finding(path, "source.unknown", {"source": shown(name)}, near=Near(name, sources))
    else:
        yield from named(known, path, name.kind, name)


def values_of(known: Known, path: Path, attribute: str, written: Iterable[str]) -> Iterator[Finding]:
    """Values of an attribute that can only be so many things, or that names a definition."""
    name = attribute.rpartition(".")[2]
    for value in written:
        if name in CHOICES and value not in CHOICES[name]:
            values: dict[str, Value] = {"found": shown(value), "choices": CHOICES[name]}
            yield Finding(path, "value.not_one_of", values, near=Near(value, CHOICES[name]))
        elif name in NAMING:
            yield from named(known, path, name, value)
