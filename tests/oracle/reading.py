"""A game as plain bodies: from YAML to rows, from rows to what the oracle asks for."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import yaml

from tests.oracle.calendars import Calendar
from tests.oracle.units import Limit, duration, limit_of, moment

Body: TypeAlias = dict[str, Any]
Rows: TypeAlias = Mapping[tuple[str, str], str]

SINGLE = ("game", "daily_gift", "levels", "gifts", "auction_house", "trivia", "watching", "vip")
SAME = ("content",)
IRREGULAR = {"currencies": "currency", "activities": "activity", "stories": "story"}
LISTS = ("when", "limit", "sources", "if", "goals", "completed_if", "begins", "keeps", "right")

KNOWN_OF_ALL = {"day", "hour", "weekday", "member_type"}
KINDS = {
    "member.joined": {"referrer"},
    "member.visited": set(),
    "daily.claim": set(),
    "reaction.added": {"post", "reaction", "emoji", "channel"},
    "message.posted": {"chat", "module", "length", "media", "reply"},
    "reply.posted": {"chat", "module", "length"},
    "media.shared": {"chat", "module", "type"},
    "live.watched": {"live", "module", "minutes"},
    "replay.watched": {"live", "module", "minutes"},
    "live.commented": {"live", "module"},
    "stage.joined": {"live", "module", "minutes"},
    "reward.claim": {"reward"},
    "mission.take": {"mission"},
    "item.use": {"item"},
}

SHARED_CURRENCIES: dict[str, Body] = {"besitos": {"giftable": True}, "xp": {"spendable": False}}


class _Loader(yaml.SafeLoader):
    """Four plain types: true and false, whole numbers, decimals, nothing. All else is text."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - as the class above has it


for _tag, _pattern, _first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("int", r"^-?\d+$", "-0123456789"),
    ("float", r"^-?\d+\.\d+$", "-0123456789"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))


def _decimal(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(str(loader.construct_scalar(node)))


_Loader.add_constructor("tag:yaml.org,2002:float", _decimal)


def rows_of(text: str) -> dict[tuple[str, str], str]:
    """The rows of a game written in YAML: no checks, the games of tests are right."""
    rows = {}
    for section, bodies in yaml.load(text, _Loader).items():
        if section in SINGLE:
            rows[section, section] = _canonical(_listed(bodies))
            continue
        kind = section if section in SAME else IRREGULAR.get(section, section.removesuffix("s"))
        rows |= {(kind, key): _canonical(_listed(body)) for key, body in bodies.items()}
    return rows


def listed(value: object) -> list[Any]:
    """A thing or a list of things as a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


class Game:
    """All definitions of one version."""

    def __init__(self, rows: Rows, version: int = 1) -> None:
        self.version = version
        self._sorted: dict[str, dict[str, Body]] = {}
        self.bodies: dict[str, dict[str, Body]] = {"currency": dict(SHARED_CURRENCIES)}
        for (kind, key), row in sorted(rows.items()):
            body = json.loads(row, parse_float=Decimal)
            before = SHARED_CURRENCIES.get(key, {}) if kind == "currency" else {}
            self.bodies.setdefault(kind, {})[key] = {**before, **body}

    def all(self, kind: str) -> dict[str, Body]:
        """The definitions of a kind, in order of key."""
        if kind not in self._sorted:
            self._sorted[kind] = dict(sorted(self.bodies.get(kind, {}).items()))
        return self._sorted[kind]

    def get(self, kind: str, key: str) -> Body | None:
        return self.bodies.get(kind, {}).get(key)

    def single(self, name: str) -> Body | None:
        return self.get(name, name)

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo((self.single("game") or {}).get("zone", "UTC"))

    @cached_property
    def day_begins(self) -> int:
        return int((self.single("game") or {}).get("day_begins", 0))

    @cached_property
    def calendar(self) -> Calendar:
        return Calendar(self.zone, self.day_begins)

    def is_in_play(self, body: Body, at: datetime) -> bool:
        """Whether a definition is in its window and not paused."""
        begins, ends = self.window(body)
        return not body.get("paused") and (begins is None or at >= begins) and (ends is None or at < ends)

    def window(self, body: Body) -> tuple[datetime | None, datetime | None]:
        begins, ends = (moment(body[word], self.zone) if word in body else None for word in ("from", "until"))
        return begins, ends

    def limits(self, body: Body) -> list[Limit]:
        return [limit_of(text) for text in listed(body.get("limit"))]

    def attributes_of(self, kind: str) -> set[str] | None:
        """What an activity of a kind may carry; None of a kind nobody knows."""
        own = self.get("activity", kind)
        if own is None and kind not in KINDS:
            return None
        return KINDS.get(kind, set()) | set((own or {}).get("attributes", {}))

    def lasting(self, body: Body, word: str, otherwise: str) -> timedelta:
        return duration(body.get(word, otherwise))


def facts_of(lines: object) -> Iterator[Body]:
    """Every single fact of a condition, the ones inside `any` and `not` too."""
    for line in listed(lines):
        for fact in line.get("any", [line]):
            yield fact.get("not", fact)


def _listed(body: Body) -> Body:
    return {word: listed(value) if word in LISTS else value for word, value in body.items()}


def _canonical(body: Body) -> str:
    def plain(value: object) -> object:
        if isinstance(value, dict):
            return {str(key): plain(each) for key, each in value.items()}
        if isinstance(value, list):
            return [plain(each) for each in value]
        return float(value) if isinstance(value, Decimal) else value

    return json.dumps(plain(body), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
