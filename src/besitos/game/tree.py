"""YAML with strict rules: values, and where each of them was written.

Built from libyaml's events rather than its nodes: nothing is expanded, nothing is nested deeper than we
allow, and the traps of GAME-LANGUAGE §12 are met while their place is known.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from besitos.game.problem import MOST_PROBLEMS, Path, Place, Problem, Value, shown
from besitos.game.written import Dec, Int

MOST_DEPTH = 20
MOST_DIGITS = 400
"""A longer row of digits is taken for text: no number of the language is that long."""

_WHOLE = re.compile(r"-?[0-9]+")
_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+")
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_UNWRITTEN = ("", "~", "null")

_SAYS = {
    "did not find expected ',' or '}'": "yaml.unclosed_map",
    "did not find expected ',' or ']'": "yaml.unclosed_list",
    "did not find expected key": "yaml.no_key",
    "did not find expected '-' indicator": "yaml.no_dash",
    "did not find expected node content": "yaml.no_value",
    "mapping values are not allowed in this context": "yaml.colon",
    "found unexpected ':'": "yaml.colon",
    "could not find expected ':'": "yaml.no_colon",
    "found character that cannot start any token": "yaml.bad_start",
    "found unexpected end of stream": "yaml.unclosed_quote",
    "found unknown escape character": "yaml.escape",
    "block sequence entries are not allowed in this context": "yaml.dash",
}
"""What libyaml says most often, as codes of our own."""


class Node:
    """One value, its place, the place of its key, and what stands inside it by key or by number."""

    __slots__ = ("children", "column", "key", "line", "value")

    def __init__(self, value: Any, at: tuple[int, int]) -> None:  # noqa: ANN401 - a plain value of any type
        self.value = value
        self.line, self.column = self.key = at
        self.children: dict[str, Node] = {}


@dataclass(slots=True)
class Tree:
    """What stands in one file. `root` is None where it could not be read, or where there is nothing."""

    file: str
    root: Node | None = None
    problems: list[Problem] = field(default_factory=list)
    is_broken: bool = False

    def report(self, at: tuple[int, int], path: Path, code: str, **values: Value) -> None:
        """Note a problem at line and column. After so many the rest of the file is not worth reading."""
        if len(self.problems) >= MOST_PROBLEMS:
            raise _Stop
        self.problems.append(Problem(Place(self.file, *at), ".".join(map(shown, path)), code, values))


@dataclass(slots=True)
class _Level:
    """A map or list that is still open. `key` is the word that waits for its value, with its places."""

    node: Node
    path: Path
    is_flow: bool
    key: str | None = None
    key_at: tuple[int, int] = (0, 0)
    key_ends: tuple[int, int] = (0, 0)
    has_key: bool = False

    @property
    def is_map(self) -> bool:
        return isinstance(self.node.value, dict)


class _Stop(Exception):  # noqa: N818 - it ends the reading, and is no fault of ours
    """The rest of the file is not worth reading."""


def read_tree(file: str, text: str) -> Tree:
    """Read one file, and note everything that is wrong with its form."""
    tree = Tree(file)
    if found := _FORBIDDEN.search(text):
        before = text[: found.start()]
        at = before.count("\n") + 1, found.start() - before.rfind("\n")
        tree.report(at, (), "file.character", found=f"U+{ord(found[0]):04X}")
        tree.is_broken = True
        return tree
    try:
        _Reader(tree).read(yaml.parse(text, yaml.CSafeLoader))
    except _Stop:
        tree.is_broken = True
    except yaml.YAMLError as error:
        tree.is_broken = True
        _say(tree, error, text)
    if tree.is_broken:
        tree.root = None
    return tree


class _Reader:
    """Puts events together. Every way in which a file can be wrong but readable ends in a problem, and None."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.levels: list[_Level] = []
        self.documents = 0

    def read(self, events: Iterator[Any]) -> None:
        for event in events:
            if isinstance(event, yaml.ScalarEvent):
                self._scalar(event)
            elif isinstance(event, yaml.CollectionStartEvent):
                self._open(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                self.levels.pop()
            elif isinstance(event, yaml.AliasEvent):
                self._alias(event)
            elif isinstance(event, yaml.DocumentStartEvent):
                self.documents += 1
                if self.documents > 1:
                    self.tree.report(_at(event), (), "yaml.documents")
                    raise _Stop

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        level = self.levels[-1] if self.levels else None
        if level is not None and level.is_map and not level.has_key:
            self._key(level, event)
            return
        node = Node(None, _at(event))
        path = self._place(node)
        self._refuse_marks(event, path)
        if level is not None and self._stands_alone(level, event):
            self.tree.report(node.key, level.path, "yaml.stands_alone", word=shown(path[-1]))
            level.has_key = False
            return
        if self._is_printable(event, path):
            node.value = self._value(event)
            if node.value is None and path:
                self.tree.report(node.key, path, "value.empty")
        self._attach(node, path)

    def _open(self, event: yaml.CollectionStartEvent) -> None:
        if len(self.levels) >= MOST_DEPTH:
            self.tree.report(_at(event), (), "file.too_deep", most=MOST_DEPTH)
            raise _Stop
        node = Node({} if isinstance(event, yaml.MappingStartEvent) else [], _at(event))
        level = self.levels[-1] if self.levels else None
        if level is not None and level.is_map and not level.has_key:
            self.tree.report(_at(event), level.path, "yaml.key")
            level.key, level.has_key = None, True
            path = level.path
        else:
            path = self._place(node)
            self._refuse_marks(event, path)
            self._attach(node, path)
        self.levels.append(_Level(node, path, bool(event.flow_style)))

    def _alias(self, event: yaml.AliasEvent) -> None:
        node = Node(None, _at(event))
        level = self.levels[-1] if self.levels else None
        if level is not None and level.is_map and not level.has_key:
            self.tree.report(_at(event), level.path, "yaml.anchor")
            level.key, level.has_key = None, True
            return
        path = self._place(node)
        self.tree.report(_at(event), path, "yaml.anchor")
        self._attach(node, path)

    def _key(self, level: _Level, event: yaml.ScalarEvent) -> None:
        word, at = str(event.value), _at(event)
        level.has_key, level.key, level.key_at, level.key_ends = True, word, at, _at_end(event)
        self._refuse_marks(event, (*level.path, word))
        if not self._is_printable(event, level.path):
            level.key = None
        elif word == "<<" and not event.style:
            self.tree.report(at, level.path, "yaml.key")
            level.key = None
        elif (first := level.node.children.get(word)) is not None:
            place = Place(self.tree.file, *first.key)
            self.tree.report(at, (*level.path, word), "key.twice", word=shown(word), first=str(place))
            level.key = None

    def _place(self, node: Node) -> Path:
        """The path of a value that is about to stand in the open level."""
        if not self.levels:
            return ()
        level = self.levels[-1]
        if not level.is_map:
            return (*level.path, str(len(level.node.value)))
        if level.key is not None:
            node.key = level.key_at
        return (*level.path, level.key or "")

    def _attach(self, node: Node, path: Path) -> None:
        if not self.levels:
            self.tree.root = node
            return
        level = self.levels[-1]
        if not level.is_map:
            level.node.children[path[-1]] = node
            level.node.value.append(node.value)
            return
        if level.key is not None:
            level.node.children[level.key] = node
            level.node.value[level.key] = node.value
        level.has_key = False

    def _refuse_marks(self, event: Any, path: Path) -> None:  # noqa: ANN401 - any event that may be marked
        """Anchors and tags: before a value may stand nothing that the language has no use for."""
        if event.anchor is not None:
            self.tree.report(_at(event), path, "yaml.anchor")
        if event.tag is not None:
            self.tree.report(_at(event), path, "yaml.tag", found=shown(event.tag.replace("tag:yaml.org,2002:", "!!")))

    def _is_printable(self, event: yaml.ScalarEvent, path: Path) -> bool:
        """Whether no escape in double quotes brought in a character that may not stand in a file."""
        found = _FORBIDDEN.search(event.value) if event.style == '"' else None
        if found is not None:
            self.tree.report(_at(event), path, "file.character", found=f"U+{ord(found[0]):04X}")
        return found is None

    @staticmethod
    def _stands_alone(level: _Level, event: yaml.ScalarEvent) -> bool:
        """Whether a word in `{ }` has neither colon nor value: what is left of a text behind a comma."""
        return level.is_map and level.is_flow and not event.style and not event.value and _at(event) == level.key_ends

    @staticmethod
    def _value(event: yaml.ScalarEvent) -> object:
        """Only true, false, numbers and nothing are not text; `yes`, `12:30` and `2026-12-01` are."""
        text = str(event.value)
        if event.style:
            return text
        if text in ("true", "false"):
            return text == "true"
        if text in _UNWRITTEN:
            return None
        if len(text) <= MOST_DIGITS:
            if _WHOLE.fullmatch(text):
                return Int.read(text)
            if _DECIMAL.fullmatch(text):
                return Dec.read(text)
        return text


def _at(event: Any) -> tuple[int, int]:  # noqa: ANN401 - any event
    return event.start_mark.line + 1, event.start_mark.column + 1


def _at_end(event: Any) -> tuple[int, int]:  # noqa: ANN401 - any event
    return event.end_mark.line + 1, event.end_mark.column + 1


def _say(tree: Tree, error: yaml.YAMLError, text: str) -> None:
    """What libyaml could not go on from, in our words."""
    mark = getattr(error, "problem_mark", None)
    at = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    lines = text.splitlines()
    line = lines[at[0] - 1] if at[0] <= len(lines) else ""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        tree.report(at, (), "yaml.tab")
        return
    why = str(getattr(error, "problem", None) or "")
    if code := _SAYS.get(why):
        tree.report(at, (), code)
        return
    tree.report(at, (), "yaml.unreadable", why=shown(why))
