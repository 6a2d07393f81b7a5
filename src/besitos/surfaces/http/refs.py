"""How the API names a member: bare digits are our id, `tg:42` Telegram's, `ext:abc` an application's."""

import re
from typing import Annotated, Any
from urllib.parse import unquote

from pydantic import AfterValidator, WithJsonSchema

from besitos.engine.directory import EXTERNAL_ID_MAX
from besitos.store.protocol import MemberRef
from besitos.surfaces.http.faults import refuse_value
from besitos.surfaces.http.problem import Refused

TELEGRAM_MAX = 9 * 10**15 - 1
"""Telegram's ids have 52 bits; up to here a pattern can say it, and JavaScript counts exactly."""

PATTERN = r"^([0-9]{1,18}|tg:([1-9][0-9]{0,14}|[1-8][0-9]{15})|ext:[^\u0000]{1,200})$"
_REF = re.compile(
    r"(?P<own>[0-9]{1,18})|tg:(?P<telegram>[1-9][0-9]{0,14}|[1-8][0-9]{15})|ext:(?P<external>.{1,200})", re.DOTALL
)


def ref_of(text: str) -> MemberRef | None:
    """The member that `text` names; None if it is no name."""
    match = _REF.fullmatch(text)
    if match is None:
        return None
    if match["own"]:
        return MemberRef(int(match["own"]))
    if match["telegram"]:
        return MemberRef(telegram_id=int(match["telegram"]))
    return MemberRef(external_id=match["external"])


def name_of(ref: MemberRef) -> str:
    """A reference as it is written."""
    if ref.member_id is not None:
        return str(ref.member_id)
    return f"tg:{ref.telegram_id}" if ref.telegram_id is not None else f"ext:{ref.external_id}"


def ref_in_path(raw: str) -> MemberRef:
    """The member that a part of the path names. It comes still encoded: an external id may hold slashes."""
    try:
        text = unquote(raw, errors="strict")
        text.encode()
    except UnicodeError as error:
        raise Refused(422, "member.wrong_name") from error
    ref = ref_of(text)
    if ref is None or "\0" in text:
        raise Refused(422, "member.wrong_name")
    return ref


def _own(value: Any) -> MemberRef:  # noqa: ANN401 - whatever stood there
    """A member in one of our fields: a number or digits are our id."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return MemberRef(value)
    ref = ref_of(value) if isinstance(value, str) else None
    if ref is None:
        refuse_value("member.wrong_name")
    return ref


def _sent(value: Any) -> MemberRef:  # noqa: ANN401 - whatever stood there
    """A member in an activity: a number is our id, a text an application's."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return MemberRef(value)
    if not isinstance(value, str) or not 0 < len(value) <= EXTERNAL_ID_MAX:
        refuse_value("member.wrong_name")
    return MemberRef(external_id=value)


_ID_SCHEMA = {"type": "integer", "minimum": 0, "maximum": 10**18 - 1}

OwnRef = Annotated[
    Any,
    AfterValidator(_own),
    WithJsonSchema(
        {
            "anyOf": [_ID_SCHEMA, {"type": "string", "pattern": PATTERN}],
            "description": "A member: our id as a number or its digits, `tg:` and Telegram's id, or `ext:` and an "
            "application's.",
        }
    ),
]
SentRef = Annotated[
    Any,
    AfterValidator(_sent),
    WithJsonSchema(
        {
            "anyOf": [_ID_SCHEMA, {"type": "string", "minLength": 1, "maxLength": EXTERNAL_ID_MAX}],
            "description": "Whose activity it is: a number is our id, a text an application's id of theirs. "
            "Who is not known by that text yet becomes a member.",
        }
    ),
]
