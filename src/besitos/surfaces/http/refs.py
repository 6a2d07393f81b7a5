"""The names of members in paths and bodies, and how they are documented."""

from typing import Annotated, Any
from urllib.parse import unquote

from pydantic import AfterValidator, WithJsonSchema

from besitos.engine.refs import OUR_ID_MAX, PATTERN, SENT_PATTERN, ref_of, sent_ref_of
from besitos.store.protocol import MemberRef
from besitos.surfaces.http.faults import refuse_value
from besitos.surfaces.http.problem import Refused


def ref_in_path(raw: str) -> MemberRef:
    """The member that a part of the path names. It comes still encoded: an external id may hold slashes."""
    try:
        text = unquote(raw, errors="strict")
        text.encode()
    except UnicodeError as error:
        raise Refused(422, "member.wrong_name") from error
    ref = ref_of(text)
    if ref is None:
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
    """A member in an activity: a number is our id, a text an application's unless it says otherwise."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return MemberRef(value)
    ref = sent_ref_of(value) if isinstance(value, str) else None
    if ref is None:
        refuse_value("member.wrong_name")
    return ref


_ID_SCHEMA = {"type": "integer", "minimum": 0, "maximum": OUR_ID_MAX}

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
            "anyOf": [_ID_SCHEMA, {"type": "string", "pattern": SENT_PATTERN}],
            "description": "Whose activity it is: a number is our id, `tg:` and digits Telegram's, any other text an "
            "application's, with `ext:` before it or without; one that begins with `tg:` or `ext:` itself needs it. "
            "Who is not known by that name yet becomes a member.",
        }
    ),
]
