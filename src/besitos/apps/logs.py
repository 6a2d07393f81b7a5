"""Logs: lines for people on a terminal, JSON everywhere else. Everything goes through the standard `logging`."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any, Literal

LogFormat = Literal["auto", "json", "text"]

CHATTY = ("aiogram", "alembic", "asyncio", "httpx2", "uvicorn")
"""Those who tell more at `info` than anybody reads."""

USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message", "taskName"}
"""What every record has. Whatever else there is was given with `extra`."""


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        said: dict[str, Any] = {
            "timestamp": moment_of(record).isoformat().replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **extras_of(record),
        }
        if record.exc_info:
            said["exception"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False, default=str)


class TextLines(logging.Formatter):
    """Time, level, who, what; an exception below."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as people read it."""
        extras = "".join(f"  {name}={value}" for name, value in extras_of(record).items())
        line = f"{moment_of(record):%H:%M:%S} {record.levelname:<7} {record.name}: {record.getMessage()}{extras}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def configure(level: str, form: LogFormat) -> None:
    """Send every log of this process to stderr."""
    is_json = form == "json" or (form == "auto" and not sys.stderr.isatty())
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if is_json else TextLines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in CHATTY:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def moment_of(record: logging.LogRecord) -> datetime:
    """When it was logged, UTC."""
    return datetime.fromtimestamp(record.created, UTC)


def extras_of(record: logging.LogRecord) -> dict[str, Any]:
    """What was given with `extra`."""
    return {name: value for name, value in vars(record).items() if name not in USUAL}
