"""What most commands begin with: the settings, an open besitos, and the members and amounts that were typed."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from besitos.apps.compose import Besitos, open_besitos
from besitos.apps.failure import misuse, refuse
from besitos.apps.settings import get_settings
from besitos.core.transaction import MAX_AMOUNT
from besitos.core.view import View
from besitos.engine.intake import key_fault, text_fault
from besitos.engine.outcome import EngineReason
from besitos.engine.refs import ref_of
from besitos.game.game import Game
from besitos.store.protocol import MemberRef

T = TypeVar("T")

SCOPE = "cli"
"""The scope of keys that are typed here."""


@asynccontextmanager
async def opened(*, connections: int = 2) -> AsyncIterator[Besitos]:
    """The besitos that the settings name, whose database must be of this version."""
    async with open_besitos(get_settings().database_url, connections=connections) as besitos:
        yield besitos


def do(work: Callable[[Besitos], Awaitable[T]]) -> T:
    """Open besitos, do `work` and close it again."""

    async def whole() -> T:
        async with opened() as besitos:
            return await work(besitos)

    return asyncio.run(whole())


def run_quickly(work: Coroutine[Any, Any, T]) -> T:
    """Run on uvloop where there is one: worth it for what takes longer than its import."""
    try:
        import uvloop
    except ImportError:
        return asyncio.run(work)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


def member_ref(name: str) -> MemberRef:
    """Whom `42`, `tg:42` or `ext:ana` names."""
    fault = text_fault(name)
    if fault is not None:
        misuse(fault.reason.value)
    ref = ref_of(name)
    if ref is None:
        misuse("cli.member_form", found=name)
    return ref


async def member_of(besitos: Besitos, name: str) -> int:
    """The id of a member who exists."""
    ref = member_ref(name)
    found = await besitos.directory.find([ref])
    if ref not in found:
        refuse(EngineReason.UNKNOWN_MEMBER.value, member=name)
    return found[ref]


def look_at_member(name: str, question: Callable[[View, int, Game], T]) -> tuple[T, Game]:
    """What is asked of the state of a member, `question(view, member_id, game)`, and under which game."""
    member_ref(name)

    async def work(besitos: Besitos) -> tuple[T, Game]:
        member_id, game = await member_of(besitos, name), besitos.engine.game
        return await besitos.engine.look(member_id, lambda view: question(view, member_id, game)), game

    return do(work)


def amount_of(text: str) -> int:
    """A whole number from 1 to 2^53 - 1."""
    digits = text.strip().removeprefix("+")
    if digits.startswith("-") and digits[1:].isdecimal():
        misuse("cli.amount_negative", found=text)
    if not (digits.isascii() and digits.isdecimal()):
        misuse("cli.amount_not_whole", found=text)
    amount = int(digits) if len(digits) <= len(str(MAX_AMOUNT)) else MAX_AMOUNT + 1
    if amount == 0:
        misuse("cli.amount_zero")
    if amount > MAX_AMOUNT:
        misuse("cli.amount_too_large", most=str(MAX_AMOUNT))
    return amount


def key_of(given: str | None) -> str:
    """The key of this attempt with its scope: as given, or drawn."""
    key = secrets.token_hex(8) if given is None else given
    fault = key_fault(key)
    if fault is not None:
        misuse(fault.reason.value, **fault.details)
    return f"{SCOPE}:{key}"


def checked_text(text: str, *, most: int = 2_000) -> str:
    """A note or a reason that somebody typed."""
    fault = text_fault(text)
    if fault is not None:
        misuse(fault.reason.value)
    if len(text) > most:
        misuse("cli.text_too_long", most=most)
    return text
