"""How a member is named from outside: bare digits are our id, `tg:42` Telegram's, `ext:abc` an application's.

In an activity, where applications speak of their own members, a text with neither prefix is an application's id as it
stands, digits too.
"""

import re

from besitos.store.protocol import MemberRef

OUR_ID_MAX = 10**18 - 1
TELEGRAM_ID_MAX = 9 * 10**15 - 1
"""Telegram's ids have 52 bits; up to here a pattern can say it, and JavaScript counts exactly."""

EXTERNAL_ID_MAX = 200

PATTERN = r"^([0-9]{1,18}|tg:([1-9][0-9]{0,14}|[1-8][0-9]{15})|ext:[^\u0000]{1,200})$"
"""The same for whoever reads JSON Schema."""

SENT_PATTERN = r"^(tg:([1-9][0-9]{0,14}|[1-8][0-9]{15})|ext:[^\u0000]{1,200}|(?!tg:|ext:)[^\u0000]{1,200})$"
"""And of texts in activities."""

_REF = re.compile(
    r"(?P<own>[0-9]{1,18})|tg:(?P<telegram>[1-9][0-9]{0,14}|[1-8][0-9]{15})|ext:(?P<external>[^\0]{1,200})"
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


def sent_ref_of(text: str) -> MemberRef | None:
    """The member that `text` names in an activity. One of an application's that begins so needs `ext:` too."""
    if text.startswith(("tg:", "ext:")):
        return ref_of(text)
    return MemberRef(external_id=text) if 0 < len(text) <= EXTERNAL_ID_MAX else None


def name_of(ref: MemberRef) -> str:
    """A reference as it is written."""
    if ref.member_id is not None:
        return str(ref.member_id)
    return f"tg:{ref.telegram_id}" if ref.telegram_id is not None else f"ext:{ref.external_id}"
