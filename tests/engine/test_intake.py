"""Intake: what a caller may send, and what is wrong with the rest."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from besitos.engine.intake import Intake, Sent
from besitos.mechanics.daily_gift.model import ClaimDailyGift
from besitos.store.protocol import MemberRef
from tests.world import ANA, MONDAY, game

GAME = game("""
game: {name: Prueba, zone: America/Mexico_City}
activities:
  invite.accepted: {attributes: {guest: text, age: number, new: boolean, on: time}}
daily_gift: {pays: {besitos: 10}}
""")
MEMBER = MemberRef(ANA)
MINUTE = timedelta(minutes=1)


def sent(key: str = "k1", kind: str = "invite.accepted", at: Any = None, **attributes: Any) -> Sent:  # noqa: ANN401 - hostile on purpose
    return Sent(key, MEMBER, kind, at, attributes)


def refusal(intake: Intake, what: Sent) -> tuple[str, Mapping[str, object]] | None:
    rejected = intake.refuse(what, GAME, MONDAY)
    return None if rejected is None else (rejected.reason.value, rejected.details)


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        (sent(key=""), "key.empty"),
        (sent(key="k" * 256), "key.too_large"),
        (sent(key="ñ" * 128), "key.too_large"),
        (sent(key="a\0b"), "text.nul"),
        (sent(key="a\ud800"), "text.not_unicode"),
        (sent(kind="invite.acepted"), "activity.unknown_kind"),
        (sent(kind="ledger.grant"), "activity.reserved_kind"),
        (sent(kind="gamification.daily_claimed"), "activity.reserved_kind"),
        (sent(gest="x"), "activity.unknown_attribute"),
        (sent(guest=3), "activity.wrong_attribute"),
        (sent(guest="a\0"), "text.nul"),
        (sent(guest="x" * 5_000), "activity.wrong_attribute"),
        (sent(age=True), "activity.wrong_attribute"),
        (sent(age="3"), "activity.wrong_attribute"),
        (sent(age=10**19), "activity.wrong_attribute"),
        (sent(age=Decimal("NaN")), "activity.wrong_attribute"),
        (sent(age=Decimal("1e400")), "activity.wrong_attribute"),
        (sent(new=1), "activity.wrong_attribute"),
        (sent(on="yesterday"), "activity.wrong_attribute"),
        (sent(guest=None), "activity.wrong_attribute"),
        (sent(guest=["x"]), "activity.wrong_attribute"),
        (sent(at=MONDAY + 6 * MINUTE), "activity.future"),
        (sent(at=MONDAY - 61 * MINUTE), "activity.late"),
    ],
)
def test_what_is_wrong_is_named(what: Sent, reason: str) -> None:
    found = refusal(Intake("api:shop"), what)

    assert found is not None
    assert found[0] == reason


@pytest.mark.parametrize(
    "what",
    [
        sent(),
        sent(key="ñ" * 127),
        sent(guest="", age=Decimal("1.50"), new=False, on="2026-11-23T09:00:00Z"),
        sent(age=-(10**17)),
        sent(at=MONDAY + 5 * MINUTE),
        sent(at=MONDAY - 60 * MINUTE),
        sent(kind="daily.claim"),
        sent(kind="message.posted", module="m1", length=10),
    ],
)
def test_what_is_right_is_taken(what: Sent) -> None:
    assert refusal(Intake("api:shop"), what) is None


def test_a_misspelt_word_is_answered_with_the_nearest() -> None:
    kind, attribute = refusal(Intake("cli"), sent(kind="invite.acepted")), refusal(Intake("cli"), sent(gest="x"))

    assert kind is not None
    assert kind[1]["nearest"] == "invite.accepted"
    assert attribute is not None
    assert attribute[1]["nearest"] == "guest"


def test_of_an_earlier_day_is_late_even_minutes_ago() -> None:
    """Half past six in the morning of UTC is half an hour into the day of the game's zone."""
    dawn = MONDAY.replace(hour=6, minute=30)
    rejected = Intake("api:shop").refuse(sent(at=dawn - 31 * MINUTE), GAME, dawn)

    assert rejected is not None
    assert rejected.reason.value == "activity.late"
    assert Intake("api:shop").refuse(sent(at=dawn - 30 * MINUTE), GAME, dawn) is None


def test_who_may_tell_of_the_past_and_of_the_unknown_may() -> None:
    intake = Intake("cli", may_be_late=True, records_unknown=True)

    assert refusal(intake, sent(at=MONDAY - timedelta(days=8_000))) is None
    assert refusal(intake, sent(kind="never.heard", of="x")) is None
    assert refusal(intake, sent(kind="ledger.grant")) is not None


def test_the_activity_is_what_was_sent() -> None:
    claimed = Intake("tg").activity(sent(kind="daily.claim"), ANA, GAME, MONDAY)
    invited = Intake("tg").activity(sent(at=MONDAY - MINUTE, guest="x"), ANA, GAME, MONDAY)

    assert claimed == ClaimDailyGift(key="tg:k1", member_id=ANA, occurred_at=MONDAY, is_dated=False)
    assert (invited.topic, invited.content, invited.occurred_at, invited.is_dated) == (
        "invite.accepted",
        {"guest": "x"},
        MONDAY - MINUTE,
        True,
    )
