"""`grant`, `spend`, `gift` and `reverse`: the ledger by hand."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from besitos.apps.failure import misuse, refuse
from besitos.apps.help import LOOK, Verb, word
from besitos.apps.options import AmountText, Currency, Dry, Json, Key, MemberName, Note, Quiet
from besitos.apps.orders import Attempt
from besitos.apps.session import amount_of, checked_text
from besitos.apps.terminal import Terminal
from besitos.core.account import BESITOS
from besitos.core.transfer import Policy
from besitos.mechanics.transfer.model import ADMIN, Gift, Grant, ReverseTransfer, Spend, TransferReason
from besitos.store.transfers import first_row

app = typer.Typer(**LOOK)


@app.command("grant", cls=Verb, help=word("cli.help.grant"))
def grant(
    member: MemberName,
    amount: AmountText,
    *,
    currency: Currency = BESITOS,
    source: Annotated[str, typer.Option("--source", help=word("cli.option.source"))] = ADMIN,
    expires: Annotated[
        str | None, typer.Option("--expires", metavar=word("cli.metavar.day"), help=word("cli.option.expires"))
    ] = None,
    note: Note = "",
    key: Key = None,
    dry_run: Dry = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Mint money for a member."""
    said: dict[str, Any] = {
        "amount": amount_of(amount),
        "currency": currency,
        "source": source,
        "expires_at": None if expires is None else _day(expires),
        "note": checked_text(note),
    }
    attempt = Attempt.under(key, Terminal(json, quiet), is_rehearsal=dry_run)
    attempt.carry_out([member], lambda common, _: Grant(**common, **said))


@app.command("spend", cls=Verb, help=word("cli.help.spend"))
def spend(
    member: MemberName,
    amount: AmountText,
    *,
    currency: Currency = BESITOS,
    sink: Annotated[str, typer.Option("--sink", help=word("cli.option.sink"))] = ADMIN,
    note: Note = "",
    key: Key = None,
    dry_run: Dry = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Burn money of a member."""
    said: dict[str, Any] = {
        "amount": amount_of(amount),
        "currency": currency,
        "sink": sink,
        "note": checked_text(note),
    }
    attempt = Attempt.under(key, Terminal(json, quiet), is_rehearsal=dry_run)
    attempt.carry_out([member], lambda common, _: Spend(**common, **said))


@app.command("gift", cls=Verb, help=word("cli.help.gift"))
def gift(
    giver: Annotated[str, typer.Argument(metavar=word("cli.metavar.giver"), help=word("cli.option.member"))],
    receiver: Annotated[str, typer.Argument(metavar=word("cli.metavar.receiver"), help=word("cli.option.receiver"))],
    amount: AmountText,
    *,
    currency: Currency = BESITOS,
    note: Note = "",
    key: Key = None,
    dry_run: Dry = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Move money from one member to another."""
    said: dict[str, Any] = {"amount": amount_of(amount), "currency": currency, "note": checked_text(note)}
    attempt = Attempt.under(key, Terminal(json, quiet), is_rehearsal=dry_run)
    attempt.carry_out([giver, receiver], lambda common, ids: Gift(**common, **said, to=ids[1]))


@app.command("reverse", cls=Verb, help=word("cli.help.reverse"))
def reverse(
    transfer: Annotated[str, typer.Argument(metavar=word("cli.metavar.transfer"), help=word("cli.option.transfer"))],
    *,
    policy: Annotated[Policy, typer.Option("--policy", help=word("cli.option.policy"))] = Policy.FORGIVE,
    note: Note = "",
    key: Key = None,
    dry_run: Dry = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Undo a transfer."""
    first, typed = first_row(transfer), checked_text(note)
    if first is None:
        refuse(TransferReason.UNKNOWN_TRANSFER.value, transfer=transfer)
    attempt = Attempt.under(key, Terminal(json, quiet), is_rehearsal=dry_run)
    attempt.carry_out(
        [str(first[0])], lambda common, _: ReverseTransfer(**common, transfer=transfer, policy=policy, note=typed)
    )


def _day(text: str) -> datetime:
    """A day, which the lot then lives to the end of (UTC)."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        misuse("cli.day_form", found=text)
