"""What a caller of ours knows and a schema cannot say: keys name attempts, and numbers are short."""

import itertools
import json
from decimal import Decimal
from typing import Any

import schemathesis

METADATA_MAX = 4_096

_attempts = itertools.count()


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: schemathesis.Case[Any], kwargs: dict[str, Any]) -> None:  # noqa: ARG001 - as it is called
    """Name each attempt anew: the same key with other content is rightly a conflict."""
    keys: Any = case.headers or {}
    if case.meta and case.meta.generation.mode.is_positive and "Idempotency-Key" in keys:
        keys["Idempotency-Key"] = f"attempt-{next(_attempts)}"


@schemathesis.hook
def map_body(context: schemathesis.HookContext, body: Any) -> Any:  # noqa: ANN401, ARG001 - JSON is anything
    """Write as callers do: 5.0, which a schema takes for whole, as 5; at most 18 digits; texts without NUL."""
    if isinstance(body, dict) and len(json.dumps(body.get("metadata", {}))) > METADATA_MAX:
        body = {**body, "metadata": {}}
    return _plain(body)


def _plain(value: Any) -> Any:  # noqa: ANN401 - as above
    if isinstance(value, str):
        return value.replace("\0", "0")
    if isinstance(value, dict):
        return {_plain(word): _plain(each) for word, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if not isinstance(value, float):
        return value
    if value.is_integer() and abs(value) < 10**18:
        return int(value)
    digits = Decimal(repr(value)).as_tuple()
    is_short = isinstance(digits.exponent, int) and len(digits.digits) - min(digits.exponent, 0) <= 18
    return value if is_short and abs(value) < 10**18 else 0.5
