"""Where a document comes from: a file, or a folder of files that are read together."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path as File

from besitos.game.experience.made import MadePart
from besitos.game.problem import MOST_PROBLEMS, SHOWN, Finding, Near, Path, Place, Problem, Value, nearest, shown
from besitos.game.section import LANGUAGE, Section
from besitos.game.tree import Node, Tree, read_tree

MEGABYTE = 1024 * 1024
MOST_FILE = 2 * MEGABYTE
MOST_GAME = 20 * MEGABYTE
MOST_DEFINITIONS = 20_000
MOST_COMPARED = 100_000
SUFFIXES = (".yaml", ".yml")


class Source:
    """All that was written, by section and key, with its place; and what is wrong with it so far.

    `is_broken` says that something could not be read: what looks missing may stand there. `made` are the
    definitions that stand in no file: what is wrong with one is told at the experience that makes it.
    """

    def __init__(self, name: str, sections: Mapping[str, Section]) -> None:
        self.name = name
        self.sections = sections
        self.is_broken = False
        self.problems: list[Problem] = []
        self.made: Mapping[Path, MadePart] = {}
        self._untold = 0
        self._compared = 0
        self._size = 0
        self._seen: set[tuple[Place, str, str, str]] = set()
        self._nodes: dict[Path, tuple[str, Node]] = {}

    def add(self, file: str, data: bytes) -> None:
        """Read one more file, unless it is too much."""
        self._size += len(data)
        if len(data) > MOST_FILE:
            self.fail(Place(file), "file.too_large", most=MOST_FILE // MEGABYTE)
            return
        if self._size > MOST_GAME:
            self.fail(Place(file), "game.too_large", most=MOST_GAME // MEGABYTE)
            return
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            before = data[: error.start]
            column = error.start - before.rfind(b"\n")
            self.fail(Place(file, before.count(b"\n") + 1, column), "file.not_utf8", found=f"0x{data[error.start]:02X}")
            return
        self._merge(read_tree(file, text))

    def fail(self, place: Place, code: str, **values: Value) -> None:
        """A file that could not be read."""
        self.is_broken = True
        self.tell(Problem(place, "", code, values))

    def body(self, path: Path) -> object:
        """What is written under a section, or under a key of one; None where nothing is."""
        return self._nodes[path][1].value if path in self._nodes else None

    def bodies(self) -> dict[str, dict[str, object]]:
        """Section → key → body; settings stand under the name of their section."""
        found: dict[str, dict[str, object]] = {}
        for path, (_, node) in self._nodes.items():
            section = self.sections[path[0]]
            if len(path) > 1 or (section.single and isinstance(node.value, dict)):
                found.setdefault(section.name, {})[path[-1]] = node.value
        return found

    def is_written(self, path: Path) -> bool:
        """Whether there is a value, or a row of a list, just there."""
        if (part := self.made.get(path[:2])) is not None:
            return part.has(path[2:])
        found, is_there = self._find(path[:-1])
        return found is not None and is_there and path[-1] in found[1].children

    def place(self, path: Path, *, at_key: bool = False) -> Place:
        """Where a path stands; where it is not written, the key of the nearest that is."""
        found, is_there = self._find(path)
        if found is None:
            return Place(self.name)
        file, node = found
        return Place(file, *node.key) if at_key or not is_there else Place(file, node.line, node.column)

    def report(self, base: Path, finding: Finding) -> None:
        """Note what was found in the definition that stands under `base`."""
        path = (*base, *finding.path)
        if path[:2] in self.made and len(self.problems) >= MOST_PROBLEMS:
            self._untold += 1  # to follow one back to its template is too much work for one that is not told
            return
        self.tell(self._at(path, finding), finding.near)

    def placed(self, finding: Finding) -> Problem:
        """What was found, at its place, without noting it as a problem."""
        return self._near(self._at(finding.path, finding), finding.near)

    def _at(self, path: Path, finding: Finding) -> Problem:
        if (part := self.made.get(path[:2])) is not None:
            return self._made_at(part, path, finding)
        place = self.place(path, at_key=finding.at_key)
        return Problem(place, ".".join(map(shown, path)), finding.code, finding.values)

    def tell(self, problem: Problem, near: Near | None = None) -> None:
        """Note a problem once; after so many only count them."""
        same = (problem.place, problem.path, problem.code, repr(problem.values))
        if same in self._seen:
            return
        if len(self.problems) >= MOST_PROBLEMS:
            self._untold += 1
            return
        self._seen.add(same)
        self.problems.append(self._near(problem, near))

    def told(self) -> list[Problem]:
        """Every problem, by place; a last one says how many more there are."""
        told = sorted(self.problems, key=lambda problem: problem.place)
        if self._untold:
            told.append(Problem(Place(self.name), "", "game.more_problems", {"count": self._untold}))
        return told

    def _made_at(self, part: MadePart, path: Path, finding: Finding) -> Problem:
        """A problem of what is made, at the experience that makes it, with the line of the template."""
        maker = ("experiences", part.experience)
        line = self.place(part.origin(path[2:]), at_key=finding.at_key)
        values = {**finding.values, "made": ".".join(map(shown, path)), "made_at": str(line)}
        return Problem(self.place(maker, at_key=True), ".".join(maker), finding.code, values)

    def _near(self, problem: Problem, near: Near | None) -> Problem:
        """With the word that was meant, as long as looking for it is no more work than reading the game."""
        if near is None:
            return problem
        return replace(problem, values={**problem.values, "nearest": self._nearest(near)})

    def _nearest(self, near: Near) -> str:
        self._compared += len(near.words)
        return nearest(near) if self._compared <= MOST_COMPARED and len(near.word) <= SHOWN else ""

    def _find(self, path: Path) -> tuple[tuple[str, Node] | None, bool]:
        """The file and node that stand nearest to a path, and whether it is the very one."""
        root = next((path[:n] for n in (2, 1) if len(path) >= n and path[:n] in self._nodes), None)
        if root is None:
            return None, False
        file, node = self._nodes[root]
        for step in path[len(root) :]:
            if step in node.children:
                node = node.children[step]
            elif step != "0" or isinstance(node.value, list):  # the only value of a list may stand for the list
                return (file, node), False
        return (file, node), True

    def _merge(self, tree: Tree) -> None:
        self.is_broken = self.is_broken or tree.is_broken
        for problem in tree.problems:
            self.tell(problem)
        if tree.root is None or tree.root.value is None:
            return
        if not isinstance(tree.root.value, dict):
            self.fail(Place(tree.file), "file.not_a_map")
            return
        for name, node in tree.root.children.items():
            self._merge_section(tree.file, name, node)

    def _merge_section(self, file: str, name: str, node: Node) -> None:
        section = self.sections.get(name)
        if section is None:
            code = "section.not_yet" if name in LANGUAGE else "section.unknown"
            problem = Problem(Place(file, *node.key), shown(name), code, {"section": shown(name)})
            self.tell(problem, Near(name, LANGUAGE))
            return
        first = self._nodes.setdefault((name,), (file, node))
        if section.single and first[1] is not node:
            values = {"section": name, "first": str(Place(first[0], *first[1].key))}
            self.tell(Problem(Place(file, *node.key), name, "section.twice", values))
            return
        if node.value is None:
            return
        if not isinstance(node.value, dict):
            code = "section.not_settings" if section.single else "section.not_definitions"
            self.tell(Problem(Place(file, *node.key), name, code, {"section": name}))
            return
        if not section.single:
            for key, inner in node.children.items():
                self._merge_definition(file, (name, key), inner)

    def _merge_definition(self, file: str, path: Path, node: Node) -> None:
        if path not in self._nodes:
            self._nodes[path] = (file, node)
            return
        first = Place(self._nodes[path][0], *self._nodes[path][1].key)
        values = {"word": shown(path[1]), "first": str(first)}
        self.tell(Problem(Place(file, *node.key), ".".join(map(shown, path)), "key.twice", values))


def read_source(path: File, sections: Mapping[str, Section]) -> Source:
    """Read a file or a folder; what cannot be read is a problem, and the rest is read all the same."""
    source = Source(path.name or str(path), sections)
    for name, file in _files(path, source):
        try:
            source.add(name, _bytes_of(file))
        except (OSError, ValueError) as error:  # a ValueError for a name that no file can have
            source.fail(Place(name), *_why(error))
    return source


def _files(path: File, source: Source) -> Iterator[tuple[str, File]]:
    """Every file of the game, by the name under which it is shown, in order."""
    if not path.is_dir():
        yield _readable(path.name or str(path)), path
        return
    for folder, folders, names in os.walk(path, onerror=lambda error: source.fail(Place(source.name), *_why(error))):
        folders[:] = sorted(name for name in folders if name[0] not in "._")
        for name in sorted(names):
            if name[0] not in "._" and name.endswith(SUFFIXES):
                file = File(folder, name)
                yield _readable(str(file.relative_to(path))), file


def _bytes_of(file: File) -> bytes:
    """The content, read no further than needed to see that it is too much; a device would never end."""
    if file.exists() and not file.is_file():
        raise IsADirectoryError
    with file.open("rb") as stream:
        return stream.read(MOST_FILE + 1)


def _why(error: OSError | ValueError) -> tuple[str]:
    for kind, code in _REASONS.items():
        if isinstance(error, kind):
            return (code,)
    return ("file.unreadable",)


_REASONS: Mapping[type[OSError], str] = {
    FileNotFoundError: "file.missing",
    PermissionError: "file.denied",
    IsADirectoryError: "file.not_a_file",
}


def _readable(name: str) -> str:
    """A name that can be printed, whatever the bytes that the file system keeps for it."""
    return name.encode("utf-8", "replace").decode("utf-8")
