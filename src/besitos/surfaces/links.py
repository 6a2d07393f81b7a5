"""Codes that link an application's member to the person in Telegram: they carry all they mean, signed."""

import base64
import binascii
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
LASTS = timedelta(minutes=15)
ID_BYTES, TIME_BYTES, MAC_BYTES = 7, 5, 12


class LinkCodes:
    """Makes and reads codes. Nothing is stored: using one twice is harmless, for a link is made once.

    A code is 32 letters that fit into a deep link (`t.me/…?start=link_…`): the member, the moment
    at which it ends, and a signature under a secret of this deployment.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def code_for(self, member_id: int, now: datetime) -> tuple[str, datetime]:
        """A code for this member, and until when it holds."""
        ends = now.replace(microsecond=0) + LASTS
        seconds = int((ends - EPOCH).total_seconds())
        said = member_id.to_bytes(ID_BYTES) + seconds.to_bytes(TIME_BYTES)
        return base64.urlsafe_b64encode(said + self._sign(said)).decode(), ends

    def member_of(self, code: str, now: datetime) -> int | None:
        """The member that a code was made for; None if it is wrong or its time is up."""
        try:
            made = base64.b64decode(code.encode("ascii"), b"-_", validate=True)
        except (binascii.Error, UnicodeEncodeError):
            return None
        said, signature = made[:-MAC_BYTES], made[-MAC_BYTES:]
        if len(said) != ID_BYTES + TIME_BYTES or not hmac.compare_digest(signature, self._sign(said)):
            return None
        ends = EPOCH + timedelta(seconds=int.from_bytes(said[ID_BYTES:]))
        return int.from_bytes(said[:ID_BYTES]) if now < ends else None

    def _sign(self, said: bytes) -> bytes:
        return hmac.digest(self._secret, b"link" + said, hashlib.sha256)[:MAC_BYTES]
