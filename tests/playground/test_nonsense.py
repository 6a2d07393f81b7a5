"""Whatever a bot says, it gets an answer: never a crash of ours."""

import asyncio
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from besitos.playground import Playground
from besitos.playground.calls import perform
from besitos.playground.methods import METHODS
from besitos.playground.parameters import Parameters, read
from besitos.playground.refusals import Refused

NAMES = [
    *("chat_id", "message_id", "message_ids", "text", "parse_mode", "entities", "reply_markup", "reply_parameters"),
    *("link_preview_options", "commands", "scope", "language_code", "menu_button", "callback_query_id", "action"),
    *("user_id", "offset", "limit", "allowed_updates", "name", "description", "protect_content", "inline_message_id"),
]
SAID = st.sampled_from(
    [
        *("", "1", "true", "[]", "{}", "[1]", '["x"]', '{"type": "chat"}', "💋", "<b>", "HTML", "typing", "web_app"),
        *("inline_keyboard", "text", "callback_data", "message_id", "type", "chat_id", "command", "offset"),
        *(1, 1001, -1, 2**63),
    ]
)
VALUES = st.recursive(
    SAID | st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(SAID.map(str), inner, max_size=4)
        | st.fixed_dictionaries({"inline_keyboard": st.lists(st.lists(inner, max_size=2), max_size=2)})
    ),
    max_leaves=8,
)
CALLS = st.lists(
    st.tuples(
        st.sampled_from(sorted(METHODS.keys() - {"setwebhook"})), st.dictionaries(st.sampled_from(NAMES), VALUES)
    ),
    max_size=20,
)


@settings(max_examples=60, deadline=None)
@given(CALLS)
def test_every_call_is_granted_or_refused(calls: list[tuple[str, dict[str, Any]]]) -> None:
    async def make() -> set[int]:
        playground = Playground()
        await playground.say(playground.person("Ana"), "/start")
        telegram = playground.telegram
        await perform(telegram, "sendMessage", Parameters({"chat_id": 1001, "text": "?"}))
        return {(await perform(telegram, method, Parameters(asked))).status for method, asked in calls}

    assert asyncio.run(make()) <= {200, 400, 403}


@given(
    st.sampled_from(["", "text/plain", "application/json", "multipart/form-data", "multipart/form-data; boundary=x"]),
    st.binary() | st.just(b"--x\r\n\r\n--x--") | st.just(b'{"a":' * 2000 + b"1" + b"}" * 2000),
)
def test_every_body_is_read_or_refused(content_type: str, body: bytes) -> None:
    try:
        read("", content_type, body)
    except Refused as refused:
        status = refused.status
    else:
        status = 400

    assert status == 400
