"""Conditions: one thing per line, beside it only what goes with it, and numbers that somebody keeps."""

from collections.abc import Iterator
from dataclasses import dataclass

from besitos.game.checking.names import named, values_of
from besitos.game.checking.scene import Scene
from besitos.game.condition import HELD, NUMBERS, Fact, Number
from besitos.game.known import Known
from besitos.game.problem import Finding, Near, Path, shown
from besitos.game.units import Range, Within

MONEY = tuple(name for name, number in NUMBERS.items() if number.of is not None)


@dataclass(frozen=True)
class Asked:
    """One metric, as somebody asks for it. `word` is where its name stands; that of a fact is a word itself."""

    name: str
    word: str
    of: str | None = None
    at: str | None = None
    within: Within | None = None
    wanted: Range | None = None

    @classmethod
    def by(cls, fact: Fact) -> "Asked | None":
        """The metric that a fact asks for, if it does."""
        if fact.metric is None:
            return None
        name, wanted = fact.metric
        return cls(name, name, fact.of, fact.at, fact.within, wanted)


def condition(path: Path, written: Fact, scene: Scene) -> Iterator[Finding]:
    """One fact, or a line that has facts inside."""
    if len(written.said) != 1:
        if written.said:
            yield Finding(path, "condition.several", {"found": written.said})
        elif scene.is_whole:
            yield Finding(path, "condition.nothing")
        return
    if written.quantity is not None:
        if written.item is None:
            yield Finding((*path, "quantity"), "condition.quantity", at_key=True)
        elif written.quantity.is_of_time:
            yield Finding((*path, "quantity"), "metric.no_duration", {"name": "quantity"})
    asked = Asked.by(written)
    if asked is not None:
        yield from metric(path, asked, scene)
        return
    for word, value in (("of", written.of), ("in", written.within), ("at", written.at)):
        if value is not None:
            yield Finding((*path, word), "condition.beside", {"word": word}, at_key=True)


def metric(path: Path, asked: Asked, scene: Scene) -> Iterator[Finding]:
    """A metric that is built in or declared, and asked for as it can be."""
    number = NUMBERS.get(asked.name)
    if number is not None:
        yield from _built_in(path, asked, number, scene.known)
        return
    known = scene.known
    if known.lacks("metric", asked.name):
        near = Near(asked.name, [*NUMBERS, *HELD, *known.keys("metric")])
        at_key = asked.word == asked.name
        code = "condition.unknown" if at_key else "metric.unknown"
        yield Finding((*path, asked.word), code, {"word": shown(asked.name)}, at_key, near)
        return
    if asked.of is not None:
        yield Finding((*path, "of"), "metric.no_of", {"name": asked.name, "choices": MONEY}, at_key=True)
    if asked.wanted is not None and asked.wanted.is_of_time:
        yield Finding((*path, asked.word), "metric.no_duration", {"name": asked.name})
    if asked.name in known.all("metric"):
        yield from _kept_per(path, asked, getattr(known.all("metric")[asked.name], "per", None), scene)


def _built_in(path: Path, asked: Asked, number: Number, known: Known) -> Iterator[Finding]:
    values = {"name": asked.name}
    if asked.of is not None:
        if number.of is None:
            yield Finding((*path, "of"), "metric.no_of", {**values, "choices": MONEY}, at_key=True)
        else:
            yield from named(known, (*path, "of"), number.of, asked.of)
    elif number.of == "streak" and not known.is_broken:
        streaks = tuple(known.keys("streak"))
        if len(streaks) != 1:
            code = "metric.which_streak" if streaks else "metric.no_streak"
            yield Finding((*path, asked.word), code, {**values, "choices": streaks}, at_key=True)
    if asked.within is not None and number.is_of_now:
        yield Finding((*path, "in"), "metric.of_now", values, at_key=True)
    if asked.at is not None:
        yield Finding((*path, "at"), "metric.not_kept", values, at_key=True)
    if asked.wanted is not None and asked.wanted.is_of_time != number.is_of_time:
        code = "metric.needs_duration" if number.is_of_time else "metric.no_duration"
        yield Finding((*path, asked.word), code, {**values, "found": asked.wanted.text})


def _kept_per(path: Path, asked: Asked, per: str | None, scene: Scene) -> Iterator[Finding]:
    """A metric that is kept per an attribute needs to know of which value; one that is not has none."""
    if per is None:
        if asked.at is not None:
            yield Finding((*path, "at"), "metric.not_kept", {"name": asked.name}, at_key=True)
    elif asked.at is not None:
        yield from values_of(scene.known, (*path, "at"), per, (asked.at,))
    elif not _is_known(per, scene):
        values = {"name": asked.name, "per": per}
        at_key = asked.word == asked.name
        yield Finding((*path, asked.word), "metric.kept_per", values, at_key=at_key)


def _is_known(per: str, scene: Scene) -> bool:
    if scene.is_empty:
        return scene.per == per
    return scene.attributes is None or per in scene.attributes.types
