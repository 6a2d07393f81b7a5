"""Codes and values put into words, in the language of whoever reads them."""

import re
import string
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal
from babel.units import format_unit

from besitos.game.problem import Problem
from besitos.surfaces.texts.catalogue import LANGUAGES, Catalogue, catalogue_of

NEAREST = "nearest"
"""The value of a problem that is a word which may have been meant; it becomes a text of its own, or nothing."""

MADE = "made"
"""The value of a problem of what an experience makes: its path. Where the template makes it is said at the end."""

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)")
_UNITS = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))
_DAY_FORMATS = {"es": "d MMM y", "en": "d MMM y"}


class Texts:
    """The texts of one language. What it lacks is said in Spanish, then in English, then by the code itself.

    The moments of a reason are told by the clocks of `zone`; without one as they come, which is UTC.
    """

    def __init__(self, language: str = LANGUAGES[0], zone: tzinfo | None = None) -> None:
        short = language.lower()[:2]
        self._zone = zone
        self.language = short if short in LANGUAGES else LANGUAGES[0]
        self._format = _Format(self.language)

    def of(self, code: str, **values: object) -> str:
        """The text of a code. A hole for which there is no value stays, and shows."""
        found = self._find(code)
        return code if found is None else self._format.vformat(found[1][0], (), values)

    def many(self, code: str, n: int, **values: object) -> str:
        """The text of a code in the plural form that `n` takes; `{n}` is the number."""
        found = self._find(code)
        if found is None:
            return code
        catalogue, texts = found
        form = min(catalogue.form(abs(n)), len(texts) - 1)
        return self._format.vformat(texts[form], (), {"n": n, **values})

    def has(self, code: str) -> bool:
        """Whether there is a text for a code in any language."""
        return self._find(code) is not None

    def problem(self, problem: Problem) -> str:
        """Where, what, and what to do: `juego.yaml:4:11: rules.charla.when: …`."""
        path = f"{problem.path}: " if problem.path else ""
        return f"{problem.place}: {path}{self.sentence(problem)}"

    def sentence(self, problem: Problem) -> str:
        """What is wrong and what to do, without the place."""
        near = problem.values.get(NEAREST)
        hint = self.of("hint.nearest", word=near) if near else ""
        said = self.of(problem.code, **{**problem.values, NEAREST: hint})
        return said + self.of("hint.made", **problem.values) if MADE in problem.values else said

    def reason(self, code: str, details: Mapping[str, Any]) -> str:
        """Why something was refused. Details come as JSON has them, so moments are text and are read again."""
        values = {name: self._value(value) for name, value in details.items()}
        near = details.get(NEAREST)
        return self.of(code, **{**values, NEAREST: self.of("hint.nearest", word=near) if near else ""})

    def _value(self, value: object) -> object:
        """A detail as it is put into words: `2026-11-21T22:00:00Z` is a moment."""
        if not isinstance(value, str) or not _MOMENT.fullmatch(value):
            return value
        with suppress(ValueError, OverflowError):  # of the year 9999 not every zone has all days
            moment = datetime.fromisoformat(value)
            return moment if self._zone is None else moment.astimezone(self._zone)
        return value

    def _find(self, code: str) -> tuple[Catalogue, Sequence[str]] | None:
        for language in dict.fromkeys((self.language, *LANGUAGES)):
            catalogue = catalogue_of(language)
            entry = catalogue.entries.get(code)
            if entry is not None and entry.texts:
                return catalogue, entry.texts
        return None


def clock_of(moment: datetime) -> str:
    """`00:00 UTC`. A zone without a name of its own is called by its distance."""
    zone = moment.tzname() or ""
    if zone[:1] in ("+", "-"):
        zone = f"UTC{zone[:3]}" + (f":{zone[3:5]}" if zone[3:5] not in ("", "00") else "")
    return f"{moment:%H:%M} {zone}".strip()


class _Format(string.Formatter):
    """`str.format` in a language: `{amount}` with its separators, `{at}` as 22:00 UTC, `{at:day}` with its day."""

    def __init__(self, language: str) -> None:
        self.language = language

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:  # noqa: ANN401, ARG002 - as the parent has it
        return kwargs.get(str(key), f"{{{key}}}")

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401 - any value
        match value:
            case bool() | str():
                text = str(value)
            case int():
                text = format_decimal(value, locale=self.language)
            case datetime():
                text = self._moment(value, format_spec)
            case date():
                text = self._day(value)
            case timedelta():
                text = self._duration(value)
            case Mapping():
                text = str(value.get(self.language) or next(iter(value.values())))
            case tuple() | list():
                text = ", ".join(self.format_field(each, "") for each in value) or "—"
            case _:
                text = str(value)
        return text

    def _moment(self, moment: datetime, spec: str) -> str:
        return f"{self._day(moment)}, {clock_of(moment)}" if spec == "day" else clock_of(moment)

    def _day(self, day: date) -> str:
        return format_date(day, _DAY_FORMATS[self.language], locale=self.language)

    def _duration(self, duration: timedelta) -> str:
        """In the largest unit that leaves no rest, so that nothing is rounded away."""
        for name, size in _UNITS:
            if duration >= size and not duration % size:
                return format_unit(duration // size, f"duration-{name}", locale=self.language)
        return format_unit(int(duration.total_seconds()), "duration-second", locale=self.language)
