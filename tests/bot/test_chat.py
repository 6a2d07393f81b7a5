"""`besitos chat`: a terminal in which one talks to the real bot."""

import asyncio
import io
import os
import sys

import pytest

from besitos.apps.chat import chat, id_of
from besitos.apps.compose import open_besitos
from besitos.engine.editing.manager import Manager, Signature
from besitos.mechanics import SECTIONS
from besitos.store.protocol import MemberRef
from besitos.store.reads import cards
from tests.bot.stage import EVENING, GAME, hours
from tests.world import SetClock, document


async def talk(
    url: str, typed: str, *, name: str = "Ana", language: str = "es", after: float = 0
) -> tuple[int, list[str]]:
    written: list[str] = []
    clock = SetClock(EVENING + hours(after))
    async with open_besitos(url, clock) as besitos:
        applied = await Manager(besitos.store, clock, SECTIONS).apply(document(GAME), Signature("tests"))
        await besitos.games.catch_up(applied.version)
        code = await chat(besitos, name, language, lines=io.StringIO(typed), write=written.append)
    return code, [line for text in written for line in text.splitlines()]


async def test_one_claims_is_refused_and_sees_the_balance(sqlite_url: str) -> None:
    code, said = await talk(sqlite_url, "/diario\n/diario\n/saldo\n")

    assert code == 0
    assert said[0].startswith(f"Hablas con el bot como Ana (tg:{id_of('ana')}). Prueba primero /diario")
    assert "🎁 Regalo diario: +10 besitos y +5 XP" in said
    assert "🎁 El regalo de hoy ya es tuyo. Vuelve en 5 h 13 min, 00:00 UTC." in said
    assert "💋 10 besitos" in said


async def test_buttons_are_numbered_and_pressed_by_their_number(sqlite_url: str) -> None:
    _, said = await talk(sqlite_url, "1\n/9\n/start\n1\n/1\n3\n", language="en")

    assert said.count("[you press 🎁 Claim my gift]") == said.count("[you press 💰 My balance]") == 1
    assert "\u2039 🎁 Daily gift: +10 besitos and +5 XP \u203a" in said
    assert "I did not understand. /help shows what I can do." in said, "a number where no button is, is a message"
    assert "There is no button [9] in sight." in said
    assert "There is no button [3] in sight." in said
    assert said.count("(the message has changed)") == 2


async def test_the_next_evening_is_another_evening_for_the_same_person(sqlite_url: str) -> None:
    await talk(sqlite_url, "/diario\n")
    _, refused = await talk(sqlite_url, "/diario\n", name="ANA", after=1)
    _, granted = await talk(sqlite_url, "/diario\n", after=6)

    assert "🎁 El regalo de hoy ya es tuyo. Vuelve en 4 h 13 min, 00:00 UTC." in refused
    assert "Ahora tienes 20 besitos y 10 XP." in granted


async def test_blank_lines_long_lines_and_control_characters(sqlite_url: str) -> None:
    code, said = await talk(sqlite_url, f"\n   \n{'x' * 5000}\n/start", name="A\x1b[31mna\x07")

    assert code == 0
    assert "Un mensaje tiene entre 1 y 4096 caracteres." in said
    assert "👋 Hola, A[31mna" in said
    assert not any("\x1b" in line or "\x07" in line for line in said)


async def test_without_a_game_the_first_line_says_what_to_do(sqlite_url: str) -> None:
    written: list[str] = []
    async with open_besitos(sqlite_url) as besitos:
        await chat(besitos, lines=io.StringIO("/diario\n"), write=written.append)

    assert "besitos game apply" in written[1]
    assert "Este juego no tiene regalo diario." in written


async def test_it_works_in_a_pipe_and_ends_when_all_is_answered(sqlite_url: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "besitos", "chat", "--as", "Bea", "--language", "es"),
        env={**os.environ, "DATABASE_URL": sqlite_url},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate("/diario\n\xff\n/saldo".encode("latin-1")), 60)

    said = out.decode().splitlines()
    assert process.returncode == 0, err.decode()
    assert said[0].startswith(f"Hablas con el bot como Bea (tg:{id_of('Bea')}).")
    assert said[said.index("> /diario") + 1] == "🎁 Regalo diario: +10 besitos y +5 XP"
    assert said.index("> /saldo") < said.index("💋 60 besitos")


async def test_who_plays_is_a_member_like_any_other(sqlite_url: str) -> None:
    await talk(sqlite_url, "/diario\n")

    async with open_besitos(sqlite_url) as besitos:
        ref = MemberRef(telegram_id=id_of("Ana"))
        member_id = (await besitos.directory.find([ref]))[ref]
        [card] = (await cards(besitos.store, [member_id])).values()

    assert (card.display_name, card.wallet("besitos").balance) == ("Ana", 10)


@pytest.mark.parametrize("name", ["", "  ", "\x07"])
async def test_who_has_no_name_is_called_ana(sqlite_url: str, name: str) -> None:
    _, said = await talk(sqlite_url, "", name=name)

    assert said[0].startswith("Hablas con el bot como Ana ")
