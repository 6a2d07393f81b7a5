"""Some parts of a game by themselves: what the past is read with."""

from collections.abc import Callable
from dataclasses import replace

from besitos.game.game import Game, Listeners, Part, Readers


def only(game: Game, keeps: Callable[[str], bool]) -> Game:
    """The same game with no other parts at work than those whose names `keeps` keeps, and no handlers."""

    def of(parts: tuple[Part, ...]) -> tuple[Part, ...]:
        return tuple(part for part in parts if keeps(part.name))

    def heard(listeners: Listeners) -> Listeners:
        return Listeners(of(listeners.due), of(listeners.before), of(listeners.after), of(listeners.at_once))

    def read(readers: Readers) -> Readers:
        kept = {name: tuple(each for each in found if keeps(each.part.name)) for name, found in readers.of.items()}
        return Readers({name: found for name, found in kept.items() if found}, of(readers.restless))

    return replace(
        game,
        handlers={},
        givers={},
        hinting={},
        first={topic: heard(listeners) for topic, listeners in game.first.items()},
        everyone=heard(game.everyone),
        listeners={topic: heard(listeners) for topic, listeners in game.listeners.items()},
        followers=read(game.followers),
        readers=read(game.readers),
        boards=Readers(),
    )


def part_names(game: Game) -> frozenset[str]:
    """The names of all parts that hear or read something."""
    heard = (part for listeners in game.listeners.values() for part in listeners)
    read = (reader.part for readers in game.readers.of.values() for reader in readers)
    return frozenset(part.name for part in (*heard, *read))
