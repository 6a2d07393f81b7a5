"""Money by hand: granted, spent, given and taken back, once each."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.cli.calling import PROGRAM, Call


@pytest.fixture
def ana(house: Call) -> Call:
    """A house in which Ana has 100 besitos, and Bea nothing."""
    house.well("member", "create", "ext:ana")
    house.well("member", "create", "tg:42")
    house.well("grant", "ext:ana", "100", "--key", "first")
    return house


def test_money_is_granted_spent_and_given(ana: Call) -> None:
    ana.well("spend", "ext:ana", "30", "--note", "a mug")
    ana.well("gift", "ext:ana", "tg:42", "20")

    assert (ana.balance("ext:ana"), ana.balance("tg:42")) == (50, 20)
    lines = ana.well("history", "ext:ana", "--json").json
    assert [(line["amount"], line["balance_after"], line["type"]) for line in lines] == [
        (-20, 50, "GIFT_SENT"),
        (-30, 70, "SPEND_ADMIN"),
        (100, 100, "EARN_ADMIN"),
    ]
    assert lines[1]["note"] == "a mug"
    assert ana.well("audit").err.startswith("The books are in order")


def test_the_same_key_moves_nothing_twice(ana: Call) -> None:
    first = ana.json("grant", "ext:ana", "7", "--key", "k")
    again = ana.json("grant", "ext:ana", "7", "--key", "k")

    assert (first["replayed"], again["replayed"]) == (False, True)
    assert first["transfer"] == again["transfer"]
    assert ana.balance("ext:ana") == 107
    other = ana("grant", "ext:ana", "8", "--key", "k")
    assert other.code == 1
    assert "activity.key_conflict" in other.err
    assert ana.balance("ext:ana") == 107


def test_a_key_that_was_not_given_is_told(ana: Call) -> None:
    said = ana.well("grant", "ext:ana", "1")

    key = said.err.split("--key ")[1].split()[0]
    assert ana.json("grant", "ext:ana", "1", "--key", key)["replayed"]


def test_what_is_not_there_cannot_be_spent(ana: Call) -> None:
    said = ana("spend", "ext:ana", "101")

    assert (said.code, said.out) == (1, "")
    assert "101" in said.err
    assert "ledger.insufficient_funds" in said.err
    assert ana.balance("ext:ana") == 100


def test_a_transfer_is_undone_once_and_so_is_its_undoing(ana: Call) -> None:
    transfer = ana.json("grant", "ext:ana", "40")["transfer"]

    undone = ana.json("reverse", transfer, "--policy", "to_zero")["transfer"]
    assert ana.balance("ext:ana") == 100
    assert "ledger.already_reversed" in ana("reverse", transfer).err
    ana.well("reverse", undone)

    assert ana.balance("ext:ana") == 140


def test_a_rehearsal_says_what_would_happen_and_does_nothing(ana: Call) -> None:
    transfer = ana.json("grant", "ext:ana", "40")["transfer"]

    said = ana.json("reverse", transfer, "--dry-run", "--key", "k")

    assert (said["rehearsed"], said["moved"][0]["amount"]) == (True, -40)
    assert ana.balance("ext:ana") == 140
    assert not ana.json("reverse", transfer, "--key", "k")["replayed"]


def test_besitos_that_expire_are_shown(ana: Call) -> None:
    ana.well("grant", "ext:ana", "5", "--expires", "2099-12-31")

    assert "5 2100-01-01 00:00" in ana.well("balance", "ext:ana").out


def test_history_has_pages(ana: Call) -> None:
    for _ in range(4):
        ana.well("grant", "ext:ana", "1")

    first = ana.well("history", "ext:ana", "--limit", "3")
    second = ana.well("history", "ext:ana", "--limit", "3", "--before", "3", "--json").json

    assert "--before 3" in first.err
    assert [line["seq"] for line in second] == [2, 1]


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("0", "cli.amount_zero"),
        ("-5", "cli.amount_negative"),
        ("1.5", "cli.amount_not_whole"),
        ("1e3", "cli.amount_not_whole"),
        ("ten", "cli.amount_not_whole"),
        ("true", "cli.amount_not_whole"),
        ("", "cli.amount_not_whole"),
        ("٣", "cli.amount_not_whole"),
        ("9007199254740992", "cli.amount_too_large"),
        ("9" * 5000, "cli.amount_too_large"),
    ],
)
def test_an_amount_is_a_whole_number(small_house: Call, amount: str, code: str) -> None:
    said = small_house("grant", "ext:ana", amount)

    assert said.code == 2
    assert code in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize("member", ["ana", "tg:", "tg:x", "ext:", "ext:" + "x" * 201, "-1", "1.5", "9" * 30, ""])
def test_a_member_is_named_one_of_three_ways(small_house: Call, member: str) -> None:
    assert small_house("balance", member).code == 2


def test_an_unknown_member_is_refused_and_not_invented(small_house: Call) -> None:
    said = small_house("grant", "ext:nobody", "5")

    assert said.code == 1
    assert "member.unknown" in said.err
    assert small_house("member", "show", "ext:nobody").code == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "ñ" * 128, "a\0b"])
def test_a_key_has_a_form(small_house: Call, key: str) -> None:
    assert small_house("grant", "ext:ana", "5", "--key", key).code == 2


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("--currency", "gold"), "currency.unknown"),
        (("--source", "nowhere"), "ledger.unknown_source"),
        (("--expires", "2001-01-01"), "ledger.expired_lot"),
        (("--expires", "tomorrow"), "cli.day_form"),
        (("--note", "a\0b"), "text.nul"),
        (("--note", "x" * 2001), "cli.text_too_long"),
    ],
)
def test_what_else_may_be_wrong_with_a_grant(small_house: Call, args: tuple[str, ...], code: str) -> None:
    small_house.well("member", "create", "ext:ana")

    said = small_house("grant", "ext:ana", "5", *args)

    assert said.code in {1, 2}
    assert code in said.err
    assert small_house.balance("ext:ana") == 0


@pytest.mark.parametrize("transfer", ["nonsense", "1-1", "99999999999999999999-1", "1-1; DROP TABLE members"])
def test_an_unknown_transfer_is_not_undone(small_house: Call, transfer: str) -> None:
    assert small_house("reverse", transfer).code == 1


def test_xp_is_not_spent_and_nobody_gives_to_themselves(small_house: Call) -> None:
    small_house.well("member", "create", "ext:ana")
    small_house.well("grant", "ext:ana", "5", "--currency", "xp")

    assert "currency.not_spendable" in small_house("spend", "ext:ana", "5", "--currency", "xp").err
    assert "ledger.gift_to_oneself" in small_house("gift", "ext:ana", "ext:ana", "5").err


FULL = Path("/dev/full")


@pytest.mark.skipif(not FULL.exists(), reason="only Linux has a file on which nothing can be written")
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("options", [["--json", "--quiet"], []])
def test_what_was_done_is_said_with_its_key_where_nothing_can_be_written(
    small_house: Call, unbuffered: str, options: list[str]
) -> None:
    small_house.well("member", "create", "ext:ana")

    with FULL.open("w") as full:
        said = subprocess.run(
            [*PROGRAM, "grant", "ext:ana", "5", *options],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        )

    [key] = set(re.findall(r"--key (\w+)", said.stderr))
    assert (said.returncode, "cli.output_lost" in said.stderr) == (1, True)
    assert "Traceback" not in said.stderr
    assert "Exception ignored" not in said.stderr
    assert small_house.json("grant", "ext:ana", "5", "--key", key)["replayed"]
    assert small_house.balance("ext:ana") == 5


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_who_goes_early_ends_it_quietly(small_house: Call, unbuffered: str) -> None:
    small_house.well("member", "create", "ext:ana")
    small_house.well("grant", "ext:ana", "5")
    reading, writing = os.pipe()
    os.close(reading)

    said = subprocess.run(
        [*PROGRAM, "history", "ext:ana"],
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
    )
    os.close(writing)

    assert (said.returncode, said.stderr) == (141, b"")
