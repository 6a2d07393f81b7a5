"""What went wrong, as a code and its values: for everything that a person can cause, instead of a traceback."""

import errno
from dataclasses import dataclass, field
from typing import Any, NoReturn

from besitos.store.protocol import GameMovedError, StoreError, UnavailableError

USAGE = 2
"""The exit code of what was typed wrongly."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A code that has a text, the values of its holes, and what the process then says to its caller."""

    code: str
    values: dict[str, Any] = field(default_factory=dict)
    exit_code: int = 1


class CommandError(Exception):
    """A command cannot do what was asked. Its code has a text in every language."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.code)
        self.failure = failure


class OutputError(Exception):
    """What a command has to say cannot be written to stdout: its disk is full, or whoever read it has gone."""

    def __init__(self, cause: OSError) -> None:
        super().__init__(cause.strerror or str(cause))
        self.is_unread = isinstance(cause, BrokenPipeError)


def refuse(code: str, /, **values: object) -> NoReturn:
    """Give up: it cannot be done."""
    raise CommandError(Failure(code, values))


def misuse(code: str, /, **values: object) -> NoReturn:
    """Give up: it was typed wrongly."""
    raise CommandError(Failure(code, values, USAGE))


def failure_of(error: BaseException) -> Failure | None:
    """What `error` means to whoever typed the command; None for a fault of ours, which deserves its traceback."""
    if isinstance(error, CommandError):
        return error.failure
    if isinstance(error, StoreError):
        return _of_store(error)
    if isinstance(error, OutputError):
        return Failure("cli.output_lost", {"why": str(error)})
    if isinstance(error, OSError):
        return _of_file(error)
    if isinstance(error, UnicodeDecodeError):
        return Failure("cli.not_utf8", {"at": error.start})
    return _by_shape(error)


def _of_store(error: StoreError) -> Failure:
    if isinstance(error, UnavailableError):
        return Failure(error.reason)
    if isinstance(error, GameMovedError):
        return Failure("cli.game_moved", {"version": error.version})
    return Failure("cli.store_refused", {"why": str(error)})


def _of_file(error: OSError) -> Failure:
    name = "" if error.filename is None else str(error.filename)
    if error.errno == errno.EADDRINUSE:
        return Failure("cli.port_taken")
    for kind, code in _FILES.items():
        if isinstance(error, kind):
            return Failure(code, {"file": name})
    if error.errno in _FULL:
        return Failure("cli.disk_full", {"file": name}) if name else Failure("cli.output_full")
    return Failure("cli.file_failed", {"file": name, "why": error.strerror or str(error)})


def _by_shape(error: BaseException) -> Failure | None:
    """Errors whose classes are not worth loading only to recognise them."""
    name = type(error).__name__
    if name == "SchemaError":
        code, details = error.code, error.details  # type: ignore[attr-defined]  # recognised by its name
        return Failure(str(code), dict(details))
    if name == "ValidationError" and hasattr(error, "errors"):
        return _of_validation(error)
    return None


def _of_validation(error: Any) -> Failure:  # noqa: ANN401 - pydantic's, recognised by its name
    wrong = error.errors()[0]
    where = ".".join(str(part) for part in wrong["loc"]) or error.title
    if error.title != "Settings":
        return Failure("cli.stored_game", {"definition": error.title, "where": where})
    if where == "DATABASE_URL":
        return Failure("cli.database_url", exit_code=USAGE)
    return Failure("cli.setting", {"name": where, "why": wrong["msg"]}, exit_code=USAGE)


_FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
"""No space left, file too large, quota exceeded."""

_FILES: dict[type[OSError], str] = {
    FileNotFoundError: "cli.file_missing",
    PermissionError: "cli.file_denied",
    IsADirectoryError: "cli.file_is_folder",
    NotADirectoryError: "cli.file_missing",
    FileExistsError: "cli.file_exists",
}
