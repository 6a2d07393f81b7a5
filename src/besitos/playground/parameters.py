"""What a call said: a query string, a form, a multipart form or JSON, read with Telegram's leniency."""

from collections.abc import Mapping
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from besitos.playground.refusals import refuse

NOT_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)  # the last: nested deeper than we can follow
STRUCTURES = {
    *("allowed_updates", "commands", "entities", "link_preview_options", "menu_button", "message_ids"),
    *("reply_markup", "reply_parameters", "scope"),
}


class Parameters:
    """The named values of one call. In forms numbers come as text, and structures as JSON in text."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = dict(values)

    def __contains__(self, name: str) -> bool:
        return self.values.get(name) is not None

    def text(self, name: str) -> str:
        """A text; a number or a truth value as its text, "" where nothing was said."""
        value = self.values.get(name)
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        return value if isinstance(value, str) else msgspec.json.encode(value).decode()

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number; the default where it is none."""
        try:
            return int(self.text(name))
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        """Whether it was said to be so."""
        return self.text(name).lower() in ("true", "1", "yes")

    def structure(self, name: str, called: str) -> object:
        """An object or a list. None where nothing was said; what is not JSON is refused as `called`."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return msgspec.json.decode(value)
        except NOT_JSON:
            refuse(f"can't parse {called} JSON object")

    def mapping(self, name: str, called: str) -> dict[str, Any] | None:
        """An object, or None where nothing was said. Anything else is refused."""
        value = self.structure(name, called)
        if value is not None and not isinstance(value, dict):
            refuse(f"object expected as {called}")
        return value

    def parsed(self) -> dict[str, Any]:
        """The values with JSON in text opened, for people who read the journal."""
        return {name: opened(value) if name in STRUCTURES else value for name, value in self.values.items()}


def opened(value: object) -> object:
    """A structure out of its text; anything else as it is."""
    if not isinstance(value, str):
        return value
    try:
        return msgspec.json.decode(value)
    except NOT_JSON:
        return value


def read(query: str, content_type: str, body: bytes) -> Parameters:
    """Everything that a request said; what stands in the body wins over the query string."""
    values: dict[str, Any] = dict(parse_qsl(query, keep_blank_values=True))
    if body:
        values.update(read_body(content_type, body))
    return Parameters(values)


def read_body(content_type: str, body: bytes) -> dict[str, Any]:
    """The named values of a body."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        return read_json(body)
    try:
        if kind == "multipart/form-data":
            return read_multipart(content_type, body)
        return dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict"))
    except UnicodeDecodeError:
        refuse("strings must be encoded in UTF-8")


def read_json(body: bytes) -> dict[str, Any]:
    """A JSON object; anything else is refused."""
    try:
        values = msgspec.json.decode(body)
    except NOT_JSON:
        refuse("can't parse JSON object")
    if not isinstance(values, dict):
        refuse("expected a JSON object")
    return values


def read_multipart(content_type: str, body: bytes) -> dict[str, Any]:
    """The parts of a multipart form; of a file only its name stays, nothing here keeps files."""
    envelope = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    values: dict[str, Any] = {}
    for part in envelope.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            values[name] = part.get_filename() or content.decode()
    return values
