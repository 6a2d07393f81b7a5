"""The units of the language as values: ranges, limits, amounts, durations, moments."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeAlias
from zoneinfo import ZoneInfo

Number: TypeAlias = int | Decimal

PERIODS = ("hour", "day", "week", "month", "ever")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}

_DURATION = r"\d+[smhdw]"
_BOUND = rf"-?\d+(?:\.\d+)?|{_DURATION}"
_RANGE = re.compile(rf"(?:(?P<least>{_BOUND})\+|(?P<low>{_BOUND})\.\.(?P<high>{_BOUND})|\.\.(?P<most>{_BOUND}))")
_LIMIT = re.compile(
    rf"(?P<number>\d+)(?: (?P<currency>\w+))?/(?P<period>hour|day|week|month|ever|{_DURATION})"
    r"(?: per (?P<attribute>\w+))?(?P<all> for all)?"
)
_PER = re.compile(r"(?P<number>-?\d+) per (?:(?P<step>\d+) )?(?P<attribute>\w+)")


@dataclass(frozen=True)
class Range:
    """`10+`, `..5`, `3..7`: both ends are in it. Durations are seconds."""

    low: Decimal | None
    high: Decimal | None

    def __contains__(self, value: Number) -> bool:
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def missing(self, value: Number) -> Number | None:
        """How much more it takes; None of what is too much already."""
        return self.low - value if self.low is not None and value < self.low else None


@dataclass(frozen=True)
class Limit:
    """`3/day`, `200 besitos/day`, `1/ever per post`, `3/day per chat for all`; without a currency it counts times."""

    number: int
    currency: str | None
    period: str
    attribute: str | None
    is_shared: bool
    text: str

    @property
    def is_rolling(self) -> bool:
        return self.period not in PERIODS


@dataclass(frozen=True)
class Share:
    """What an amount is for one type of member: a number, or so much per so many of an attribute."""

    number: int
    step: int = 1
    attribute: str | None = None


def duration(text: str) -> timedelta:
    return timedelta(seconds=int(text[:-1]) * SECONDS[text[-1]])


def is_range(text: object) -> bool:
    return isinstance(text, str) and _RANGE.fullmatch(text) is not None


def range_of(text: str) -> Range:
    match = _RANGE.fullmatch(text)
    assert match, f"{text} is not a range"
    return Range(_bound(match["least"] or match["low"]), _bound(match["high"] or match["most"]))


def limit_of(text: str) -> Limit:
    match = _LIMIT.fullmatch(text)
    assert match, f"{text} is not a limit"
    number, currency, period, attribute, shared = match.group("number", "currency", "period", "attribute", "all")
    return Limit(int(number), currency, period, attribute, bool(shared), text)


def share_of(amount: object, member_type: str) -> Share:
    """What `amount` is for a member of this type."""
    if isinstance(amount, dict):
        return share_of(amount[member_type], member_type)
    if isinstance(amount, int):
        return Share(amount)
    match = _PER.fullmatch(str(amount))
    assert match, f"{amount} is not an amount"
    return Share(int(match["number"]), int(match["step"] or 1), match["attribute"])


def moment(text: str, zone: ZoneInfo) -> datetime:
    """A moment of the document as an instant; of an hour that a clock change repeats, the first."""
    form = "%Y-%m-%d %H:%M" if " " in text else "%Y-%m-%d"
    return datetime.strptime(text, form).replace(tzinfo=zone)


def _bound(text: str | None) -> Decimal | None:
    if text is None:
        return None
    return Decimal(int(duration(text).total_seconds())) if text[-1] in SECONDS else Decimal(text)
