"""What the bot may say is there in both languages, and nothing is there that it never says."""

import re
from pathlib import Path

import pytest

import besitos
from besitos.apps.bot import FEATURES
from besitos.core.transaction import TransactionType
from besitos.surfaces.telegram.home import entries_of
from besitos.surfaces.texts import LANGUAGES, codes_of

PUT_TOGETHER = ("bot.rarity.", "bot.command.", "bot.button.", "bot.source.", "bot.why.", "bot.gift.", "bot.limit.")


def source() -> str:
    return "\n".join(file.read_text() for file in Path(besitos.__file__).parent.rglob("*.py"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_transaction_has_a_name(language: str) -> None:
    assert {f"transaction.{kind.value}" for kind in TransactionType} <= codes_of(language).keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_and_every_text_that_is_named_exists(language: str) -> None:
    named = set(re.findall(r'"((?:bot|chat)\.[a-z_.]+[a-z])"', source()))
    commands = {entry.code for entry in entries_of(FEATURES)}

    assert (named | commands) - codes_of(language).keys() == set()


def test_no_text_is_left_over() -> None:
    named = source()
    ours = [code for code in codes_of("es") if code.startswith(("bot.", "chat."))]

    assert [code for code in ours if f'"{code}"' not in named and not code.startswith(PUT_TOGETHER)] == []
