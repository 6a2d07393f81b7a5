"""Names of members: three ways, each with its own bounds, the same at the terminal, in the API and in files."""

import re

import pytest

from besitos.engine.refs import (
    EXTERNAL_ID_MAX,
    OUR_ID_MAX,
    PATTERN,
    SENT_PATTERN,
    TELEGRAM_ID_MAX,
    name_of,
    ref_of,
    sent_ref_of,
)
from besitos.store.protocol import MemberRef

NAMES = {
    "0": MemberRef(0),
    str(OUR_ID_MAX): MemberRef(OUR_ID_MAX),
    "tg:42": MemberRef(telegram_id=42),
    f"tg:{10**15 - 1}": MemberRef(telegram_id=10**15 - 1),
    f"tg:{TELEGRAM_ID_MAX}": MemberRef(telegram_id=TELEGRAM_ID_MAX),
    "ext:ana": MemberRef(external_id="ana"),
    "ext:tg:42\n": MemberRef(external_id="tg:42\n"),
    "ext:" + "é" * EXTERNAL_ID_MAX: MemberRef(external_id="é" * EXTERNAL_ID_MAX),
}
NO_NAMES = (
    *("", "ana", "-1", "+1", " 1", "1 ", "1.0", "٣", str(OUR_ID_MAX + 1), "ext:", "ext:a\0", "EXT:ana", "id:1"),
    *("tg:", "tg:0", "tg:042", "tg:ana", "tg:-1", f"tg:{TELEGRAM_ID_MAX + 1}", "ext:" + "a" * (EXTERNAL_ID_MAX + 1)),
)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_says_whom_it_means_and_is_written_again_as_it_was(name: str) -> None:
    assert ref_of(name) == NAMES[name]
    assert name_of(NAMES[name]) == name


@pytest.mark.parametrize("name", NO_NAMES)
def test_what_is_no_name_means_nobody(name: str) -> None:
    assert ref_of(name) is None


@pytest.mark.parametrize("name", [*NAMES, *NO_NAMES])
def test_the_documented_pattern_says_the_same(name: str) -> None:
    said = re.fullmatch(PATTERN.removeprefix("^").removesuffix("$"), name)

    assert (said is not None) == (name in NAMES)


SENT = {
    **{name: ref for name, ref in NAMES.items() if not name.isdigit()},
    "42": MemberRef(external_id="42"),
    "ana": MemberRef(external_id="ana"),
    "tgana": MemberRef(external_id="tgana"),
    "id:1": MemberRef(external_id="id:1"),
    "ext:ext:ana": MemberRef(external_id="ext:ana"),
    "a" * EXTERNAL_ID_MAX: MemberRef(external_id="a" * EXTERNAL_ID_MAX),
}
NOT_SENT = ("", "tg:", "tg:ana", "tg:042", "ext:", "ext:" + "a" * (EXTERNAL_ID_MAX + 1), "a" * (EXTERNAL_ID_MAX + 1))


@pytest.mark.parametrize("name", [*SENT, *NOT_SENT])
def test_in_an_activity_a_text_is_an_applications_unless_its_prefix_says_otherwise(name: str) -> None:
    assert sent_ref_of(name) == SENT.get(name)
    said = re.fullmatch(SENT_PATTERN.removeprefix("^").removesuffix("$"), name)
    assert (said is not None) == (name in SENT)
