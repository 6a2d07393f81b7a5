"""One call from its name to its answer: faults strike, the method does its work, the journal remembers."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any

from besitos.playground.faults import Delay, DropAnswer, Fault, Refuse
from besitos.playground.journal import Call
from besitos.playground.objects import plain
from besitos.playground.parameters import Parameters
from besitos.playground.refusals import Refused, not_found
from besitos.playground.telegram import Telegram


@dataclass(frozen=True)
class Answer:
    """What goes back over the wire, if it does."""

    status: int
    body: dict[str, Any]
    is_dropped: bool = False


async def perform(telegram: Telegram, method: str, asked: Parameters) -> Answer:
    """Do what was asked, or what a fault does instead, and write it down."""
    number = telegram.journal.next_number()
    began, at = time.monotonic(), telegram.now()
    chat_id, update_id = telegram.about(asked)
    fault = telegram.faults.strike(method, chat_id)

    status, body = await effect(telegram, method, asked, fault)
    is_dropped = fault is not None and isinstance(fault.then, DropAnswer)
    call = Call(
        number=number,
        at=at,
        elapsed=began - telegram.began,
        took=time.monotonic() - began,
        method=method,
        parameters=asked.parsed(),
        status=status,
        answer=body,
        chat_id=chat_id,
        update_id=update_id,
        fault=str(fault) if fault else None,
        was_heard=not is_dropped,
    )
    telegram.journal.write(call)
    return Answer(status, body, is_dropped)


async def effect(telegram: Telegram, method: str, asked: Parameters, fault: Fault | None) -> tuple[int, dict[str, Any]]:
    """The status and body of the answer, after the work was done or refused."""
    try:
        if fault is not None and isinstance(fault.then, Refuse):
            raise fault.then.refusal
        if fault is not None and isinstance(fault.then, Delay):
            await asyncio.sleep(fault.then.seconds)
        work = telegram.methods.get(method.lower())
        if work is None:
            what = "method not found"
            raise not_found(what)
        return 200, {"ok": True, "result": plain(await work(telegram, asked))}
    except Refused as refusal:
        return refusal.status, refusal.body()
