"""Intake: from what a caller sends to an activity of this game, or a reason why it is none.

A mistake of form is not remembered and creates no member.
"""

import difflib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from besitos.core.activity import KEY_MAX_BYTES, Activity, Happened, own_fields
from besitos.core.decision import Rejected
from besitos.game.catalogue import RESULTS
from besitos.game.game import Game
from besitos.store.protocol import MemberRef

AHEAD = timedelta(minutes=5)
"""How far ahead of our clock a caller's may be."""

LATE = timedelta(hours=1)
"""What is older needs a scope of its own."""

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
TEXT_MAX = 4_096
DIGITS_MAX = 18
ATTRIBUTES_MAX = 64


class IntakeReason(StrEnum):
    """What is wrong with the form of an activity."""

    KEY_EMPTY = "key.empty"
    KEY_TOO_LARGE = "key.too_large"
    NUL = "text.nul"
    NOT_UNICODE = "text.not_unicode"
    FUTURE = "activity.future"
    LATE = "activity.late"
    TOO_OLD = "activity.too_old"
    UNKNOWN_KIND = "activity.unknown_kind"
    RESERVED_KIND = "activity.reserved_kind"
    UNKNOWN_ATTRIBUTE = "activity.unknown_attribute"
    WRONG_ATTRIBUTE = "activity.wrong_attribute"
    TOO_MANY_ATTRIBUTES = "activity.too_many_attributes"


class Sent(NamedTuple):
    """An activity as a caller sends it. Without `at` it happens now."""

    key: str
    member: MemberRef
    kind: str
    at: datetime | None = None
    attributes: Mapping[str, Any] = {}


class Intake(NamedTuple):
    """What a caller may do: the scope of its keys, and whether it may tell of the past or of the unknown."""

    scope: str
    may_be_late: bool = False
    records_unknown: bool = False

    def refuse(self, sent: Sent, game: Game, now: datetime) -> Rejected | None:
        """Why `sent` is no activity of this game; None if it is one."""
        return (
            key_fault(sent.key)
            or self._time_fault(sent.at, game, now)
            or _kind_fault(sent.kind, game, records_unknown=self.records_unknown)
            or self._attribute_fault(sent, game)
        )

    def activity(self, sent: Sent, member_id: int, game: Game, now: datetime) -> Activity:
        """The activity, once `refuse` has found nothing and the member is known."""
        at = now if sent.at is None else sent.at.astimezone(UTC)
        common: dict[str, Any] = {
            "key": f"{self.scope}:{sent.key}",
            "member_id": member_id,
            "occurred_at": at,
            "is_dated": sent.at is not None,
        }
        shape = game.public.get(sent.kind)
        if shape is not None:
            own = {name: sent.attributes[name] for name in own_fields(shape) if name in sent.attributes}
            added = {name: value for name, value in sent.attributes.items() if name not in own}
            return shape(**common, **own, attributes=added)
        must_be_known = not self.records_unknown
        return Happened(**common, kind=sent.kind, attributes=dict(sent.attributes), must_be_known=must_be_known)

    def _time_fault(self, at: datetime | None, game: Game, now: datetime) -> Rejected | None:
        if at is None:
            return None
        if at > now + AHEAD:
            return Rejected(IntakeReason.FUTURE, at=at, now=now)
        if at < EARLIEST:
            return Rejected(IntakeReason.TOO_OLD, at=at)
        is_late = at < now - LATE or game.calendar.day(at) < game.calendar.day(now)
        if is_late and not self.may_be_late:
            return Rejected(IntakeReason.LATE, at=at)
        return None

    def _attribute_fault(self, sent: Sent, game: Game) -> Rejected | None:
        if len(sent.attributes) > ATTRIBUTES_MAX:
            return Rejected(IntakeReason.TOO_MANY_ATTRIBUTES, most=ATTRIBUTES_MAX, found=len(sent.attributes))
        known = game.document.attributes_of(sent.kind)
        for name, value in sent.attributes.items():
            kind = (known or {}).get(name)
            if kind is None and not (known is None and self.records_unknown):
                return Rejected(
                    IntakeReason.UNKNOWN_ATTRIBUTE, kind=sent.kind, attribute=name, **_nearest(name, known or {})
                )
            fault = text_fault(name) or _value_fault(name, value, kind)
            if fault is not None:
                return fault
        return None


def unknown_kind(kind: str, game: Game) -> Rejected:
    """Why an activity of a kind that the game does not know is none, with the kind that was probably meant."""
    return Rejected(IntakeReason.UNKNOWN_KIND, kind=kind, **_nearest(kind, game.kinds))


def key_fault(key: str) -> Rejected | None:
    """What is wrong with a key that a caller chose."""
    if not key:
        return Rejected(IntakeReason.KEY_EMPTY)
    fault = text_fault(key)
    if fault is not None:
        return fault
    if len(key.encode()) > KEY_MAX_BYTES:
        return Rejected(IntakeReason.KEY_TOO_LARGE, most=KEY_MAX_BYTES, found=len(key.encode()))
    return None


def text_fault(text: str) -> Rejected | None:
    """What no database keeps: NUL characters, and halves of characters."""
    if "\0" in text:
        return Rejected(IntakeReason.NUL)
    try:
        text.encode()
    except UnicodeEncodeError:
        return Rejected(IntakeReason.NOT_UNICODE)
    return None


def _kind_fault(kind: str, game: Game, *, records_unknown: bool) -> Rejected | None:
    is_our_own = kind in game.shapes and kind not in game.public
    if is_our_own or kind.partition(".")[0] in RESULTS:
        return Rejected(IntakeReason.RESERVED_KIND, kind=kind)
    if game.document.attributes_of(kind) is not None:
        return None
    return text_fault(kind) if records_unknown else unknown_kind(kind, game)


def _value_fault(name: str, value: object, kind: str | None) -> Rejected | None:
    if isinstance(value, str):
        fault = text_fault(value)
        if fault is None and len(value) > TEXT_MAX:
            fault = Rejected(IntakeReason.WRONG_ATTRIBUTE, attribute=name, type=kind or "text", most=TEXT_MAX)
        if fault is not None:
            return fault
    if kind is None:
        is_right = isinstance(value, str | bool | int | Decimal)
    elif kind == "boolean":
        is_right = isinstance(value, bool)
    elif kind == "number":
        is_right = isinstance(value, int | Decimal) and not isinstance(value, bool)
    elif kind == "time":
        is_right = isinstance(value, str) and _is_time(value)
    else:
        is_right = isinstance(value, str)
    if is_right and isinstance(value, int | Decimal) and not isinstance(value, bool):
        is_right = _is_exact(value)
    return None if is_right else Rejected(IntakeReason.WRONG_ATTRIBUTE, attribute=name, type=kind or "text")


def _is_exact(value: int | Decimal) -> bool:
    """Whether a number has few enough digits to be kept as it is everywhere."""
    if isinstance(value, int):
        bound: int = 10**DIGITS_MAX
        return abs(value) < bound
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        return False
    return bool(len(digits) <= DIGITS_MAX and -DIGITS_MAX <= exponent <= DIGITS_MAX - len(digits))


def _is_time(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _nearest(word: str, known: Mapping[str, object]) -> Mapping[str, str]:
    close = difflib.get_close_matches(word, list(known), n=1)
    return {"nearest": close[0]} if close else {}
