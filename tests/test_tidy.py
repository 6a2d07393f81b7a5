"""The limits that keep the house tidy. Each failure says why the limit is there."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "besitos"

AnyFunction = ast.FunctionDef | ast.AsyncFunctionDef

# Modules that import inside functions, each with its reason. Everything else imports at the top.
LAZY_IMPORTS = {
    "src/besitos/apps/run.py": "aiogram takes seconds and memory: it loads when there is a bot to run",
    "src/besitos/apps/session.py": "uvloop is not for every machine, and only worth its import for what takes long",
    "src/besitos/store/database.py": "a process speaks to one kind of database, and loads no other driver",
    "src/besitos/store/migrate.py": "looking at a schema costs one query: Alembic and the driver load when needed",
}

# The one place that may ask the machine for the time.
CLOCK = "src/besitos/core/clock.py"
ASKS_THE_TIME = re.compile(r"(^|\.)(datetime\.(now|utcnow|today)|date\.today|time\.(time|time_ns|localtime|gmtime))$")

SQL_CALLS = {"execute", "executemany", "executescript", "exec_driver_sql", "fetch", "fetchrow", "fetchval", "text"}

MECHANIC_FILES = {"__init__.py", "model.py", "decide.py"}
FRONT_ENDS = {"telegram.py", "http.py", "panel.py", "miniapp.py"}


@dataclass(frozen=True)
class Module:
    """One file of ours, parsed once."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def functions(self) -> list[AnyFunction]:
        return [node for node in self.nodes if isinstance(node, AnyFunction)]

    def at(self, line: int, what: str) -> str:
        return f"{self.name}:{line} {what}".rstrip()


def modules_below(*folders: str) -> list[Module]:
    return [Module(path) for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


PRODUCT = modules_below("src")
TOOLS = modules_below("bench", "soak", "tools")
TESTS = modules_below("tests")


def offences(modules: list[Module], find: Callable[[Module], Iterator[str]]) -> str:
    """What a rule finds, one offence a line."""
    return "\n".join(offence for module in modules for offence in find(module))


def test_a_module_is_read_in_one_sitting() -> None:
    def too_long(module: Module) -> Iterator[str]:
        if (lines := len(module.text.splitlines())) > 500:
            yield module.at(1, f"has {lines} lines")

    found = offences(PRODUCT + TOOLS + TESTS, too_long)
    assert not found, f"a module has at most 500 lines: split it by subject\n{found}"


def test_a_module_says_what_it_is_for() -> None:
    def silent(module: Module) -> Iterator[str]:
        if not ast.get_docstring(module.tree):
            yield module.at(1, "")

    found = offences(PRODUCT + TOOLS + TESTS, silent)
    assert not found, f"the first line of a file is a sentence that says what it is for\n{found}"


def test_a_function_fits_on_a_screen() -> None:
    def too_long(module: Module) -> Iterator[str]:
        for function in module.functions:
            lines = (function.end_lineno or function.lineno) - function.lineno + 1
            if lines > 70:
                yield module.at(function.lineno, f"{function.name} has {lines} lines")

    found = offences(PRODUCT + TOOLS + TESTS, too_long)
    assert not found, f"a function has at most 70 lines: name its paragraphs and make them functions\n{found}"


def test_a_class_does_one_thing() -> None:
    def too_wide(module: Module) -> Iterator[str]:
        for node in module.nodes:
            if isinstance(node, ast.ClassDef):
                methods = [each.name for each in node.body if isinstance(each, AnyFunction)]
                public = [name for name in methods if not name.startswith("_")]
                if len(public) > 15:
                    yield module.at(node.lineno, f"{node.name} has {len(public)}")

    found = offences(PRODUCT + TOOLS, too_wide)
    assert not found, f"a class has at most 15 public methods: part it by who calls them\n{found}"


def test_a_function_is_told_a_handful_of_things() -> None:
    def too_many(module: Module) -> Iterator[str]:
        for function in module.functions:
            if len(names := parameters(function)) > 5 and not is_command(function):
                yield module.at(function.lineno, f"{function.name} has {len(names)}: {', '.join(names)}")

    found = offences(PRODUCT + TOOLS, too_many)
    assert not found, f"a function has at most 5 parameters: values that travel together are one value\n{found}"


def test_imports_stand_at_the_top() -> None:
    def hidden(module: Module) -> Iterator[str]:
        if module.name not in LAZY_IMPORTS:
            for function in module.functions:
                for node in ast.walk(function):
                    if isinstance(node, ast.Import | ast.ImportFrom):
                        yield module.at(node.lineno, ast.unparse(node))

    found = offences(PRODUCT + TOOLS + TESTS, hidden)
    assert not found, f"imports stand at the top; a module that is lazy on purpose stands in LAZY_IMPORTS\n{found}"


def test_nobody_asks_what_time_it_is() -> None:
    def asks(module: Module) -> Iterator[str]:
        if module.name == CLOCK:
            return
        for node in module.nodes:
            if isinstance(node, ast.Attribute) and ASKS_THE_TIME.search(ast.unparse(node)):
                yield module.at(node.lineno, ast.unparse(node))
            if isinstance(node, ast.ImportFrom) and node.module == "time":
                yield from (module.at(node.lineno, each.name) for each in node.names if each.name.startswith("time"))

    found = offences(PRODUCT, asks)
    assert not found, f"time comes in with the activity, or from the injected Clock of {CLOCK}\n{found}"


def test_sql_is_never_put_together_outside_the_store() -> None:
    def puts_together(module: Module) -> Iterator[str]:
        if module.name.startswith("src/besitos/store/"):
            return
        for node in module.nodes:
            if isinstance(node, ast.Call) and called(node) in SQL_CALLS and node.args and is_built(node.args[0]):
                yield module.at(node.lineno, ast.unparse(node)[:80])

    found = offences(PRODUCT, puts_together)
    assert not found, f"only besitos.store writes SQL, and values are bound, never written into it\n{found}"


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"#.*\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")

    def left(module: Module) -> Iterator[str]:
        for number, line in enumerate(module.text.splitlines(), 1):
            if later.search(line):
                yield module.at(number, line.strip())

    found = offences(PRODUCT + TOOLS + TESTS, left)
    assert not found, f"do it now, or write it down where decisions are kept\n{found}"


def test_an_exception_from_a_check_says_why() -> None:
    exception = re.compile(r"#\s*(noqa|type:\s*ignore)\b.*")
    of_ruff, of_mypy = r"#\snoqa: [A-Z0-9, ]+ - \S", r"#\stype: ignore\[[a-z, -]+\]  "
    explained = re.compile(rf"({of_mypy})?{of_ruff}|{of_mypy}# \w")

    def silent(module: Module) -> Iterator[str]:
        for number, line in enumerate(module.text.splitlines(), 1):
            if (found := exception.search(line)) and not explained.match(found[0]):
                yield module.at(number, found[0])

    found = offences(PRODUCT + TOOLS + TESTS, silent)
    form = "`# noqa: CODE - why` or `# type: ignore[code]  # why`"
    assert not found, f"what a check is not to see has a reason, as {form}\n{found}"


def test_a_mechanic_is_a_folder_of_the_usual_files() -> None:
    folders = [path.parent for path in sorted((PACKAGE / "mechanics").glob("*/__init__.py"))]
    for folder in folders:
        files = {path.name for path in folder.glob("*.py")}
        is_pending = "is_pending=True" in (folder / "model.py").read_text(encoding="utf-8")
        wanted = MECHANIC_FILES - {"decide.py"} if is_pending else MECHANIC_FILES
        assert files >= wanted, f"{folder.name} lacks {wanted - files}: every mechanic reads the same"
        assert files <= MECHANIC_FILES | FRONT_ENDS, (
            f"{folder.name} has {files - MECHANIC_FILES - FRONT_ENDS}: what is not model, decision or front end of a "
            "mechanic belongs to another room"
        )


def test_lazy_modules_are_still_lazy() -> None:
    for name in LAZY_IMPORTS:
        module = Module(ROOT / name)
        if module.path.exists():
            inner = [node for function in module.functions for node in ast.walk(function)]
            lazy = any(isinstance(node, ast.Import | ast.ImportFrom) for node in inner)
            assert lazy, f"{name} imports at the top by now: take it off LAZY_IMPORTS"


@pytest.mark.parametrize("lock", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda path: path.name)
def test_a_lock_names_versions_and_hashes_and_no_host(lock: Path) -> None:
    text = lock.read_text()

    assert "--hash=sha256:" in text
    assert "://" not in text, "a lock installs from whatever index its reader uses"


def parameters(function: AnyFunction) -> list[str]:
    """What a caller hands over, without self and cls."""
    told = function.args
    names = [each.arg for each in [*told.posonlyargs, *told.args, *told.kwonlyargs]]
    return names[1:] if names[:1] in (["self"], ["cls"]) else names


def is_command(function: AnyFunction) -> bool:
    """Whether it is a command of the command line, whose parameters are what one may type after it."""
    decorators = [each.func if isinstance(each, ast.Call) else each for each in function.decorator_list]
    return any(isinstance(each, ast.Attribute) and each.attr in {"command", "callback"} for each in decorators)


def called(call: ast.Call) -> str:
    """The last name of what is called; `text` counts alone, since other things have a text too."""
    if isinstance(call.func, ast.Name):
        return call.func.id
    if isinstance(call.func, ast.Attribute) and call.func.attr != "text":
        return call.func.attr
    return ""


def is_built(value: ast.expr) -> bool:
    """Whether a text is put together on the spot: an f-string, `+`, `%` or `.format`."""
    if isinstance(value, ast.Call):
        return isinstance(value.func, ast.Attribute) and value.func.attr == "format"
    if isinstance(value, ast.BinOp):
        return isinstance(value.op, ast.Add | ast.Mod)
    return isinstance(value, ast.JoinedStr)
