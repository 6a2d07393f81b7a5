"""How help looks and which language it speaks: Typer's own words are English, ours come from the catalogue."""

import os
import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from difflib import get_close_matches
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from besitos.apps.failure import misuse
from besitos.apps.language import language_of
from besitos.surfaces.texts import Texts

TEXTS = Texts(language_of(os.environ))

WORDS = {
    "Usage: ": "cli.help.usage",
    "Arguments": "cli.help.arguments",
    "Options": "cli.help.options",
    "Commands": "cli.help.commands",
    "[OPTIONS]": "cli.help.metavar.options",
    "COMMAND": "cli.help.metavar.command",
    "[ARGS]...": "cli.help.metavar.arguments",
    "required": "cli.help.required",
    "default": "cli.help.default",
    "Show this message and exit.": "cli.help.help",
    "Install completion for the current shell.": "cli.help.install_completion",
    "Show completion for the current shell, to copy it or customize the installation.": "cli.help.show_completion",
}
"""Typer's words, and the code of ours."""

NOTES = re.compile(r"  \[(?P<notes>[^\[\]]+)\]$")
"""What Typer says behind the help of an option: `[default: 20; 1<=x<=200]`."""

TYPES = {"str": "cli.help.type.text", "int range": "cli.help.type.number", "path": "cli.help.type.path"}
"""What Typer calls a type, and the code of what we call it."""

TYPE = re.compile(r" <(?P<many>list\[)?(?P<type>[^<>\[\]]+)\]?>$")
"""What Typer says behind a name: `--limit <int range>`, `--scope <list[read|late]>`."""

BETWEEN = re.compile(r"(?P<least>\d+)<=x<=(?P<most>\d+)|x>=(?P<only>\d+)")
"""How Typer writes which numbers may stand."""

LOOK: dict[str, Any] = {
    "rich_markup_mode": None,  # plain text: rich would take a third of the time that help has
    "pretty_exceptions_enable": False,
    "no_args_is_help": True,
    "context_settings": {"help_option_names": ["-h", "--help"]},
}
"""How every group of commands is made."""


def word(code: str) -> str:
    """A text of the command line, for help: in the language that this process was started in."""
    return TEXTS.of(code)


class Formatter(typer.Context.formatter_class):  # type: ignore[valid-type,misc]  # a class that is an attribute
    """Help in our words."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line that begins with `Uso: `."""
        super().write_usage(prog, " ".join(map(_ours, args.split(" "))), _ours(prefix or "Usage: ") + " ")

    def section(self, name: str) -> AbstractContextManager[None]:
        """A heading, and what stands below it."""
        made: AbstractContextManager[None] = super().section(_ours(name))
        return made

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """What there is, and what each is for."""
        super().write_dl([(_with_type(first), _with_notes(second)) for first, second in rows], col_max, col_spacing)


class Spoken(typer.Context):
    """A command being called, whose help is in our words."""

    formatter_class = Formatter


class Noun(TyperGroup):
    """A word with verbs below it: `game check`. A verb that does not exist is answered with the nearest."""

    context_class = Spoken

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:  # noqa: ANN401 - Typer's own context has no public name
        """The command that was typed."""
        known = self.list_commands(ctx)
        if args[0] not in known and not args[0].startswith("-"):
            near = [*get_close_matches(args[0], known, n=1), ""][0]
            misuse("cli.no_such_command", command=args[0], nearest=near, known=known)
        found: tuple[str | None, Any, list[str]] = super().resolve_command(ctx, args)
        return found


class Verb(TyperCommand):
    """A command."""

    context_class = Spoken


def _with_type(name: str) -> str:
    """`--limit <número>`; what takes several of its kind says so. An argument is called after what it takes."""
    found = TYPE.search(name)
    if found is None:
        return name
    bare, kind = name[: found.start()], found["type"]
    if not name.startswith("-") and "|" not in kind:
        return bare
    return f"{bare} <{word(TYPES[kind]) if kind in TYPES else kind}>{'...' if found['many'] else ''}"


def _with_notes(text: str) -> str:
    found = NOTES.search(text)
    if found is None:
        return _ours(text)
    notes = [_note(note) for note in found["notes"].split("; ")]
    return f"{_ours(text[: found.start()])}  [{'; '.join(notes)}]"


def _note(note: str) -> str:
    between = BETWEEN.fullmatch(note)
    if between is not None:
        code = "cli.help.at_least" if between["only"] else "cli.help.between"
        return TEXTS.of(code, **between.groupdict())
    name, colon, value = note.partition(": ")
    return f"{_ours(name)}{colon}{value}"


def _ours(text: str) -> str:
    code = WORDS.get(text)
    return text if code is None else word(code)
