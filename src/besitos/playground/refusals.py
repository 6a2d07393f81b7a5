"""How Telegram says no: an HTTP status, a description and, rarely, parameters, with the wording that bots match on."""

from collections.abc import Mapping
from typing import NoReturn


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not a fault of ours
    """A call that gets `ok: false`. The description is Telegram's own, prefix included."""

    def __init__(self, status: int, description: str, parameters: Mapping[str, int] | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = dict(parameters or {})

    def body(self) -> dict[str, object]:
        """The JSON that the bot receives."""
        body: dict[str, object] = {"ok": False, "error_code": self.status, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(what: str) -> Refused:
    """400, the bot's own mistake."""
    return Refused(400, f"Bad Request: {what}")


def refuse(what: str) -> NoReturn:
    """Refuse with 400."""
    raise bad_request(what)


def unauthorized(what: str = "") -> Refused:
    """401, a token that opens nothing."""
    return Refused(401, f"Unauthorized: {what}" if what else "Unauthorized")


def forbidden(what: str) -> Refused:
    """403, nothing the bot can do will change it."""
    return Refused(403, f"Forbidden: {what}")


def blocked() -> Refused:
    """403, the person has blocked the bot."""
    return forbidden("bot was blocked by the user")


def not_found(what: str = "") -> Refused:
    """404, there is no such method (or no such page)."""
    return Refused(404, f"Not Found: {what}" if what else "Not Found")


def conflict(what: str) -> Refused:
    """409, somebody else is receiving the updates."""
    return Refused(409, f"Conflict: {what}")


def flood(seconds: int) -> Refused:
    """429, come back in so many seconds."""
    return Refused(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


def internal_error() -> Refused:
    """500, Telegram's own bad day."""
    return Refused(500, "Internal Server Error")


def not_modified() -> Refused:
    """400, an edit that changes nothing. Bots take it for success."""
    return bad_request(
        "message is not modified: specified new message content and reply markup are exactly the same "
        "as a current content and reply markup of the message"
    )


def query_too_old() -> Refused:
    """400, an answer to a press that came too late, or twice, or to a press that never was."""
    return bad_request("query is too old and response timeout expired or query ID is invalid")
