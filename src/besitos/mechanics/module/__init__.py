"""Modules of a course: who may enter, when one is completed, and how watching is counted."""

from collections.abc import Iterable

from besitos.game.asking import Asking, Vocabulary
from besitos.game.document import Document
from besitos.game.mechanic import EVERY_ACTIVITY, Handles, Listens, Mechanic, Phase, Reads
from besitos.game.paying import Payable
from besitos.game.window import Window
from besitos.mechanics.module.decide import attend, complete, watch
from besitos.mechanics.module.model import (
    MODULES_SECTION,
    WATCHING_SECTION,
    Course,
    Heartbeat,
    Module,
    ModuleAtWork,
    Watching,
    WatchingAtWork,
)


def compile_modules(document: Document) -> Iterable[tuple[str, ModuleAtWork]]:
    """Every module of the game."""
    words = Vocabulary(document)
    for key, module in document.all("module").items():
        assert isinstance(module, Module)
        yield (
            f"module/{key}",
            ModuleAtWork(
                key=key,
                audience=module.audience,
                entry=Asking.of(module.requires, words),
                completion=Asking.of(module.completed_if, words),
                pays=None if module.pays is None else Payable(module.pays),
                window=Window.of(module, document.calendar),
            ),
        )


def compile_course(document: Document) -> Iterable[tuple[str, Course]]:
    """All modules together, of a game that has any."""
    keys = frozenset(document.all("module"))
    if keys:
        yield "modules", Course(keys)


def compile_watching(document: Document) -> Iterable[tuple[str, WatchingAtWork]]:
    """How watching is counted, in a game that says so."""
    for watching in document.all("watching").values():
        assert isinstance(watching, Watching)
        yield "watching", WatchingAtWork(watching.longest_gap.value, Course(frozenset(document.all("module"))))


MODULE = Mechanic(
    name="module",
    sections=(MODULES_SECTION,),
    compile=compile_modules,
    reads=(
        Reads(
            lambda module: module.completion.asks(),
            complete,
            is_restless=lambda module: bool(module.completion.ages),
        ),
    ),
)

COURSE = Mechanic(
    name="course",
    compile=compile_course,
    listens=(Listens(lambda _: (EVERY_ACTIVITY,), attend, Phase.THING),),
)
"""Which modules a member has begun, and what they do there."""

WATCHING = Mechanic(
    name="watching",
    sections=(WATCHING_SECTION,),
    compile=compile_watching,
    handles=(Handles(Heartbeat, watch, is_deed=True),),
)
"""How long a member watches."""
