"""`balance` and `history`: what members have, and how they came by it."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from besitos.apps.compose import Besitos
from besitos.apps.failure import refuse
from besitos.apps.help import LOOK, Verb, word
from besitos.apps.options import Json, Limit, MemberName
from besitos.apps.session import do, member_of, member_ref
from besitos.apps.terminal import Terminal
from besitos.core.account import BESITOS, XP, Account
from besitos.engine.outcome import EngineReason
from besitos.store.reads import Card, Line, cards, history

app = typer.Typer(**LOOK)


@app.command("balance", cls=Verb, help=word("cli.help.balance"))
def balance(
    members: Annotated[list[str], typer.Argument(metavar=word("cli.metavar.members"), help=word("cli.option.member"))],
    *,
    json: Json = False,
) -> None:
    """What members have, all of them at one moment."""
    terminal = Terminal(json)
    refs = [member_ref(name) for name in members]

    async def work(besitos: Besitos) -> list[Card]:
        ids = await besitos.directory.find(refs)
        for name, ref in zip(members, refs, strict=True):
            if ref not in ids:
                refuse(EngineReason.UNKNOWN_MEMBER.value, member=name)
        found = await cards(besitos.store, set(ids.values()))
        return [found[ids[ref]] for ref in refs]

    found = do(work)
    purses = [
        (name, card, currency) for name, card in zip(members, found, strict=True) for currency in _currencies(card)
    ]
    terminal.table(
        "member currency balance held earned spent expires",
        [[name, currency, *_purse(card, currency).values()] for name, card, currency in purses],
    )
    terminal.data([_as_data(card) for card in found])


@app.command("history", cls=Verb, help=word("cli.help.history"))
def show_history(
    member: MemberName,
    *,
    limit: Limit = 20,
    before: Annotated[int | None, typer.Option("--before", min=1, help=word("cli.option.before"))] = None,
    account: Annotated[str | None, typer.Option("--account", help=word("cli.option.account"))] = None,
    json: Json = False,
) -> None:
    """The newest lines of a member's history."""
    terminal = Terminal(json)
    member_ref(member)

    async def work(besitos: Besitos) -> list[Line]:
        member_id = await member_of(besitos, member)
        return await history(besitos.store, member_id, before=before, limit=limit, account=account)

    lines = do(work)
    terminal.table(
        "number when amount account balance type cause transfer note",
        [_cells(line, terminal) for line in lines],
    )
    if len(lines) == limit and lines[-1].seq > 1:
        terminal.say("cli.more_history", before=str(lines[-1].seq))
    terminal.data([_line_data(line) for line in lines])


def _currencies(card: Card) -> list[str]:
    """Besitos and XP, which every game has, and whatever else the member has used."""
    used = {Account(card.member_id, name).currency for name in card.wallets}
    return [BESITOS, XP, *sorted(used - {BESITOS, XP})]


def _purse(card: Card, currency: str) -> dict[str, Any]:
    wallet = card.wallet(currency)
    lot = next(iter(wallet.lots), None)
    return {
        "balance": wallet.balance,
        "held": card.held(currency),
        "earned": wallet.earned,
        "spent": wallet.spent,
        "expires": None if lot is None else f"{lot.amount} {lot.expires_at:%Y-%m-%d %H:%M}",
    }


def _as_data(card: Card) -> dict[str, Any]:
    return {
        "member_id": str(card.member_id),
        "telegram_id": card.telegram_id,
        "external_id": card.external_id,
        "balances": {
            currency: {
                **{name: value for name, value in _purse(card, currency).items() if name != "expires"},
                "debt": card.wallet(currency).debt,
                "lots": [{"expires_at": lot.expires_at, "amount": lot.amount} for lot in card.wallet(currency).lots],
            }
            for currency in _currencies(card)
        },
    }


def _cells(line: Line, terminal: Terminal) -> Sequence[object]:
    kind = terminal.texts.of(f"transaction.{line.type}") + (" ⏪" if line.reversed_by else "")
    return [
        line.seq,
        line.occurred_at,
        f"{line.amount:+}",
        line.account,
        line.balance_after,
        kind,
        line.definition,
        line.transfer_id,
        line.note or "",
    ]


def _line_data(line: Line) -> dict[str, Any]:
    names = ("seq", "transfer_id", "account", "amount", "balance_after", "type", "counter", "definition", "activity")
    said = {name: getattr(line, name) for name in names}
    return {
        **said,
        "game_version": line.game_version,
        "occurred_at": line.occurred_at,
        "recorded_at": line.recorded_at,
        "details": line.details,
        "note": line.note,
        "reversed_by": line.reversed_by,
    }
